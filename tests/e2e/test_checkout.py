"""Customers and partners on the deployed stack: cart, checkout, place-order, and the executions that work them off."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.shop import Caller, Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
AUTO = [
    "ValidateOrder",
    "SaveOrder",
    "ReserveInventory",
    "ProcessPayment",
    "IsPaid",
    "UpdateInventory",
    "WhoFulfils",
    "FulfilOrder",
    "CompleteOrder",
    "SendNotification",
    "GenerateReceipt",
    "OrderSucceeded",
]
MANUAL = [*AUTO[:7], "ConfirmOrder", *AUTO[9:]]
COMPENSATED = ["ReleaseInventory", "RefundPayment", "FailOrder", "HowItEnded", "OrderFailed"]
BUYER = {"customerEmail": "buyer@example.com"}


@pytest.fixture
def customer(shop: Shop) -> Iterator[Caller]:
    """The demo customer, with an empty cart."""
    somebody = shop.signed_in("customer")
    somebody("DELETE", "/cart")
    yield somebody
    somebody("DELETE", "/cart")


def quantities(cart: dict[str, Any]) -> dict[str, int]:
    return {item["productId"]: item["quantity"] for item in cart["items"]}


def test_a_cart_is_bought_within_15_seconds(shop: Shop, customer: Caller) -> None:
    product = shop.new_product(stock=5)
    assert customer("PUT", f"/cart/items/{product}", {"quantity": 2}).json()["total"] == 50

    started = time.monotonic()
    accepted = customer("POST", "/checkout", {"total": 50})
    assert accepted.status_code == 202, accepted.text
    order = customer.ended(f"/me/orders/{accepted.json()['orderId']}")

    assert (order["status"], time.monotonic() - started < 15) == ("CONFIRMED", True)
    assert shop.stock(product) == (3, 0)
    arn = accepted.json()["executionArn"]
    assert shop.execution_ended(arn) == "SUCCEEDED"
    assert shop.states(arn) == MANUAL
    assert customer("GET", "/cart").json()["items"] == []
    until(lambda: customer("GET", f"/me/orders/{order['orderId']}/receipt").status_code, lambda s: s == 200)
    assert len(until(lambda: shop.mails(order["orderId"]))) == 1


def test_twenty_checkouts_of_one_cart_at_once_make_one_order(shop: Shop, customer: Caller) -> None:
    product = shop.new_product(stock=50)
    customer("PUT", f"/cart/items/{product}", {"quantity": 2})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: customer("POST", "/checkout", {"total": 50}), range(20)))

    assert {answer.status_code for answer in answers} == {202}
    (order_id,) = {answer.json()["orderId"] for answer in answers}
    assert customer.ended(f"/me/orders/{order_id}", seconds=30)["status"] == "CONFIRMED"
    assert shop.stock(product) == (48, 0)
    assert customer("POST", "/checkout", {"total": 50}).json()["orderId"] == order_id


def test_a_declined_card_leaves_stock_and_cart_as_they_were(shop: Shop, customer: Caller) -> None:
    product = shop.new_product(stock=5)
    customer("PUT", f"/cart/items/{product}", {"quantity": 2})

    accepted = customer("POST", "/checkout", {"total": 50, "paymentMethod": "pm_card_chargeDeclined"}).json()
    order = customer.ended(f"/me/orders/{accepted['orderId']}")

    assert (order["status"], order["error"]["code"]) == ("FAILED", "CARD_DECLINED")
    assert shop.execution_ended(accepted["executionArn"]) == "SUCCEEDED"
    assert shop.states(accepted["executionArn"]) == [*AUTO[:5], *COMPENSATED]
    assert shop.stock(product) == (5, 0)
    assert quantities(customer("GET", "/cart").json()) == {product: 2}

    again = customer("POST", "/checkout", {"total": 50}).json()
    assert customer.ended(f"/me/orders/{again['orderId']}")["status"] == "CONFIRMED"


def test_three_fields_place_an_order_that_completes(shop: Shop) -> None:
    product = shop.new_product(stock=5)

    answer = shop.partner("POST", "/place-order", {**BUYER, "productId": product, "quantity": 2})
    accepted = answer.json()
    order = shop.partner.ended(f"/orders/{accepted['orderId']}")

    assert answer.status_code == 202
    assert (order["status"], order["totalAmount"], order["fulfilment"]) == ("COMPLETED", 50, "auto")
    assert shop.execution_ended(accepted["executionArn"]) == "SUCCEEDED"
    assert shop.states(accepted["executionArn"]) == AUTO
    assert shop.stock(product) == (3, 0)


def test_a_key_makes_one_order_and_one_execution(shop: Shop) -> None:
    product = shop.new_product(stock=5)
    sent, key = {**BUYER, "productId": product, "quantity": 1}, uuid.uuid4().hex

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: shop.partner("POST", "/place-order", sent, Idempotency_Key=key), range(5)))

    assert {answer.status_code for answer in answers} == {202}
    (order_id,) = {answer.json()["orderId"] for answer in answers}
    assert len({answer.json()["executionArn"] for answer in answers}) == 1
    assert shop.partner.ended(f"/orders/{order_id}")["status"] == "COMPLETED"
    assert shop.stock(product) == (4, 0)
    other = shop.partner("POST", "/place-order", {**sent, "quantity": 2}, Idempotency_Key=key)
    assert other.status_code == 422


def test_another_execution_of_an_order_that_ended_changes_nothing(shop: Shop) -> None:
    product = shop.new_product(stock=5)
    accepted = shop.partner("POST", "/place-order", {**BUYER, "productId": product, "quantity": 1}).json()
    path = f"/orders/{accepted['orderId']}"
    before = shop.partner.ended(path)
    shop.execution_ended(accepted["executionArn"])
    until(lambda: shop.mails(accepted["orderId"]))

    again = shop.executions.start_execution(
        stateMachineArn=shop.described["resources"]["order_state_machine_arn"],
        name=f"{accepted['orderId']}-again",
        input=f'{{"orderId": "{accepted["orderId"]}", "correlationId": "again"}}',
    )["executionArn"]

    assert shop.execution_ended(again) == "SUCCEEDED"
    assert shop.states(again) == AUTO
    assert shop.partner("GET", path).json() == before
    assert shop.stock(product) == (4, 0)
    time.sleep(2)
    assert len(shop.mails(accepted["orderId"])) == 1


def test_an_express_workflow_takes_an_order_to_the_same_end(shop: Shop) -> None:
    """The same definition over the same functions, beside the standard one that the order has already."""
    standard = shop.executions.describe_state_machine(
        stateMachineArn=shop.described["resources"]["order_state_machine_arn"]
    )
    express = shop.executions.create_state_machine(
        name=f"express-{uuid.uuid4().hex[:8]}",
        definition=standard["definition"],
        roleArn=standard["roleArn"],
        type="EXPRESS",
    )["stateMachineArn"]
    product = shop.new_product(stock=5)
    accepted = shop.partner("POST", "/place-order", {**BUYER, "productId": product, "quantity": 1}).json()

    shop.executions.start_execution(
        stateMachineArn=express, input=f'{{"orderId": "{accepted["orderId"]}", "correlationId": "express"}}'
    )

    assert shop.partner.ended(f"/orders/{accepted['orderId']}")["status"] == "COMPLETED"
    assert shop.execution_ended(accepted["executionArn"]) == "SUCCEEDED"
    assert shop.stock(product) == (4, 0)
    assert len(until(lambda: shop.mails(accepted["orderId"]))) == 1
    shop.executions.delete_state_machine(stateMachineArn=express)


def test_staff_ship_it_and_then_it_can_not_be_cancelled(shop: Shop, customer: Caller) -> None:
    product = shop.new_product(stock=5)
    customer("PUT", f"/cart/items/{product}", {"quantity": 2})
    order_id = customer("POST", "/checkout", {"total": 50}).json()["orderId"]
    customer.ended(f"/me/orders/{order_id}")

    def shipment(number: str) -> dict[str, Any]:
        items = [{"productId": product, "quantity": 1}]
        return {"carrier": "PostNL", "trackingNumber": number, "items": items}

    first = shop.staff("POST", f"/admin/orders/{order_id}/ship", shipment("3S1"))
    assert (first.status_code, first.json()["status"]) == (200, "FULFILLMENT")
    assert customer("POST", f"/me/orders/{order_id}/cancel").status_code == 409
    assert shop.staff("POST", f"/admin/orders/{order_id}/ship", shipment("3S2")).json()["status"] == "COMPLETED"
    delivered = shop.staff("POST", f"/admin/orders/{order_id}/deliver", {}).json()
    assert {shipment["status"] for shipment in delivered["shipments"]} == {"DELIVERED"}
    order = customer("GET", f"/me/orders/{order_id}").json()
    assert [row["status"] for row in order["history"]][-3:] == ["CONFIRMED", "FULFILLMENT", "COMPLETED"]
    assert shop.stock(product) == (3, 0)


@pytest.mark.parametrize("after", [0, 0.3, 0.8, 5])
def test_an_order_cancelled_at_any_time_gives_everything_back(shop: Shop, customer: Caller, after: float) -> None:
    product = shop.new_product(stock=5)
    customer("PUT", f"/cart/items/{product}", {"quantity": 2})
    accepted = customer("POST", "/checkout", {"total": 50}).json()
    time.sleep(after)

    cancelled = customer("POST", f"/me/orders/{accepted['orderId']}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "CANCELLED")
    assert shop.execution_ended(accepted["executionArn"]) == "SUCCEEDED"
    assert shop.stock(product) == (5, 0)
    payment = customer("GET", f"/me/orders/{accepted['orderId']}").json()["payment"]
    assert payment is None or payment["refunded"] == payment["amount"]


def test_nobody_sees_anothers_order(shop: Shop, customer: Caller) -> None:
    product = shop.new_product(stock=5)
    customer("PUT", f"/cart/items/{product}", {"quantity": 1})
    order_id = customer("POST", "/checkout", {}).json()["orderId"]
    other = shop.signed_in("other")

    anothers, missing = other("GET", f"/me/orders/{order_id}"), other("GET", f"/me/orders/{uuid.uuid4()}")

    assert anothers.status_code == missing.status_code == 404
    assert {**anothers.json(), "requestId": ""} == {**missing.json(), "requestId": ""}
    assert other("POST", f"/me/orders/{order_id}/cancel").status_code == 404
    assert shop.partner("GET", f"/orders/{order_id}").status_code == 404
    assert order_id not in [order["orderId"] for order in other("GET", "/me/orders").json()["orders"]]
    assert other("GET", f"/admin/orders/{order_id}").status_code == 403
    customer.ended(f"/me/orders/{order_id}")
