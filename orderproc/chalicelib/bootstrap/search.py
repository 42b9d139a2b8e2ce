"""Builds the search of orders and customers, and what keeps its index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..kit.observability import log

if TYPE_CHECKING:
    from ..kit.config import Settings
    from ..orders.customers import Customers
    from ..orders.search import SearchOrders
    from ..orders.search_index import IndexOrders, OrderIndex
    from ..orders.search_rebuild import RebuildSearch
    from .adapters import Adapters
    from .checkout import Orders


class Search:
    def __init__(self, settings: Settings, adapters: Adapters, orders: Orders) -> None:
        self._settings = settings
        self._a = adapters
        self._orders = orders

    @cached_property
    def orders(self) -> SearchOrders:
        from ..orders.search import SearchOrders

        return SearchOrders(self._a.orders, self._orders.listing, self._index)

    @cached_property
    def customers(self) -> Customers:
        from ..orders.customers import Customers

        return Customers(self.orders, self._a.orders, self._index)

    def index_records(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Records of the orders table's stream; nothing is done where the search is switched off."""
        from ..orders.stream import index_changes

        if self._index is not None:
            self._index_orders(index_changes(records, _unreadable))

    @cached_property
    def rebuild(self) -> RebuildSearch:
        from ..orders.search_rebuild import RebuildSearch

        return RebuildSearch(self._a.order_index, self._index_orders, self._a.orders)

    @cached_property
    def _index_orders(self) -> IndexOrders:
        from ..kit.retrying import Backoff
        from ..orders.search_index import IndexOrders

        return IndexOrders(self._a.order_index, self._a.orders, log, Backoff(pause=self._a.pause).turns)

    @property
    def _index(self) -> OrderIndex | None:
        return self._a.order_index if self._settings.order_search == "on" else None


def _unreadable(order_id: str) -> None:
    log.warning("order_not_indexed", orderId=order_id, reason="Its stored data can't be read.")
