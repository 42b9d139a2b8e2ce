"""What a model may say outside the slots.

It does not know the facts, so a fact outside a slot is a guess, and there are too many words for facts to list them. So
each language lists what may be said: courtesy, and what leads to a slot. There is no status in it, no number, money or
promise, no name, link or address, and not even a `not`. A text with anything else is not repaired; the template answers
instead."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .context import Intent
from .languages import LANGUAGES, words_in
from .ports import Draft
from .slots import ANSWERS, NAMING, OF_AN_ORDER, SLOT, Slots
from .words import WORD

MOST_CHARACTERS = 500
MOST_FILLED = 2_000
"""With what fills the slots."""
_MARKS = frozenset(" \n.,;:!?'’-–…¿¡«»。、，！？：🙂😊👋👍📦🎉")
_PART = re.compile(r"[.,;:!?…¿¡«»。、，！？：\n]+|\s[-–]\s")
"""What parts one thought from the next."""


def problem(draft: Draft, slots: Slots) -> str | None:
    """Why the draft may not be given, in one word; None if it may."""
    if draft.language not in LANGUAGES:
        return "language"
    if wrong := _wrong_slots(draft, slots) or _wrong_words(draft, slots.context.shop_name):
        return wrong
    return "long" if len(slots.fill(draft.text)) > MOST_FILLED else None


def _wrong_slots(draft: Draft, slots: Slots) -> str | None:
    context, found = slots.context, [(match[1], match[2]) for match in SLOT.finditer(draft.text)]
    chosen, asked = set(draft.orders), set() if context.chosen else set(range(1, len(context.orders) + 1))
    if len(chosen) != len(draft.orders) or not asked <= chosen <= set(range(1, len(context.offered) + 1)):
        return "orders"
    if not found or len(set(found)) < len(found) or any(slots.value(name, number) is None for name, number in found):
        return "slot"
    names = {name for name, _ in found}
    if context.not_found and "not_found" not in names:
        return "missing"
    of_orders = [(name, int(number) if number else draft.orders[0]) for name, number in found if name in OF_AN_ORDER]
    unnamed = len(chosen) == 1 and chosen <= set(range(1, len(context.orders) + 1))
    if not unnamed and _is_mixed_up(of_orders):
        return "mixed"
    answered = {number for name, number in of_orders if name in ANSWERS[draft.intent]}
    listed = draft.intent is Intent.RECENT and "orders" in names
    return None if listed or answered == chosen else "missing"


def _is_mixed_up(of_orders: list[tuple[str, int]]) -> bool:
    """Whether a fact stands behind the name of another order, or of none."""
    named = 0
    for name, number in of_orders:
        named = number if name in NAMING else named
        if number != named:
            return True
    return False


def _wrong_words(draft: Draft, shop_name: str) -> str | None:
    free = unicodedata.normalize("NFC", SLOT.sub("\n", draft.text))
    if len(free) > MOST_CHARACTERS:
        return "long"
    letters = "".join(char for char in free if char not in _MARKS)
    if letters != unicodedata.normalize("NFKC", letters) or not all(map(str.isalpha, letters)):
        return "sign"  # digits, amounts, links, addresses, markup, braces, what can't be seen
    allowed = _allowed(draft.language, shop_name)
    return None if all(allowed.fullmatch(_spaced(part)) for part in _PART.split(free)) else "word"


@cache
def _allowed(language: str, shop_name: str) -> re.Pattern[str]:
    """A part of a text: what opens an answer stands at its beginning only. The longest phrase counts."""
    opens, says = (
        "|".join(sorted(map(_spaced, [*words_in(language)[key].split(","), shop_name]), key=len, reverse=True))
        for key in ("opens", "says")
    )
    return re.compile(f"(?:{opens})*+(?:{says})*+")


def _spaced(text: str) -> str:
    """Its words as they are compared, each with a space behind it. Accents count: a French `là` is no article."""
    return "".join(f"{word} " for word in WORD.findall(text.replace("İ", "i").casefold()) if word.isalnum())
