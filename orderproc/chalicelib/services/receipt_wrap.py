"""Breaking text into lines that fit."""

from __future__ import annotations

import re
from collections.abc import Callable

Measure = Callable[[str], float]
"""The width of a text, in any unit."""

# Lines break at spaces, after hyphens and slashes, and before and after every CJK character.
_CJK = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\uffef"
_PIECES = re.compile(rf"\s+|[^\s{_CJK}/-]*[/-]*|[{_CJK}]")


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """The text in lines no wider than `width`, at least one; a character wider than that stands alone."""
    lines, line = [], ""
    for piece in filter(None, _PIECES.findall(text)):
        if measure((line + piece).rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while line and measure(line) > width:
            head = _head(line, width, measure)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _head(word: str, width: float, measure: Measure) -> str:
    """The longest beginning of the word that fits, at least one character."""
    end = 1
    while end < len(word) and measure(word[: end + 1]) <= width:
        end += 1
    return word[:end]
