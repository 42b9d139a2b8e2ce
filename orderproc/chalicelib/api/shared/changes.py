"""What staff change by hand: on record before it is done, with the values of before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalice.app import Request, Response

from ...bootstrap import services
from ...orders.model import Order
from ...orders.views import staff_view
from . import http
from .callers import staff


def change_order(request: Request, action: str, order: Order, act: Callable[[], Order], **details: Any) -> Response:
    """Do it; the answer is the order as staff see it. Nothing is done if the record can't be written. Raises
    Forbidden, and what `act` raises."""
    recorded = {"orderId": order.order_id, **details, "before": _values(order)}
    with services().operations.audit.of(staff(request), action, **recorded) as outcome:
        changed = act()
        outcome["after"] = _values(changed)
    return http.json_response(staff_view(changed))


def _values(order: Order) -> dict[str, Any]:
    """What such a change may move of an order."""
    view = staff_view(order)
    names = ("status", "reservation", "needsAttention", "open", "payment", "shipments")
    return {**{name: view[name] for name in names}, "handovers": order.handovers}
