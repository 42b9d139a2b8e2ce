"""Guests order on the shop's page: its key places the order, and the order's token opens that one (contract §2)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.checkout import requests
from chalicelib.orders.commands import GUEST
from chalicelib.orders.order_tokens import LIFETIME

from tests.contract.threads import concurrently
from tests.support.api.gateway import Gateway
from tests.support.api.guests import CART, PLACING, QUICK, finished, new_key, placed, with_token
from tests.support.api.refusals import refused
from tests.support.fakes.adapters import FakeAdapters


@pytest.mark.parametrize("path", dict(PLACING))
def test_a_guest_buys_and_follows_the_order_to_its_receipt(api: Gateway, services: Services, path: str) -> None:
    answer = placed(api, path)
    token, order_id = answer.json["orderToken"], answer.json["orderId"]
    assert (answer.status, answer.json["status"]) == (202, "PENDING")
    assert answer.headers["location"] == {"/place-order": "./guest/order", "/guest/checkout": "./order"}[path]
    assert with_token(api, token, "GET", "/receipt").json["code"] == "RECEIPT_NOT_FOUND"

    finished(services, order_id)
    order = with_token(api, token).json
    receipt = with_token(api, token, "GET", "/receipt").json
    given = with_token(api, token, "POST", "/feedback", {"score": 4, "comment": "<b>Fine</b>"})

    assert (order["orderId"], order["customerEmail"], order["feedback"]) == (order_id, "noor@example.com", None)
    assert f"receipts/{order_id}.pdf" in receipt["url"]
    assert f"receipt-{order_id}.pdf" in receipt["url"]
    assert given.status == 201
    assert with_token(api, token).json["feedback"] == given.json
    assert with_token(api, token, "POST", "/feedback", {"score": 1}).json["code"] == "FEEDBACK_ALREADY_GIVEN"


def test_a_checkout_is_at_the_catalogues_prices_and_waits_for_staff_to_ship_it(
    api: Gateway, services: Services
) -> None:
    answer = placed(api)
    finished(services, answer.json["orderId"])

    order = with_token(api, answer.json["orderToken"]).json

    assert (order["status"], order["fulfilment"], order["workflow"]) == ("CONFIRMED", "manual", "stepfunctions")
    assert (order["totalAmount"], order["currency"]) == (Decimal("1339.99"), "EUR")
    assert [(line["productId"], line["quantity"], line["price"]) for line in order["items"]] == [
        ("LAPTOP001", 1, Decimal("1299.99")),
        ("MOUSE001", 2, Decimal(20)),
    ]
    assert order["shippingAddress"]["city"] == "Amsterdam"


def test_a_guest_cancels(api: Gateway, adapters: FakeAdapters) -> None:
    token = placed(api).json["orderToken"]

    assert with_token(api, token, "POST", "/cancel").json["status"] == "CANCELLED"
    assert with_token(api, token, "POST", "/cancel").status == 200
    assert len(adapters.store.orders) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"total": Decimal(1)}, "TOTAL_MISMATCH"),
        ({"currency": "USD"}, "TOTAL_MISMATCH"),
        ({"items": [{"productId": "NOTHING", "quantity": 1}]}, "CART_NOT_ORDERABLE"),
    ],
)
def test_what_the_page_showed_must_still_be_so(
    api: Gateway, untouched: Callable[[], bool], change: dict[str, Any], code: str
) -> None:
    answer = placed(api, body={**CART, **change})

    assert (answer.status, answer.json["code"]) == (409, code)
    assert untouched()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": []}, "items"),
        ({"items": [{"productId": "MOUSE001", "quantity": 100}]}, "items[0].quantity"),
        ({"items": [{"productId": "MOUSE001", "quantity": 1, "price": 1}]}, "items[0].price"),
        ({"items": [{"productId": "MOUSE001", "quantity": 1}] * 2}, "items[1].productId"),
        ({"items": [{"productId": ["MOUSE001"], "quantity": 1}] * 2}, "items[0].productId"),
        ({"items": "MOUSE001"}, "items"),
        ({"items": [None]}, "items[0]"),
        ({"customerEmail": "noor"}, "customerEmail"),
        ({"customerEmail": None}, "customerEmail"),
        ({"shippingAddress": None}, "shippingAddress"),
        ({"currency": "XXQ"}, "currency"),
        ({"phoneNumber": "+31612345678"}, "phoneNumber"),
        ({"customerId": "somebody"}, "customerId"),
        ({"status": "COMPLETED"}, "status"),
        ({"fulfilment": "auto"}, "fulfilment"),
    ],
)
def test_a_guest_may_not_say_more_than_a_page_asks(
    api: Gateway, untouched: Callable[[], bool], change: dict[str, Any], field: str
) -> None:
    answer = placed(api, body={**CART, **change})

    assert field in answer.fields
    assert answer.status == 400
    assert untouched()


def test_nobody_can_have_text_messages_sent_with_the_publishable_key(
    api: Gateway, untouched: Callable[[], bool]
) -> None:
    with_number = {**QUICK, "phoneNumber": "+31612345678"}

    refused(placed(api, "/place-order", with_number), "phoneNumber")
    assert untouched()
    assert placed(api, "/place-order", {**QUICK, "phoneNumber": None}).status == 202
    assert api.post("/place-order", with_number, key="a partner").status == 202


@pytest.mark.parametrize("path", dict(PLACING))
def test_a_double_click_makes_one_order_and_both_answers_open_it(
    api: Gateway, adapters: FakeAdapters, path: str
) -> None:
    key = new_key()

    first, second = placed(api, path, key=key).json, placed(api, path, key=key).json

    assert second == first
    assert len(adapters.store.orders) == 1
    assert with_token(api, second["orderToken"]).json["orderId"] == first["orderId"]


@pytest.mark.parametrize("path", dict(PLACING))
def test_clicks_at_the_same_moment_make_one_order(services: Services, adapters: FakeAdapters, path: str) -> None:
    key, body = new_key(), dict(PLACING)[path]

    def click(_: int) -> tuple[str, str]:
        token_of = services.orders.tokens.signer()
        if path == "/guest/checkout":
            found = requests.guest_checkout({**body}, idempotency_key=key, correlation_id=new_key())
            order = services.carts.guest_checkout(*found)
        else:
            one = requests.buy_now({**body}, owner=GUEST, idempotency_key=key, correlation_id=new_key())
            order = services.carts.buy_now(*one)
        return order.order_id, token_of(order)

    assert len(set(concurrently(10, click))) == 1
    assert len(adapters.store.orders) == 1


def test_a_repeated_answer_gives_no_more_time_than_the_first(api: Gateway, adapters: FakeAdapters) -> None:
    key = new_key()
    first = placed(api, key=key).json
    adapters.clock.advance(LIFETIME - 1)

    again = placed(api, key=key).json
    assert again["orderToken"] == first["orderToken"]
    adapters.clock.advance(2)

    refused(with_token(api, placed(api, key=key).json["orderToken"]), status=401)


def test_the_same_key_with_another_body_opens_nothing(api: Gateway) -> None:
    key = new_key()
    placed(api, "/place-order", key=key)

    for path, body in (
        ("/place-order", {**QUICK, "customerEmail": "eve@example.com"}),
        ("/place-order", {**QUICK, "quantity": 2}),
        ("/guest/checkout", CART),
    ):
        answer = placed(api, path, body, key)
        assert (answer.status, answer.json["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert "orderToken" not in answer.text


@pytest.mark.parametrize("key", ["1", "order-1", "2026-11-28", "x" * 21, "ä" * 30, "x" * 256])
@pytest.mark.parametrize("path", dict(PLACING))
def test_a_guests_key_must_be_one_that_nobody_guesses(
    api: Gateway, untouched: Callable[[], bool], path: str, key: str
) -> None:
    refused(placed(api, path, key=key), "Idempotency-Key")
    assert untouched()


def test_a_partners_key_may_be_short_and_reaches_no_guests_order(api: Gateway, adapters: FakeAdapters) -> None:
    key = new_key()
    guests = placed(api, "/place-order", key=key).json["orderId"]

    partners = api.post("/place-order", QUICK, key="one", headers={"Idempotency-Key": key}).json

    assert partners["orderId"] != guests
    assert "orderToken" not in partners
    assert api.post("/place-order", QUICK, key="one", headers={"Idempotency-Key": "1"}).status == 202


def test_while_no_token_can_be_made_nothing_is_ordered(
    api: Gateway, adapters: FakeAdapters, untouched: Callable[[], bool]
) -> None:
    adapters.link_secrets.down = True

    for path in dict(PLACING):
        answer = placed(api, path)
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert untouched()
