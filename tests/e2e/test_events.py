"""Orders that other systems put on the bus: read, processed by three consumers, or kept with the reason."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chalicelib.orders.model import Reservation, Status

from tests.e2e.interrupted_orders import InterruptedOrders, order_of
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import SIX, body_for, mails_about

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
LAPTOP = {"OrderId": "12345", "Product": "Laptop", "Quantity": 1, "Price": 1200}
PENDING, PAYING, PACKING = Status.PENDING, Status.PAYMENT_PROCESSING, Status.FULFILLMENT
HELD, COMMITTED = Reservation.HELD, Reservation.COMMITTED


def announce(shop: Shop, detail: Any) -> str:
    """Put it on the bus. Returns the event's id."""
    entry = {"Source": "ecommerce.orders", "DetailType": "OrderCreated", "Detail": json.dumps(detail)}
    answer = shop.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0
    return str(answer["Entries"][0]["EventId"])


def flat(product: str, **changes: Any) -> dict[str, Any]:
    return {"OrderId": f"e-{uuid.uuid4()}", "Product": product, "Quantity": 1, "Price": 25, **changes}


def ended(shop: Shop, order_id: str, seconds: float = 15) -> dict[str, Any]:
    """The order, once it is there and ended, as the first partner sees it."""
    until(lambda: shop.partner("GET", f"/orders/{order_id}").ok, seconds=seconds)
    order: dict[str, Any] = shop.partner.ended(f"/orders/{order_id}", seconds)
    return order


def dead_letter(shop: Shop, text: str, queue: str = "inventory") -> dict[str, Any]:
    """The message with this text in it, as staff see it once it is in the queue's dead-letter queue."""

    def look() -> list[Any]:
        seen = shop.staff("GET", f"/admin/dead-letters?queue={queue}&limit=100").json()["messages"]
        return [message for message in seen if text in json.dumps(message["payload"])]

    found: dict[str, Any] = until(look, seconds=60)[0]
    return found


def test_the_flat_example_completes_and_the_first_partner_sees_it(shop: Shop) -> None:
    announce(shop, LAPTOP)

    order = ended(shop, "12345")

    assert (order["status"], order["workflow"], order["fulfilment"]) == ("COMPLETED", "events", "auto")
    assert order["items"] == [{"productId": "LAPTOP002", "name": "Laptop", "quantity": 1, "price": 1200}]
    assert order["payment"]["amount"] == 1200
    assert shop.call("GET", "/orders/12345", X_API_Key=shop.described["api_key_other"]).status_code == 404


def test_the_full_form_goes_the_way_of_the_queue_and_ends_with_receipt_and_mail(shop: Shop) -> None:
    product = shop.new_product(3)
    order_id = f"full-{uuid.uuid4()}"

    announce(shop, {"orderId": order_id, **body_for(product, 2), "sentBy": "a shop"})

    order = ended(shop, order_id)
    assert [row["status"] for row in order["history"]] == SIX
    assert order["history"][-1]["detail"] == "Ready for shipping"
    assert shop.stock(product) == (1, 0)
    assert until(lambda: shop.partner("GET", f"/orders/{order_id}/receipt").ok)
    assert len(until(lambda: mails_about(shop, order_id))) == 1


def test_the_same_order_announced_ten_times_at_once_and_again_is_charged_once(shop: Shop) -> None:
    product = shop.new_product(5)
    order = flat(product, CustomerEmail="customer@example.com")

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: announce(shop, order), range(10)))
    first = ended(shop, order["OrderId"])
    until(lambda: mails_about(shop, order["OrderId"]))
    announce(shop, order)
    other = flat(product)
    announce(shop, other)  # behind it
    ended(shop, other["OrderId"])

    assert shop.partner("GET", f"/orders/{order['OrderId']}").json() == first
    assert shop.stock(product) == (3, 0)
    assert len(mails_about(shop, order["OrderId"])) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Quantity": "1"}, "INVALID_ORDER"),
        ({"Price": 25.0000000000001}, "INVALID_ORDER"),
        ({"Price": -1}, "INVALID_ORDER"),
        ({"Product": "No such thing"}, "PRODUCT_NOT_FOUND"),
        ({"Price": 24}, "PRICE_MISMATCH"),
        ({"Quantity": 99}, "OUT_OF_STOCK"),
        ({"PaymentMethod": "pm_card_chargeDeclined"}, "CARD_DECLINED"),
        ({"PaymentMethod": "pm_sim_unavailable"}, "PAYMENT_UNAVAILABLE"),
    ],
    ids=str,
)
def test_what_can_not_be_done_fails_and_says_why(shop: Shop, change: dict[str, Any], code: str) -> None:
    product = shop.new_product(3)
    order = flat(product, **change)

    announce(shop, order)

    failed = ended(shop, order["OrderId"], 40)
    assert (failed["status"], failed["error"]["code"], failed["payment"]) == ("FAILED", code, None)
    assert shop.stock(product) == (3, 0)
    if code == "INVALID_ORDER":
        assert next(iter(change)) in failed["error"]["message"]


def test_what_names_no_order_is_kept_as_a_dead_letter(shop: Shop) -> None:
    note = str(uuid.uuid4())

    announce(shop, {**flat("any", Marker=note), "OrderId": None})

    assert "OrderId must be 1 to 64 letters" in dead_letter(shop, note)["reason"]


def test_another_order_of_the_same_id_is_kept_as_a_dead_letter_and_changes_nothing(shop: Shop) -> None:
    product, note = shop.new_product(5), str(uuid.uuid4())
    order = flat(product)
    announce(shop, order)
    first = ended(shop, order["OrderId"])

    announce(shop, {**order, "Quantity": 2, "Marker": note})

    assert f"There is an order {order['OrderId']} already" in dead_letter(shop, note)["reason"]
    assert shop.partner("GET", f"/orders/{order['OrderId']}").json() == first
    assert shop.stock(product) == (4, 0)


def test_a_message_about_an_order_that_never_was_is_kept_as_a_dead_letter_of_each_step(shop: Shop) -> None:
    order_id, queues = f"nobody-{uuid.uuid4()}", ("payment", "shipping")

    for queue in queues:
        url = shop.described["resources"][f"{queue}_queue_url"]
        shop.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps({"orderId": order_id}))

    for queue in queues:
        assert dead_letter(shop, order_id, queue)["reason"] == f"UnknownOrder: No order {order_id} was ever stored."


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ([PENDING], {}),
        ([PENDING, PAYING], {"reservation": HELD}),
        ([PENDING, PAYING, PACKING], {"reservation": COMMITTED}),
    ],
    ids=lambda value: value[-1].value if isinstance(value, list) else "",
)
def test_the_housekeeper_brings_on_an_order_whose_message_was_lost(
    shop: Shop, interrupted: InterruptedOrders, path: list[Status], left: dict[str, Any]
) -> None:
    order = order_of([shop.new_product(3)], path, workflow="events", **left)
    interrupted.store(interrupted.charged(order) if PACKING in path else order)

    interrupted.housekeeping()

    shop.staff.ended(f"/admin/orders/{order.order_id}")
    seen = until(lambda: shop.staff("GET", f"/admin/orders/{order.order_id}").json(), lambda now: not now["open"])
    assert seen["status"] == "COMPLETED"
    assert interrupted.kept(order) == order.total_amount


@pytest.mark.parametrize(
    ("rule", "event", "expected"),
    [
        ("order-created", {"source": "ecommerce.orders", "detail-type": "OrderCreated"}, True),
        ("order-created", {"source": "orderproc", "detail-type": "OrderCreated"}, False),
        ("inventory-reserved", {"detail-type": "InventoryReserved"}, True),
        ("inventory-reserved", {"detail-type": "PaymentCaptured"}, False),
        ("inventory-reserved", {"detail-type": "InventoryReserved", "detail": {"workflow": "queue"}}, False),
        ("inventory-reserved", {"detail-type": "InventoryReserved", "resources": ["arn:aws:sns:::other"]}, False),
        ("inventory-reserved", {"detail-type": "InventoryReserved", "source": "somebody"}, False),
        ("payment-captured", {"detail-type": "PaymentCaptured"}, True),
        ("payment-captured", {"detail-type": "PaymentCaptured", "resources": []}, False),
    ],
)
def test_a_rule_takes_what_is_meant_for_its_step(shop: Shop, rule: str, event: dict[str, Any], expected: bool) -> None:
    bus = shop.client("events")
    pattern = bus.describe_rule(Name=f"orderproc-{shop.described['stage']}-{rule}")["EventPattern"]
    ours = {
        "id": "1",
        "account": "000000000000",
        "time": "2026-11-21T14:30:25Z",
        "region": "us-east-1",
        "source": "orderproc",
        "resources": [shop.described["resources"]["order_topic_arn"]],
        "detail": {"workflow": "events"},
    }

    answer = bus.test_event_pattern(EventPattern=pattern, Event=json.dumps({**ours, **event}))

    assert answer["Result"] is expected
