"""From a body to a command of the domain: what a schema can't say is judged here, into the same list of errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..kit.countries import alpha_2
from ..kit.errors import FieldError, InvalidRequest
from ..kit.money import exact
from ..kit.request_rules import currency_errors, digit_errors, fingerprint, is_named, key_errors
from ..kit.schemas import MAX_LINES, PAYMENT_METHOD
from ..kit.validation import read, valid
from ..kit.wiring import dataclass
from .commands import PlaceOrder
from .model import Address, Line, Status, total_of
from .rules import order_errors
from .schema import ORDER_REQUEST, ORDERS_QUERY, TAGS_REQUEST

_SUMMED = re.compile(r"items|totalAmount|items\[\d+\](\.(price|quantity))?")


@dataclass(frozen=True)
class Judged:
    """The body of an order as it is meant, and all that is wrong with it. `lines` are there if their amounts are right;
    so are the other fields if there is no error."""

    body: dict[str, Any]
    errors: list[FieldError]
    currency: str
    lines: tuple[Line, ...]

    def command(self, owner: str, correlation_id: str) -> PlaceOrder:
        """Raises InvalidRequest with every wrong field."""
        if self.errors:
            raise InvalidRequest(self.errors)
        return with_amounts(command_of(self.body, owner, correlation_id), self.body, self.lines, self.currency)


def judged(
    body: Mapping[str, Any], default_currency: str, key: str | None = None, *, known_only: bool = False
) -> Judged:
    """Of every way in that brings a whole order. `known_only` is that of `validation.read`."""
    meant, errors = read(body, ORDER_REQUEST, known_only=known_only)
    currency = meant.get("currency", default_currency)
    errors += key_errors(key) + currency_errors(currency)
    lines = () if is_named(errors, "currency") else _lines(meant, currency, errors)
    return Judged(meant, errors, currency, lines)


def place_order(
    body: dict[str, Any],
    *,
    owner: str,
    default_currency: str,
    idempotency_key: str | None,
    correlation_id: str,
) -> PlaceOrder:
    """Raises InvalidRequest with every wrong field."""
    found = judged(body, default_currency, idempotency_key)
    command = found.command(owner, correlation_id)
    if idempotency_key is None:
        return command
    return replace(command, idempotency_key=idempotency_key, fingerprint=fingerprint(found.body))


def command_of(body: Mapping[str, Any], owner: str, correlation_id: str) -> PlaceOrder:
    """What a body that was found right says of who buys, how it is paid and where it goes; still without lines."""
    return PlaceOrder(
        owner=owner,
        customer_id=body.get("customerId", ""),
        customer_email=body.get("customerEmail", ""),
        payment_method=body.get("paymentMethod", PAYMENT_METHOD["default"]),
        phone_number=body.get("phoneNumber"),
        shipping_address=_address(body["shippingAddress"]) if "shippingAddress" in body else None,
        billing_address=_address(body["billingAddress"]) if "billingAddress" in body else None,
        reference=body.get("reference"),
        note=body.get("note") or None,
        metadata=tuple(body.get("metadata", {}).items()),
        locale=body.get("locale", ""),
        correlation_id=correlation_id,
    )


def with_amounts(command: PlaceOrder, body: Mapping[str, Any], lines: tuple[Line, ...], currency: str) -> PlaceOrder:
    """With these lines of a body that was found right, its amounts, and what it leaves to the catalogue."""
    unpriced = unpriced_of(body)
    total = body.get("totalAmount")
    return replace(
        command,
        lines=lines,
        currency=currency,
        total_amount=total_of(lines) if total is None else Decimal(total) if unpriced else exact(total, currency),
        unpriced=unpriced,
        total_open=bool(unpriced) and total is None,
        currency_open=_is_currency_open(body),
    )


def unpriced_of(body: Mapping[str, Any]) -> frozenset[int]:
    """The places of the items that name no price."""
    items = body.get("items")
    return frozenset(
        n
        for n, item in enumerate(items[:MAX_LINES] if isinstance(items, list) else [])
        if isinstance(item, dict) and "price" not in item
    )


def _is_currency_open(body: Mapping[str, Any]) -> bool:
    """Whether it names neither a currency nor a price: then it is in that of its products."""
    unpriced = unpriced_of(body)
    return bool(unpriced) and "currency" not in body and len(unpriced) == len(body["items"])


def customer_of(query: Mapping[str, str]) -> str | None:
    """Whose orders are asked for, if anybody's. Raises InvalidRequest for a customer that no order can have."""
    return valid({name: query[name] for name in query if name == "customerId"}, ORDERS_QUERY).get("customerId")


def tags(body: dict[str, Any]) -> list[str]:
    """Raises InvalidRequest."""
    found: list[str] = valid(body, TAGS_REQUEST)["tags"]
    return found


def status_of(query: Mapping[str, str]) -> Status | None:
    """Raises InvalidRequest for a status that there is not."""
    if query.get("status", "PENDING") not in set(Status):
        raise InvalidRequest([FieldError("status", f"must be one of {', '.join(Status)}")])
    return Status(query["status"]) if "status" in query else None


def _lines(body: Mapping[str, Any], currency: str, errors: list[FieldError]) -> tuple[Line, ...]:
    """Adds to the errors. The amounts together are judged where each by itself is right: only then can they be
    summed. Those that the catalogue completes are judged then, before the order is stored."""
    items = body.get("items")
    for n, item in enumerate(items[:MAX_LINES] if isinstance(items, list) else []):
        if isinstance(item, dict):
            errors += digit_errors(item.get("price"), currency, f"items[{n}].price")
    if not _is_currency_open(body):
        errors += digit_errors(body.get("totalAmount"), currency, "totalAmount")
    if any(_SUMMED.fullmatch(error.field) for error in errors):
        return ()
    lines = tuple(line_of(item, currency) for item in body["items"])
    if not unpriced_of(body):
        errors += order_errors(lines, currency, Decimal(body.get("totalAmount", total_of(lines))))
    return lines


def line_of(item: Mapping[str, Any], currency: str) -> Line:
    """Of one whose amounts are right: the product and the name may be wrong, or missing. Without a price it costs 0
    until the catalogue says what."""
    price = exact(item.get("price", 0), currency)
    return Line(item.get("productId", ""), item.get("name", ""), item["quantity"], price)


def _address(a: Mapping[str, Any]) -> Address:
    """Of one that the schema found right."""
    more = (a.get(name, "") for name in ("name", "company", "street2"))
    return Address(a["street"], a["city"], a.get("state", ""), a.get("zipCode", ""), alpha_2(a["country"]), *more)
