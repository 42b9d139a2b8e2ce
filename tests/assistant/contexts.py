"""Contexts to answer from: orders in each state that customers ask about."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.assistant.context import Context, Intent, OrderFacts
from chalicelib.orders.model import Shipment, ShipmentStatus

SHOP, URL = "Orderproc Demo Shop", "https://shop.example"
LAPTOP = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
MOUSE = "01890a5d-ac96-774b-bcce-b302099a8057"
CHAIR = "5f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"

COMPLETED = OrderFacts(
    order_id=LAPTOP,
    status="COMPLETED",
    created_at="2026-11-20T09:15:30.123Z",
    updated_at="2026-11-20T09:15:42.001Z",
    items=(("Gaming Laptop", 1),),
    total="€1299.99",
    refunded="",
    shipments=(),
    failure="",
    may_cancel=True,
    has_receipt=True,
    left_to_ship=1,
)
SHIPPED = replace(
    COMPLETED,
    shipments=(Shipment("DHL", "JJD000390007654321", (), ShipmentStatus.SHIPPED, "2026-11-21T08:05:00.000Z"),),
    may_cancel=False,
    left_to_ship=0,
)
DELIVERED = replace(
    SHIPPED, shipments=(Shipment("PostNL", "3SABCD1234567", (), ShipmentStatus.DELIVERED, "2026-11-22T13:45:00.000Z"),)
)
PENDING = replace(
    COMPLETED,
    order_id=MOUSE,
    status="PENDING",
    created_at="2026-11-21T14:30:25.123Z",
    updated_at="2026-11-21T14:30:25.123Z",
    items=(("Wireless Mouse", 2),),
    total="€59.90",
    has_receipt=False,
    left_to_ship=2,
)
FAILED = replace(
    PENDING,
    status="FAILED",
    failure="CARD_DECLINED",
    may_cancel=False,
)
CANCELLED = replace(PENDING, status="CANCELLED", may_cancel=False, owed_back="€59.90", left_to_ship=0)
REFUNDED = replace(
    COMPLETED,
    order_id=CHAIR,
    status="REFUNDED",
    items=(("Chaise de bureau", 1),),
    total="€249.00",
    refunded="€249.00",
    may_cancel=False,
    has_receipt=False,
)


def context(*orders: OrderFacts, language: str = "en", intent: Intent = Intent.STATUS, **changes: Any) -> Context:
    given = {"orders": orders, "shop_name": SHOP, "shop_url": URL, **changes}
    return Context(intent=intent, language=language, **given)


def named(told: dict[str, Any]) -> Context:
    """The context of an answer in `good_answers.json` or `false_claims.json`."""
    orders = [globals()[name] for name in told["orders"]]
    return context(*orders, language=told["language"], intent=Intent(told["intent"]))


def texts_of(name: str) -> list[tuple[str, str]]:
    """What a file of this folder lists by language."""
    listed = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [(language, text) for language, texts in listed.items() for text in texts]
