"""For staff: what happened to an order, and their notes on it.

What only these rare requests need is not imported with the app."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ..shared import http, pages
from ..shared.callers import member, staff
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/orders/{order_id}/timeline",
    Caller.STAFF,
    "Staff",
    "Get an order's timeline",
    "Everything that happened to it, oldest first, and by whom: statuses, payments, refunds, shipments, mails and text "
    "messages, notes, feedback, changes by hand.",
    {200: ("What happened so far", "Timeline")},
    may=Permission.READ,
)
def order_timeline(order_id: str) -> Response:
    order = services().orders.queries.any(http.path_key(order_id, "order"))
    entries = services().operations.timeline(order)
    addresses = services().access.staff.addresses_of({entry.by for entry in entries if entry.by})
    shown = (
        {
            "at": entry.at,
            "kind": entry.kind,
            "what": entry.what,
            "detail": entry.detail,
            "outcome": entry.outcome or None,
            "amount": entry.amount,
            "by": {"userId": entry.by, "email": addresses.get(entry.by)} if entry.by else None,
        }
        for entry in entries
    )
    return http.json_response({"orderId": order.order_id, "entries": pages.fitting(shown)})


@serves(
    bp,
    "POST /admin/orders/{order_id}/notes",
    Caller.STAFF,
    "Staff",
    "Add a note to an order",
    "For staff: customers and partners do not see it. It can't be changed.",
    {201: ("Added; or the note of this Idempotency-Key", "Note")},
    body="NoteRequest",
    errors=("IDEMPOTENCY_KEY_REUSED",),
    idempotency_key="With the same key and body the first note is answered again.",
    id="addOrderNote",
    may=Permission.NOTES,
)
def add_note(order_id: str) -> Response:
    from ...operations import requests
    from ...operations.notes import id_of

    request = bp.current_request
    who, me = staff(request), member(request)
    order = services().orders.queries.any(http.path_key(order_id, "order"))
    key = http.idempotency_key(request)
    text = requests.note(http.body_of(request), key)
    note_id = id_of(who, order, key)
    recorded: dict[str, Any] = {"orderId": order.order_id, "noteId": note_id, "before": None}
    with services().operations.audit.of(who, "add_note", **recorded) as outcome:
        note = services().operations.add_note(who, order, text, note_id)
        outcome["after"] = {"characters": len(note.text)}
    by = {"userId": note.who, "email": me.email or None}
    return http.json_response({"noteId": note.note_id, "at": note.at, "text": note.text, "by": by}, 201)
