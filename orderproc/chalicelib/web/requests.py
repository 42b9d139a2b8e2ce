"""From a body to a command of the domain: what a schema can't say is judged here, into the same list of errors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from ..domain.commands import Customer, PlaceOrder, PutProduct
from ..domain.countries import alpha_2
from ..domain.errors import FieldError, InvalidRequest
from ..domain.money import digits, exact, is_currency, is_exact
from ..domain.order import Address, Line, Status
from ..domain.order_rules import order_errors
from ..jsonio import canonical
from . import schemas
from .schemas import MAX_LINES
from .validation import read, valid

_UNVERIFIED = {"customerEmail": ""}
"""Nobody is written to."""
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
    body, errors = read(body, schemas.ORDER_REQUEST)
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


def buy_now(
    body: dict[str, Any], *, owner: str, idempotency_key: str | None, correlation_id: str
) -> tuple[PlaceOrder, str, int]:
    """`/place-order`: a command without lines yet, the product and how many. Raises InvalidRequest."""
    body = valid(body, schemas.PLACE_ORDER_REQUEST, key_errors(idempotency_key))
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
    buyer, errors = read({"customerEmail": customer.email}, schemas.BUYER) if customer.email else (_UNVERIFIED, [])
    body, found = read(body, schemas.CHECKOUT_REQUEST)
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


def product_id(text: str) -> str:
    """As it is. Raises InvalidRequest for one that no product can have."""
    _, errors = read({"productId": text}, schemas.PRODUCT_PATH)
    if errors:
        raise InvalidRequest(errors)
    return text


def cart_item(product_id: str, body: dict[str, Any]) -> int:
    """How many pieces. Raises InvalidRequest."""
    _, errors = read({"productId": product_id}, schemas.PRODUCT_PATH)
    quantity: int = valid(body, schemas.CART_ITEM_REQUEST, errors)["quantity"]
    return quantity


def ship(body: dict[str, Any]) -> tuple[str, str, dict[str, int] | None]:
    """Carrier, tracking number, and pieces per product (None for all that is left). Raises InvalidRequest."""
    body = valid(body, schemas.SHIP_REQUEST)
    if "items" not in body:
        return body["carrier"], body["trackingNumber"], None
    items: dict[str, int] = {}
    for item in body["items"]:
        items[item["productId"]] = items.get(item["productId"], 0) + item["quantity"]
    return body["carrier"], body["trackingNumber"], items


def deliver(body: dict[str, Any]) -> str | None:
    """Which parcel, None for all. Raises InvalidRequest."""
    body = valid(body, schemas.DELIVER_REQUEST)
    return body.get("trackingNumber")


def redrive(body: dict[str, Any]) -> tuple[str, list[str] | None]:
    """The queue, and which messages (None for all). Raises InvalidRequest."""
    body = valid(body, schemas.REDRIVE_REQUEST)
    return body["queue"], body.get("messageIds")


def discard(body: dict[str, Any]) -> tuple[str, list[str], str]:
    """The queue, which messages, and why. Raises InvalidRequest."""
    body = valid(body, schemas.DISCARD_REQUEST)
    return body["queue"], body["messageIds"], body["reason"]


def day_of(query: Mapping[str, str], today: str) -> str:
    """Raises InvalidRequest for what is no day of the calendar."""
    text = query.get("day", today)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise InvalidRequest([FieldError("day", "must be a day, like 2026-11-21")])


def question(body: dict[str, Any]) -> tuple[str, str | None]:
    """What is asked, and about whose orders, if that is said. Raises InvalidRequest."""
    body = valid(body, schemas.CHATBOT_REQUEST)
    return body["query"], body.get("customerId")


def feedback(body: dict[str, Any]) -> tuple[int, str]:
    """Score and comment. Raises InvalidRequest."""
    body = valid(body, schemas.FEEDBACK_REQUEST)
    return body["score"], body.get("comment", "")


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


def put_product(product_id: str, body: dict[str, Any], default_currency: str) -> PutProduct:
    """Raises InvalidRequest with every wrong field."""
    path, errors = read({"productId": product_id}, schemas.PRODUCT_PATH)
    body, found = read(body, schemas.PRODUCT_REQUEST)
    currency = body.get("currency", default_currency)
    errors += found + currency_errors(currency)
    if not is_named(errors, "currency"):
        errors += digit_errors(body.get("price"), currency, "price")
    if errors:
        raise InvalidRequest(errors)
    return PutProduct(
        path["productId"],
        body["name"],
        body.get("description", ""),
        exact(body["price"], currency),
        currency,
        body.get("stock"),
    )


def change_stock(body: dict[str, Any]) -> tuple[int, str]:
    """`delta` and `reason`. Raises InvalidRequest with every wrong field."""
    body = valid(body, schemas.STOCK_REQUEST)
    return body["delta"], body["reason"]


def customer_of(query: Mapping[str, str]) -> str | None:
    """Whose orders are asked for, if anybody's. Raises InvalidRequest for a customer that no order can have."""
    return valid({name: query[name] for name in query if name == "customerId"}, schemas.ORDERS_QUERY).get("customerId")


def status_of(query: Mapping[str, str]) -> Status | None:
    """Raises InvalidRequest for a status that there is not."""
    if query.get("status", "PENDING") not in set(Status):
        raise InvalidRequest([FieldError("status", f"must be one of {', '.join(Status)}")])
    return Status(query["status"]) if "status" in query else None


def fingerprint(body: dict[str, Any]) -> bytes:
    """16 bytes that tell one body from another; spaces and the order of keys do not count."""
    return hashlib.sha256(canonical(body)).digest()[:16]


def key_errors(key: str | None) -> list[FieldError]:
    """What is wrong with an idempotency key."""
    if key is None or (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        return []
    return [FieldError("Idempotency-Key", "must be 1 to 255 printable ASCII characters")]


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


def currency_errors(currency: Any) -> list[FieldError]:
    """Whether what looks like a currency is none."""
    if isinstance(currency, str) and len(currency) == 3 and currency.isupper() and not is_currency(currency):
        return [FieldError("currency", "is not an ISO 4217 currency")]
    return []


def digit_errors(amount: Any, currency: str, field: str) -> list[FieldError]:
    """Whether an amount has more decimal places than its currency."""
    if not _is_amount(amount) or not isinstance(currency, str) or not is_currency(currency):
        return []
    if abs(amount) > 10**12 or is_exact(Decimal(amount), currency):
        return []
    places = digits(currency)
    return [FieldError(field, f"must have at most {places} decimal places in {currency}")]


def _is_amount(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def is_named(errors: list[FieldError], field: str) -> bool:
    """Whether something is wrong with that field."""
    return any(error.field == field for error in errors)


def _line(item: dict[str, Any], currency: str) -> Line:
    return Line(item["productId"], item.get("name", ""), item["quantity"], exact(item["price"], currency))


def address_of(a: Mapping[str, Any]) -> Address:
    """Of one that the schema found right."""
    return Address(a["street"], a["city"], a.get("state", ""), a.get("zipCode", ""), alpha_2(a["country"]))
