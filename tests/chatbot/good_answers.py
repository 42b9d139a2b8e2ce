"""Answers as models word them, right in every fact: none of them may be refused.

`orders` in good_answers.json are those of contexts.py; `{L}`, `{M}` and `{C}` the ids of laptop, mouse and chair."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from chalicelib.services.chatbot.context import Context, Intent

from tests.chatbot import contexts

_FILE = Path(__file__).with_name("good_answers.json")


def good_answers() -> Iterator[tuple[Context, str]]:
    ids = {"L": contexts.LAPTOP, "M": contexts.MOUSE, "C": contexts.CHAIR}
    for one in json.loads(_FILE.read_text(encoding="utf-8")):
        orders = [getattr(contexts, name) for name in one["orders"]]
        asked = contexts.context(*orders, language=one["language"], intent=Intent(one["intent"]))
        yield asked, one["text"].format(**ids)
