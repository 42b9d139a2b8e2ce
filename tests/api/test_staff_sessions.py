"""A token outlives its user's session: what changes anything asks whether staff are still signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.api.gateway import Gateway, recorded
from tests.support.api.refusals import refused
from tests.support.api.routes import PRODUCT
from tests.support.api.staff_routes import STAFFS, named
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

LOOKS = [(method, path) for method, path in STAFFS if method in ("GET", "HEAD")]
CHANGES = [route for route in STAFFS if route not in LOOKS]


def test_all_of_staffs_routes_are_tried() -> None:
    assert len(CHANGES) >= 9
    assert len(LOOKS) >= 8


@pytest.mark.parametrize(("method", "path"), STAFFS)
@pytest.mark.parametrize(("groups", "status"), [("", 403), ("customers", 403), ("administrators", 403), (None, 401)])
def test_only_staff_may(
    api: Gateway, untouched: Callable[[], bool], method: str, path: str, groups: str | None, status: int
) -> None:
    assert api.call(method, named(path), {} if (method, path) in CHANGES else None, groups=groups).status == status
    assert untouched()


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_who_signed_out_everywhere_changes_nothing_any_more(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool], method: str, path: str
) -> None:
    adapters.staff_sessions.signed_out = True

    refused(api.call(method, named(path), {}, groups="admin"), status=401)
    assert untouched()
    assert not adapters.audit_records.kept


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_while_it_cannot_be_asked_nothing_is_changed(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool], method: str, path: str
) -> None:
    adapters.staff_sessions.down = True

    refused(api.call(method, named(path), {}, groups="admin"), status=503)
    assert untouched()


@pytest.mark.parametrize(("method", "path"), LOOKS)
def test_looking_asks_nobody(api: Gateway, adapters: FakeAdapters, method: str, path: str) -> None:
    adapters.staff_sessions.signed_out = True

    assert api.call(method, named(path), groups="admin").status in (200, 404)
    assert not adapters.staff_sessions.asked


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer ", "BEARER  "])
def test_it_is_asked_once_with_the_callers_own_token(api: Gateway, adapters: FakeAdapters, prefix: str) -> None:
    sent = {"Authorization": f"{prefix}e30.e30.c2ln"}
    order_id = api.post("/orders", body()).json["orderId"]

    assert api.put(PRODUCT.path, PRODUCT.body, groups="admin", headers=sent).status == 200
    assert api.post(f"/admin/orders/{order_id}/cancel", groups="admin", headers=sent).status == 200
    assert adapters.staff_sessions.asked == [("e30.e30.c2ln", recorded("cognito_claims")["iss"])] * 2


def test_a_customer_who_is_no_staff_is_told_so_without_asking(api: Gateway, adapters: FakeAdapters) -> None:
    refused(api.put(PRODUCT.path, PRODUCT.body, groups="customers"), status=403)
    assert not adapters.staff_sessions.asked


def test_a_token_of_the_staffs_client_opens_staffs_routes_and_no_customers(api: Gateway) -> None:
    def status(method: str, path: str, client: str) -> int:
        event = api.event(method, path, groups="admin")
        event["requestContext"]["authorizer"]["claims"]["aud"] = client
        return api.send(event).status

    shop, staff = SETTINGS.staff_client_ids
    assert shop == SETTINGS.user_pool_client_id
    assert [status("GET", path, staff) for path in ("/admin/orders", "/cart", "/me/orders")] == [200, 401, 401]
    assert [status("GET", path, shop) for path in ("/admin/orders", "/cart", "/me/orders")] == [200, 200, 200]
    assert status("GET", "/admin/orders", "another") == 401
