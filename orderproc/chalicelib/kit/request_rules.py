"""What a schema can't say of a request: its key, and amounts in the currency's own digits."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from .errors import FieldError
from .jsonio import canonical
from .money import digits, is_currency, is_exact


def fingerprint(body: dict[str, Any]) -> bytes:
    """16 bytes that tell one body from another; spaces and the order of keys do not count."""
    return hashlib.sha256(canonical(body)).digest()[:16]


def key_errors(key: str | None) -> list[FieldError]:
    """What is wrong with an idempotency key."""
    if key is None or (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        return []
    return [FieldError("Idempotency-Key", "must be 1 to 255 printable ASCII characters")]


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
