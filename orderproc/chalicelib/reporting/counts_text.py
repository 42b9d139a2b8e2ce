"""Counts as the text that is stored: JSON, in one string attribute, for thousands of them are read at once and
DynamoDB's typed form takes twenty times as long to read as JSON does.

Times make most of it, so their common prefixes are written once: `{"placed":3,"time":{"pending":{"12":3}}}` is a third
of what `{"placed":3,"time/pending/12":3}` would be. Both can be read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..kit.jsonio import dumps, loads
from .counts import Counts, Number

_NESTED = "time"


def to_text(counts: Counts) -> str:
    """Compact; amounts keep their digits (`20.00`)."""
    written: dict[str, Any] = {}
    for name, number in counts.items():
        kind, *path = name.split("/")
        if kind == _NESTED and len(path) == 2:
            written.setdefault(_NESTED, {}).setdefault(path[0], {})[path[1]] = number
        else:
            written[name] = number
    return dumps(written)


def to_counts(text: str) -> dict[str, Number]:
    """The inverse of `to_text`: whole numbers as int, those with a point as Decimal. A number may be written as a
    string, too. Raises ValueError for what are no counts."""
    found = loads(text)
    if not isinstance(found, dict):
        raise ValueError("Counts are an object")
    return dict(_flat(found, ""))


def _flat(found: dict[str, Any], prefix: str) -> Iterator[tuple[str, Number]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}/")
        else:
            yield prefix + name, _number(value)


def _number(value: object) -> Number:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else Decimal(value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is no count")
