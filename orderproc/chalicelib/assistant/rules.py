"""What a model may say outside the slots.

It does not know the facts, so a fact outside a slot is a guess: the text must not even contain the words for one. A
text that breaks a rule is not repaired; the template answers instead."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .context import Context, Intent
from .languages import LANGUAGES, WITH_TEXTS, WITHOUT_SPACES, words_in
from .ports import Draft
from .slots import ANSWERS, SLOT, Slots
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
    if not found or len(set(found)) < len(found) or any(slots.value(name, number) is None for name, number in found):
        return "slot"
    names = {name for name, _ in found}
    if context.not_found and "not_found" not in names:
        return "missing"
    if not draft.orders:
        return "missing" if context.orders and not context.chosen else None
    answered = {int(n) if n else draft.orders[0] for name, n in found if name in ANSWERS[draft.intent]}
    listed = draft.intent is Intent.RECENT and "orders" in names
    return None if listed or answered == set(draft.orders) else "missing"


def _wrong_form(free: str, language: str) -> str | None:
    if len(free) > MOST_CHARACTERS:
        return "long"
    letters = [char for char in free if char not in _MARKS and char not in _EMOJI]
    if not all(char.isalpha() or unicodedata.combining(char) for char in letters):
        return "sign"  # digits, amounts, links, addresses, markup, braces
    scripts = _SCRIPTS.get(language, "LATIN").split()
    plainly = unicodedata.normalize("NFKC", "".join(letters)) == "".join(letters)
    if not plainly or not all(_is_of(char, scripts) for char in letters) or ("ı" in free and language != "tr"):
        return "letters"
    if re.search(r"\w\.\w", free) or _SPELLED.search(free):
        return "spelled"
    return None


def _is_of(char: str, scripts: list[str]) -> bool:
    return unicodedata.name(char, "?").split()[0] in scripts and (char < "\u0250" or scripts != ["LATIN"])


def _wrong_words(free: str, language: str, context: Context) -> str | None:
    allowed = {*context.shop_name.split(), *words_in(language)["names"].split()}
    for sentence in filter(str.strip, _SENTENCE.split(free)):
        written = re.findall(r"[^\W\d_]+", sentence)
        if any(_is_name(word, n == 0) and word not in allowed for n, word in enumerate(written)):
            return "name"
        words = [word for word in words_of(sentence) if word[0].isalnum()]
        others = [word for word in words if word not in _polite(language)]
        said = ("" if language in WITHOUT_SPACES else " ").join(others), plain(_JOINED.sub("", sentence))
        if any(map(_never(language).search, said if _JOINED.search(sentence) else said[:1])):
            return "fact"
        if 3 * sum(word not in others or word in function_words(language) for word in words) < len(words):
            return "language"
    return None


def _is_name(word: str, is_first: bool) -> bool:
    """Whether it is written as names are, or with capitals that may stand for other letters."""
    return word[1:] != word[1:].lower() or (word[0] != word[0].lower() and not is_first)


@cache
def _never(language: str) -> re.Pattern[str]:
    """The words of facts. A listed word stands for all that begin with it; one in quotes or of at most three letters
    for itself. The long ones of the languages with texts are refused in every language."""
    own = [plain(word) for word in words_in(language)["never"].split()]
    if language in WITHOUT_SPACES:
        return re.compile("|".join(own))
    foreign = [plain(word) for other in WITH_TEXTS for word in words_in(other)["never"].split() if len(word) >= 6]
    listed = [*own, *(word for word in foreign if not word.startswith("'"))]
    whole = [word.strip("'") for word in listed if word.startswith("'") or len(word) <= 3]
    begins = [word for word in listed if not (word.startswith("'") or len(word) <= 3)]
    return re.compile(rf"\b(?:(?:{'|'.join(whole)})\b|{'|'.join(begins)})")


@cache
def _polite(language: str) -> frozenset[str]:
    return frozenset(words_of(words_in(language)["polite"], most=None))
