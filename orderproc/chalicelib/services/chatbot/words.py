"""Questions cut into plain words, whatever their writer's keyboard and care."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

MOST_WORDS = 120
"""Words of a question that are looked at: a thousand characters of one letter each are no question."""
_SINGLE = "\u3040-\u30ff\u3400-\u9fff"
"""Letters of Japanese and Chinese, which put no space between words: each stands for itself."""
_WORD = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+|[,.;:!?]")


def plain(text: str) -> str:
    """Lower case, without accents, with the apostrophe that everybody has."""
    text = text.replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in spread if not unicodedata.combining(char))


def words_of(text: str, most: int | None = MOST_WORDS) -> tuple[str, ...]:
    """`Where's my order?` becomes `where s my order`, `I don't` becomes `i do not`. Marks that part one thought
    from the next stand between them."""
    spelt = re.sub(r"can'?t\b|cannot\b", "can not", re.sub(r"n't\b", " not", re.sub(r"can't", "can not", plain(text))))
    return tuple(_WORD.findall(spelt)[:most])


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word that this one is a typing error of, if it is of one: a slip in five letters, two in nine."""
    return next(iter(get_close_matches(word, known, 1, 0.8)), None)
