"""Staff's list of all orders, setting one going again, and what the reconciler found."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services

from tests.support.api.gateway import Gateway, recorded, sqs_event
from tests.support.api.refusals import refused
from tests.support.builders import discrepancies as inspected
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters


def staff(api: Gateway, path: str, method: str = "GET") -> Any:
    answer = api.call(method, path, groups="admin")
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture
def placed(api: Gateway, adapters: FakeAdapters) -> list[str]:
    """Orders of two partners, oldest first, over two days."""
    found = []
    for key in ("one", "two", "one", "two", "one"):
        found.append(str(api.post("/orders", body(), key=key).json["orderId"]))
        adapters.clock.advance(5 * 3600)
    return found


def test_staff_see_everybodys_orders_newest_first(api: Gateway, placed: list[str]) -> None:
    answer = staff(api, "/admin/orders")

    assert [order["orderId"] for order in answer["orders"]] == placed[::-1]
    assert {order["owner"] for order in answer["orders"]} == {"p-one", "p-two"}


def test_a_status_can_be_asked_for(api: Gateway, services: Services, placed: list[str]) -> None:
    services.workflow.steps.run_all(placed[1])

    answer = staff(api, "/admin/orders?status=COMPLETED&limit=1")

    assert [order["orderId"] for order in answer["orders"]] == [placed[1]]


@pytest.mark.usefixtures("placed")
def test_a_cursor_is_good_for_its_own_list_only(api: Gateway) -> None:
    mine = staff(api, "/admin/orders?limit=1")["nextCursor"]
    partners = api.get("/orders?limit=1").json["nextCursor"]
    forged = base64.urlsafe_b64encode(b"\0" * 8 + json.dumps({"day": "2026-11-21"}).encode()).decode()

    for query in (f"status=FAILED&cursor={mine}", f"cursor={partners}", f"cursor={forged}", "cursor=x"):
        refused(api.call("GET", f"/admin/orders?{query}", groups="admin"), "cursor")
    refused(api.get(f"/orders?cursor={mine}"), "cursor")


def test_all_that_is_wrong_with_the_query_is_named_at_once(api: Gateway) -> None:
    answer = api.call("GET", "/admin/orders?limit=0&status=x&cursor=x&customer=c", groups="admin")

    refused(answer, "limit", "status", "cursor", "customer")


def test_an_order_is_set_going_again(api: Gateway, adapters: FakeAdapters, placed: list[str]) -> None:
    adapters.queue.messages.clear()

    answer = staff(api, f"/admin/orders/{placed[0]}/retry", "POST")

    assert (answer["orderId"], answer["status"], answer["open"]) == (placed[0], "PENDING", True)
    assert adapters.queue.messages == [placed[0]]


def test_when_nothing_is_left_to_do_it_says_so(api: Gateway, services: Services, placed: list[str]) -> None:
    services.workflow.steps.run_all(placed[0])

    assert api.call("POST", f"/admin/orders/{placed[0]}/retry", groups="admin").status == 409


@pytest.mark.parametrize("action", ["retry", "resend"])
def test_an_order_that_is_not_there_is_not_found(api: Gateway, action: str) -> None:
    assert api.call("POST", f"/admin/orders/none/{action}", groups="admin").status == 404


def test_messages_in_doubt_are_sent_again(
    api: Gateway, client: Client, services: Services, adapters: FakeAdapters
) -> None:
    order = inspected.in_doubt(services, adapters)
    adapters.clock.advance(200)

    answer = api.call("POST", f"/admin/orders/{order.order_id}/resend", groups="admin")
    client.lambda_.invoke("notify", sqs_event(adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url)))

    assert (answer.status, answer.json) == (202, {"orderId": order.order_id, "messages": ["mail-confirmation"]})
    assert len(adapters.mailer.sent) == 1
    assert api.call("POST", f"/admin/orders/{order.order_id}/resend", groups="admin").status == 409


def test_before_the_first_reconciliation_nothing_is_known(api: Gateway) -> None:
    assert staff(api, "/admin/discrepancies") == {
        "discrepancies": [],
        "more": False,
        "checkedUpTo": None,
        "checkedAt": None,
    }


def test_what_the_reconciler_found_is_listed(
    api: Gateway, client: Client, services: Services, adapters: FakeAdapters
) -> None:
    unpaid = inspected.unpaid(services, adapters)
    repaired = inspected.without_receipt(services, adapters)
    inspected.miscounted(adapters)
    adapters.clock.advance(3 * inspected.HOUR)

    client.lambda_.invoke("reconciler", recorded("schedule"))

    answer = staff(api, "/admin/discrepancies")
    now = adapters.clock.now()
    assert (answer["checkedUpTo"], answer["checkedAt"]) == ("2026-11-21T15:30:25.123Z", now)
    found = {entry["kind"]: entry for entry in answer["discrepancies"]}
    times = {"foundAt": now, "lastSeenAt": now}
    assert found == {
        "RESERVED_MISMATCH": {
            "kind": "RESERVED_MISMATCH",
            "productId": "LAPTOP001",
            "details": {"reserved": "1", "held": "0"},
            "repaired": False,
            **times,
        },
        "FINISHED_UNPAID": {
            "kind": "FINISHED_UNPAID",
            "orderId": unpaid.order_id,
            "details": {
                "status": "COMPLETED",
                "captured": "0.00",
                "refunded": "0.00",
                "total": "1299.99",
                "currency": "EUR",
            },
            "repaired": False,
            **times,
        },
        "RECEIPT_MISSING": {
            "kind": "RECEIPT_MISSING",
            "orderId": repaired.order_id,
            "details": {"status": "COMPLETED"},
            "repaired": True,
            **times,
        },
    }


def test_more_than_a_thousand_are_cut_off_and_it_says_so(
    api: Gateway, services: Services, adapters: FakeAdapters
) -> None:
    for _ in range(1001):
        inspected.forgotten(services, adapters)
    adapters.clock.advance(3 * inspected.HOUR)
    services.operations.reconciliation()

    answer = staff(api, "/admin/discrepancies")

    assert (len(answer["discrepancies"]), answer["more"]) == (1000, True)
