"""Each state of the machine failing on the deployed stack: its function raises, or is throttled for longer than the
machine waits.

What a function does before and after its side effects, and time-outs, are played through by the hundred in
tests/reliability/test_state_machine.py, over the same definition; here real executions meet real functions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.interruptions import raising, throttled
from tests.e2e.shop import Shop, until
from tests.support.combinations import each_value

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
BUYER = {"customerEmail": "buyer@example.com"}
BEFORE_THE_END = [
    "validate_order",
    "save_order",
    "reserve_inventory",
    "process_payment",
    "update_inventory",
    "fulfil_order",
    "complete_order",
]
AFTER_THE_END = ["send_notification", "generate_receipt"]
COMPENSATIONS = ["release_inventory", "refund_payment", "fail_order"]


WAYS = {"raises": raising, "is throttled": throttled}


def bought(shop: Shop, product: str, **more: str) -> tuple[str, str, str]:
    """The order's id, how its execution ended, and its ARN."""
    answer = shop.partner("POST", "/place-order", {"productId": product, "quantity": 2, **BUYER, **more})
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    return accepted["orderId"], shop.execution_ended(accepted["executionArn"], 180), accepted["executionArn"]


def kept_by_the_gateway(shop: Shop, order_id: str) -> float:
    """Captured less refunded, in the gateway's own ledger."""
    table = f"orderproc-{shop.described['stage']}-gateway"

    def amount(operation: str) -> float:
        item = shop.client("dynamodb").get_item(TableName=table, Key={"key": {"S": f"{order_id}:{operation}"}})
        found = item.get("Item")
        return float(found["amount"]["N"]) if found and found["approved"]["BOOL"] else 0.0

    return amount("capture") - amount("refund")


def seen_by_staff(shop: Shop, order_id: str) -> dict[str, Any]:
    order: dict[str, Any] = shop.staff("GET", f"/admin/orders/{order_id}").json()
    return order


@each_value
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("function", BEFORE_THE_END)
def test_a_step_that_fails_leaves_no_trace_but_a_failed_order(shop: Shop, function: str, way: str) -> None:
    product = shop.new_product(5)

    with WAYS[way](shop, function):
        order_id, ended, arn = bought(shop, product)

    order = seen_by_staff(shop, order_id)
    assert (order["status"], order["error"]["code"], ended) == ("FAILED", "PROCESSING_FAILED", "SUCCEEDED")
    assert shop.stock(product) == (5, 0)
    assert kept_by_the_gateway(shop, order_id) == 0
    assert "OrderFailed" in shop.states(arn)
    until(lambda: shop.mails(order_id), lambda mails: len(mails) <= 1, 1)


@each_value
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("function", AFTER_THE_END)
def test_a_paid_order_stands_though_nobody_could_be_told(shop: Shop, function: str, way: str) -> None:
    product = shop.new_product(5)

    with WAYS[way](shop, function):
        order_id, ended, _ = bought(shop, product)

    order = seen_by_staff(shop, order_id)
    assert (order["status"], ended) == ("COMPLETED", "SUCCEEDED")
    assert order["needsAttention"]
    assert shop.stock(product) == (3, 0)
    assert kept_by_the_gateway(shop, order_id) == 50


@each_value
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("function", COMPENSATIONS)
def test_a_compensation_that_fails_is_seen_by_staff(shop: Shop, function: str, way: str) -> None:
    product = shop.new_product(5)

    with WAYS[way](shop, function):
        order_id, ended, _ = bought(shop, product, paymentMethod="pm_card_chargeDeclined")
        order = seen_by_staff(shop, order_id)

    assert ended == "FAILED"
    assert order["needsAttention"]
    assert kept_by_the_gateway(shop, order_id) == 0
