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
from ..orders.requests import command_of
from .schema import BUYER, CART_ITEM_REQUEST, CHECKOUT_REQUEST, PLACE_ORDER_REQUEST

_UNVERIFIED = {"customerEmail": ""}
"""No mail is sent."""


def buy_now(
    body: dict[str, Any], *, owner: str, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, str, int]:
    """`/place-order`: a command without lines yet, the product and how many. Raises InvalidRequest."""
    body = valid(body, PLACE_ORDER_REQUEST, key_errors(idempotency_key))
    command = _without_lines(body, owner, correlation_id, idempotency_key)
    return replace(command, customer_id=command.customer_email), body["productId"], body["quantity"]


def checkout(
    body: dict[str, Any], customer: Customer, *, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, Decimal | None, str | None]:
    """`/checkout`: a command without lines yet, and the total and the currency that the customer was shown, where they
    are given. Raises InvalidRequest."""
    # An account may have an address that can't be sent to: no order may come of it.
    buyer, errors = read({"customerEmail": customer.email}, BUYER) if customer.email else (_UNVERIFIED, [])
    body, found = read(body, CHECKOUT_REQUEST)
    errors += found + key_errors(idempotency_key) + currency_errors(body.get("currency"))
    if errors:
        raise InvalidRequest(errors)
    command = replace(
        _without_lines(body, customer.owner, correlation_id, idempotency_key),
        customer_id=customer.id,
        customer_email=buyer["customerEmail"],
        phone_number=customer.phone_number,
        fulfilment="manual",
        from_cart=True,
    )
    return command, Decimal(body["total"]) if "total" in body else None, body.get("currency")


def cart_item(product_id: str, body: dict[str, Any]) -> int:
    """How many units. Raises InvalidRequest."""
    _, errors = read({"productId": product_id}, PRODUCT_PATH)
    quantity: int = valid(body, CART_ITEM_REQUEST, errors)["quantity"]
    return quantity


def _without_lines(body: dict[str, Any], owner: str, correlation_id: str, key: str | None) -> PlaceOrder:
    said = command_of(body, owner, correlation_id)
    return replace(said, idempotency_key=key, fingerprint=fingerprint(body), workflow="stepfunctions")
