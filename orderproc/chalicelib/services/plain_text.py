"""Texts from outside, made fit to be put into ours."""

from __future__ import annotations

import unicodedata

_KEPT = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"  # emoji, Persian and Indic scripts are wrong without them
_RIGHT_TO_LEFT = frozenset(("R", "AL"))


def one_line(text: str) -> str:
    """The text in one line, without control characters and the marks that turn the direction of what follows.

    What is no character at all (half of a surrogate pair) becomes `�`, so that the result can be encoded."""
    return "".join(map(_harmless, " ".join(text.split())))


def cut(text: str, length: int, ellipsis: str = "…") -> str:
    """`one_line` in at most `length` characters, an ellipsis for the rest."""
    line = one_line(text)
    return line if len(line) <= length else line[: length - len(ellipsis)].rstrip() + ellipsis


def isolated(text: str) -> str:
    """A text as a part of ours, where letters from right to left must not pull numbers and commas beside them to their
    side (the isolates of UAX #9). A text without such letters as it is."""
    turns = any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text)
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}" if turns else text


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if category in ("Cc", "Cf") and char not in _KEPT else char
