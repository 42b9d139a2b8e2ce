"""What `GET /admin/discrepancies` answers, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import PRODUCT_ID, TIME, Schema, or_null
from ..orders.discrepancies import Kind

DISCREPANCIES: Schema = {
    "type": "object",
    "required": ["discrepancies", "more", "checkedUpTo", "checkedAt"],
    "properties": {
        "discrepancies": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "details", "foundAt", "lastSeenAt", "repaired"],
                "properties": {
                    "kind": {"enum": [kind.value for kind in Kind]},
                    "orderId": {"type": "string", "description": "Of all kinds but the next two."},
                    "productId": {**PRODUCT_ID, "description": "Of RESERVED_MISMATCH."},
                    "item": {"type": "string", "description": "Of DAMAGED_ITEM: what it is, and its key."},
                    "details": {"type": "object", "additionalProperties": {"type": "string"}},
                    "foundAt": TIME,
                    "lastSeenAt": TIME,
                    "repaired": {"type": "boolean", "description": "What was not done was done; listed for a week."},
                },
            },
        },
        "more": {"type": "boolean", "description": "Whether there are more than the thousand that are shown."},
        "checkedUpTo": or_null(TIME),
        "checkedAt": or_null(TIME),
    },
}
