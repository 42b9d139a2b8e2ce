"""The answers of the API as JSON Schema (2020-12), as `openapi.py` publishes them."""

from __future__ import annotations

from ...kit.schemas import Schema
from .problems import PROBLEMS
from .problems import table as problem_table

PROBLEM: Schema = {
    "type": "object",
    "description": f"RFC 9457. More codes may come.\n\n{problem_table()}",
    "required": ["type", "title", "status", "detail", "requestId", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Where the code is explained."},
        "code": {"enum": list(PROBLEMS), "description": "For programs; a status may have several."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "requestId": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


_DAMAGED_ORDERS: Schema = {
    "type": "array",
    "description": "Orders of this page whose stored data can't be read, of any status.",
    "items": {
        "type": "object",
        "required": ["orderId", "reason"],
        "properties": {"orderId": {"type": "string"}, "reason": {"type": "string"}},
    },
}


def staff_page(item: Schema) -> Schema:
    page = page_of("orders", item)
    properties = {**page["properties"], "damaged": _DAMAGED_ORDERS}
    return {**page, "required": [*page["required"], "damaged"], "properties": properties}


def page_of(name: str, item: Schema) -> Schema:
    return {
        "type": "object",
        "required": [name, "nextCursor"],
        "properties": {
            name: {"type": "array", "items": item},
            "nextCursor": {
                "type": ["string", "null"],
                "description": "Pass as cursor; null at the end. At 4 MB, or of a rare status, a page is short.",
            },
        },
    }
