"""Answers as models word them, with a slot for every fact: none of them may be refused.

The orders of each are numbered as they are listed, and all are chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from chalicelib.assistant.context import Context
from chalicelib.assistant.ports import Draft

from tests.assistant import contexts

GOOD = json.loads(Path(__file__).with_name("good_answers.json").read_text(encoding="utf-8"))


def good_answers() -> Iterator[tuple[Context, Draft]]:
    for good in GOOD:
        asked = contexts.named(good)
        numbers = tuple(range(1, len(asked.orders) + 1))
        yield asked, Draft(asked.intent, asked.language, numbers, good["text"], 300, 60)
