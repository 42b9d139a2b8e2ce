"""What a model may say outside the slots.

It does not know the facts, so a fact outside a slot is a guess. Its text is judged by its form (no digits, links, names
or letters of other scripts), by a short list of words for facts in each language, and by what it says of an order,
which must end in a slot (`your order is {{status}}`, not `your order is history`). No list is complete, but the slot
beside a lie tells the truth. A text that breaks a rule is not repaired; the template answers instead."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from ..kit.wiring import dataclass
from .context import Intent
from .languages import LANGUAGES, WITH_TEXTS, WITHOUT_SPACES, words_in
from .ports import Draft
from .slots import ANSWERS, NAMING, OF_AN_ORDER, SLOT, Slots
from .understanding import function_words
from .words import WORD, plain

MOST_CHARACTERS = 500
MOST_FILLED = 2_000
"""With what fills the slots."""
_SLOT_STANDS = "\uffff"
_MARKS = frozenset(" \n.,;:!?'’-–…¿¡«»。、，！？：🙂😊👋👍📦🎉" + _SLOT_STANDS)
_SCRIPTS = {"ru": "CYRILLIC", "uk": "CYRILLIC", "ja": "CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA", "zh": "CJK"}
_PART = re.compile(rf"[.!?…:;。！？：\n{_SLOT_STANDS}]+")
"""What parts one thought from the next."""
_SENTENCE = re.compile("[.!?:;。！？：]")
_JOINED = re.compile(r"(?<=\w)[-–.](?=\w)|(?<=\w\w\w)['’](?=\w)")
_SPELLED = re.compile(r"(?:\b\w\b\W+){3}")


def problem(draft: Draft, slots: Slots) -> str | None:
    """Why the draft may not be given, in one word; None if it may."""
    if draft.language not in LANGUAGES:
        return "language"
    if _SLOT_STANDS in draft.text:
        return "sign"
    free = unicodedata.normalize("NFC", SLOT.sub(_SLOT_STANDS, draft.text))
    language = draft.language
    wrong = _wrong_slots(draft, slots) or _wrong_form(free, language) or _wrong_words(free, language, slots)
    return wrong or ("long" if len(slots.fill(draft.text)) > MOST_FILLED else None)


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


def _wrong_form(free: str, language: str) -> str | None:
    if len(free) > MOST_CHARACTERS:
        return "long"
    letters = "".join(char for char in free if char not in _MARKS)
    if letters != unicodedata.normalize("NFKC", letters) or not all(map(str.isalpha, letters)):
        return "sign"  # digits, amounts, links, addresses, markup, braces, what can't be seen
    scripts = _SCRIPTS.get(language, "LATIN").split()
    foreign = [char for char in letters if unicodedata.name(char, "?").split()[0] not in scripts]
    phonetic = scripts == ["LATIN"] and any(char >= "\u0250" for char in letters)
    if foreign or phonetic or ("ı" in free and language != "tr"):
        return "letters"
    return "spelled" if re.search(r"\w\.\w", free) or _SPELLED.search(free) else None


def _wrong_words(free: str, language: str, slots: Slots) -> str | None:
    allowed = {*slots.context.shop_name.split(), *words_in(language)["names"].split()}
    written = [re.findall(r"[^\W\d_]+", part) for part in _PART.split(free)]
    if any(_is_name(word, n == 0) and word not in allowed for part in written for n, word in enumerate(part)):
        return "name"
    rules = _rules(language)
    said, joined = (rules.polite.sub("_ ", _spaced(text)) for text in (free, _JOINED.sub("", free)))
    if rules.never.search(said) or rules.never.search(joined):
        return "fact"
    if rules.claims.search(said):
        return "claim"
    for sentence in _SENTENCE.split(said):
        words = [word for word in sentence.split() if word != _SLOT_STANDS]
        if 3 * len(rules.known.intersection(words)) < len(set(words)):
            return "language"
    return None


def _is_name(word: str, is_first: bool) -> bool:
    """Whether it is written as names are, or with capitals that may stand for other letters."""
    return word[1:] != word[1:].lower() or (word[0] != word[0].lower() and not is_first)


@dataclass(frozen=True)
class _Rules:
    """Of one language. `polite`: phrases that may be said anyway; `never`: words of facts, and the longer ones of the
    languages with templates; `claims`: what is said of an order without a slot in the next six words, like `order is`
    and `order {{order}} has`, or an id behind it; `known`: of each sentence a third of the words."""

    polite: re.Pattern[str]
    never: re.Pattern[str]
    claims: re.Pattern[str]
    known: frozenset[str]


@cache
def _rules(language: str) -> _Rules:
    words, start = words_in(language), "" if language in WITHOUT_SPACES else r"\b"
    polite = [phrase for phrase in words["polite"].split(",") if " " in phrase.strip()]
    things, verbs = (_any(words[key].split()) for key in ("things", "verbs"))
    foreign = [one for other in WITH_TEXTS for one in words_in(other)["never"].split(",") if len(one.strip(" *")) >= 5]
    known = function_words(language) | {"_", *_spaced(words["polite"]).split()}
    no_slot = rf"(?:[\w{_SLOT_STANDS}]+ ){{,2}}{verbs}(?!(?:(?:\w+|:) ){{,6}}{_SLOT_STANDS})"
    an_id = rf"(?!{_any(sorted(known))})[^\W_]+ (?![\w{_SLOT_STANDS}])"  # `Order abcdef.`
    return _Rules(
        re.compile(start + _any(polite)),
        re.compile(start + _any([*words["never"].split(","), *foreign])),
        re.compile(rf"\b{things}{no_slot}|(?:^|[.!?:;] ){things}{an_id}"),
        frozenset(known),
    )


def _any(listed: list[str]) -> str:
    """A pattern for any of them, or for none if there are none. A star stands for the rest of a word."""
    patterns = [re.escape(_spaced(one)).replace(r"\ \*\ ", r"\w* ") for one in listed if _spaced(one)]
    return f"(?:{'|'.join(patterns) or '(?!)'})"


def _spaced(text: str) -> str:
    """Its words as they are compared, slots and marks but commas, each with a space behind it."""
    words = re.findall(rf"{WORD.pattern}|[{_SLOT_STANDS}*。！？：]", plain(text))
    return "".join(f"{word} " for word in words if word != ",")
