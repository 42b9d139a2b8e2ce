"""Texts from outside, made fit to be put into ours."""

from __future__ import annotations

import re
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


_ADDRESS = re.compile(
    r"//|\\\\|@|\bwww\b|xn--"
    r"|\b(?:https?|hxxps?|ftps?|mailto|tel|sms|javascript|data)\s*:"
    r"|[^\W_](?:[.。]|\s*[\[({<]\s*(?:[.。]|dot)\s*[\])}>]\s*)[^\W\d_]{2}"  # evil.test, evil[.]test, evil (dot) test
    r"|\d{1,3}(?:\.\d{1,3}){3}",
    re.IGNORECASE,
)
_PHONE_NUMBER = re.compile(r"(?:\d[\s()./·•‐-―−-]*){7}")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_DOT_WITHIN = re.compile(r"(?<=[^\W_])[.。](?=[^\W\d_]{2})")
_AT = re.compile("[@＠﹫]")


def names_address(text: str) -> bool:
    """Whether it holds what a mail client, a phone or a reader may take for an address on the web or of mail, however
    its letters are written."""
    return _ADDRESS.search(_as_read(text)) is not None


def names_phone_number(text: str) -> bool:
    """Whether it holds seven digits with no more between them than phone numbers have, outside of UUIDs."""
    return _PHONE_NUMBER.search(_UUID.sub("", _as_read(text))) is not None


def lures(text: str) -> bool:
    """Whether a request's text must not stand in the shop's own mails and SMS, since it may lead somewhere else."""
    return names_address(text) or names_phone_number(text)


def unlinked(text: str) -> str:
    """`one_line`, readable as before, in which no program finds a link: for what must be shown, like a street."""
    line = _AT.sub(" @ ", one_line(text).replace("://", " "))
    ends = [dot.end() for dot in _DOT_WITHIN.finditer("".join(map(_shape, line)))]
    spaced = " ".join(line[start:end] for start, end in zip([0, *ends], [*ends, None], strict=True))
    return " ".join(re.sub(r"\bwww\b", "", spaced, flags=re.IGNORECASE).split())


def _as_read(text: str) -> str:
    """Full-width and other forms of a letter are that letter. Marks are parts of letters, and what can't be seen is not
    there."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not _adds(c) and unicodedata.category(c) != "Cc")


def _shape(char: str) -> str:
    """What one character counts as beside a dot: a mark as a letter, since it is a part of one."""
    read = unicodedata.normalize("NFKC", char)
    return "a" if _adds(char) else read if len(read) == 1 else char


def _adds(char: str) -> bool:
    """Whether it changes the letter before it, or nothing. `\\w` knows no marks."""
    category = unicodedata.category(char)
    return category[0] == "M" or category == "Cf"
