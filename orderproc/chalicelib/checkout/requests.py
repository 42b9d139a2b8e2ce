"""From a body to a line of a cart, or to a command without lines yet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..inventory.schema import PRODUCT_PATH
from ..kit.errors import InvalidRequest
from ..kit.request_rules import currency_errors, fingerprint, key_errors
from ..kit.validation import read, valid
from ..orders.commands import Customer, PlaceOrder
from ..orders.requests import address_of
from .schema import BUYER, CART_ITEM_REQUEST, CHECKOUT_REQUEST, PLACE_ORDER_REQUEST

_UNVERIFIED = {"customerEmail": ""}
"""Nobody is written to."""


def buy_now(
    body: dict[str, Any], *, owner: str, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, str, int]:
    """`/place-order`: a command without lines yet, the product and how many. Raises InvalidRequest."""
    body = valid(body, PLACE_ORDER_REQUEST, key_errors(idempotency_key))
    command = _without_lines(body, owner, body["customerEmail"], body["customerEmail"], body.get("phoneNumber"), "auto")
    return (
        replace(command, idempotency_key=idempotency_key, correlation_id=correlation_id),
        body["productId"],
        body["quantity"],
    )


def checkout(
    body: dict[str, Any], customer: Customer, *, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, Decimal | None, str | None]:
    """`/checkout`: a command without lines yet, and the total and the currency that the customer was shown, where they
    are given. Raises InvalidRequest."""
    # An account may have an address that nobody can send to: no order may come of it.
    buyer, errors = read({"customerEmail": customer.email}, BUYER) if customer.email else (_UNVERIFIED, [])
    body, found = read(body, CHECKOUT_REQUEST)
    errors += found + key_errors(idempotency_key) + currency_errors(body.get("currency"))
    if errors:
        raise InvalidRequest(errors)
    email = buyer["customerEmail"]
    command = _without_lines(body, customer.owner, customer.id, email, customer.phone_number, "manual")
    address = body.get("shippingAddress")
    command = replace(
        command,
        shipping_address=address_of(address) if address else None,
        from_cart=True,
        idempotency_key=idempotency_key,
        correlation_id=correlation_id,
    )
    return command, Decimal(body["total"]) if "total" in body else None, body.get("currency")


def cart_item(product_id: str, body: dict[str, Any]) -> int:
    """How many units. Raises InvalidRequest."""
    _, errors = read({"productId": product_id}, PRODUCT_PATH)
    quantity: int = valid(body, CART_ITEM_REQUEST, errors)["quantity"]
    return quantity


def _without_lines(
    body: dict[str, Any], owner: str, customer_id: str, email: str, phone_number: str | None, fulfilment: str
) -> PlaceOrder:
    return PlaceOrder(
        owner=owner,
        customer_id=customer_id,
        customer_email=email,
        lines=(),
        currency="",
        total_amount=Decimal(0),
        payment_method=body.get("paymentMethod", "pm_card_visa"),
        phone_number=phone_number,
        shipping_address=None,
        idempotency_key=None,
        fingerprint=fingerprint(body),
        correlation_id="",
        workflow="stepfunctions",
        fulfilment=fulfilment,
    )
