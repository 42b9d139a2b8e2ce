"""From a body or a query to what staff ask of the dead-letter queues and the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..kit.errors import FieldError, InvalidRequest
from ..kit.validation import valid
from .schema import DISCARD_REQUEST, IMPORT_UPLOAD_REQUEST, REDRIVE_REQUEST


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


def day_of(query: Mapping[str, str], today: str) -> str:
    """Raises InvalidRequest for what is no day of the calendar."""
    text = query.get("day", today)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise InvalidRequest([FieldError("day", "must be a day, like 2026-11-21")])
