"""Orders announced on the event bus, and what was published about them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order

from tests.reliability.bus import order_created
from tests.support.fakes.adapters import FakeAdapters

FLAT = {"OrderId": "12345", "Product": "Gaming Laptop", "Quantity": 1, "Price": Decimal("1299.99")}
DAY = 86_400


def announce(services: Services, **changes: Any) -> Order:
    return services.workflow.event_steps.take_stock(order_created({**FLAT, **changes}))


def message(order_id: str) -> dict[str, str]:
    """As the housekeeper hands it over."""
    return {"orderId": order_id, "correlationId": "corr-1"}


def told(adapters: FakeAdapters) -> list[str]:
    """The events published since the last look."""
    types = adapters.events.types
    adapters.events.published.clear()
    return types


def code(order: Order) -> str | None:
    return order.failure and order.failure.code
