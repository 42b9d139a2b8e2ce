"""No caller sees what is another's, nor does what only staff may (contract §2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalice.test import Client
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.api.routes import PRODUCT, STOCK, Route
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

OF_ONE_ORDER = [("GET", "/orders/{}"), ("POST", "/orders/{}/cancel"), ("GET", "/orders/{}/receipt")]


def _but_ids(answer: Answer) -> Any:
    """All that a client could tell two answers apart by, but the ids of its own requests."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-correlation-id"}
    return answer.status, headers, {**answer.json, "requestId": ""}


@pytest.mark.parametrize(("method", "path"), OF_ONE_ORDER)
def test_anothers_order_looks_like_one_that_is_not_there(
    api: Gateway, services: Services, adapters: FakeAdapters, method: str, path: str
) -> None:
    order_id = api.post("/orders", body(), key="one").json["orderId"]
    services.workflow.receipts.issue(services.workflow.steps.run_all(order_id))
    before = adapters.store.orders[order_id]

    anothers = api.call(method, path.format(order_id), key="two")
    missing = api.call(method, path.format("00000000-0000-4000-8000-000000000000"), key="two")

    refused(anothers, status=404)
    assert _but_ids(anothers) == _but_ids(missing)
    assert adapters.store.orders[order_id] == before


def test_lists_hold_the_callers_own_orders_only(api: Gateway) -> None:
    mine = api.post("/orders", body(customerId="same"), key="one").json["orderId"]
    theirs = api.post("/orders", body(customerId="same"), key="two").json["orderId"]

    for path in (
        "/orders",
        "/orders?customerId=same",
        "/orders?status=PENDING",
        "/orders?customerId=same&status=PENDING",
    ):
        assert [order["orderId"] for order in api.get(path, key="one").json["orders"]] == [mine]
        assert [order["orderId"] for order in api.get(path, key="two").json["orders"]] == [theirs]
        assert api.get(path, key="three").json == {"orders": [], "nextCursor": None}


@pytest.mark.parametrize("customer", ["a|b", "|", "p-two|x", "a\\nb"])
def test_a_customer_can_be_called_anything_and_reaches_nobody_else(api: Gateway, customer: str) -> None:
    mine = api.post("/orders", body(customerId=customer), key="one").json["orderId"]
    api.post("/orders", body(customerId="x"), key="two")

    listed = api.call("GET", f"/orders?customerId={customer.replace('|', '%7C')}", key="one").json["orders"]

    assert [order["orderId"] for order in listed] == [mine]


PARTNERS = [("POST", "/orders", body()), ("GET", "/orders", None), *[(m, p.format("1"), None) for m, p in OF_ONE_ORDER]]


@pytest.mark.parametrize(("method", "path", "sent"), PARTNERS)
@pytest.mark.parametrize("headers", [{}, {"X-API-Key": ""}], ids=["no header", "an empty one"])
def test_without_a_key_nothing_is_told(
    api: Gateway, untouched: Callable[[], bool], method: str, path: str, sent: Any, headers: dict[str, str]
) -> None:
    refused(api.call(method, path, sent, key=None, headers=headers), status=403)
    assert untouched()


@pytest.mark.parametrize(("method", "path", "sent"), PARTNERS)
def test_a_header_alone_is_nobodys_key_unless_it_is_trusted(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool], method: str, path: str, sent: Any
) -> None:
    bootstrap.use(Services(replace(SETTINGS, trust_api_key_header=False), adapters))

    refused(api.call(method, path, sent, key=None, headers={"X-API-Key": "one"}), status=403)
    assert untouched()


def test_the_gateways_word_counts_and_not_the_header(api: Gateway, adapters: FakeAdapters) -> None:
    order_id = api.post("/orders", body(), key="one", headers={"X-API-Key": "two"}).json["orderId"]

    assert adapters.store.orders[order_id].owner == "p-one"


def test_a_token_is_no_key(api: Gateway, untouched: Callable[[], bool]) -> None:
    refused(api.post("/orders", body(), key=None, groups="admin"), status=403)
    assert untouched()


def test_in_chalice_local_the_header_names_the_partner(client: Client) -> None:
    def ids(key: str) -> list[str]:
        listed = client.http.get("/orders", headers={"X-API-Key": key})
        return [order["orderId"] for order in listed.json_body["orders"]]

    order = client.http.post("/orders", headers={"X-API-Key": "mine"}, body=dumps(body()).encode()).json_body

    assert (ids("mine"), ids("yours")) == ([order["orderId"]], [])


NOT_STAFF = [
    "",
    "administrators",
    "Admin",
    "ADMIN",
    "admin2",
    "not-admin",
    "[]",
    "[other]",
    "other",
    "[administrators other]",
]
NOT_STAFF += ["admin-other", "other:admin", "admin.", '"admin"', "superadmin,users"]


@pytest.mark.parametrize("route", [PRODUCT, STOCK], ids=str)
@pytest.mark.parametrize("groups", NOT_STAFF)
def test_other_groups_are_not_staff(api: Gateway, untouched: Callable[[], bool], route: Route, groups: str) -> None:
    refused(replace(route, groups=groups).call(api, route.body), status=403)
    assert untouched()


@pytest.mark.parametrize("route", [PRODUCT, STOCK], ids=str)
@pytest.mark.parametrize(
    "groups", ["admin", "[admin]", "[admin other]", "[other admin]", "admin,other", "other, admin"]
)
def test_the_group_admin_is_staff_however_the_gateway_writes_it(api: Gateway, route: Route, groups: str) -> None:
    assert replace(route, groups=groups).call(api, route.body).status == 200


@pytest.mark.parametrize("authorizer", [None, {}, {"claims": None}, {"claims": {}}, {"principalId": "admin"}])
@pytest.mark.parametrize("route", [PRODUCT, STOCK], ids=str)
def test_an_authorizer_that_says_nothing_lets_nobody_in(
    api: Gateway, untouched: Callable[[], bool], route: Route, authorizer: Any
) -> None:
    event = api.event(route.method, route.path, route.body)
    event["requestContext"]["authorizer"] = authorizer

    refused(api.send(event), status=401)
    assert untouched()


def test_without_a_key_nobody_is_told_what_was_wrong_with_the_body(api: Gateway) -> None:
    refused(api.post("/orders", "{", key=None), status=403)
    refused(api.get("/orders?limit=x", key=None), status=403)


@pytest.mark.parametrize("route", [PRODUCT, STOCK], ids=str)
def test_who_may_not_is_not_told_what_was_wrong_with_the_body(api: Gateway, route: Route) -> None:
    refused(replace(route, groups="other").call(api, "{"), status=403)
