"""What the chatbot needs from outside."""

from __future__ import annotations

from dataclasses import dataclass

from ...wiring import Protocol
from .context import Context


class NoAnswer(Exception):
    """The model is not there, too slow, throttled, or said nothing of use: `reason` is one word for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Said:
    """A model's words, and the tokens that they cost."""

    text: str
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True)
class Prompt:
    """What a model is given: what it is to do, and, apart from it, the data to do it with."""

    system: str
    message: str


class Model(Protocol):
    def answer(self, question: str, context: Context) -> Said:
        """Word an answer to the question from the context. Raises NoAnswer, never anything else of its own."""
