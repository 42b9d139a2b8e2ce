"""What is known of messages that come again: how often they were begun, and the mark of those that were redriven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .wiring import Protocol

REDRIVEN = "redriven"
"""An attribute of the message, or a field of the event of a function's call: how often in succession it was redriven
by itself. Staff who redrive it set that to 0."""


class Tries(Protocol):
    """How often messages that came again were begun, and which ones were redriven last; as long as a reason is kept."""

    def begin(self, queue: str, message_id: str) -> int:
        """Count one more: the number of this try."""

    def begun(self, queue: str, message_ids: Sequence[str]) -> dict[str, int]:
        """Of those that were begun at all, by message id."""

    def remember_redriven(self, queue: str, message_ids: Sequence[str], at: str) -> None:
        """By themselves; the ids are those in the queue that they went back to. Only the last ones are kept."""

    def last_redriven(self, queue: str) -> tuple[list[str], str]:
        """And when. None of them, and no time, if there were none."""


def times_redriven(attributes: Mapping[str, Any]) -> int:
    """By itself; 0 without the mark."""
    mark = attributes.get(REDRIVEN)
    text = mark.get("StringValue", "") if isinstance(mark, Mapping) else str(mark)
    return int(text) if str(text).isdecimal() else 0


def as_attribute(times: int) -> dict[str, Any]:
    """What SQS keeps of it."""
    return {REDRIVEN: {"DataType": "Number", "StringValue": str(times)}}
