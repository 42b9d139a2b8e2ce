"""The languages of the chatbot. `texts/` has what it says; `word_lists/` has what it understands and what a model may
not say. Questions in a language that has only a word list are answered in it by a model, and in English without one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

WITH_TEXTS = ("en", "nl", "de", "fr", "es")
LANGUAGES = (*WITH_TEXTS, "it", "pt", "pl", "sv", "da", "fi", "cs", "ro", "hu", "tr", "ru", "uk", "ja", "zh")
WITHOUT_SPACES = frozenset({"ja", "zh"})
_HERE = Path(__file__).parent


@cache
def words_in(language: str) -> Mapping[str, Any]:
    """`function`: its most frequent words; `concepts`: what questions are understood by; `states`: what an order can
    be, where there are no texts; `letters`: letters of its own. For `rules.py` what a model may say (`polite`, `names`)
    and may not: `never`, or a claim by `things` and `verbs`."""
    found: Mapping[str, Any] = json.loads((_HERE / "word_lists" / f"{language}.json").read_text(encoding="utf-8"))
    return found


@cache
def texts_in(language: str) -> Mapping[str, str]:
    """All that is said in that language, in English where it has no texts."""
    known = language if language in WITH_TEXTS else "en"
    found: dict[str, str] = json.loads((_HERE / "texts" / f"{known}.json").read_text(encoding="utf-8"))
    if known != language and language in LANGUAGES:
        found |= {f"label.{state}": label for state, label in words_in(language)["states"].items()}
    return found
