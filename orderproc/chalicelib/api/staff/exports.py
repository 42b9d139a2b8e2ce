"""For staff: files of orders, for the accountant and for spreadsheets."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...kit.errors import NotFound
from ...orders.paginate import topped_up
from ..shared import http, pages
from ..shared.callers import staff
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "POST /admin/exports",
    Caller.STAFF,
    "Exports",
    "Export orders",
    "Writes the orders of a time to a file, any number of them; `GET /admin/exports/{export_id}` says where it is. "
    "The audit trail records who asked.",
    {202: ("It is being written", "ExportRequested")},
    may=Permission.EXPORTS,
    body="ExportRequest",
    errors=("IDEMPOTENCY_KEY_REUSED",),
    idempotency_key="With the same key and body the first export is answered again.",
)
def export_orders() -> Response:
    """Ask for a file."""
    from ...exports import requests

    request = bp.current_request
    who = staff(request)
    asked = requests.export(http.body_of(request), http.idempotency_key(request), services().clock.now())
    # `to` would be masked: in a mail it is a person.
    recorded = {"what": asked.what, "since": asked.start, "until": asked.end, "format": asked.format.value}
    with services().operations.audit.of(who, "export", **recorded) as outcome:
        started = services().exports.start(who, asked)
        outcome["exportId"] = started.export_id
    body = {"exportId": started.export_id, "status": started.status.value}
    return http.json_response(body, 202, {"Location": f"./exports/{started.export_id}"})


@serves(
    bp,
    "GET /admin/exports",
    Caller.STAFF,
    "Exports",
    "List exports, latest first",
    "Files that were written, or are being written.",
    {200: ("A page", "ExportPage")},
    may=Permission.EXPORTS,
    query=("limit", "cursor"),
)
def list_exports() -> Response:
    from ...exports.views import entry_view

    staff(bp.current_request)
    query, now = http.query_of(bp.current_request), services().clock.now()
    _, limit, position = http.together(
        lambda: http.only(query, "limit", "cursor"),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, "exports", {"item"}),
    )
    page = topped_up(services().exports.progress.page, limit, position)
    entries = ((entry_view(one, now), {"item": one.export_id}) for one in page.items)
    found, following = pages.page_of(entries, page.next)
    return http.json_response({"exports": found, "nextCursor": http.cursor_for(following, "exports")})


@serves(
    bp,
    "GET /admin/exports/{export_id}",
    Caller.STAFF,
    "Exports",
    "Get an export",
    "With its progress, and once it is `DONE` a link to its file that works for 15 minutes; every request makes a new "
    "one.",
    {200: ("As it is now", "Export")},
    may=Permission.EXPORTS,
    errors=("EXPORT_NOT_FOUND",),
)
def get_export(export_id: str) -> Response:
    staff(bp.current_request)
    found = services().exports.progress.get(http.path_key(export_id, "export"))
    if found is None:
        raise NotFound("There is no such export.", "EXPORT_NOT_FOUND")
    return http.json_response(services().exports.view(found))
