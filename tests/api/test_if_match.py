"""Two members of staff act on one order: the second is told what the first did, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order, Status
from chalicelib.orders.versions import refuse_if_changed, version_of

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters

SHIP = {"carrier": "DHL", "trackingNumber": "1"}
ACTIONS: dict[str, tuple[str, str, Any]] = {
    "cancel": ("POST", "cancel", None),
    "ship": ("POST", "ship", {"carrier": "DHL", "trackingNumber": "2"}),
    "deliver": ("POST", "deliver", {}),
    "retry": ("POST", "retry", None),
    "tags": ("PUT", "tags", {"tags": ["vip"]}),
}


@pytest.fixture
def order_id(services: Services) -> str:
    """Paid, and waiting to be shipped."""
    return services.workflow.steps.run_all(services.orders.accept(command(fulfilment="manual")).order_id).order_id


def seen(api: Gateway, order_id: str) -> str:
    return str(api.get(f"/admin/orders/{order_id}", groups="viewer").headers["etag"])


def act(api: Gateway, order_id: str, what: str, etag: str) -> Answer:
    method, path, sent = ACTIONS[what]
    return api.call(method, f"/admin/orders/{order_id}/{path}", sent, groups="admin", headers={"If-Match": etag})


@pytest.mark.parametrize("what", ["cancel", "ship", "tags"])
def test_what_was_seen_can_be_acted_on(api: Gateway, order_id: str, what: str) -> None:
    answer = act(api, order_id, what, seen(api, order_id))

    assert answer.status == 200, answer.text
    assert answer.headers["etag"] == seen(api, order_id)


@pytest.mark.parametrize("what", ACTIONS)
def test_after_another_shipped_it_nothing_is_done_and_what_changed_is_said(
    api: Gateway, adapters: FakeAdapters, order_id: str, what: str
) -> None:
    etag = seen(api, order_id)
    api.post(f"/admin/orders/{order_id}/ship", SHIP, groups="admin")
    before, records = adapters.store.orders[order_id], len(adapters.audit_records.all)

    answer = act(api, order_id, what, etag)

    refused(answer, status=409)
    assert answer.json["code"] == "CHANGED_MEANWHILE"
    assert "it became FULFILLMENT" in answer.json["detail"]
    assert "DHL 1" in answer.json["detail"]
    assert "its shipments changed" in answer.json["detail"]
    assert adapters.store.orders[order_id] == before
    assert len(adapters.audit_records.all) == records


def test_another_who_cancelled_it_first_is_named_as_such(api: Gateway, order_id: str) -> None:
    """Without If-Match cancelling again is fine; who looked at the order before is told."""
    etag = seen(api, order_id)
    assert act(api, order_id, "cancel", etag).status == 200

    again = act(api, order_id, "cancel", etag)

    refused(again, status=409)
    assert "it became CANCELLED" in again.json["detail"]
    assert "Cancelled by the shop." in again.json["detail"]
    assert api.post(f"/admin/orders/{order_id}/cancel", groups="admin").status == 200


@pytest.mark.parametrize("what", ["cancel", "ship", "tags", "retry"])
def test_a_change_between_our_read_and_our_write_counts_too(
    api: Gateway, services: Services, adapters: FakeAdapters, what: str
) -> None:
    """The version is judged on the state that the conditional write requires."""
    order_id = services.workflow.steps.run_all(services.orders.accept(command(fulfilment="manual")).order_id).order_id
    adapters.store.orders[order_id] = replace(adapters.store.orders[order_id], attention="NoReceipt")
    etag = seen(api, order_id)
    interrupted = first_write_finds(adapters, order_id, lambda order: replace(order, tags=("theirs",)))

    answer = act(api, order_id, what, etag)

    assert (answer.status, answer.json["code"]) == (409, "CHANGED_MEANWHILE")
    assert "its tags changed" in answer.json["detail"]
    assert interrupted
    stored = adapters.store.orders[order_id]
    assert (stored.status, stored.shipments, stored.tags, stored.attention) == (
        Status.CONFIRMED,
        (),
        ("theirs",),
        "NoReceipt",
    )


def test_our_own_bookkeeping_in_between_is_no_change(api: Gateway, adapters: FakeAdapters, order_id: str) -> None:
    etag = seen(api, order_id)
    first_write_finds(adapters, order_id, lambda order: replace(order, unpublished=("OrderPlaced",)))

    assert act(api, order_id, "tags", etag).status == 200
    assert adapters.store.orders[order_id].unpublished == ("OrderPlaced",)


def first_write_finds(adapters: FakeAdapters, order_id: str, change: Callable[[Order], Order]) -> list[str]:
    """Just before the next write of the order somebody else changes it."""
    done: list[str] = []
    check = adapters.orders._check

    def changed_just_before(order: Order, *more: Any) -> None:
        if not done:
            done.append(order_id)
            stored = adapters.store.orders[order_id]
            adapters.store.orders[order_id] = replace(change(stored), revision=stored.revision + 1)
        check(order, *more)

    adapters.orders._check = changed_just_before  # type: ignore[method-assign]
    return done


@pytest.mark.parametrize("sent", ["", "*"])
def test_without_a_version_whatever_is_there_is_acted_on(api: Gateway, order_id: str, sent: str) -> None:
    api.post(f"/admin/orders/{order_id}/ship", SHIP, groups="admin")

    assert act(api, order_id, "deliver", sent).status == 200


def test_a_version_that_a_proxy_weakened_is_the_same(api: Gateway, order_id: str) -> None:
    assert act(api, order_id, "ship", f"W/{seen(api, order_id)}").status == 200


@pytest.mark.parametrize(
    "sent", ['"x"', "x", '"9.9.9.9.9"', '"1.a.b"', '"²."', '"x.a.b.c.d"', '"².a.b.c.d"', '"99999.a.b.c.d"', '""']
)
def test_what_is_no_version_is_none_of_this_order(api: Gateway, order_id: str, sent: str) -> None:
    answer = act(api, order_id, "ship", sent)

    refused(answer, status=409)
    assert answer.json["code"] == "CHANGED_MEANWHILE"


def test_tags_are_kept_once_each_and_customers_do_not_see_them(api: Gateway, order_id: str) -> None:
    path = f"/admin/orders/{order_id}"

    set_to = api.put(f"{path}/tags", {"tags": [" vip ", "gift", "vip"]}, groups="support")

    assert (set_to.status, set_to.json["tags"]) == (200, ["gift", "vip"])
    assert api.get(path, groups="viewer").json["tags"] == ["gift", "vip"]
    assert "tags" not in api.get(f"/orders/{order_id}", key="one").json
    assert api.put(f"{path}/tags", {"tags": []}, groups="support").json["tags"] == []


@pytest.mark.parametrize("tags", [["a" * 41], [""], [1], ["a"] * 21, "vip", None, ["a\nb"]])
def test_wrong_tags_are_refused(api: Gateway, adapters: FakeAdapters, order_id: str, tags: Any) -> None:
    answer = api.put(f"/admin/orders/{order_id}/tags", {"tags": tags}, groups="support")

    assert answer.status == 400
    assert adapters.store.orders[order_id].tags == ()


def test_a_version_is_of_what_people_act_on(services: Services, order_id: str) -> None:
    order = services.orders.queries.any(order_id)
    same = replace(order, revision=7, unpublished=("x",), handovers=2, retry_at="2026-11-21T14:30:25.123Z")
    others = [replace(order, tags=("a",)), replace(order, attention="x"), replace(order, payment=None)]

    refuse_if_changed(version_of(order), same)
    assert len({version_of(other) for other in [order, *others]}) == 4
