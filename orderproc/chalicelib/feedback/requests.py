"""From a body to feedback."""

from __future__ import annotations

from typing import Any

from ..kit.validation import valid
from .schema import FEEDBACK_REQUEST


def feedback(body: dict[str, Any]) -> tuple[int, str]:
    """Score and comment. Raises InvalidRequest."""
    body = valid(body, FEEDBACK_REQUEST)
    return body["score"], body.get("comment", "")
