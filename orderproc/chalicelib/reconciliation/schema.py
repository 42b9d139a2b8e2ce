"""What `GET /admin/discrepancies` answers, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import PRODUCT_ID, TEXT, TIME, answer_of, list_of, or_null
from ..orders.discrepancies import Kind

_DISCREPANCY = answer_of(
    {
        "kind": {"enum": [kind.value for kind in Kind]},
        "orderId": {**TEXT, "description": "Of all kinds but the next two."},
        "productId": {**PRODUCT_ID, "description": "Of RESERVED_MISMATCH."},
        "item": {**TEXT, "description": "Of DAMAGED_ITEM: what it is, and its key."},
        "details": {"type": "object", "additionalProperties": TEXT},
        "foundAt": TIME,
        "lastSeenAt": TIME,
        "repaired": {"type": "boolean", "description": "What was not done was done; listed for a week."},
    },
    optional=("orderId", "productId", "item"),
)

DISCREPANCIES = answer_of(
    {
        "discrepancies": list_of(_DISCREPANCY),
        "more": {"type": "boolean", "description": "Whether there are more than the thousand that are shown."},
        "checkedUpTo": or_null(TIME),
        "checkedAt": or_null(TIME),
    }
)
