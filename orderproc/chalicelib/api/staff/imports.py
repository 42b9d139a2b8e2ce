"""For staff: which files were put into the imports bucket, and how far each is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...kit.errors import NotFound
from ...operations import requests
from ...orders.paginate import topped_up
from ..shared import http, pages
from ..shared.callers import staff
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
    return http.json_response(import_view(_found(import_id)))


@serves(
    bp,
    "POST /admin/imports",
    Caller.STAFF,
    "Imports",
    "Upload a file to import",
    "Answers with a form: POST it with the file to `url`. The import begins by itself.",
    {201: ("The form", "ImportUpload")},
    body="ImportUploadRequest",
    id="uploadImport",
    may=Permission.SETTINGS,
)
def upload_import() -> Response:
    who = staff(bp.current_request)
    kind, file_name = requests.import_upload(http.body_of(bp.current_request))
    with services().operations.audit.of(who, "upload_import", kind=kind, fileName=file_name) as outcome:
        upload = services().imports.uploads.offer(kind, file_name)
        outcome["file"] = upload.key
    answer = {
        "file": upload.key,
        "url": upload.form.url,
        "fields": upload.form.fields,
        "expiresAt": upload.expires_at,
        "maxBytes": upload.max_bytes,
    }
    return http.json_response(answer, 201)


@serves(
    bp,
    "GET /admin/imports/{import_id}/report",
    Caller.STAFF,
    "Imports",
    "Download an import's report",
    "Links that expire. 404 until the last row is done.",
    {200: ("The links", "ImportReport")},
    errors=("IMPORT_NOT_FOUND",),
    may=Permission.READ,
)
def download_import_report(import_id: str) -> Response:
    links = services().imports.uploads.report(_found(import_id))
    return http.json_response({"json": links.json, "csv": links.csv, "expiresAt": links.expires_at})


def _found(import_id: str) -> Import:
    found = services().imports.progress.get(http.path_key(import_id, "import"))
    if found is None:
        raise NotFound("There is no such import.", "IMPORT_NOT_FOUND")
    return found


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
