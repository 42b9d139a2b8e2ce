"""`GET /admin/metrics` in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ..services.metrics_view import SCORES, STAGES
from .metrics_query import MOMENT, MOST_DAYS
from .openapi_paths import _USER, _operation, _query, _ref
from .schemas import AMOUNT

Document = dict[str, Any]

_COUNT: Document = {"type": "integer", "minimum": 0}
_COUNTS: Document = {"type": "object", "additionalProperties": _COUNT}
_MONEY: Document = {"type": "object", "description": "By currency.", "additionalProperties": AMOUNT}
_RATE: Document = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "description": "Null where none ended."}
_TIMES: Document = {
    "type": "object",
    "required": ["median", "p95"],
    "properties": {
        name: {"type": "integer", "description": "Milliseconds, to within 5 %."} for name in ("median", "p95")
    },
}

_FIGURES: Document = {
    "orders": {**_COUNT, "description": "Placed."},
    "ordersByWorkflow": _COUNTS,
    "sold": {**_COUNT, "description": "Paid for: reached CONFIRMED or COMPLETED."},
    "completed": _COUNT,
    "failed": _COUNT,
    "cancelled": _COUNT,
    "refunded": _COUNT,
    "successRate": {**_RATE, "description": "Sold, of those that were sold or failed; null if there were none."},
    "failureRate": {**_RATE, "description": "Failed, of the same."},
    "failures": {**_COUNTS, "description": "Failed, by error code."},
    "failureRates": {"type": "object", "additionalProperties": {"type": "number"}},
    "orderValue": {**_MONEY, "description": "What orders placed come to, by currency."},
    "revenue": {**_MONEY, "description": "What was sold comes to, by currency."},
    "averageOrderValue": {**_MONEY, "description": "Revenue per order sold, by currency."},
    "refunds": {**_MONEY, "description": "What was given back of it, by currency."},
    "timePerStage": {
        "type": "object",
        "description": "Of the orders that left the stage; `total` is from placing to the first end.",
        "additionalProperties": False,
        "properties": dict.fromkeys(STAGES.values(), _TIMES),
    },
    "satisfaction": {
        "type": "object",
        "required": ["responses", "average", "scores"],
        "properties": {
            "responses": _COUNT,
            "average": {"type": ["number", "null"], "minimum": 1, "maximum": 5},
            "scores": {"type": "object", "required": list(SCORES), "properties": dict.fromkeys(SCORES, _COUNT)},
        },
    },
}
_GAUGES: Document = {
    "lowStock": {**_COUNT, "description": "Products low in stock when last looked at; absent if nobody looked."},
    "cartsAbandoned": _COUNT,
    "cartsAbandonedValue": _MONEY,
}
_TIME: Document = {"type": "string", "format": "date-time"}
_MOMENT: Document = {"type": "string", "pattern": MOMENT}

METRICS_FIGURES: Document = {"type": "object", "required": list(_FIGURES), "properties": {**_FIGURES, **_GAUGES}}
METRICS: Document = {
    "type": "object",
    "required": ["from", "to", "by", "timeZone", "totals", "buckets", "nextCursor"],
    "properties": {
        "from": {**_TIME, "description": "Where the first hour or day begins."},
        "to": {**_TIME, "description": "Where the last one ends."},
        "by": {"enum": ["hour", "day"]},
        "timeZone": {"type": "string"},
        "totals": {
            "anyOf": [_ref("MetricsFigures"), {"type": "null"}],
            "description": "Of all pages; on the first of them only.",
        },
        "buckets": {
            "type": "array",
            "maxItems": 744,
            "items": {
                "type": "object",
                "required": ["start", *_FIGURES],
                "properties": {"start": _TIME, **_FIGURES, **_GAUGES},
            },
        },
        "nextCursor": {"type": ["string", "null"]},
    },
}


def paths() -> Document:
    moment = "A day (with all its hours) or a time; without an offset by the clocks of `timeZone`."
    parameters = [
        _query("from", {**_MOMENT, "description": f"{moment} 24 hours before `to` by default."}),
        _query("to", {**_MOMENT, "description": f"{moment} At most {MOST_DAYS} days later. Now by default."}),
        _query("by", {"enum": ["hour", "day"], "default": "hour"}),
        _query(
            "timeZone", {"type": "string", "default": "UTC", "description": "`UTC`, `shop`, or the shop's by name."}
        ),
        _query("cursor", {"type": "string"}),
    ]
    return {
        "/admin/metrics": {
            "get": _operation(
                "metrics",
                "How the shop did, by the hour or day (staff)",
                {200: ("Without gaps, oldest first", _ref("Metrics"))},
                (400,),
                _USER,
                parameters,
            )
        }
    }
