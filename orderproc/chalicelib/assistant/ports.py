"""What the chatbot needs from outside."""

from __future__ import annotations

from typing import Any

from ..kit.wiring import Protocol, dataclass
from .context import Context, Intent


class NoAnswer(Exception):
    """The model is absent, too slow or throttled, or its answer is unusable: one word for the log says which."""


@dataclass(frozen=True)
class Draft:
    """A model's answer as it was given: `text` has a slot for every fact, and `orders` are numbers of the context's
    orders, from 1. Nothing in it is checked but its types. Tokens are what it cost."""

    intent: Intent
    language: str
    orders: tuple[int, ...]
    text: str
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class Prompt:
    """What a model is given: instructions, data apart from them, and the JSON schema of its answer."""

    system: str
    message: str
    schema: dict[str, Any]


class Model(Protocol):
    def draft(self, question: str, context: Context) -> Draft:
        """An answer to the question, without a fact in it. Raises NoAnswer, and no other error of its own."""
