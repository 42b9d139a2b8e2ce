"""What the routes about queues, dead letters, the audit trail and imports answer, as JSON Schema."""

from __future__ import annotations

from typing import Any

from ..kit.schemas import (
    AMOUNT,
    MESSAGE_ID,
    TEXT,
    TIME,
    Schema,
    answer_of,
    list_of,
    object_of,
    or_null,
    text_of,
    text_of_lines,
)


def _of(kind: str, description: str = "", **more: Any) -> Schema:
    return {"type": kind, **more, **({"description": description} if description else {})}


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_COUNT = _of("integer", "About how many, as SQS counts.", minimum=0)
_NUMBER = _of("integer", minimum=0)
_COMPLETE = _of(
    "boolean", "False: there was no time to look the queue through. What was not found may be there; ask again."
)
_ROWS = dict.fromkeys(("accepted", "rejected", "duplicate", "superseded"), _NUMBER)

QUEUE = answer_of(
    {
        "name": _of(
            "string", "`mail` and `import-files` are functions that S3 invokes, `metrics` what was not counted."
        ),
        "deadLetterQueue": TEXT,
        "messages": _COUNT,
        "inFlight": _COUNT,
        "delayed": _COUNT,
        "deadLetters": _COUNT,
    }
)
QUEUES = answer_of({"queues": list_of(_named("QueueDepth"))})

DEAD_LETTER = answer_of(
    {
        "messageId": TEXT,
        "queue": TEXT,
        "deadLetterQueue": TEXT,
        "reason": _of("string", "Why it failed, without personal data."),
        "orderId": or_null(TEXT),
        "sentAt": TIME,
        "receiveCount": _of("integer", "Tries and looks together."),
        "payload": {"description": "The message, JSON or text, with `[personal]` for personal data."},
    }
)
DEAD_LETTERS = answer_of(
    {
        "messages": list_of(_named("DeadLetter")),
        "complete": _of("boolean", "Whether these are all. A look ends at `limit`, in 15 s, or at 4 MB."),
    }
)
REDRIVEN = answer_of(
    {
        "redriven": _of("integer"),
        "left": _of("integer", "About how many are in the dead-letter queue now."),
        "notFound": list_of(TEXT),
        "refused": list_of(
            answer_of({"messageId": TEXT, "reason": TEXT}),
            description="Those that can't be put back; they stay where they are.",
        ),
        "complete": _COMPLETE,
    }
)
DISCARDED = answer_of({"discarded": _of("integer"), "notFound": list_of(TEXT), "complete": _COMPLETE})

AUDIT_RECORD = answer_of(
    {
        "id": TEXT,
        "at": TIME,
        "who": _of("string", "A user's `sub`, or the IAM identity of an operator."),
        "action": TEXT,
        "details": _of("object", "What was asked for, without personal data."),
        "outcome": or_null(_of("object", "How it ended; null if the process died: then it may have happened in part.")),
    }
)

IMPORT = answer_of(
    {
        "importId": TEXT,
        "file": _of("string", "Its key in the imports bucket."),
        "kind": _of("string", enum=["orders", "products"]),
        "status": _of("string", enum=["RUNNING", "DONE", "REFUSED", "FAILED", "SUPERSEDED"]),
        "uploadedAt": TIME,
        "startedAt": TIME,
        "finishedAt": or_null(TIME),
        "rows": _NUMBER,
        "counts": answer_of(_ROWS),
        "chunks": _of("integer", "Messages that the rows are in.", minimum=0),
        "chunksDone": _of("integer", "How many of them were processed.", minimum=0),
        "error": or_null(_of("string", "Why the file was refused, or what is missing of a failed import.")),
        "report": or_null(_of("string", "Its key in the imports bucket, once it is there.")),
    }
)

IMPORT_UPLOAD_REQUEST = object_of(
    ["kind", "fileName"],
    {
        "kind": {"enum": ["orders", "products"]},
        "fileName": {
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
            "pattern": "^[A-Za-z0-9][A-Za-z0-9 ._()-]*$",
            "description": "Its extension says the format: `.csv`, or `.jsonl`, `.ndjson`, `.json`.",
        },
    },
)
IMPORT_UPLOAD = answer_of(
    {
        "file": _of("string", "Its key in the imports bucket: the import's `file`, once the upload was found."),
        "url": _of("string", "POST the form there as multipart/form-data.", format="uri"),
        "fields": _of("object", "The form's first fields; the last one is `file`.", additionalProperties=TEXT),
        "expiresAt": TIME,
        "maxBytes": {"type": "integer"},
    }
)
IMPORT_REPORT = answer_of(
    {
        "json": _of("string", "The report for programs.", format="uri"),
        "csv": or_null(_of("string", "The same for spreadsheets; null for a file that was refused.", format="uri")),
        "expiresAt": TIME,
    }
)

ALARMS = answer_of(
    {
        "alarms": list_of(
            answer_of(
                {
                    "name": _of("string", "Without the stage's prefix."),
                    "state": _of("string", enum=["OK", "ALARM", "INSUFFICIENT_DATA"]),
                    "description": TEXT,
                    "reason": _of("string", "Of its state, in CloudWatch's words."),
                    "since": TIME,
                    "runbook": or_null(_of("string", "Its page: an address, or a path in the project's folder.")),
                }
            )
        )
    }
)

_MESSAGE_IDS: Schema = {
    "type": "array",
    "minItems": 1,
    "maxItems": 100,
    "items": {"type": "string", "pattern": MESSAGE_ID},
}

_QUEUE: Schema = {
    "type": "string",
    "maxLength": 300,
    "description": "A name of `GET /admin/queues`, or the whole name or URL of the queue or its dead-letter queue.",
}

REDRIVE_REQUEST = object_of(
    ["queue"],
    {"queue": _QUEUE, "messageIds": {**_MESSAGE_IDS, "description": "All of them, if none are named."}},
)

DISCARD_REQUEST = object_of(
    ["queue", "messageIds", "reason"],
    {"queue": _QUEUE, "messageIds": _MESSAGE_IDS, "reason": text_of(500, 3)},
)

NOTE_REQUEST = object_of(["text"], {"text": text_of_lines(2000)})
RESEND_REQUEST = object_of(
    [], {"what": {"type": "string", "enum": ["confirmation"], "description": "Also if it was sent. Else what was not."}}
)
_BY = answer_of({"userId": TEXT, "email": or_null(TEXT)})
NOTE = answer_of({"noteId": TEXT, "at": TIME, "text": TEXT, "by": _BY})
_KINDS = ["status", "payment", "shipment", "message", "note", "feedback", "change"]
TIMELINE = answer_of(
    {
        "orderId": TEXT,
        "entries": list_of(
            answer_of(
                {
                    "at": TIME,
                    "kind": _of("string", enum=_KINDS),
                    "what": _of("string", "A status, `capture` or `refund`, a message, an action."),
                    "detail": TEXT,
                    "outcome": or_null(_of("string", "How it ended, where that is not the entry itself.")),
                    "amount": or_null(AMOUNT),
                    "by": {**_BY, "type": ["object", "null"], "description": "Of staff; null for all others."},
                }
            )
        ),
    }
)
RESENT = answer_of({"orderId": TEXT, "messages": list_of(TEXT)})

HEALTH = answer_of(
    {
        "status": {"enum": ["ok", "unavailable"]},
        "checks": {"type": "object", "additionalProperties": {"type": "boolean"}},
    }
)
