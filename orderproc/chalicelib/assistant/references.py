"""What in a question may be the id of an order, whole or in short."""

from __future__ import annotations

import re
from uuid import UUID

from ..kit.wiring import dataclass

_UUID = re.compile(
    r"(?<![0-9A-Za-z])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9A-Za-z])", re.IGNORECASE
)
_WORD = re.compile(r"(?P<mark>#|[\"'`«„“”]\s?)?(?<![\w.-])(?P<id>[A-Za-z0-9][A-Za-z0-9._-]{0,63})(?![A-Za-z0-9_-])")
_BEFORE = re.compile(
    r"(?:order|orders|orderid|ordernumber|ordernummer|bestelling|bestelnummer|bestellung|bestellnummer|auftrag|commande"
    r"|pedido|orden)\W{0,3}(?:(?:number|nummer|no|nr|num|num[eé]ro|n[uú]mero|id|ref|reference"
    r"|met nummer|mit der nummer|n)\b\W{0,3}){0,2}$",
    re.IGNORECASE | re.ASCII,
)
_NOT_AN_ID = re.compile(
    r"\d{4}-\d\d-\d\d\S*|\d{1,2}[.-]\d{1,2}[.-]\d{2,4}|\d+[.]\d{1,2}"
    r"|\d{1,4}(?:st|nd|rd|th|x|e|er|eme|pm|am|eur|usd|kg|h|gb)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f-]*)?", re.IGNORECASE)
_MOST = 5


@dataclass(frozen=True)
class Reference:
    """`certain`: it was meant as an order. Otherwise it is a word that could be an order's id."""

    text: str
    certain: bool

    @property
    def short(self) -> bool:
        """Whether it is the start of an id of ours, as messages show it."""
        return bool(_SHORT.fullmatch(self.text)) and not self.whole

    @property
    def is_some_number(self) -> bool:
        """Whether it is long and mixed enough to be meant as the number of something."""
        mixed = not self.text.isdigit() and any(char.isdigit() for char in self.text)
        return self.certain or (len(self.text) >= 8 and mixed)

    @property
    def whole(self) -> bool:
        """Whether it is a whole id as we make them; only others need to be looked for among the caller's orders."""
        return len(self.text) == 36 and bool(_UUID.fullmatch(self.text))


def references(question: str) -> tuple[tuple[Reference, ...], str]:
    """What may be ids in a question, in its order, each once and at most a few; and the question without those
    that are certain.

    Our own ids are lower case, however they were written; those that other systems gave their orders stay as they
    are."""
    found: dict[str, Reference] = {}

    def take(reference: Reference | None, written: str) -> str:
        if reference:
            found.setdefault(reference.text, reference)
        return " " if reference and reference.certain else written

    without = _UUID.sub(lambda match: take(Reference(str(UUID(match[0])), True), match[0]), question)
    rest = _WORD.sub(lambda match: take(_judged(match), match[0]), without)
    # Those that are certain must not be crowded out by words that only look like ids.
    chosen = sorted(found.values(), key=lambda reference: not reference.certain)[:_MOST]
    return tuple(chosen), rest


def _judged(match: re.Match[str]) -> Reference | None:
    before = match.string[max(0, match.start() - 40) : match.start()]
    text, mark, named = match["id"].rstrip("._-"), match["mark"] or "", bool(_BEFORE.search(before))
    digits = any(char.isdigit() for char in text)
    if _NOT_AN_ID.fullmatch(text):
        return None
    if _SHORT.fullmatch(text) and (named or (digits and not text.isdigit())):
        return Reference(text.lower(), True)
    if (digits and mark == "#") or (named and len(text) >= (3 if mark else 4 if digits else 65)):
        return Reference(text, True)
    is_long = digits and len(text) >= 5 and not before.rstrip().endswith(("+", "€", "$", "£"))
    return Reference(text, False) if is_long or (named and "-" in text) else None
