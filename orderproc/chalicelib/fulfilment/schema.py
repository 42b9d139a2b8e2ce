"""Shipments and carriers' reports, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import MAX_LINES, MAX_QUANTITY, PRODUCT_ID, TEXT, Schema, answer_of, object_of, text_of
from ..orders.schema import SHIPMENT

SHIP_REQUEST = object_of(
    ["carrier", "trackingNumber"],
    {
        "carrier": text_of(60),
        "trackingNumber": text_of(60),
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAX_LINES,
            "items": object_of(
                ["productId", "quantity"],
                {"productId": PRODUCT_ID, "quantity": {"type": "integer", "minimum": 1, "maximum": MAX_QUANTITY}},
            ),
        },
    },
)

DELIVER_REQUEST = object_of([], {"trackingNumber": text_of(60)})

CARRIER_REPORT: Schema = {
    **object_of(
        ["eventId", "carrier", "trackingNumber", "status", "occurredAt"],
        {
            "eventId": text_of(200),
            "carrier": {**SHIP_REQUEST["properties"]["carrier"], "description": "As staff wrote it when they shipped."},
            "trackingNumber": text_of(60),
            "status": {"enum": ["SHIPPED", "DELIVERED", "LOST"]},
            "occurredAt": text_of(40, format="date-time", description="With its zone; in the future counts as now."),
            "orderId": text_of(128),
        },
    ),
    "additionalProperties": True,
}

CARRIER_REPORT_TAKEN = answer_of({"orderId": TEXT, "trackingNumber": TEXT, "status": SHIPMENT["properties"]["status"]})
