"""Texts from outside, made fit to be put into ours."""

from __future__ import annotations

import unicodedata

_KEPT = "\N{ZERO WIDTH JOINER}"  # emoji and some scripts are wrong without it


def one_line(text: str) -> str:
    """The text in one line, without control characters and the marks that turn the direction of what follows.

    What is no character at all (half of a surrogate pair) becomes `�`, so that the result can be encoded."""
    return "".join(map(_harmless, " ".join(text.split())))


def cut(text: str, length: int, ellipsis: str = "…") -> str:
    """`one_line` in at most `length` characters, an ellipsis for the rest."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - len(ellipsis)].rstrip() + ellipsis


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category in ("Cc", "Cf") and char != _KEPT else char
