"""From a body to a line of a cart, or to a command without lines yet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..inventory.schema import PRODUCT_PATH
from ..kit.errors import FieldError, InvalidRequest
from ..kit.request_rules import currency_errors, fingerprint, key_errors
from ..kit.validation import read, valid
from ..orders.commands import GUEST, Customer, PlaceOrder
from ..orders.requests import command_of
from .rules import MAX_LINES
from .schema import BUYER, CART_ITEM_REQUEST, CHECKOUT_REQUEST, GUEST_CHECKOUT_REQUEST, PLACE_ORDER_REQUEST

_UNVERIFIED = {"customerEmail": ""}
"""No mail is sent."""
_OF_GUESTS = frozenset(
    {
        *("productId", "quantity", "customerEmail", "paymentMethod"),
        *("shippingAddress", "billingAddress", "note", "locale"),
    }
)
"""What `/place-order` takes from anybody, as far as it knows it. No telephone number: anyone could have text messages
sent to any; nor what partners note for themselves."""
_RANDOM_KEY = 22
"""Characters of 128 random bits in base64url; a UUID has 36."""


def buy_now(
    body: dict[str, Any], *, owner: str, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, str, int]:
    """`/place-order`: a command without lines yet, the product and how many. Raises InvalidRequest."""
    of_guest = owner == GUEST
    errors = _not_for_guests(body) + _guests_key_errors(idempotency_key) if of_guest else key_errors(idempotency_key)
    body = valid(body, PLACE_ORDER_REQUEST, errors)
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


def guest_checkout(
    body: dict[str, Any], *, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, dict[str, int], Decimal | None, str | None]:
    """`/guest/checkout`: a command without lines yet, how many units of each product, and the total and the currency
    that were shown, where they are given. Raises InvalidRequest."""
    body, errors = read(body, GUEST_CHECKOUT_REQUEST)
    errors += _guests_key_errors(idempotency_key) + currency_errors(body.get("currency")) + _repeated(body.get("items"))
    if errors:
        raise InvalidRequest(errors)
    command = _without_lines(body, GUEST, correlation_id, idempotency_key)
    command = replace(command, customer_id=command.customer_email, fulfilment="manual")
    units = {item["productId"]: item["quantity"] for item in body["items"]}
    return command, units, Decimal(body["total"]) if "total" in body else None, body.get("currency")


def cart_item(product_id: str, body: dict[str, Any]) -> int:
    """How many units. Raises InvalidRequest."""
    _, errors = read({"productId": product_id}, PRODUCT_PATH)
    quantity: int = valid(body, CART_ITEM_REQUEST, errors)["quantity"]
    return quantity


def _not_for_guests(body: dict[str, Any]) -> list[FieldError]:
    closed = PLACE_ORDER_REQUEST["properties"].keys() - _OF_GUESTS
    sent = (name for name in body if name in closed and body[name] is not None)
    return [FieldError(name, "is not accepted with the publishable key") for name in sent]


def _guests_key_errors(key: str | None) -> list[FieldError]:
    """All guests are one caller, and who repeats a request gets the order's token: so the key must be one
    that no one else can guess."""
    if errors := key_errors(key):
        return errors
    if key is None or len(key) >= _RANDOM_KEY:
        return []
    return [FieldError("Idempotency-Key", f"must be random, like a UUID, and at least {_RANDOM_KEY} characters long")]


def _repeated(items: Any) -> list[FieldError]:
    """Products that are in the cart more than once."""
    seen: set[str] = set()
    errors = []
    for n, item in enumerate(items[:MAX_LINES] if isinstance(items, list) else []):
        product_id = item.get("productId") if isinstance(item, dict) else None
        if not isinstance(product_id, str):
            continue
        if product_id in seen:
            errors.append(FieldError(f"items[{n}].productId", "is in the list already: add up its units"))
        seen.add(product_id)
    return errors


def _without_lines(body: dict[str, Any], owner: str, correlation_id: str, key: str | None) -> PlaceOrder:
    said = command_of(body, owner, correlation_id)
    return replace(said, idempotency_key=key, fingerprint=fingerprint(body), workflow="stepfunctions")
