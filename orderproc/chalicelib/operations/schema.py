"""What the routes about queues, dead letters, the audit trail and imports answer, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import MESSAGE_ID, TIME, Schema, object_of, text_of

_TEXT: Schema = {"type": "string"}


_COUNT: Schema = {"type": "integer", "minimum": 0, "description": "About how many, as SQS counts."}


_IDS: Schema = {"type": "array", "items": _TEXT}


_COMPLETE: Schema = {
    "type": "boolean",
    "description": "False: there was no time to look the queue through. What was not found may be there; ask again.",
}


def _whole(properties: dict[str, Schema], **more: str) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties, **more}


QUEUE: Schema = _whole(
    {
        "name": {
            "type": "string",
            "description": "`mail` and `import-files` are functions that S3 invokes, `metrics` what was not counted.",
        },
        "deadLetterQueue": _TEXT,
        "messages": _COUNT,
        "inFlight": _COUNT,
        "delayed": _COUNT,
        "deadLetters": _COUNT,
    }
)


QUEUES: Schema = _whole({"queues": {"type": "array", "items": {"$ref": "#/components/schemas/QueueDepth"}}})


DEAD_LETTER: Schema = _whole(
    {
        "messageId": _TEXT,
        "queue": _TEXT,
        "deadLetterQueue": _TEXT,
        "reason": {"type": "string", "description": "Why it failed, without personal data."},
        "orderId": {"type": ["string", "null"]},
        "sentAt": TIME,
        "receiveCount": {"type": "integer", "description": "Tries and looks together."},
        "payload": {"description": "The message, JSON or text, with `[personal]` for personal data."},
    }
)


DEAD_LETTERS: Schema = _whole(
    {
        "messages": {"type": "array", "items": {"$ref": "#/components/schemas/DeadLetter"}},
        "complete": {
            "type": "boolean",
            "description": "Whether these are all. A look ends at `limit`, in 15 s, or at 4 MB.",
        },
    }
)


REDRIVEN: Schema = _whole(
    {
        "redriven": {"type": "integer"},
        "left": {"type": "integer", "description": "About how many are in the dead-letter queue now."},
        "notFound": _IDS,
        "refused": {
            "type": "array",
            "description": "Those that can't be put back; they stay where they are.",
            "items": _whole({"messageId": _TEXT, "reason": _TEXT}),
        },
        "complete": _COMPLETE,
    }
)


DISCARDED: Schema = _whole({"discarded": {"type": "integer"}, "notFound": _IDS, "complete": _COMPLETE})


AUDIT_RECORD: Schema = _whole(
    {
        "id": _TEXT,
        "at": TIME,
        "who": {"type": "string", "description": "A user's `sub`, or the IAM identity of an operator."},
        "action": _TEXT,
        "details": {"type": "object", "description": "What was asked for, without personal data."},
        "outcome": {
            "type": ["object", "null"],
            "description": "How it ended; null if the process died: then it may have happened in part.",
        },
    }
)


_NUMBER: Schema = {"type": "integer", "minimum": 0}


_ROWS = dict.fromkeys(("accepted", "rejected", "duplicate", "superseded"), _NUMBER)


_OF_IMPORT: Schema = {
    "importId": {"type": "string"},
    "file": {"type": "string", "description": "Its key in the imports bucket."},
    "kind": {"type": "string", "enum": ["orders", "products"]},
    "status": {"type": "string", "enum": ["RUNNING", "DONE", "REFUSED", "FAILED", "SUPERSEDED"]},
    "uploadedAt": TIME,
    "startedAt": TIME,
    "finishedAt": {"type": ["string", "null"], "format": "date-time"},
    "rows": _NUMBER,
    "counts": {"type": "object", "required": list(_ROWS), "properties": _ROWS},
    "chunks": {"type": "integer", "minimum": 0, "description": "Messages that the rows are in."},
    "chunksDone": {"type": "integer", "minimum": 0, "description": "How many of them were processed."},
    "error": {
        "type": ["string", "null"],
        "description": "Why the file was refused, or what is missing of a failed import.",
    },
    "report": {"type": ["string", "null"], "description": "Its key in the imports bucket, once it is there."},
}


IMPORT: Schema = _whole(_OF_IMPORT)


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


RESENT: Schema = {
    "type": "object",
    "required": ["orderId", "messages"],
    "properties": {"orderId": {"type": "string"}, "messages": {"type": "array", "items": {"type": "string"}}},
}


HEALTH: Schema = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        "status": {"enum": ["ok", "unavailable"]},
        "checks": {"type": "object", "additionalProperties": {"type": "boolean"}},
    },
}
