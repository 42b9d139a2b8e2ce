"""For staff: which files were put into the imports bucket, and how far each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...kit.errors import NotFound
from ...orders.paginate import topped_up
from ..shared import http, pages
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

if TYPE_CHECKING:
    from ...imports.model import Import

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/imports",
    Caller.STAFF,
    "Imports",
    "List imports, latest first",
    "Files that were imported, or are being imported.",
    {200: ("A page", "ImportPage")},
    query=("limit", "cursor"),
    may=Permission.READ,
)
def list_imports() -> Response:
    query = http.query_of(bp.current_request)
    _, limit, position = http.together(
        lambda: http.only(query, "limit", "cursor"),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, "imports", {"item"}),
    )
    page = topped_up(services().imports.progress.page, limit, position)
    entries = ((import_view(one), {"item": one.import_id}) for one in page.items)
    found, following = pages.page_of(entries, page.next)
    return http.json_response({"imports": found, "nextCursor": http.cursor_for(following, "imports")})


@serves(
    bp,
    "GET /admin/imports/{import_id}",
    Caller.STAFF,
    "Imports",
    "Get an import",
    "With its progress, and where its report is.",
    {200: ("As it is now", "Import")},
    errors=("IMPORT_NOT_FOUND",),
    may=Permission.READ,
)
def get_import(import_id: str) -> Response:
    found = services().imports.progress.get(http.path_key(import_id, "import"))
    if found is None:
        raise NotFound("There is no such import.", "IMPORT_NOT_FOUND")
    return http.json_response(import_view(found))


def import_view(one: Import) -> dict[str, Any]:
    """As staff see it. Duplicates are separated from accepted rows when the report is written."""
    has_report = one.status in ("DONE", "REFUSED", "FAILED")
    return {
        "importId": one.import_id,
        "file": one.key,
        "kind": one.kind,
        "status": one.status,
        "uploadedAt": one.uploaded_at,
        "startedAt": one.started_at,
        "finishedAt": one.finished_at,
        "rows": one.rows,
        "counts": {name: one.counts.get(name, 0) for name in ("accepted", "rejected", "duplicate", "superseded")},
        "chunks": one.chunks,
        "chunksDone": one.chunks_done,
        "error": one.error,
        "report": one.reports["json"] if has_report else None,
    }
