"""From a question to what it asks for, in which language, about which orders. Pure: nothing is looked up here.

No model and no library: a few hundred words tell what people ask a shop. What is not understood is answered with what
could have been asked, so a miss costs the customer a second question and nothing else."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import combinations

from ..kit.typing_errors import nearest
from ..kit.wiring import dataclass
from .context import Intent
from .languages import LANGUAGES, WITH_TEXTS, words_in
from .references import Reference, references
from .words import words_of

_REACH = 4
"""Words between a `not` and what it is about."""
_MOST_CORRECTED = 25
"""Unknown words that are compared with known ones: each takes a millisecond where processors are slow."""
_CAN_REACH = 5
"""Words between a `can` and its `not`."""
_LONGEST = 5
"""Words of a phrase."""
_HELPERS = ("NOT", "BUT", "CAN", "WANT", "MY")
"""Words that say nothing by themselves."""


@dataclass(frozen=True)
class Understood:
    """`intents` holds one, or two for a question that asks two things, in the order of the question."""

    intents: tuple[Intent, ...]
    language: str
    references: tuple[Reference, ...]
    words: frozenset[str]
    """All its words, to be compared with the names of products."""
    about_failure: bool
    """It asks why something went wrong."""
    about_money: bool = False
    """It speaks of paying, or of a refund that is waited for; not of how to get one."""

    @property
    def surely(self) -> bool:
        """Whether its language shows: an id alone has none."""
        return not self.words.isdisjoint(function_words(self.language))


@dataclass(frozen=True)
class _Meaning:
    """Where each concept stands in the question: the places of its first words."""

    places: dict[str, list[int]]
    ids: bool

    def has(self, *concepts: str) -> bool:
        return any(self.places.get(concept) for concept in concepts)

    def first(self, *concepts: str) -> int:
        """Where the first of them stands; 0 if none does."""
        return min((place for concept in concepts for place in self.places.get(concept, [])[:1]), default=0)

    @property
    def own(self) -> bool:
        """It speaks of some order in particular."""
        return self.ids or self.has("ORDER", "ORDERS", "SHIPMENT", "MY")


def understand(question: str) -> Understood:
    """Understands any question, in any number of words; the question is at most a few thousand characters."""
    found, rest = references(question)
    words = words_of(rest)
    language = language_of(words, question.casefold())
    certain = any(reference.certain for reference in found)
    places = _concepts(words, language)
    places["PAUSE"] = [place for place, word in enumerate(words) if not word[0].isalnum()]
    meaning = _Meaning(_without_negated(places), certain)
    return Understood(
        _intents(meaning, bool(found)),
        language,
        found,
        frozenset(words),
        meaning.has("FAILED") and not certain,
        meaning.has("PAY", "PAID") or (meaning.has("REFUND") and not meaning.has("RETURN", "CAN", "WANT")),
    )


def language_of(words: tuple[str, ...], text: str) -> str:
    """The one whose words are the most; English if none is, and the first of them for a tie."""
    scores = {language: _score(language, words, text) for language in WITH_TEXTS}
    if max(scores.values()) < len(words):  # the others' words are loaded only if they may be needed
        scores |= {language: _score(language, words, text) for language in LANGUAGES if language not in WITH_TEXTS}
    return max(LANGUAGES, key=lambda language: scores.get(language, -1))


def _score(language: str, words: tuple[str, ...], text: str) -> int:
    known, table = function_words(language), _known(language)
    letters = any(letter in text for letter in words_in(language)["letters"])
    return sum(2 * (word in known) + (word in table) for word in words) + 2 * letters


def _intents(meaning: _Meaning, ids: bool) -> tuple[Intent, ...]:
    if meaning.has("OTHERS") and not ids:
        return (Intent.UNKNOWN,)
    # The intents with a word of their own in the question, and where it stands.
    found = {intent: meaning.first(*names) for intent, names in _WORDS_OF_ITS_OWN.items() if meaning.has(*names)}
    _add_vague(meaning, found)
    if Intent.TRACKING in found:
        found.pop(Intent.STATUS, None)  # where a shipment is says how far the order is
    lately = meaning.has("RECENT") and Intent.ITEMS in found and not meaning.has("ORDER")
    if (meaning.has("ORDERS") or lately) and not meaning.ids and set(found) <= {Intent.STATUS, Intent.ITEMS}:
        return (Intent.RECENT,)
    return tuple(sorted(found, key=found.__getitem__))[:2] or (_hinted(meaning, ids),)


def _add_vague(meaning: _Meaning, found: dict[Intent, int]) -> None:
    """What some words say only together with others, or where nothing else was said."""
    if meaning.has("CANCELLED"):
        wanted = Intent.CANCEL if meaning.has("CAN", "WANT") else Intent.STATUS
        found.setdefault(wanted, meaning.first("CANCELLED"))
    if meaning.has("PAID") and not meaning.has("TOTAL"):
        found.setdefault(Intent.STATUS, meaning.first("PAID"))
    if meaning.has("TOTAL") and (meaning.own or meaning.has("PAID")) and not meaning.has("ARRIVE", "DELIVERY"):
        found.setdefault(Intent.ITEMS, meaning.first("TOTAL"))
    if meaning.has("WHERE") and 0 < meaning.first("SHIPMENT") - meaning.first("WHERE") <= _REACH:
        found.setdefault(Intent.TRACKING, meaning.first("WHERE"))
    if meaning.has("THING") and not found and meaning.own:
        found[Intent.ITEMS] = meaning.first("THING")
    if meaning.has("SHIPMENT", "TRACK") and Intent.STATUS in found and len(found) == 1:
        found[Intent.TRACKING] = found[Intent.STATUS]


_WORDS_OF_ITS_OWN = {
    Intent.CANCEL: ("CANCEL",),
    Intent.RETURN: ("RETURN", "REFUND"),
    Intent.RECEIPT: ("RECEIPT",),
    Intent.TRACKING: ("TRACK",),
    Intent.ITEMS: ("ITEMS",),
    Intent.STATUS: ("STATUS", "FAILED"),
}


def _hinted(meaning: _Meaning, ids: bool) -> Intent:
    """What is most likely meant where no word says it outright."""
    hints: list[tuple[bool, Intent]] = [
        (meaning.has("DELIVERY") and not (ids or meaning.has("ORDER", "MY")), Intent.GENERAL),
        (meaning.has("TOTAL") and not meaning.own, Intent.GENERAL),
        (meaning.has("CONTACT") and not ids and not meaning.has("SHIPMENT"), Intent.GENERAL),
        (meaning.has("PAY") and (meaning.has("CAN", "WANT") or not meaning.own), Intent.GENERAL),
        (meaning.has("CHANGE"), Intent.GENERAL),
        (meaning.has("PAY") and not meaning.has("SHIPMENT"), Intent.STATUS),
        (meaning.has("SHIPMENT", "ARRIVE"), Intent.TRACKING),
        (ids or meaning.has("ORDER"), Intent.STATUS),
        (meaning.has("RECENT") and meaning.own, Intent.STATUS),
        (meaning.has("HELP", "PAY", "CONTACT", "TOTAL", "DELIVERY"), Intent.GENERAL),
        (meaning.has("WHERE") and meaning.has("MY"), Intent.STATUS),
    ]
    return next((intent for holds, intent in hints if holds), Intent.UNKNOWN)


def _without_negated(places: dict[str, list[int]]) -> dict[str, list[int]]:
    """Who does not want to cancel or return does not ask how, but speaks of an order; who can not, does ask."""
    kept = dict(places)
    for concept in ("CANCEL", "CANCELLED", "RETURN", "REFUND"):
        kept[concept] = [place for place in places.get(concept, []) if not _is_negated(place, places)]
        if concept in places and not kept[concept]:
            kept.setdefault("ORDER", places[concept])
    return kept


def _is_negated(place: int, places: dict[str, list[int]]) -> bool:
    can, but = places.get("CAN", []), [*places.get("BUT", []), *places["PAUSE"]]
    return any(
        0 < place - negation <= _REACH
        and not any(negation - _CAN_REACH <= word < place for word in can)
        and not any(negation < word < place for word in but)
        for negation in places.get("NOT", [])
    )


@cache
def _known(language: str) -> dict[str, tuple[str, ...]]:
    """The concepts of each word and phrase."""
    known: dict[str, tuple[str, ...]] = {}
    for concept, entries in words_in(language)["concepts"].items():
        for entry in entries.split(","):
            phrase = " ".join(words_of(entry))
            known[phrase] = (*known.get(phrase, ()), concept)
    return known


@cache
def function_words(language: str) -> frozenset[str]:
    """The words by which a language is told from others, as `words_of` writes them."""
    return frozenset(word for text in words_in(language)["function"].split() for word in words_of(text))


def _concepts(words: tuple[str, ...], language: str) -> dict[str, list[int]]:
    """In the question's language, or English; where neither says anything, in any: `pedido abc12345?` is Spanish
    enough."""
    found = _looked_up(words, (language, "en"))
    return found if found.keys() - {*_HELPERS, "SHOW"} else _looked_up(words, WITH_TEXTS)


def _looked_up(words: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, list[int]]:
    tables = [_known(language) for language in dict.fromkeys(languages)]
    places: defaultdict[str, list[int]] = defaultdict(list)
    covered: set[int] = set()
    for start, end in combinations(range(len(words) + 1), 2):
        for known in tables if 1 < end - start <= _LONGEST else ():
            for concept in known.get(" ".join(words[start:end]), ()):
                places[concept].append(start)
                covered.update(range(start, end))
    meant = _corrected(words, languages)
    for place, word in enumerate(meant.get(word, word) for word in words):
        for concept in next((known[word] for known in tables if word in known), ()):
            # A phrase says more than its words: in `send back my bill` nothing is billed.
            if place not in covered or concept in (*_HELPERS, "WHERE"):
                places[concept].append(place)
    return {concept: sorted(found) for concept, found in places.items()}


def _corrected(words: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, str]:
    """What is meant by those with a typing error."""
    tables = [_known(language) for language in languages]
    right = set().union(*tables, *map(function_words, (*languages, *WITH_TEXTS)))
    unknown = dict.fromkeys(word for word in words if len(word) >= 5 and word not in right)
    meant: dict[str, str] = {}
    for word in list(unknown)[:_MOST_CORRECTED]:
        # The first letter people seldom get wrong.
        near = (nearest(word, (one for one in known if one[0] == word[0] and " " not in one)) for known in tables)
        meant[word] = next(filter(None, near), word)
    return meant
