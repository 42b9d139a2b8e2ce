"""The event `OrderCreated` of other systems, in both forms of the contract (§5): a `POST /orders` body with an
`orderId`, or flat, with one product.

Read tolerantly: fields that we do not know are left out, so that a producer may add some, and set nothing. What we do
know must be right, and amounts exact: nothing is rounded or guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..kit.errors import FieldError, MalformedMessage
from ..kit.money import MAX_AMOUNT, exact, is_currency, is_exact
from ..kit.request_rules import fingerprint
from ..kit.schemas import ORDER_ID, PATTERN_WORDS
from ..kit.text import clean
from ..kit.validation import read
from .commands import AnnouncedOrder, PlaceOrder
from .model import Line, total_of
from .requests import Judged, command_of, judged, line_of, with_amounts
from .rules import amount_error
from .schema import FLAT_ORDER

_ID = re.compile(ORDER_ID["pattern"])


def announced_order(
    event: Mapping[str, Any], *, owner: str, default_currency: str, correlation_id: str
) -> AnnouncedOrder:
    """Raises MalformedMessage, saying why, for what has no id that an order could have."""
    detail = event.get("detail")
    if not isinstance(detail, dict):
        raise MalformedMessage("The event has no detail that is an object.")
    flat = "items" not in detail and bool({"OrderId", "Product", "product"} & detail.keys())
    named, errors = _id(detail, ["OrderId", "orderId"] if flat else ["orderId", "OrderId"])
    if flat:
        content, wrong, whole = _flat(detail, default_currency)
    else:
        whole = judged(detail, default_currency, known_only=True)
        content, wrong = whole.body, whole.errors
    command = replace(
        _what_is_right(whole, default_currency, owner, correlation_id),
        fingerprint=fingerprint({"orderId": named, **content}),
        workflow="events",
    )
    return AnnouncedOrder(str(named), command, by_name=flat, errors=(*errors, *wrong))


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


def _flat(detail: Mapping[str, Any], default_currency: str) -> tuple[dict[str, Any], list[FieldError], Judged]:
    """The detail and what is wrong with it by the names of FLAT_ORDER, and both by those of the full form."""
    body, errors = read(_respelt(detail), FLAT_ORDER, known_only=True, completed=_without_blanks)
    currency = body.get("Currency", default_currency)
    wrong = {error.field for error in errors}
    if "Currency" not in wrong and not is_currency(currency):
        errors.append(FieldError("Currency", "is not an ISO 4217 currency"))
    elif "Price" in body and not wrong & {"Currency", "Price"}:
        errors += _price_errors(body["Price"], currency, 1 if "Quantity" in wrong else body.get("Quantity", 1))
    renamed = [FieldError(_FULL_NAMES.get(e.field, _camel(e.field)), e.message) for e in errors]
    return body, errors, Judged(_full_of_flat(body), renamed, currency, ())


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


def _respelt(detail: Mapping[str, Any]) -> dict[str, Any]:
    """The detail by the names of FLAT_ORDER, whichever of its two spellings each field has: a capital or none."""
    fields = FLAT_ORDER["properties"]
    flat = _spelt(detail, fields)
    for name in ("ShippingAddress", "BillingAddress"):
        if isinstance(address := flat.get(name), dict):
            flat[name] = _spelt(address, fields[name]["properties"])
    return flat


def _spelt(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    other = {name: name[0].swapcase() + name[1:] for name in names}
    spelt = {name: name if name in values else other[name] for name in names}
    return {name: values[spelling] for name, spelling in spelt.items() if spelling in values}


def _without_blanks(flat: dict[str, Any]) -> dict[str, Any]:
    """`""` is how some write that there is none."""
    return {name: value for name, value in flat.items() if value != "" or name in _FULL_NAMES}


def _what_is_right(whole: Judged, default_currency: str, owner: str, correlation_id: str) -> PlaceOrder:
    """The order as far as no error names its fields."""
    wrong = {re.split(r"[.\[]", error.field)[0] for error in whole.errors}
    right = {name: value for name, value in whole.body.items() if name not in wrong}
    currency = right.get("currency", default_currency)
    lines = () if "items" in {error.field for error in whole.errors} else _right_lines(whole, currency)
    if not whole.errors:
        return with_amounts(command_of(right, owner, correlation_id), right, lines, currency)
    total = right.get("totalAmount", total_of(lines))
    if total > MAX_AMOUNT or not is_exact(Decimal(total), currency):
        total = Decimal(0)
    return replace(
        command_of(right, owner, correlation_id), lines=lines, currency=currency, total_amount=exact(total, currency)
    )


def _right_lines(whole: Judged, currency: str) -> tuple[Line, ...]:
    wrong = {match[1] for error in whole.errors if (match := re.match(r"items\[(\d+)\]", error.field))}
    return tuple(
        line_of(item, currency)
        for n, item in enumerate(whole.body["items"])
        if str(n) not in wrong and is_exact(Decimal(item.get("price", 0)), currency)
    )


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]
