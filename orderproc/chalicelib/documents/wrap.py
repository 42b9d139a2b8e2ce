"""Breaking text into lines that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

Measure = Callable[[int, int], float]
"""The width of the units from one place to another, in any unit of length."""
Span = tuple[int, int]

# Lines break at spaces, after hyphens, slashes and the marks that end a word in Khmer, Tibetan and Ethiopic,
# and before and after every CJK character and emoji.
_ENDS_A_WORD = frozenset("-/\u200b\u0f0b\u1361")
_ALONE = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001f1e6-\U0001faff\U00020000-\U0003ffff]"
)
_PIECES = re.compile(" +|c|w*-+|w+")
"""Of the units' kinds, one letter each."""


def wrap(units: Sequence[str], width: float, measure: Measure) -> list[Span]:
    """Where the lines begin and end, each no wider than `width`, at least one; a unit wider than that goes alone.

    `units` are what can't be parted: the characters of a text, or its clusters."""
    lines: list[Span] = []
    start = end = 0
    for first, last in _units(units):
        if units[first].isspace():
            continue
        if measure(start, last) <= width:
            end = last
            continue
        if end > start:
            lines.append((start, end))
        start, end = first, last
        while measure(start, end) > width and (head := _head(start, end, width, measure)) < end:
            lines.append((start, head))
            start = head
    return [*lines, (start, end)]


def _units(units: Sequence[str]) -> Iterator[Span]:
    return (found.span() for found in _PIECES.finditer("".join(map(_kind, units))))


def _kind(unit: str) -> str:
    if unit.isspace():
        return " "
    if unit[0] in _ENDS_A_WORD:
        return "-"
    return "c" if _ALONE.match(unit) else "w"


def _head(start: int, end: int, width: float, measure: Measure) -> int:
    """Where the longest beginning that fits ends; it has one unit at least."""
    head = start + 1
    while head < end and measure(start, head + 1) <= width:
        head += 1
    return head
