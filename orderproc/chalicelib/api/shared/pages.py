"""Answers that are lists end before Lambda refuses them: it takes 6 MB, in which a CJK character can be six bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...kit.jsonio import dumps

MOST_BYTES = 4_000_000
"""Of all entries of one answer, as Lambda's runtime writes them."""


def fitting(views: Iterable[Any]) -> list[Any]:
    """The first of the entries, as many as fit into one answer, but at least one."""
    shown: list[Any] = []
    size = 0
    for view in views:
        size += _size(view)
        if shown and size > MOST_BYTES:
            break
        shown.append(view)
    return shown


def page_of(
    entries: Iterable[tuple[Any, Mapping[str, str]]], following: Mapping[str, str] | None
) -> tuple[list[Any], Mapping[str, str] | None]:
    """The first of the entries, as many as fit into one answer, and where the next page begins. Each comes with the
    position from which the list goes on after it; `following` is that after the last, None at the list's end."""
    positioned = list(entries)
    shown = fitting(view for view, _ in positioned)
    return shown, positioned[len(shown) - 1][1] if len(shown) < len(positioned) else following


def _size(view: Any) -> int:
    """The body is JSON text, and the runtime writes it as a string in its own JSON, in ASCII."""
    return len(json.dumps(dumps(view)))
