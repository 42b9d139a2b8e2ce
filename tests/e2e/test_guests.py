"""Guests on the deployed stack: what the gateway lets through with the publishable key, and an order's whole way."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.e2e.shop import ENDED, Caller, Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
ADDRESS = {"street": "1 Canal St", "city": "Amsterdam", "zipCode": "1011 AB", "country": "NL"}
PLACING = {("POST", "/place-order"), ("POST", "/guest/checkout")}


@pytest.fixture
def page(shop: Shop) -> Caller:
    return Caller(shop, X_API_Key=shop.described["publishable_key"])


def cart(shop: Shop, email: str = "customer@example.com") -> dict[str, Any]:
    items = [{"productId": shop.new_product(stock=5), "quantity": 2}]
    return {"items": items, "customerEmail": email, "shippingAddress": ADDRESS, "total": 50, "currency": "EUR"}


def test_a_guest_buys_a_cart_and_claims_the_order_after_signing_up(shop: Shop, page: Caller) -> None:
    accepted = page("POST", "/guest/checkout", cart(shop), Idempotency_Key=uuid.uuid4().hex)
    assert accepted.status_code == 202, accepted.text
    order_id, token = accepted.json()["orderId"], accepted.json()["orderToken"]
    guest = Caller(shop, Authorization=f"Order {token}")

    order = guest.ended("/guest/order", seconds=30)
    assert (order["orderId"], order["status"], order["fulfilment"]) == (order_id, "CONFIRMED", "manual")
    receipt = until(lambda: guest("GET", "/guest/order/receipt"), lambda answer: answer.ok).json()
    pdf = requests.get(receipt["url"], timeout=30)
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="receipt-{order_id}.pdf"'
    assert guest("POST", "/guest/order/feedback", {"score": 5}).status_code == 201
    said = guest("POST", "/guest/order/chatbot", {"query": "Where is my order?"}).json()
    assert said["orders"] == [order_id]
    assert str(order["orderNumber"]) in said["answer"]
    assert len(until(lambda: shop.mails(order_id))) == 1

    stranger, customer = shop.signed_in("other"), shop.signed_in("customer")
    assert stranger("POST", "/me/orders/claim", {"orderToken": token}).status_code == 404
    claimed = customer("POST", "/me/orders/claim", {"orderToken": token})
    assert (claimed.status_code, claimed.json()["orderId"]) == (200, order_id)
    listed = until(
        lambda: [o["orderId"] for o in customer("GET", "/me/orders").json()["orders"]], lambda s: order_id in s
    )
    assert listed
    assert customer("POST", "/me/orders/claim", {"orderToken": token}).status_code == 200
    assert guest("GET", "/guest/order").status_code == 404


def test_a_double_click_makes_one_order(shop: Shop, page: Caller) -> None:
    sent, key = cart(shop), uuid.uuid4().hex

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: page("POST", "/guest/checkout", sent, Idempotency_Key=key), range(5)))

    assert {answer.status_code for answer in answers} == {202}
    assert len({(answer.json()["orderId"], answer.json()["orderToken"]) for answer in answers}) == 1


def test_quick_order_ends_without_staff_and_can_be_cancelled_by_its_token(shop: Shop, page: Caller) -> None:
    sent = {"productId": shop.new_product(stock=5), "quantity": 2, "customerEmail": "noor@example.com"}
    guest = Caller(shop, Authorization=f"Order {page('POST', '/place-order', sent).json()['orderToken']}")

    assert guest.ended("/guest/order", seconds=30)["status"] == "COMPLETED"
    assert guest("POST", "/guest/order/cancel").json()["status"] == "CANCELLED"
    assert {guest("GET", "/guest/order").json()["status"]} <= ENDED


def test_the_publishable_key_opens_nothing_else_at_the_gateway(shop: Shop, page: Caller) -> None:
    document = shop.call("GET", "/openapi.json").json()
    guarded = [
        (method.upper(), path, operation["security"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["security"] and (method.upper(), path) not in PLACING
    ]

    assert len(guarded) > 30
    for method, path, security in guarded:
        answer = page(method, path.replace("{", "").replace("}", ""), {} if method in ("POST", "PUT") else None)
        assert answer.status_code == (403 if security == [{"apiKey": []}] else 401), (method, path, answer.text)
    assert shop.call("POST", "/guest/checkout", cart(shop)).status_code == 403
    assert shop.partner("POST", "/guest/checkout", cart(shop)).status_code == 403


def test_all_guests_share_a_small_plan(shop: Shop, page: Caller) -> None:
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda _: page("POST", "/place-order", {}), range(60)))

    throttled = [answer for answer in answers if answer.status_code == 429]
    assert throttled
    assert throttled[0].headers["Retry-After"] == "1"
    assert {answer.status_code for answer in answers} == {400, 429}
    assert shop.partner("GET", "/orders?limit=1").status_code == 200
