"""Whether an answer is made of words that right answers are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from . import guard_vocabulary, guard_words
from .context import Context, OrderFacts
from .templates import state_of, wording
from .vocabulary import FUNCTION_WORDS
from .words import plain

_WORD = re.compile(r"[^\W\d_]+")
_PLACES = re.compile(r"\{\w+\}")
_OF_SOME_ORDERS = ("failure.", "words.", "label.", "money.", "next.", "parcel.")
"""Sentences of the templates that hold for orders in some states only, and so do their words."""


def knows_all_words(spoken: str, orders: Sequence[OrderFacts], context: Context) -> bool:
    """Of a part of an answer, as `plain` makes it, without ids, parcels and what is said of states: those are judged
    elsewhere."""
    known = _always(context.language)
    some: set[str] | None = None
    for word in _WORD.findall(spoken):
        if word in known:
            continue
        if some is None:
            some = set(_of_these(orders, context))
        if word not in some:
            return False
    return True


def _of_these(orders: Sequence[OrderFacts], context: Context) -> Iterator[str]:
    words, language = wording(context.language), context.language
    yield from _words_in(context.shop_name)
    for order in orders:
        state = state_of(order)
        for name, _ in order.items:
            yield from _words_in(name)
        for key in (
            f"words.{state}",
            f"label.{state}",
            f"next.{state}",
            f"parcel.{state}",
            "next.WORKING",
            "next.TO_SHIP",
        ):
            yield from _words_in(words.get(key, ""))
        if order.status in guard_words.OVER:
            yield from _words_in(f"{words['money.none']} {words['next.NEVER']}")
        if order.failure:
            yield from _words_in(f"{order.failure} {guard_vocabulary.FAILED.get(language, '')}")
        if order.refunded or order.owed_back:
            told = f"{words['money.refunded']} {words['money.owed']} {guard_vocabulary.REFUNDED.get(language, '')}"
            yield from _words_in(told)


def _words_in(text: str) -> list[str]:
    return _WORD.findall(plain(_PLACES.sub(" ", text)))


@cache
def _always(language: str) -> frozenset[str]:
    """Numerals, days and months are judged as such."""
    listed = [guard_vocabulary.WORDS[language], guard_vocabulary.NUMERALS[language], FUNCTION_WORDS[language]]
    listed += [text for key, text in wording(language).items() if not key.startswith(_OF_SOME_ORDERS)]
    listed += [guard_words.SMALL_WORDS[language]]
    listed += [names.replace("|", " ") for names in guard_words.MONTHS]
    listed += [" ".join(names) for names in guard_words.WEEKDAYS]
    return frozenset(word for text in listed for word in _words_in(text))
