"""Pages of orders as staff see them, in which those that can't be read stand beside the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...kit.jsonio import dumps
from ...kit.page import Page
from ...kit.redaction import reason_of
from ...orders.filters import NAMES
from ...orders.model import Order
from ...orders.paginate import position_with_day
from ...orders.views import staff_view
from . import http, pages

POSITIONS: tuple[set[str], ...] = ({"day"}, {"day", "createdAt", "orderId"})


def scope_of(name: str, query: Mapping[str, str]) -> str:
    """Of the list's cursors: which list it is, and how it is narrowed."""
    more = {name: query[name] for name in NAMES if name in query and name != "status"}
    return "\n".join([name, query.get("status", ""), *([dumps(more)] if more else [])])


def body_of(page: Page[Order], scope: str) -> dict[str, Any]:
    """`orders`, `damaged` and `nextCursor`."""
    orders: dict[str, Any] = {order.order_id: staff_view(order) for order in page.items}
    damaged = {error.key: {"orderId": error.key, "reason": reason_of(error)} for error in page.damaged}
    entries = (((orders | damaged)[place[1]], position_with_day(place)) for place in page.places)
    shown, following = pages.page_of(entries, page.next)
    return {
        "orders": [entry for entry in shown if entry["orderId"] in orders],
        "damaged": [entry for entry in shown if entry["orderId"] in damaged],
        "nextCursor": http.cursor_for(following, scope),
    }
