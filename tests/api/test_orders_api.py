"""The partner's routes when all goes well."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chalicelib.bootstrap import Services

from tests.support.api.gateway import Gateway
from tests.support.builders.examples import body
from tests.support.fakes.adapters import FakeAdapters


def _placed(api: Gateway, **changes: Any) -> str:
    return str(api.post("/orders", body(**changes)).json["orderId"])


def test_an_order_is_accepted_stored_and_handed_over(api: Gateway, adapters: FakeAdapters) -> None:
    answer = api.post("/orders", body())

    order_id = answer.json["orderId"]
    assert answer.status == 201
    assert answer.headers["location"] == f"./orders/{order_id}"
    assert adapters.store.orders[order_id].owner == "p-one"
    assert adapters.queue.messages == [order_id]


def test_the_answer_is_the_order_as_the_contract_shows_it(api: Gateway) -> None:
    order = api.post("/orders", body()).json

    expected = body()
    expected["shippingAddress"]["country"] = "US"  # as which it is answered
    assert {name: order[name] for name in expected} == expected
    assert (order["status"], order["workflow"], order["fulfilment"]) == ("PENDING", "queue", "auto")
    assert order["createdAt"] == order["updatedAt"] == "2026-11-21T14:30:25.123Z"
    assert order["history"] == [{"status": "PENDING", "at": "2026-11-21T14:30:25.123Z", "detail": ""}]
    assert (order["payment"], order["shipment"], order["error"]) == (None, None, None)


def test_what_is_optional_may_be_left_out(api: Gateway) -> None:
    line = {"productId": "LAPTOP001", "quantity": 1, "price": Decimal("1299.99")}
    address = {key: value for key, value in body()["shippingAddress"].items() if key != "state"}
    sent = body(phoneNumber=None, currency=None, paymentMethod=None, items=[line], shippingAddress=address)

    answer = api.post("/orders", sent)

    assert answer.status == 201
    assert (answer.json["currency"], answer.json["paymentMethod"]) == ("EUR", "pm_card_visa")
    assert answer.json["phoneNumber"] is None


def test_a_placed_order_can_be_read(api: Gateway) -> None:
    placed = api.post("/orders", body())

    read = api.get(f"/orders/{placed.json['orderId']}")

    assert (read.status, read.json) == (200, placed.json)


def test_orders_are_listed_newest_first_page_by_page(api: Gateway, adapters: FakeAdapters) -> None:
    ids = []
    for _ in range(5):
        ids.append(_placed(api))
        adapters.clock.advance(1)

    seen: list[str] = []
    path = "/orders?limit=2"
    for _ in range(3):
        page = api.get(path).json
        seen += [order["orderId"] for order in page["orders"]]
        path = f"/orders?limit=2&cursor={page['nextCursor']}"

    assert seen == ids[::-1]
    assert page["nextCursor"] is None


def test_a_list_can_be_of_one_customer_and_one_status(api: Gateway, services: Services) -> None:
    mine = _placed(api, customerId="someone else")
    _placed(api)

    services.workflow.steps.run_all(mine)

    listed = api.get("/orders?customerId=someone+else&status=COMPLETED").json["orders"]
    assert [order["orderId"] for order in listed] == [mine]
    assert api.get("/orders?customerId=someone+else&status=PENDING").json["orders"] == []


def test_a_completed_order_shows_its_payment(api: Gateway, services: Services) -> None:
    order_id = _placed(api)
    services.workflow.steps.run_all(order_id)

    payment = api.get(f"/orders/{order_id}").json["payment"]

    assert payment == {
        "status": "CAPTURED",
        "reference": f"ch_{order_id}:capture",
        "amount": Decimal("1299.99"),
        "refunded": 0,
    }


def test_a_failed_order_says_why(api: Gateway, services: Services) -> None:
    order_id = _placed(api, paymentMethod="pm_card_chargeDeclined")
    services.workflow.steps.run_all(order_id)

    order = api.get(f"/orders/{order_id}").json

    assert (order["status"], order["error"]["code"]) == ("FAILED", "CARD_DECLINED")


def test_an_order_can_be_cancelled_again_and_again(api: Gateway) -> None:
    order_id = _placed(api)

    answers = [api.post(f"/orders/{order_id}/cancel") for _ in range(2)]

    assert [(a.status, a.json["status"]) for a in answers] == [(200, "CANCELLED")] * 2


def test_a_failed_order_can_not_be_cancelled(api: Gateway, services: Services) -> None:
    order_id = _placed(api, paymentMethod="pm_card_chargeDeclined")
    services.workflow.steps.run_all(order_id)

    answer = api.post(f"/orders/{order_id}/cancel")

    assert answer.status == 409
    assert answer.json["detail"] == "An order that is FAILED can't be cancelled any more."


def test_there_is_no_receipt_before_the_order_is_complete(api: Gateway) -> None:
    assert api.get(f"/orders/{_placed(api)}/receipt").status == 404


def test_the_receipt_is_a_link_that_says_when_it_expires(api: Gateway, services: Services) -> None:
    order_id = _placed(api)
    services.workflow.receipts.issue(services.workflow.steps.run_all(order_id))

    link = api.get(f"/orders/{order_id}/receipt")

    assert link.status == 200
    assert link.json["url"].endswith(f"receipts/{order_id}.pdf?expires=900&name=receipt-{order_id}.pdf")
    assert link.json["expiresAt"] == "2026-11-21T14:45:25.123Z"
