"""What exports are asked for and answered with, as JSON Schema."""

from __future__ import annotations

from ..kit.moments import MOMENT
from ..kit.schemas import TEXT, TIME, Schema, answer_of, object_of, or_null
from .model import ExportStatus, Format

MOST_DAYS = 400
"""As many as staff's list of orders and the metrics go back."""
_MOMENT: Schema = {"type": "string", "pattern": MOMENT, "examples": ["2026-11-01"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}

EXPORT_REQUEST = object_of(
    ["what", "from", "to", "format"],
    {
        "what": {"type": "string", "enum": ["orders"]},
        "from": {**_MOMENT, "description": "Created then or later: a day or a time, UTC unless it has an offset."},
        "to": {
            **_MOMENT,
            "description": "Created before this time, or on this day or earlier; at most "
            f"{MOST_DAYS} days later than `from`. What is later than the request is not in the file.",
        },
        "format": {"type": "string", "enum": [one.value for one in Format]},
    },
)

EXPORT_REQUESTED = answer_of({"exportId": TEXT, "status": {"type": "string", "enum": [*ExportStatus, "EXPIRED"]}})

_ENTRY: Schema = {
    "exportId": TEXT,
    "what": TEXT,
    "format": {"type": "string", "enum": [one.value for one in Format]},
    "from": TIME,
    "to": {**TIME, "description": "Orders created before this time."},
    "status": {
        "type": "string",
        "enum": [*ExportStatus, "EXPIRED"],
        "description": "`EXPIRED`: the file was deleted; ask for a new one.",
    },
    "requestedBy": {**TEXT, "description": "The user's `sub`."},
    "requestedAt": TIME,
    "updatedAt": {**TIME, "description": "When it last got on."},
    "finishedAt": or_null(TIME),
    "orders": {**_COUNT, "description": "Orders written so far; once it is `DONE`, orders in the file."},
    "damaged": {**_COUNT, "description": "Orders whose stored data can't be read: they are not in the file."},
    "error": or_null({**TEXT, "description": "Why it failed."}),
}
EXPORT_ENTRY = answer_of(_ENTRY)
EXPORT = answer_of(
    {
        **_ENTRY,
        "url": or_null(
            {**TEXT, "description": "Where the file is; null unless it is `DONE`. Ask again for a new one."}
        ),
        "expiresAt": or_null({**TIME, "description": "When the link ends."}),
    }
)
