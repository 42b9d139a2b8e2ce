"""The event `OrderCreated` of other systems, in both forms of the contract (§5): a `POST /orders` body with an
`orderId`, or flat, with one product.

Read tolerantly: fields that we do not know are left out, so that a producer may add some, and set nothing. What we do
know must be right, and amounts exact: nothing is rounded or guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..kit import request_rules as kit_request_rules
from ..kit.errors import FieldError, InvalidRequest, MalformedMessage
from ..kit.money import MAX_AMOUNT, exact, is_currency, is_exact
from ..kit.schemas import ORDER_ID, PATTERN_WORDS, PAYMENT_METHOD, Schema
from ..kit.text import clean
from ..kit.validation import read, tidied
from . import requests as orders_requests
from .announced import AnnouncedOrder
from .commands import PlaceOrder
from .model import Line
from .rules import amount_error, order_errors
from .schema import FLAT_ORDER, ORDER_REQUEST

_ID = re.compile(ORDER_ID["pattern"])
_METHOD = str(PAYMENT_METHOD["default"])


def announced_order(
    event: Mapping[str, Any], *, owner: str, default_currency: str, correlation_id: str
) -> AnnouncedOrder:
    """Raises MalformedMessage, saying why, for what has no id that an order could have."""
    detail = event.get("detail")
    if not isinstance(detail, dict):
        raise MalformedMessage("The event has no detail that is an object.")
    nobody = _nobodys_order(owner, default_currency, correlation_id)
    flat = "items" not in detail and bool({"OrderId", "Product", "product"} & detail.keys())
    named, errors = _id(detail, ["OrderId", "orderId"] if flat else ["orderId", "OrderId"])
    if flat:
        content = _flat_content(detail)
        command, found = _from_flat(content, nobody)
    else:
        content = tidied(_known(detail, ORDER_REQUEST), ORDER_REQUEST)
        command, found = _from_full(content, nobody)
    command = replace(command, fingerprint=kit_request_rules.fingerprint({"orderId": named, **content}))
    if not found and (found := order_errors(command.lines, command.currency, command.total_amount)):
        command = replace(command, lines=(), total_amount=exact(0, command.currency))
    return AnnouncedOrder(str(named), command, by_name=flat, errors=(*errors, *found))


def _id(detail: Mapping[str, Any], spellings: list[str]) -> tuple[str | int, list[FieldError]]:
    """A whole number is of the wrong type, but tells one order from another."""
    field = next((name for name in spellings if name in detail), "")
    if not field:
        raise MalformedMessage("The event names no order: it has neither orderId nor OrderId.")
    value = detail[field]
    if isinstance(value, str):
        value = clean(value)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if (isinstance(value, str) or is_number) and _ID.fullmatch(str(value)):
        return value, [FieldError(field, "must be a string")] if is_number else []
    raise MalformedMessage(f"{field} {PATTERN_WORDS[ORDER_ID['pattern']]}.")


def _from_full(body: dict[str, Any], nobody: PlaceOrder) -> tuple[PlaceOrder, list[FieldError]]:
    try:
        command = orders_requests.place_order(
            body,
            owner=nobody.owner,
            default_currency=nobody.currency,
            idempotency_key=None,
            correlation_id=nobody.correlation_id,
        )
    except InvalidRequest as error:
        return _what_is_right(body, error.errors, nobody), error.errors
    return replace(command, workflow=nobody.workflow), []


def _from_flat(body: dict[str, Any], nobody: PlaceOrder) -> tuple[PlaceOrder, list[FieldError]]:
    """`content` is by the names of FLAT_ORDER."""
    body, errors = read(body, FLAT_ORDER)
    currency = body.get("Currency", nobody.currency)
    wrong = {error.field for error in errors}
    if "Currency" not in wrong and not is_currency(currency):
        errors.append(FieldError("Currency", "is not an ISO 4217 currency"))
    elif not wrong & {"Currency", "Price"}:
        errors += _price_errors(body["Price"], currency, 1 if "Quantity" in wrong else body.get("Quantity", 1))
    as_full = _full_of_flat(body)
    if errors:
        renamed = [FieldError(_FULL_NAMES.get(e.field, _camel(e.field)), e.message) for e in errors]
        return _what_is_right(as_full, renamed, nobody), errors
    return _what_is_right(as_full, [], nobody), []


def _price_errors(price: Any, currency: str, quantity: int) -> list[FieldError]:
    if wrong := amount_error(Decimal(price), currency):
        return [FieldError("Price", wrong)]
    wrong = amount_error(Decimal(price) * quantity, currency)
    return [FieldError("Price", f"times Quantity {wrong}")] if wrong else []


_FULL_NAMES = {"Product": "items[0].productId", "Quantity": "items[0].quantity", "Price": "items[0].price"}


def _full_of_flat(body: dict[str, Any]) -> dict[str, Any]:
    """The flat form in the names of the full one, without a total: it is the sum."""
    full = {_camel(name): value for name, value in body.items() if name not in _FULL_NAMES}
    line = {_FULL_NAMES[name].removeprefix("items[0]."): body[name] for name in _FULL_NAMES if name in body}
    return {**full, "items": [line]}


def _flat_content(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The detail by the names of FLAT_ORDER, whichever of its two spellings each field has: a capital or none."""
    address = FLAT_ORDER["properties"]["ShippingAddress"]["properties"]
    respelt = _respelt(detail, FLAT_ORDER["properties"])
    inner = respelt.get("ShippingAddress")
    if isinstance(inner, dict):
        respelt["ShippingAddress"] = _respelt(inner, address)
    content: dict[str, Any] = tidied(_known(respelt, FLAT_ORDER), FLAT_ORDER)
    # `""` is how some write that there is none.
    return {name: value for name, value in content.items() if value != "" or name in _FULL_NAMES}


def _respelt(values: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    other = {name: name[0].swapcase() + name[1:] for name in names}
    spelt = {name: name if name in values else other[name] for name in names}
    return {name: values[spelling] for name, spelling in spelt.items() if spelling in values}


def _known(value: Any, schema: Schema) -> Any:
    """What the schema knows of the value. A list or object where there should be none keeps its type, so that it is
    found wrong, and loses its content, however large or deep."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {name: _known(inner, properties[name]) for name, inner in value.items() if name in properties}
    if isinstance(value, list):
        return [_known(inner, schema["items"]) for inner in value] if "items" in schema else []
    return value


def _what_is_right(body: Mapping[str, Any], errors: list[FieldError], nobody: PlaceOrder) -> PlaceOrder:
    """The order as far as no error names its fields."""
    wrong = {re.split(r"[.\[]", error.field)[0] for error in errors}
    right = {name: value for name, value in body.items() if name not in wrong}
    currency = right.get("currency", nobody.currency)
    lines = _right_lines(body, {error.field for error in errors}, currency)
    total = right.get("totalAmount", sum((line.total for line in lines), Decimal(0)))
    if total > MAX_AMOUNT or not is_exact(Decimal(total), currency):
        total = Decimal(0)
    return replace(
        nobody,
        customer_id=right.get("customerId", ""),
        customer_email=right.get("customerEmail", ""),
        lines=lines,
        currency=currency,
        total_amount=exact(total, currency),
        payment_method=right.get("paymentMethod", _METHOD),
        phone_number=right.get("phoneNumber"),
        shipping_address=orders_requests.address_of(right["shippingAddress"]) if "shippingAddress" in right else None,
    )


def _right_lines(body: Mapping[str, Any], wrong: set[str], currency: str) -> tuple[Line, ...]:
    items = body.get("items")
    if not isinstance(items, list) or "items" in wrong:
        return ()
    places = {match[1] for field in wrong if (match := re.match(r"items\[(\d+)\]", field))}
    return tuple(
        Line(item["productId"], item.get("name", ""), item["quantity"], exact(item["price"], currency))
        for n, item in enumerate(items)
        if str(n) not in places and is_exact(Decimal(item["price"]), currency)
    )


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]


def _nobodys_order(owner: str, default_currency: str, correlation_id: str) -> PlaceOrder:
    return PlaceOrder(
        owner=owner,
        customer_id="",
        customer_email="",
        lines=(),
        currency=default_currency,
        total_amount=Decimal(0),
        payment_method=_METHOD,
        phone_number=None,
        shipping_address=None,
        idempotency_key=None,
        fingerprint=b"",
        correlation_id=correlation_id,
        workflow="events",
    )
