"""Builds the use cases of orders."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.observability import log

if TYPE_CHECKING:
    from ..orders.accept import AcceptOrder
    from ..orders.order_list import OrderList
    from ..orders.queries import OrderQueries
    from .adapters import Adapters


class Orders:
    def __init__(self, adapters: Adapters) -> None:
        self._a = adapters

    @cached_property
    def accept(self) -> AcceptOrder:
        from ..orders.accept import AcceptOrder

        return AcceptOrder(self._a.orders, self._a.hand_over, self._a.clock, log)

    @cached_property
    def queries(self) -> OrderQueries:
        from ..orders.queries import OrderQueries

        return OrderQueries(self._a.orders)

    @cached_property
    def listing(self) -> OrderList:
        from ..orders.order_list import OrderList

        return OrderList(self._a.orders, self._a.clock)
