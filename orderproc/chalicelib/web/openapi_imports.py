"""The paths about imports in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from . import answer_schemas as answers
from .openapi_paths import _PAGING, _USER, _operation, _path, _ref
from .schemas import Schema

_COUNT: Schema = {"type": "integer", "minimum": 0}
_TIME: Schema = {"type": "string", "format": "date-time"}
_COUNTS = dict.fromkeys(("accepted", "rejected", "duplicate", "superseded"), _COUNT)
_PROPERTIES: Schema = {
    "importId": {"type": "string"},
    "file": {"type": "string", "description": "Its key in the imports bucket."},
    "kind": {"type": "string", "enum": ["orders", "products"]},
    "status": {"type": "string", "enum": ["RUNNING", "DONE", "REFUSED", "FAILED", "SUPERSEDED"]},
    "uploadedAt": _TIME,
    "startedAt": _TIME,
    "finishedAt": {"type": ["string", "null"], "format": "date-time"},
    "rows": _COUNT,
    "counts": {"type": "object", "required": list(_COUNTS), "properties": _COUNTS},
    "chunks": {"type": "integer", "minimum": 0, "description": "Messages that the rows are in."},
    "chunksDone": {"type": "integer", "minimum": 0, "description": "How many of them are worked off."},
    "error": {
        "type": ["string", "null"],
        "description": "Why the file was refused, or what is missing of a failed import.",
    },
    "report": {"type": ["string", "null"], "description": "Its key in the imports bucket, once it is there."},
}
IMPORT: Schema = {"type": "object", "required": list(_PROPERTIES), "properties": _PROPERTIES}


def paths() -> dict[str, Any]:
    """All are for staff."""
    return {
        "/admin/imports": {
            "get": _operation(
                "listImports",
                "Files that were imported, or are being imported, latest first",
                {200: ("A page", answers.page_of("imports", _ref("Import")))},
                (400,),
                _USER,
                [*_PAGING],
            )
        },
        "/admin/imports/{import_id}": {
            "get": _operation(
                "getImport",
                "How far one import is",
                {200: ("As it is now", _ref("Import"))},
                (404,),
                _USER,
                [_path("import_id")],
            )
        },
    }
