"""Tags, by which staff sort orders. Customers and partners do not see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..kit.wiring import service
from .latest import on_latest
from .model import Order
from .ports import Orders


@service
class TagOrder:
    orders: Orders

    def __call__(self, order: Order, tags: Sequence[str], seen: str | None = None) -> Order:
        """The order with just these tags, each once, in alphabetical order. Raises Conflict if `seen` is not its
        version."""
        wanted = tuple(sorted(set(tags)))

        def act(now: Order) -> Order:
            return now if now.tags == wanted else self.orders.save(replace(now, tags=wanted), now.status)

        return on_latest(self.orders, order, act, seen)
