"""For staff: queue depths, dead letters and their reasons, redriving and discarding them, and the audit trail.

What every function imports is imported with the app, so the services of these rare requests are not."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...operations import requests
from ..shared import http, pages
from ..shared.callers import staff
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/queues",
    Caller.STAFF,
    "Queues",
    "List queues",
    "How many messages wait in each queue and its dead-letter queue.",
    {200: ("As it is now", "Queues")},
    may=Permission.DEAD_LETTERS,
)
def list_queues() -> Response:
    from ...operations.dead_letter_views import depth_view

    return http.json_response({"queues": [depth_view(*row) for row in services().operations.dead_letters.depths()]})


@serves(
    bp,
    "GET /admin/dead-letters",
    Caller.STAFF,
    "Queues",
    "List dead letters",
    "Messages that exhausted their retries, with the reason.",
    {200: ("As it is now", "DeadLetters")},
    query=("queue", "limit"),
    may=Permission.DEAD_LETTERS,
)
def peek_dead_letters() -> Response:
    from ...operations.dead_letter_views import seen_view

    query, dead_letters = http.query_of(bp.current_request), services().operations.dead_letters
    _, limit, _ = http.together(
        lambda: http.only(query, "queue", "limit"),
        lambda: http.limit_of(query),
        lambda: dead_letters.place(query["queue"]) if "queue" in query else None,
    )
    seen = seen_view(dead_letters.peek(query.get("queue"), limit))
    shown = pages.fitting(seen["messages"])
    return http.json_response({"messages": shown, "complete": seen["complete"] and len(shown) == len(seen["messages"])})


@serves(
    bp,
    "POST /admin/dead-letters/redrive",
    Caller.STAFF,
    "Queues",
    "Redrive dead letters",
    "Sends all, or some, back to the queue they came from.",
    {200: ("What was sent back", "Redriven")},
    body="RedriveRequest",
    may=Permission.DEAD_LETTERS,
)
def redrive_dead_letters() -> Response:
    """Redrive all messages of a queue, or some; `left` counts what there was no time for."""
    from ...operations.dead_letter_views import redriven_view

    who = staff(bp.current_request)
    queue, message_ids = requests.redrive(http.body_of(bp.current_request))
    done = services().operations.dead_letters.redrive(who, queue, message_ids, resend=True)
    return http.json_response(redriven_view(done))


@serves(
    bp,
    "POST /admin/dead-letters/discard",
    Caller.STAFF,
    "Queues",
    "Discard dead letters",
    "Deletes messages for good. A copy without personal data stays in the audit trail.",
    {200: ("What was deleted", "Discarded")},
    body="DiscardRequest",
    may=Permission.DEAD_LETTERS,
)
def discard_dead_letters() -> Response:
    """Delete messages for good; a copy without personal data stays in the audit record."""
    from ...operations.dead_letter_views import discarded_view

    who = staff(bp.current_request)
    queue, message_ids, reason = requests.discard(http.body_of(bp.current_request))
    return http.json_response(
        discarded_view(services().operations.dead_letters.discard(who, queue, message_ids, reason))
    )


@serves(
    bp,
    "GET /admin/alarms",
    Caller.STAFF,
    "Queues",
    "List alarms",
    "Of the stage, those that ring first, each with its runbook.",
    {200: ("As it is now", "Alarms")},
    may=Permission.READ,
)
def list_alarms() -> Response:
    from ...operations.alarms import alarms_view

    http.only(http.query_of(bp.current_request))
    return http.json_response({"alarms": alarms_view(services().operations.alarms.all())})


@serves(
    bp,
    "GET /admin/audit",
    Caller.STAFF,
    "Queues",
    "List audit records",
    "What staff and operators did on a day, newest first.",
    {200: ("A page", "AuditPage")},
    query=("day", "limit", "cursor"),
    may=Permission.AUDIT,
)
def list_audit_records() -> Response:
    from ...operations.audit import audit_view

    query, today = http.query_of(bp.current_request), services().clock.now()[:10]
    scope = f"audit\n{query.get('day', today)}"
    _, day, limit, position = http.together(
        lambda: http.only(query, "day", "limit", "cursor"),
        lambda: requests.day_of(query, today),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, {"item"}),
    )
    page = services().operations.audit.page(day, limit, position)
    entries = ((audit_view(record), {"item": f"{record.at}#{record.record_id}"}) for record in page.items)
    records, following = pages.page_of(entries, page.next)
    return http.json_response({"records": records, "nextCursor": http.cursor_for(following, scope)})
