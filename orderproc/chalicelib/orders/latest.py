"""An order as it is stored now, and changing one that others may be changing at the same time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..kit.errors import StaleOrder, TemporarilyUnavailable, UnknownOrder
from .model import Order
from .ports import Orders
from .versions import refuse_if_changed

TURNS = 10
T = TypeVar("T")


def on_latest(orders: Orders, order: Order, act: Callable[[Order], T], seen: str | None = None) -> T:
    """What `act` returns for the order. As long as that raises StaleOrder it is called again, for the order as stored
    now: another delivery was faster, or our own write, whose reply was lost. Raises TemporarilyUnavailable after
    `TURNS` calls, and what else `act` raises.

    With `seen` (of `versions.version_of`) it is called only for an order of that version, which its conditional write
    then requires. Raises Conflict for any other: also where it was our own write whose reply was lost."""
    for _ in range(TURNS):
        try:
            refuse_if_changed(seen, order)
            return act(order)
        except StaleOrder:
            order = orders.get(order.order_id) or order
    raise TemporarilyUnavailable("The order is being changed; try again in a moment.")


def stored_order(orders: Orders, order_id: str) -> Order:
    """Raises UnknownOrder."""
    order = orders.get(order_id)
    if order is None:
        raise UnknownOrder(f"No order {order_id} was ever stored.")
    return order
