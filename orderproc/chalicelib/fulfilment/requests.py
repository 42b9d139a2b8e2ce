"""From a body to a shipment or a delivery."""

from __future__ import annotations

from typing import Any

from ..kit.validation import valid
from .schema import DELIVER_REQUEST, SHIP_REQUEST


def ship(body: dict[str, Any]) -> tuple[str, str, dict[str, int] | None]:
    """Carrier, tracking number, and units per product (None for all that is left). Raises InvalidRequest."""
    body = valid(body, SHIP_REQUEST)
    if "items" not in body:
        return body["carrier"], body["trackingNumber"], None
    items: dict[str, int] = {}
    for item in body["items"]:
        items[item["productId"]] = items.get(item["productId"], 0) + item["quantity"]
    return body["carrier"], body["trackingNumber"], items


def deliver(body: dict[str, Any]) -> str | None:
    """Which shipment, None for all. Raises InvalidRequest."""
    body = valid(body, DELIVER_REQUEST)
    return body.get("trackingNumber")
