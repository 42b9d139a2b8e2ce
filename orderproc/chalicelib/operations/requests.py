"""From a body or a query to what staff ask of the dead-letter queues and the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..kit.errors import FieldError, InvalidRequest
from ..kit.request_rules import key_errors
from ..kit.validation import valid
from .schema import DISCARD_REQUEST, IMPORT_UPLOAD_REQUEST, NOTE_REQUEST, REDRIVE_REQUEST, RESEND_REQUEST


def redrive(body: dict[str, Any]) -> tuple[str, list[str] | None]:
    """The queue, and which messages (None for all). Raises InvalidRequest."""
    body = valid(body, REDRIVE_REQUEST)
    return body["queue"], body.get("messageIds")


def discard(body: dict[str, Any]) -> tuple[str, list[str], str]:
    """The queue, which messages, and why. Raises InvalidRequest."""
    body = valid(body, DISCARD_REQUEST)
    return body["queue"], body["messageIds"], body["reason"]


def import_upload(body: dict[str, Any]) -> tuple[str, str]:
    """`orders` or `products`, and the file's name. Raises InvalidRequest."""
    body = valid(body, IMPORT_UPLOAD_REQUEST)
    return body["kind"], body["fileName"]


def note(body: dict[str, Any], key: str | None) -> str:
    """The text. Raises InvalidRequest, also for the Idempotency-Key."""
    text: str = valid(body, NOTE_REQUEST, key_errors(key))["text"]
    return text


def resend(body: dict[str, Any]) -> bool:
    """Whether the confirmation is asked for, and not what was never sent. Raises InvalidRequest."""
    return valid(body, RESEND_REQUEST).get("what") == "confirmation"


def day_of(query: Mapping[str, str], today: str) -> str:
    """Raises InvalidRequest for what is no day of the calendar."""
    text = query.get("day", today)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise InvalidRequest([FieldError("day", "must be a day, like 2026-11-21")])
