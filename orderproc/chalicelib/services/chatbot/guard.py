"""Judges what a language model said before a customer sees it. Whatever was not looked up for this caller is"
" not said:
a template takes its place, which is just as correct. So in doubt, it is refused.

Pure, and independent of the prompt: a model that obeys whoever attacks it gets no further than one that errs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from . import guard_clauses, guard_sayings, guard_words
from .context import Context, OrderFacts
from .guard_facts import GONE, allowed, number_problem
from .guard_lists import without_numbering
from .guard_speech import knows_all_words
from .guard_states import STATUS, status_problem, without_sayings
from .prompt import system_text
from .templates import wording
from .vocabulary import FUNCTION_WORDS
from .words import plain

MOST_CHARACTERS = 1_500
MOST_WORDS = 220
_SHORTEST_REFERENCE = 6
_SHORTEST_NAME = 3

_PUNCTUATION = frozenset("’‘‚“”„«»‹›–—…•·×°¿¡") | frozenset("""!"#$%&'()*+,-./:;=?@[]_""")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\t"), " ")
_QUOTES = dict.fromkeys(map(ord, "’‘ʼ"), "'")
_MARKUP = re.compile(r"<|>|\]\s*\(|!\[|`|&#|&\w+;|\[\w+\]:|\bdata:|javascript:", re.IGNORECASE)
_LINK = re.compile(r"://|www\.|(?<![\w.])[\w-]{2,}(?:\.[\w-]+)*\.[^\W\d_]{2,}(?!\w)")
_CONTACT = re.compile(r"@|\(at\)|\+\s?\d|\bdot com\b|\(\s?at\s?\)", re.IGNORECASE)
_NO_WORD = re.compile(
    r"(?<!\w)[A-Z][A-Z_-]{4,}(?!\w)|[a-z][A-Z]|\w{36,}|#\s?\w|_|(?:(?<!\w)\w(?!\w)[\s._-]{0,2}){6,}|=="
)
_NAMES = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+ [A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+|\d ?[×x] ?[^\W\d]")
"""Of a person, a street or a thing; in German every noun looks like one."""
_GERMAN_THING = re.compile(r"\d ?[×x] ?[^\W\d]")
_KNOWN_WORDS = re.compile(r"customerId|PayPal|iDEAL")
_PART = re.compile(r"\n+|(?<=\w{4}[.!?;])\s+(?=[^\W\d_a-z])|(?<=[^\W\d][.!?;])\s+|(?<=[)\"'»”\x00][.!?;])\s+")
_NEXT_ORDER = re.compile(
    r"[,;]\s+(?:and|but|while|whereas|en|maar|terwijl|und|aber|wahrend|während|et|mais|tandis que|y|pero|mientras)\s+"
    r"|\s(?:while|whereas|terwijl|während|tandis que|mientras)\s",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*[0-9A-Za-z]|[0-9A-Za-z]")


def problem(text: str, context: Context, question: str) -> str | None:
    """Why this may not be given as an answer, in one word; None if it may."""
    found = _form_problem(text)
    if found:
        return found
    said = unicodedata.normalize("NFC", text).translate(_SPACES).translate(_QUOTES)
    said = _masked(without_numbering(said), context)
    if not all(_is_plain(char) or char == GONE for char in said):
        return "characters"
    return next((reason for reason in _judged(said, context, question) if reason), None)


def _judged(said: str, context: Context, question: str) -> Iterator[str | None]:
    """Each judgement in turn, the cheap ones first."""
    words = plain(said)
    yield "contact" if _CONTACT.search(said) else None
    yield "link" if _LINK.search(said) else None
    yield _leak_problem(words, context, question)
    yield _claim_problem(words, context)
    parts = [piece for part in _PART.split(said) for piece in _one_by_one(part, context)]
    for part in parts:
        yield _part_problem(part, context)
    yield _language_problem(words, context.language)
    for part in parts:
        yield _vocabulary_problem(part, context)


def _form_problem(text: str) -> str | None:
    if not text.strip():
        return "empty"
    if len(text) > MOST_CHARACTERS or len(text.split()) > MOST_WORDS:
        return "long"
    if GONE in text:
        return "characters"
    return "markup" if _MARKUP.search(text) else None


def _is_plain(char: str) -> bool:
    """Latin letters, digits, and what stands between them: nothing hidden, and nothing that only looks like these."""
    if char.isascii():
        return char.isprintable() or char == "\n"
    if char in _PUNCTUATION or ord(char) in _SPACES:
        return True
    return unicodedata.category(char) == "Sc" or (
        unicodedata.category(char) in ("Ll", "Lu") and unicodedata.name(char, "").startswith("LATIN ")
    )


def _literals(context: Context) -> Iterator[str]:
    """What may be repeated word by word, wherever."""
    yield context.shop_name
    for order in context.orders:
        yield from (name for name, _ in order.items)
        yield order.failure
        if order.status in guard_words.OVER and not order.refunded and not order.owed_back:
            yield wording(context.language)["money.none"]


def _masked(text: str, context: Context) -> str:
    """Without what may be said wherever, so that its words and numbers are not judged."""
    if context.shop_url:
        url = re.escape(context.shop_url.rstrip("/"))
        host = re.escape(context.shop_url.partition("://")[2].strip("/"))
        whole = rf"(?<![\w/.@-])(?:{url}|{host})/?(?=[.,;:!?)\"'»”]*(?:\s|$))"
        text = re.sub(whole, GONE, text, flags=re.IGNORECASE)
    for literal in sorted({*_literals(context)}, key=len, reverse=True):
        spoken = unicodedata.normalize("NFC", literal).translate(_SPACES).translate(_QUOTES).strip()
        if len(spoken) >= _SHORTEST_NAME:  # a thing that is called `I` or `no` must not take these words away
            text = _without(text, spoken, _only_order_with(literal, context))
    return text


def _only_order_with(item: str, context: Context) -> str:
    """Its id, which is put for the thing's name: `your mouse has been shipped` is said of the order of the mouse."""
    having = [order for order in context.orders if item in (name for name, _ in order.items)]
    return having[0].order_id if len(having) == 1 < len(context.orders) else GONE


def _without(text: str, literal: str, instead: str = GONE) -> str:
    return re.sub(rf"(?<!\w){re.escape(literal)}(?!\w)", instead, text, flags=re.IGNORECASE) if literal else text


def _part_problem(part: str, context: Context) -> str | None:
    """Of a sentence or a line, against the orders that it names; all of them, if it names none."""
    part, orders = _without_parcels(*_named(part, context))
    may = replace(allowed(orders), counts=allowed(context.orders).counts)
    spoken = plain(part)
    if _carrier().search(spoken) or re.search(r"(?<=[\w,:] )Correos\b", part):
        return "carrier"
    excused = plain(" ".join(order.failure for order in orders))
    return (
        status_problem(part, orders, context.language, _may_promise(plain(STATUS.sub(GONE, part)), context))
        or ("reference" if _NO_WORD.search(_KNOWN_WORDS.sub(GONE, STATUS.sub(GONE, part))) else None)
        or number_problem(part, may, context.language, excused)
        or ("name" if (_GERMAN_THING if context.language == "de" else _NAMES).search(part) else None)
    )


def _vocabulary_problem(part: str, context: Context) -> str | None:
    part, orders = _without_parcels(*_named(part, context))
    spoken = without_sayings(plain(STATUS.sub(GONE, part)))
    return None if knows_all_words(spoken, orders or context.orders, context) else "words"


def _without_parcels(part: str, orders: tuple[OrderFacts, ...]) -> tuple[str, tuple[OrderFacts, ...]]:
    for order in orders:
        for parcel in order.parcels:
            part = _without(_without(part, parcel.tracking_number), parcel.carrier)
    return part, orders


def _one_by_one(part: str, context: Context) -> list[str]:
    """A sentence that says something of one order and then something of another, cut in between."""
    pieces = [""]
    for piece in _NEXT_ORDER.split(part):
        if _names_an_order(pieces[-1], context) and _names_an_order(piece, context):
            pieces.append(piece)
        else:
            pieces[-1] = f"{pieces[-1]}, {piece}" if pieces[-1] else piece
    return pieces


def _names_an_order(text: str, context: Context) -> bool:
    return any(order.order_id in text for order in context.orders)


def _named(part: str, context: Context) -> tuple[str, tuple[OrderFacts, ...]]:
    """The part without the ids in it, and the orders that they are of. About what was not found there is nothing to
    say."""
    named: list[OrderFacts] = []
    unknown = False

    def seen(found: re.Match[str]) -> str:
        nonlocal unknown
        word = found[0].lower()
        for order in context.orders:
            whole = order.order_id.lower()
            short = len(word) >= _SHORTEST_REFERENCE and any(char.isdigit() for char in word)
            if word == whole or (short and whole.startswith(word)):
                named.append(order)
                return GONE
        if word in {text.lower() for text in context.not_found}:
            unknown = True
            return GONE
        return found[0]

    part = _REFERENCE.sub(seen, part)
    if unknown:
        return part, ()
    return part, tuple(dict.fromkeys(named)) or context.orders


def _claim_problem(words: str, context: Context) -> str | None:
    if any(pattern.search(words) for pattern in _claims(context.language)) or _claims_at_the_end(
        words, context.language
    ):
        return "claim"
    if _sayings("ASKS").search(words):
        return "claim"
    if _sayings("PROMISES").search(words):
        return "promise"
    promised = any(_sayings("REFUNDS").search(part) and not _may_promise(part, context) for part in _PART.split(words))
    return "promise" if promised else None


def _claims_at_the_end(words: str, language: str) -> bool:
    """`Ich habe … storniert`: who, and what, in one sentence, with nothing beside it that makes it harmless."""
    for speaker, actions, harmless in _verb_at_the_end(language):
        for began in speaker.finditer(words):
            clause = re.split(r"[.,;:!?\n]", words[began.end() : began.end() + 120])[0]
            action = actions.search(clause)
            if action and not harmless.search(clause):
                done_by_the_shop = began[0].startswith(("we", "wi")) and re.fullmatch(
                    guard_sayings.WE_MAY_HAVE, action[0]
                )
                if not done_by_the_shop:
                    return True
    return False


def _may_promise(part: str, context: Context) -> bool:
    """Money back: where it is on its way, or where the rules are told by which it comes, with their condition."""
    if any(order.refunded or order.owed_back for order in context.orders):
        return True
    if any(parcel.status == "LOST" for order in context.orders for parcel in order.parcels):
        return _on_condition(part, context.language)
    if context.intent.value not in ("CANCEL", "RETURN") or not _on_condition(part, context.language):
        return False
    return not context.orders or any(order.may_cancel or order.parcels for order in context.orders)


def _on_condition(part: str, language: str) -> bool:
    kinds = ("condition", "modal", "denial", "paid")
    return any(guard_clauses.pattern(kind, language).search(part) for kind in kinds)


def _leak_problem(words: str, context: Context, question: str) -> str | None:
    if _sayings("LEAKS").search(words):
        return "leak"
    said = _tokens(words)
    if _runs(said, 6) & _rules(context.language):
        return "leak"
    return "echo" if _runs(said, 8) & _runs(_tokens(plain(question)), 8) else None


def _language_problem(words: str, language: str) -> str | None:
    said = _tokens(words)
    if len(said) < 5:
        return None
    own = _known(said, language)
    others = max(_known(said, other) for other in FUNCTION_WORDS if other != language)
    return "language" if others > own or (len(said) >= 12 and own < 2) else None


def _known(said: list[str], language: str) -> int:
    return sum(word in _function_words(language) for word in said)


def _tokens(words: str) -> list[str]:
    return re.findall(r"[^\W_]+", words)


def _runs(words: list[str], length: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[i : i + length]) for i in range(len(words) - length + 1))


@cache
def _rules(language: str) -> frozenset[tuple[str, ...]]:
    return _runs(_tokens(plain(system_text(language, ""))), 6)


@cache
def _function_words(language: str) -> frozenset[str]:
    return frozenset(f"{FUNCTION_WORDS[language]} {guard_words.SMALL_WORDS[language]}".split())


@cache
def _carrier() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{guard_words.CARRIERS})(?!\w)")


@cache
def _claims(language: str) -> tuple[re.Pattern[str], ...]:
    """Those of the language and of English."""
    chosen = {language, "en"} & set(guard_sayings.DONE)
    return tuple(re.compile(text) for one in sorted(chosen) for text in guard_sayings.DONE[one])


@cache
def _verb_at_the_end(language: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    listed = guard_sayings.AUXILIARY.get(language)
    if not listed:
        return ()
    speaker, actions, harmless = listed
    return ((re.compile(speaker), *(re.compile(rf"(?<!\w)(?:{words})(?!\w)") for words in (actions, harmless))),)


@cache
def _sayings(kind: str) -> re.Pattern[str]:
    listed = {
        "PROMISES": guard_sayings.PROMISES,
        "REFUNDS": "|".join(guard_sayings.REFUNDS),
        "LEAKS": guard_sayings.LEAKS,
        "ASKS": guard_sayings.ASKS_FOR_SECRETS,
    }[kind]
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)")
