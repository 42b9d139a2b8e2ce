"""Which characters a receipt prints, and what becomes of the others."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from .fonts import CJK, EUROPEAN, font_of

BOX = "\N{WHITE SQUARE}"
"""Prints in the place of a character that no font has."""

_JOINERS = frozenset("\u200b\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069\u180b\u180c\u180d\ufe0e\ufe0f")
"""Show nothing, but change how their neighbours join, order or break. Overrides of direction are not among them: they
can make a text read as another one."""
_TAGS = range(0xE0020, 0xE0080)
"""Spell the flag of a region, after a black flag."""
_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2\U000110bd\U000110cd")
"""Of category Cf, but printed: signs that enclose numbers."""


def printable(text: str) -> str:
    """The text in one line and in characters that the fonts have; every other one is replaced by a BOX.

    Takes any text: control characters, half of a surrogate pair, emoji, any script."""
    kept = "".join(map(_printable, _composed(text)))
    return kept if needs_shaping(kept) else "".join(char for char in kept if not _joins(char))


def needs_shaping(text: str) -> bool:
    """Whether a printable text needs more than its characters side by side in the European and the CJK font."""
    return not text.isascii() and any(map(_needs_shaping, text))


def unprintable(text: str) -> set[str]:
    """The characters of the text that print as a BOX."""
    return {char for char in _composed(text) if char != BOX and _printable(char) == BOX}


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


@lru_cache(maxsize=4096)
def _printable(char: str) -> str:
    if _joins(char):
        return char
    if _shows_nothing(char):
        return ""
    plain = unicodedata.normalize("NFKC", char)
    # Letters of mathematics or in circles print as plain ones: the receipt's own font, that can be searched for.
    for candidate, fonts in ((char, _PLAIN), (plain, _PLAIN), (char, None), (plain, None)):
        if _all_in(candidate, fonts):
            return candidate
    return BOX


_PLAIN = (EUROPEAN, CJK)


def _all_in(text: str, fonts: tuple[str, ...] | None) -> bool:
    """Whether each character has a font, one of `fonts` if they are given."""
    found = [font_of(char) for char in text]
    return all(font in fonts if fonts else font for font in found)


def _joins(char: str) -> bool:
    return char in _JOINERS or ord(char) in _TAGS


def _shows_nothing(char: str) -> bool:
    if unicodedata.category(char) == "Cf":
        return char not in _VISIBLE_FORMATS
    return any(ord(char) in selectors for selectors in _SELECTORS)


@lru_cache(maxsize=4096)
def _needs_shaping(char: str) -> bool:
    if _joins(char):
        return False
    return unicodedata.category(char)[0] == "M" or font_of(char) not in _PLAIN
