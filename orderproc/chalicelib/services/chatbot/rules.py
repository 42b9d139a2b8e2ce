"""What a model may say outside the slots: words of courtesy around facts that it has not in hand.

A fact outside a slot is a lie or a guess, so the text must not even have the words for one. What breaks a rule is not
mended: the template answers."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .context import Context, Intent
from .languages import LANGUAGES, WITHOUT_SPACES, words_in
from .ports import Draft
from .slots import ANSWERS, OF_AN_ORDER, SLOT, Slots
from .understanding import function_words
from .words import plain, words_of

MOST_CHARACTERS = 500
_SLOT_STANDS = "\uffff"
_MARKS = frozenset(" \n.,;:!?'’-–…¿¡«»。、，！？：" + _SLOT_STANDS)
_SCRIPTS = {"ru": "CYRILLIC", "uk": "CYRILLIC", "ja": "CJK HIRAGANA KATAKANA KATAKANA-HIRAGANA", "zh": "CJK"}
_EMOJI = frozenset("🙂😊👋👍📦🎉")
_SENTENCE = re.compile(rf"[.!?:;。！？：\n{_SLOT_STANDS}]+")
_JOINED = re.compile(r"(?<=\w)[-–.'’](?=\w)")
_SPELLED = re.compile(r"(?:\b\w\b\W+){3}")


def problem(draft: Draft, slots: Slots) -> str | None:
    """Why the draft may not be given, in one word; None if it may."""
    if draft.language not in LANGUAGES:
        return "language"
    if wrong := _wrong_slots(draft, slots):
        return wrong
    free = SLOT.sub(_SLOT_STANDS, draft.text)
    return _wrong_form(free, draft.language) or _wrong_words(free, draft.language, slots.context)


def _wrong_slots(draft: Draft, slots: Slots) -> str | None:
    context, found = slots.context, [(match[1], match[2]) for match in SLOT.finditer(draft.text)]
    numbers = range(1, len(context.offered) + 1)
    if len(set(draft.orders)) != len(draft.orders) or not set(draft.orders) <= set(numbers):
        return "orders"
    if not found or any(slots.value(name, number) is None for name, number in found):
        return "slot"
    names = {name for name, _ in found}
    if context.not_found and "not_found" not in names:
        return "missing"
    if not draft.orders:
        return "missing" if context.orders or _promises_orders(draft.intent, names) else None
    answered = {int(n) if n else draft.orders[0] for name, n in found if name in ANSWERS[draft.intent]}
    listed = draft.intent is Intent.RECENT and "orders" in names
    return None if listed or answered == set(draft.orders) else "missing"


def _promises_orders(intent: Intent, names: set[str]) -> bool:
    """Without orders only what holds for all of them can be said."""
    return bool(names & set(OF_AN_ORDER)) or (intent is Intent.RECENT and "orders" not in names)


def _wrong_form(free: str, language: str) -> str | None:
    if len(free) > MOST_CHARACTERS:
        return "long"
    letters = [char for char in free if char not in _MARKS and char not in _EMOJI]
    if not all(char.isalpha() or unicodedata.combining(char) for char in letters):
        return "sign"  # digits, amounts, links, addresses, markup, braces
    scripts = _SCRIPTS.get(language, "LATIN").split()
    if unicodedata.normalize("NFKC", written := "".join(letters)) != written or not all(_is_of(char, scripts) for char in letters):
        return "letters"
    if re.search(r"\w\.\w", free) or _SPELLED.search(free):
        return "spelled"
    return None


def _is_of(char: str, scripts: list[str]) -> bool:
    return unicodedata.name(char, "").split()[0] in scripts and (char < "\u0250" or scripts != ["LATIN"])


def _wrong_words(free: str, language: str, context: Context) -> str | None:
    allowed = {*context.shop_name.split(), *words_in(language)["names"].split()}
    for sentence in filter(str.strip, _SENTENCE.split(free)):
        written = re.findall(r"[^\W\d_]+", sentence)
        if any(_is_name(word, n == 0) and word not in allowed for n, word in enumerate(written)):
            return "name"
        if any(_never(language).search(plain(text)) for text in (sentence, _JOINED.sub("", sentence))):
            return "fact"
        words = [word for word in words_of(sentence) if word[0].isalnum()]
        if 3 * sum(word in _known(language) for word in words) < len(words):
            return "language"
    return None


def _is_name(word: str, is_first: bool) -> bool:
    """Whether it is written as names are, or with capitals that may stand for other letters."""
    return word[1:] != word[1:].lower() or (word[0] != word[0].lower() and not is_first)


@cache
def _never(language: str) -> re.Pattern[str]:
    """The words of facts. A listed word stands for all that begin with it, one in quotes for itself; those of English
    are refused in every language."""
    own, english = words_in(language)["never"].split(), words_in("en")["never"].split()
    listed = own + [word for word in english if not word.startswith("'")]
    endings = [re.escape(plain(word.strip("'"))) + (r"\b" if word.startswith("'") else "") for word in listed]
    begin = "" if language in WITHOUT_SPACES else r"\b"
    return re.compile(f"{begin}(?:{'|'.join(endings)})")


@cache
def _known(language: str) -> frozenset[str]:
    polite = words_of(words_in(language)["polite"], most=None)
    return function_words(language) | frozenset(polite)
