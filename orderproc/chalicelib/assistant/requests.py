"""From a body to a question."""

from __future__ import annotations

from typing import Any

from ..kit.validation import valid
from .schema import CHATBOT_REQUEST


def question(body: dict[str, Any]) -> tuple[str, str | None]:
    """What is asked, and about whose orders, if that is said. Raises InvalidRequest."""
    body = valid(body, CHATBOT_REQUEST)
    return body["query"], body.get("customerId")
