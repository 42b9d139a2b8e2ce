"""How much of what was sent a problem repeats: little, or callers could have us say anything, and any amount of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from ...kit.errors import FieldError
from ...kit.jsonio import dumps

_MOST_OF_DETAIL = 1024
_MOST_OF_FIELDS = 3 * 1024
"""Bytes of names that are not ours; with the detail's 4 KB."""
_MOST_IN_ALL = 64 * 1024
"""Bytes of fields and messages: what is wrong with each of a hundred lines fits."""
_PATH = re.compile(r"[A-Za-z]+(\[\d+\])?(\.[A-Za-z]+(\[\d+\])?)*", re.ASCII)


def shortened(detail: str) -> str:
    """The detail, or the beginning of it."""
    whole = detail.encode(errors="replace")
    if len(whole) <= _MOST_OF_DETAIL:
        return detail
    return whole[: _MOST_OF_DETAIL - 3].decode(errors="ignore") + "…"


def within_limits(errors: Sequence[FieldError]) -> list[FieldError]:
    """All of them where they name our own fields, and few others; the last says how many more there are."""
    shown: list[FieldError] = []
    echoed = size = 0
    for error in errors:
        name = len(dumps(error.field).encode(errors="replace"))
        echoed += 0 if _is_ours(error.field) else name
        size += name + len(error.message.encode())
        if echoed > _MOST_OF_FIELDS or size > _MOST_IN_ALL:
            return [*shown, FieldError("", f"{len(errors) - len(shown)} more errors are not shown")]
        shown.append(error)
    return shown


def _is_ours(field: str) -> bool:
    return bool(_PATH.fullmatch(field)) and _names().issuperset(re.findall("[A-Za-z]+", field))


@cache
def _names() -> frozenset[str]:
    from .openapi_components import SCHEMAS  # only a request with errors needs them

    return frozenset(name for schema in SCHEMAS.values() for name in _names_in(schema))


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for inner in (*schema.get("properties", {}).values(), schema.get("items")):
            yield from _names_in(inner)
