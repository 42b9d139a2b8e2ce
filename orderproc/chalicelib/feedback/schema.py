"""Feedback in requests and answers, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import LINES, TIME, Schema, object_of

FEEDBACK_REQUEST = object_of(
    ["score"],
    {
        "score": {"type": "integer", "minimum": 1, "maximum": 5},
        "comment": {"type": "string", "maxLength": 1000, "pattern": LINES},
    },
)


LINK: Schema = {
    "type": "object",
    "required": ["url", "expiresAt"],
    "properties": {"url": {"type": "string"}, "expiresAt": TIME},
}
