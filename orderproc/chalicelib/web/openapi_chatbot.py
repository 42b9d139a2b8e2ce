"""The chatbot in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from .openapi_paths import _KEY, _USER, _operation, _ref
from .schemas import Schema

ANSWER: Schema = {
    "type": "object",
    "required": ["answer", "source", "orders"],
    "properties": {
        "answer": {"type": "string", "description": "Plain text, in the language of the question or in English."},
        "source": {"enum": ["bedrock", "template"], "description": "Who worded it."},
        "orders": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The ids of the orders that it speaks of.",
        },
    },
}


def paths() -> dict[str, Any]:
    """One route for partners, one for customers."""
    answers = {200: ("The answer, also where the question was not understood", _ref("ChatbotAnswer"))}
    return {
        "/chatbot": {
            "post": _operation("askChatbot", "Ask about the caller's orders", answers, (), _KEY, [], "ChatbotRequest")
        },
        "/me/chatbot": {
            "post": _operation("askMyChatbot", "Ask about one's own orders", answers, (), _USER, [], "ChatbotRequest")
        },
    }
