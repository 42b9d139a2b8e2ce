"""From a body to a command of the domain: what a schema can't say is judged here, into the same list of errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..kit.countries import alpha_2
from ..kit.errors import FieldError, InvalidRequest
from ..kit.money import exact
from ..kit.request_rules import currency_errors, digit_errors, fingerprint, is_named, key_errors
from ..kit.schemas import MAX_LINES
from ..kit.validation import read, valid
from .commands import PlaceOrder
from .model import Address, Line, Status
from .rules import order_errors
from .schema import ORDER_REQUEST, ORDERS_QUERY

_SUMMED = re.compile(r"items|totalAmount|items\[\d+\](\.(price|quantity))?")


def place_order(
    body: dict[str, Any],
    *,
    owner: str,
    default_currency: str,
    idempotency_key: str | None,
    correlation_id: str,
) -> PlaceOrder:
    """Raises InvalidRequest with every wrong field."""
    body, errors = read(body, ORDER_REQUEST)
    currency = body.get("currency", default_currency)
    errors += key_errors(idempotency_key) + currency_errors(currency)
    if not is_named(errors, "currency"):
        errors += _order_digit_errors(body, currency)
        errors += _total_errors(body, currency, errors)
    if errors:
        raise InvalidRequest(errors)
    return PlaceOrder(
        owner=owner,
        customer_id=body["customerId"],
        customer_email=body["customerEmail"],
        lines=tuple(_line(item, currency) for item in body["items"]),
        currency=currency,
        total_amount=exact(body["totalAmount"], currency),
        payment_method=body.get("paymentMethod", "pm_card_visa"),
        phone_number=body.get("phoneNumber"),
        shipping_address=address_of(body["shippingAddress"]),
        idempotency_key=idempotency_key,
        fingerprint=fingerprint(body) if idempotency_key else b"",
        correlation_id=correlation_id,
    )


def customer_of(query: Mapping[str, str]) -> str | None:
    """Whose orders are asked for, if anybody's. Raises InvalidRequest for a customer that no order can have."""
    return valid({name: query[name] for name in query if name == "customerId"}, ORDERS_QUERY).get("customerId")


def status_of(query: Mapping[str, str]) -> Status | None:
    """Raises InvalidRequest for a status that there is not."""
    if query.get("status", "PENDING") not in set(Status):
        raise InvalidRequest([FieldError("status", f"must be one of {', '.join(Status)}")])
    return Status(query["status"]) if "status" in query else None


def _order_digit_errors(body: dict[str, Any], currency: str) -> list[FieldError]:
    items = body.get("items")
    errors: list[FieldError] = []
    for n, item in enumerate(items[:MAX_LINES] if isinstance(items, list) else []):
        if isinstance(item, dict):
            errors += digit_errors(item.get("price"), currency, f"items[{n}].price")
    return errors + digit_errors(body.get("totalAmount"), currency, "totalAmount")


def _total_errors(body: dict[str, Any], currency: str, errors: list[FieldError]) -> list[FieldError]:
    """What is wrong with the amounts together, where each by itself is right: only then can they be summed."""
    if any(_SUMMED.fullmatch(error.field) for error in errors):
        return []
    # Products and names may be wrong, or missing.
    lines = [Line("", "", item["quantity"], exact(item["price"], currency)) for item in body["items"]]
    return order_errors(lines, currency, Decimal(body["totalAmount"]))


def _line(item: dict[str, Any], currency: str) -> Line:
    return Line(item["productId"], item.get("name", ""), item["quantity"], exact(item["price"], currency))


def address_of(a: Mapping[str, Any]) -> Address:
    """Of one that the schema found right."""
    return Address(a["street"], a["city"], a.get("state", ""), a.get("zipCode", ""), alpha_2(a["country"]))
