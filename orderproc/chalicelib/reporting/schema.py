"""What `GET /admin/metrics` answers, as JSON Schema."""

from __future__ import annotations

from typing import Any

from ..kit.schemas import AMOUNT, TIME
from .view import SCORES, STAGES

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
    "refunds": {**_MONEY, "description": "What was refunded of it, by currency."},
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
    "lowStock": {**_COUNT, "description": "Products low in stock when last measured; absent if that was never."},
    "cartsAbandoned": _COUNT,
    "cartsAbandonedValue": _MONEY,
}

METRICS_FIGURES: Document = {"type": "object", "required": list(_FIGURES), "properties": {**_FIGURES, **_GAUGES}}
METRICS: Document = {
    "type": "object",
    "required": ["from", "to", "by", "timeZone", "totals", "buckets", "nextCursor"],
    "properties": {
        "from": {**TIME, "description": "Where the first hour or day begins."},
        "to": {**TIME, "description": "Where the last one ends."},
        "by": {"enum": ["hour", "day"]},
        "timeZone": {"type": "string"},
        "totals": {
            "anyOf": [{"$ref": "#/components/schemas/MetricsFigures"}, {"type": "null"}],
            "description": "Of all pages; on the first of them only.",
        },
        "buckets": {
            "type": "array",
            "maxItems": 744,
            "items": {
                "type": "object",
                "required": ["start", *_FIGURES],
                "properties": {"start": TIME, **_FIGURES, **_GAUGES},
            },
        },
        "nextCursor": {"type": ["string", "null"]},
    },
}
