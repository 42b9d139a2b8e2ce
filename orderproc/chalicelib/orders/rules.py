"""What every order must be, whichever way it comes: judged when it is complete, before it is stored."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..kit.errors import FieldError
from ..kit.money import MAX_AMOUNT, digits, is_currency, is_exact
from .model import Line, total_of


def order_errors(lines: Sequence[Line], currency: str, total: Decimal) -> list[FieldError]:
    """All that is wrong with the order's amounts, by the fields of `POST /orders`: they are in one currency and exact
    in it, no line and no total is above MAX_AMOUNT or below 0, and the total is the sum of the lines. It may be 0."""
    if not is_currency(currency):
        return [FieldError("currency", "is not an ISO 4217 currency")]
    errors = []
    for n, line in enumerate(lines):
        if wrong := amount_error(line.price, currency):
            errors.append(FieldError(f"items[{n}].price", wrong))
        elif wrong := amount_error(line.total, currency):
            errors.append(FieldError(f"items[{n}].price", f"times the quantity {wrong}"))
        if line.quantity < 1:
            errors.append(FieldError(f"items[{n}].quantity", "must be at least 1"))
    if wrong := amount_error(total, currency):
        errors.append(FieldError("totalAmount", wrong))
    elif not errors and total != total_of(lines):
        errors.append(FieldError("totalAmount", f"must be the sum of the lines, {total_of(lines)}"))
    return errors


def amount_error(amount: Decimal, currency: str) -> str:
    """Why nothing can cost that in `currency` (which there is), in words; empty if it can."""
    if not amount.is_finite() or amount > MAX_AMOUNT:
        return f"must be at most {MAX_AMOUNT}"
    if amount < 0:
        return "must be at least 0"
    if not is_exact(amount, currency):
        return f"must have at most {digits(currency)} decimal places in {currency}"
    return ""
