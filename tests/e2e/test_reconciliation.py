"""What contradicts itself is found by the deployed reconciler, listed for staff, and repaired where that is safe;
and staff's list of orders, and setting one going again."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chalicelib.orders.model import Order, Reservation, Status

from tests.e2e.interrupted_orders import InterruptedOrders, order_of
from tests.e2e.interruptions import unscheduled
from tests.e2e.shop import Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

COMPLETED = (
    Status.PENDING,
    Status.VALIDATING,
    Status.INVENTORY_CHECK,
    Status.PAYMENT_PROCESSING,
    Status.FULFILLMENT,
    Status.COMPLETED,
)
OLD = 3 * 60
"""Minutes: old enough to be judged."""
_TICK = Path(__file__).parents[1] / "events" / "schedule.json"


def inspect(shop: Shop, interrupted: InterruptedOrders) -> dict[tuple[str, str], dict[str, Any]]:
    """Let the reconciler begin anew. What staff then see, by kind and subject."""
    checkpoint = {"scope": {"S": "inspector"}, "item": {"S": "checkpoint"}}
    table = f"orderproc-{shop.described['stage']}-operations"
    shop.client("dynamodb").delete_item(TableName=table, Key=checkpoint)
    interrupted.run("reconciler", json.loads(_TICK.read_text(encoding="utf-8")))
    answer = shop.staff("GET", "/admin/discrepancies")
    assert answer.ok, answer.text
    assert answer.json()["checkedUpTo"]
    return {(f["kind"], f.get("orderId") or f.get("productId")): f for f in answer.json()["discrepancies"]}


def completed(shop: Shop, interrupted: InterruptedOrders, **changes: Any) -> Order:
    """Stored, paid, three hours old; no receipt was written."""
    order = order_of([shop.new_product(5)], COMPLETED, minutes_old=OLD, reservation=Reservation.COMMITTED)
    return interrupted.store(replace(interrupted.charged(order), **changes))


def documents(shop: Shop, order: Order) -> dict[str, bytes]:
    """The order's own, by key."""
    s3, bucket = shop.client("s3"), shop.described["resources"]["documents_bucket"]
    day = order.created_at[:10].replace("-", "/")
    found = {}
    for key in (f"receipts/{order.order_id}.pdf", f"orders/{day}/{order.order_id}.json"):
        for listed in s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents", []):
            found[listed["Key"]] = s3.get_object(Bucket=bucket, Key=listed["Key"])["Body"].read()
    return found


def test_an_order_without_its_receipt_gets_it_and_the_mail_follows(shop: Shop, interrupted: InterruptedOrders) -> None:
    order = completed(shop, interrupted)

    found = inspect(shop, interrupted)

    assert found["RECEIPT_MISSING", order.order_id]["repaired"]
    assert len(documents(shop, order)) == 2
    until(lambda: shop.mails(order.order_id))
    assert not any(subject == order.order_id for kind, subject in found if kind != "RECEIPT_MISSING")


def test_money_kept_for_an_order_that_was_cancelled_is_given_back(shop: Shop, interrupted: InterruptedOrders) -> None:
    order = order_of(
        [shop.new_product(5)],
        (*COMPLETED[:4], Status.CANCELLED),
        minutes_old=OLD,
        reservation=Reservation.RELEASED,
    )
    order = interrupted.store(interrupted.charged(order))
    assert interrupted.kept(order) == Decimal("25.00")

    found = inspect(shop, interrupted)
    interrupted.housekeeping()

    assert found["CAPTURED_NOT_REFUNDED", order.order_id]["repaired"]
    until(lambda: interrupted.kept(order) == 0)
    seen = until(
        lambda: shop.staff("GET", f"/admin/orders/{order.order_id}").json(), lambda o: not o["open"], seconds=15
    )
    assert seen["payment"]["status"] == "REFUNDED"


def test_what_is_for_people_to_judge_is_listed_and_left_as_it_is(shop: Shop, interrupted: InterruptedOrders) -> None:
    product = shop.new_product(5)
    unpaid = order_of([product], COMPLETED, minutes_old=OLD, reservation=Reservation.COMMITTED)
    marked = completed(shop, interrupted, attention="RefundRefused")
    forgotten = order_of([product], COMPLETED[:1], minutes_old=OLD)
    interrupted.store(unpaid)
    table = shop.described["resources"]["inventory_table"]
    shop.client("dynamodb").update_item(
        TableName=table,
        Key={"productId": {"S": product}},
        UpdateExpression="SET reserved = reserved + :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )

    with unscheduled(shop, "housekeeper"):  # which ends a forgotten order
        interrupted.store(forgotten)
        found = inspect(shop, interrupted)

    money = {"captured": "0.00", "refunded": "0.00", "total": "25.00", "currency": "EUR"}
    assert found["FINISHED_UNPAID", unpaid.order_id]["details"] == {"status": "COMPLETED", **money}
    assert found["NEEDS_ATTENTION", marked.order_id]["details"]["reason"] == "RefundRefused"
    assert found["STUCK", forgotten.order_id]["details"]["status"] == "PENDING"
    assert found["RESERVED_MISMATCH", product]["details"] == {"reserved": "1", "held": "0"}
    assert shop.stock(product) == (5, 1)
    wrong = (unpaid.order_id, forgotten.order_id, product)
    assert not any(f["repaired"] for (kind, subject), f in found.items() if subject in wrong and kind[:7] != "RECEIPT")


def test_a_mail_in_doubt_is_left_to_staff_who_have_it_sent_once(shop: Shop, interrupted: InterruptedOrders) -> None:
    order = order_of([shop.new_product(5)], COMPLETED, minutes_old=OLD, reservation=Reservation.COMMITTED)
    interrupted.claimed(order, "mail-confirmation")
    order = interrupted.store(interrupted.charged(order))
    resend = f"/admin/orders/{order.order_id}/resend"

    found = inspect(shop, interrupted)
    until(lambda: documents(shop, order))
    answer = shop.staff("POST", resend)
    until(lambda: shop.mails(order.order_id))

    details = found["MESSAGE_NOT_SENT", order.order_id]["details"]
    assert details["mail-confirmation"].startswith("may not have been sent")
    assert (answer.status_code, answer.json()["messages"]) == (202, ["mail-confirmation"])
    until(lambda: shop.staff("POST", resend).status_code, lambda status: status == 409)
    assert ("MESSAGE_NOT_SENT", order.order_id) not in inspect(shop, interrupted)
    assert len(shop.mails(order.order_id)) == 1


def test_it_disappears_once_it_is_put_right(shop: Shop, interrupted: InterruptedOrders) -> None:
    product = shop.new_product(5)
    forgotten = order_of([product], COMPLETED[:1], minutes_old=OLD)
    with unscheduled(shop, "housekeeper"):  # which ends a forgotten order
        interrupted.store(forgotten)
        assert ("STUCK", forgotten.order_id) in inspect(shop, interrupted)

    shop.staff("POST", f"/admin/orders/{forgotten.order_id}/cancel")

    until(lambda: shop.staff("GET", f"/admin/orders/{forgotten.order_id}").json(), lambda o: o["status"] == "CANCELLED")
    interrupted.housekeeping()
    assert ("STUCK", forgotten.order_id) not in inspect(shop, interrupted)


def test_staff_list_everybodys_orders_newest_first(shop: Shop) -> None:
    product = shop.new_product(5)
    one = {"productId": product, "quantity": 1, "price": 25.0}
    address = {"street": "1 High Street", "city": "Anytown", "zipCode": "1", "country": "NL"}
    sent = {"customerEmail": "a@example.com", "items": [one], "totalAmount": 25.0, "shippingAddress": address}
    made = []
    for n in range(3):
        answer = shop.partner("POST", "/orders", {**sent, "customerId": f"list-{n}"})
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["orderId"])

    def listed() -> list[str]:
        seen: list[str] = []
        cursor: str | None = None
        for _ in range(3):
            query = "?limit=2" + (f"&cursor={cursor}" if cursor else "")
            page = shop.staff("GET", f"/admin/orders{query}").json()
            seen += [order["orderId"] for order in page["orders"] if order["orderId"] in made]
            cursor = page["nextCursor"]
            if cursor is None:
                break
        return seen

    assert until(listed, lambda seen: len(seen) == 3) == made[::-1]
    assert shop.partner("GET", "/admin/orders").status_code == 401


@pytest.mark.parametrize("workflow", ["queue", "stepfunctions", "events"])
def test_staff_set_an_order_going_again(shop: Shop, interrupted: InterruptedOrders, workflow: str) -> None:
    # The housekeeper would come back to it in an hour.
    stuck = order_of([shop.new_product(5)], COMPLETED[:1], minutes_old=2, handovers=6, workflow=workflow)
    stuck = interrupted.store(replace(stuck, order_id=str(uuid.uuid4())))

    answer = shop.staff("POST", f"/admin/orders/{stuck.order_id}/retry")

    assert answer.ok, answer.text
    assert shop.staff.ended(f"/admin/orders/{stuck.order_id}", seconds=30)["status"] == "COMPLETED"
