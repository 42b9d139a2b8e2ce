"""Whether an answer is made of words that right answers are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from . import guard_courtesies, guard_vocabulary, guard_words
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
    for word in _WORD.findall(_phrases(context.language).sub(" ", spoken)):
        if word in known:
            continue
        if some is None:
            some = set(_of_these(orders, context))
        if word not in some:
            return False
    return True


def _of_these(orders: Sequence[OrderFacts], context: Context) -> Iterator[str]:
    texts = [context.shop_name]
    for order in orders:
        texts += [name for name, _ in order.items]
        texts += _fitting(order, context.language)
    for text in texts:
        yield from _words_in(text)


def _fitting(order: OrderFacts, language: str) -> Iterator[str]:
    """Texts of which the words fit to an order in this state."""
    words, state = wording(language), state_of(order)
    kinds = ("words", "label", "next", "parcel")
    yield from (words.get(f"{kind}.{state}", "") for kind in kinds)
    yield words.get("next.WORKING", "") + " " + words.get("next.TO_SHIP", "")
    also: list[tuple[object, str, Mapping[str, str]]] = [
        (order.status in guard_words.OVER, f"{words['money.none']} {words['next.NEVER']}", {}),
        (order.status not in guard_words.OVER and not order.parcels, "", guard_courtesies.TO_SHIP),
        (order.has_receipt, "", guard_courtesies.PAID),
        (order.failure, order.failure, guard_courtesies.FAILED),
        (
            order.refunded or order.owed_back,
            f"{words['money.refunded']} {words['money.owed']}",
            guard_courtesies.REFUNDED,
        ),
    ]
    yield from (f"{text} {more.get(language, '')}" for holds, text, more in also if holds)


def _words_in(text: str) -> list[str]:
    return _WORD.findall(plain(_PLACES.sub(" ", text)))


@cache
def _always(language: str) -> frozenset[str]:
    """Numerals, days and months are judged as such."""
    listed = [guard_vocabulary.WORDS[language], guard_courtesies.COURTESIES[language]]
    listed += [guard_vocabulary.NUMERALS[language], FUNCTION_WORDS[language]]
    listed += [text for key, text in wording(language).items() if not key.startswith(_OF_SOME_ORDERS)]
    listed += [guard_words.SMALL_WORDS[language]]
    listed += [names.replace("|", " ") for names in guard_words.MONTHS]
    listed += [" ".join(names) for names in guard_words.WEEKDAYS]
    return frozenset(word for text in listed for word in _words_in(text))


@cache
def _phrases(language: str) -> re.Pattern[str]:
    return re.compile(guard_courtesies.PHRASES.get(language, "(?!)"))
