"""Changing an order that others may be changing at the same time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ..kit.errors import StaleOrder, TemporarilyUnavailable
from .model import Order
from .ports import Orders

TURNS = 10
T = TypeVar("T")


def on_latest(orders: Orders, order: Order, act: Callable[[Order], T]) -> T:
    """What `act` returns for the order. As long as that raises StaleOrder it is called again, for the order as stored
    now: another delivery was faster, or our own write, whose reply was lost. Raises TemporarilyUnavailable after
    `TURNS` calls, and whatever else `act` raises."""
    for _ in range(TURNS):
        try:
            return act(order)
        except StaleOrder:
            order = orders.get(order.order_id) or order
    raise TemporarilyUnavailable("The order is being changed; try again in a moment.")
