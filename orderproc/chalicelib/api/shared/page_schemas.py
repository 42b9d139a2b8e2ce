"""The answers of the API as JSON Schema (2020-12), as `openapi.py` publishes them."""

from __future__ import annotations

from ...kit.schemas import TEXT, Schema, answer_of, list_of
from ...orders.schema import CUSTOMER_WORTH
from .problems import PROBLEMS
from .problems import table as problem_table

PROBLEM: Schema = answer_of(
    {
        "type": {"type": "string", "format": "uri-reference", "description": "Where the code is explained."},
        "code": {"enum": list(PROBLEMS), "description": "For programs; a status may have several."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": TEXT,
        "requestId": TEXT,
        "errors": list_of(answer_of({"field": TEXT, "message": TEXT})),
    },
    optional=["errors"],
    description=f"RFC 9457. More codes may come.\n\n{problem_table()}",
)

_DAMAGED_ORDERS: Schema = list_of(
    answer_of({"orderId": TEXT, "reason": TEXT}),
    description="Orders of this page whose stored data can't be read, of any status.",
)
_CURSOR: Schema = {
    "type": ["string", "null"],
    "description": "Pass as cursor; null at the end. At 4 MB, or of a rare status, a page is short.",
}


def staff_page(item: Schema) -> Schema:
    return answer_of({**page_of("orders", item)["properties"], "damaged": _DAMAGED_ORDERS})


def page_of(name: str, item: Schema) -> Schema:
    return answer_of({name: list_of(item), "nextCursor": _CURSOR})


def customer_details(order: Schema, customer: Schema) -> Schema:
    return answer_of({**customer["properties"], **CUSTOMER_WORTH, **staff_page(order)["properties"]})
