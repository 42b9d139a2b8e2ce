"""The chatbot on the deployed stack, without a model: the three questions, by partner and customer."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.e2e.shop import Caller, Shop, shipment, shipped_order, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def customer(shop: Shop) -> Caller:
    return shop.signed_in("customer")


@pytest.fixture(scope="module")
def partners_order(shop: Shop) -> dict[str, Any]:
    """A completed order, shipped, of a customer who has no other."""
    return shipped_order(shop)


@pytest.fixture(scope="module")
def customers_order(shop: Shop, customer: Caller) -> dict[str, Any]:
    """The same, by checkout."""
    product = shop.new_product(stock=5)
    customer("DELETE", "/cart")
    customer("PUT", f"/cart/items/{product}", {"quantity": 2})
    order_id = customer("POST", "/checkout", {"total": 50}).json()["orderId"]
    customer.ended(f"/me/orders/{order_id}", 60)
    shipped = shop.staff("POST", f"/admin/orders/{order_id}/ship", shipment())
    assert shipped.ok, shipped.text
    order: dict[str, Any] = customer("GET", f"/me/orders/{order_id}").json()
    return order


def answered(caller: Caller, path: str, query: str, **more: str) -> dict[str, Any]:
    answer = caller("POST", path, {"query": query, **more})
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    assert said["source"] == "template"
    return said


def test_a_partner_gets_right_answers_to_the_three_questions(shop: Shop, partners_order: dict[str, Any]) -> None:
    order_id, customer_id = partners_order["orderId"], partners_order["customerId"]
    number = partners_order["shipment"]["trackingNumber"]

    status = answered(shop.partner, "/chatbot", f"What's the status of order {order_id}?")
    recent = until(
        lambda: answered(shop.partner, "/chatbot", "Show me my recent orders", customerId=customer_id),
        lambda said: said["orders"] == [order_id],
    )
    tracked = answered(shop.partner, "/chatbot", "How do I track my package?", customerId=customer_id)

    assert status["orders"] == tracked["orders"] == [order_id]
    assert all(fact in status["answer"] for fact in (order_id, "COMPLETED", number))
    assert all(fact in recent["answer"] for fact in (order_id, partners_order["createdAt"][:10], "€50.00", "COMPLETED"))
    assert all(fact in tracked["answer"] for fact in (order_id, "PostNL", number))


def test_a_customer_gets_right_answers_to_the_three_questions(
    shop: Shop, customer: Caller, customers_order: dict[str, Any]
) -> None:
    order_id, number = customers_order["orderId"], customers_order["shipment"]["trackingNumber"]

    status = answered(customer, "/me/chatbot", f"What's the status of order {order_id[:8].upper()}...?")
    recent = until(
        lambda: answered(customer, "/me/chatbot", "Show me my recent orders"),
        lambda said: order_id in said["orders"],
    )
    tracked = answered(customer, "/me/chatbot", "How do I track my package?")

    assert status["orders"] == [order_id]
    assert all(fact in status["answer"] for fact in (order_id, "COMPLETED", number))
    assert all(fact in recent["answer"] for fact in (order_id, customers_order["createdAt"][:10], "€50.00"))
    assert order_id in tracked["orders"]
    assert number in tracked["answer"]


def test_nobody_hears_of_anothers(
    shop: Shop, customer: Caller, customers_order: dict[str, Any], partners_order: dict[str, Any]
) -> None:
    other = shop.signed_in("other")
    second = Caller(shop, X_API_Key=shop.described["api_key_other"])

    for order in (customers_order, partners_order):
        question, missing = (f"Where is order {order_id}?" for order_id in (order["orderId"], uuid.uuid4()))
        assert answered(other, "/me/chatbot", question) == answered(other, "/me/chatbot", missing)
        assert answered(second, "/chatbot", question) == answered(second, "/chatbot", missing)
    assert answered(shop.partner, "/chatbot", f"status of {customers_order['orderId']}")["orders"] == []
    assert answered(customer, "/me/chatbot", f"status of {partners_order['orderId']}")["orders"] == []


def test_who_shows_nothing_hears_nothing(shop: Shop) -> None:
    assert shop.call("POST", "/chatbot", {"query": "Hello"}).status_code == 403
    assert shop.call("POST", "/me/chatbot", {"query": "Hello"}).status_code == 401
    assert shop.call("POST", "/chatbot", {"query": "Hello"}, X_API_Key="wrong" * 8).status_code == 403
