"""The paths about queues, dead letters and the audit trail in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from . import answer_schemas as answers
from . import dead_letter_answers as dead_letters
from .openapi_paths import _PAGING, _USER, _operation, _query, _ref

_NAMED = {"type": "string", "description": "As in `GET /admin/queues`; without it all."}
_DAY = {"type": "string", "format": "date", "description": "UTC; today by default."}


def paths() -> dict[str, Any]:
    """All are for staff."""
    queue, limit = _query("queue", _NAMED), _PAGING[0]
    return {
        "/admin/queues": {
            "get": _operation("listQueues", "How full is each queue", _answer(dead_letters.QUEUES), (), _USER, [])
        },
        "/admin/dead-letters": {
            "get": _operation(
                "peekDeadLetters",
                "What was given up on, and why",
                _answer(dead_letters.DEAD_LETTERS),
                (400,),
                _USER,
                [queue, limit],
            )
        },
        "/admin/dead-letters/redrive": {
            "post": _operation(
                "redriveDeadLetters",
                "Send all, or some, back to the queue they came from",
                _answer(dead_letters.REDRIVEN),
                (),
                _USER,
                [],
                "RedriveRequest",
            )
        },
        "/admin/dead-letters/discard": {
            "post": _operation(
                "discardDeadLetters",
                "Delete some for good, with a reason",
                _answer(dead_letters.DISCARDED),
                (),
                _USER,
                [],
                "DiscardRequest",
            )
        },
        "/admin/audit": {
            "get": _operation(
                "listAuditRecords",
                "What staff and operators did on a day, newest first",
                _answer(answers.page_of("records", _ref("AuditRecord"))),
                (400,),
                _USER,
                [_query("day", _DAY), *_PAGING],
            )
        },
    }


def _answer(schema: dict[str, Any]) -> dict[int, tuple[str, dict[str, Any]]]:
    return {200: ("As it is now", schema)}
