"""Counts as the text that is stored: JSON, in one string attribute, for thousands of them are read at once and
DynamoDB's typed form takes twenty times as long to read as JSON does."""

from __future__ import annotations

from decimal import Decimal

from ..domain.counts import Counts, Number
from ..jsonio import dumps, loads


def to_text(counts: Counts) -> str:
    """Compact; amounts keep their digits (`20.00`)."""
    return dumps(dict(counts))


def to_counts(text: str) -> dict[str, Number]:
    """The inverse of `to_text`: whole numbers as int, those with a point as Decimal. A number may be written as a
    string, too. Raises ValueError for what are no counts."""
    found = loads(text)
    if not isinstance(found, dict):
        raise ValueError("Counts are an object")
    return {name: _number(value) for name, value in found.items()}


def _number(value: object) -> Number:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else Decimal(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is no count")
