"""Questions as plain words, without what differs between keyboards and writers."""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 120
"""Words of a question that are looked at: a thousand characters of one letter each are no question."""
_SINGLE = "\u3040-\u30ff\u3400-\u9fff"
"""Letters of Japanese and Chinese, which put no space between words: each stands for itself."""
WORD = re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+|[,.;:!?]")


def plain(text: str) -> str:
    """Lower case, without accents, with plain apostrophes."""
    text = text.replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in spread if not unicodedata.combining(char))


def words_of(text: str) -> tuple[str, ...]:
    """`Where's my order?` becomes `where s my order`, `I don't` becomes `i do not`. Marks that part one thought
    from the next stand between them."""
    spelt = re.sub(r"n't\b", " not", re.sub(r"\b(?:can'?t|cannot)\b", "can not", plain(text)))
    return tuple(WORD.findall(spelt)[:MOST_WORDS])
