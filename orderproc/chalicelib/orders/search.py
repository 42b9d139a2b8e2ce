"""Orders found by what is typed, and by what they must be: from the index where that helps, else day by day."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice

from ..kit.errors import Conflict
from ..kit.page import ListPosition, Page
from ..kit.wiring import service
from .filters import Filters
from .model import Order
from .order_list import OrderList, with_day
from .paginate import Filling
from .ports import Orders
from .search_index import OrderIndex
from .search_tokens import SearchText, normalised

FEW = 100
"""Entries that are read and sorted for one answer, 12 KB. What more orders begin with is read token by token."""
MOST_TOKENS = 20
"""Lists that are read side by side."""
NAMED = 3
"""Orders that one number may name: it is unique but for a partner's reference or a product that looks like it."""
MANY = 1_000
"""What more different texts begin with is read and sorted, too, up to so many. Beyond, it is looked for among the
newest orders, where it is common."""


@service
class SearchOrders:
    """`index` is None where it is switched off: then all is looked for day by day, but for what is typed."""

    orders: Orders
    listing: OrderList
    index: OrderIndex | None

    def __call__(self, limit: int, after: Mapping[str, str] | None, filters: Filters) -> Page[Order]:
        """As `OrderList`, which it reads where the index does not help; both have the same positions. Raises Conflict
        for what is typed where there is no index."""
        if filters.text and self.index is None:
            raise Conflict("The search is switched off (ORDER_SEARCH): use the other filters.", "SEARCH_OFF")
        places = self._places(self.index, filters, upper_bound(after, filters.until)) if self.index else None
        if places is None:
            return self.listing(limit, after, filters=filters)
        return self.read(Filling(limit, filters.wanted, shows_damaged=True, likely=True), places)

    def read(self, filling: Filling, places: Iterator[ListPosition]) -> Page[Order]:
        """A page of the orders at these places."""
        while not filling.done:
            some = list(islice(places, filling.size))
            if not some:
                return with_day(filling.page(ended=True))
            filling.take(replace(self.orders.at(some), next=None))
        return with_day(filling.page(ended=False))

    def named(self, text: str) -> tuple[list[str], bool]:
        """Ids of the newest orders, of anyone, that are found by exactly this; and whether there are no more."""
        token = normalised(text)
        if self.index is None or not token:
            return [], False
        places = list(islice(self.index.newest(token), NAMED + 1))
        return [order_id for _, order_id in places[:NAMED]], len(places) <= NAMED

    def _places(
        self, index: OrderIndex, filters: Filters, before: ListPosition | None
    ) -> Iterator[ListPosition] | None:
        """Where orders may be that are wanted, newest first; None if the index does not tell, or tells too many."""
        if filters.token:
            return index.newest(filters.token, before, filters.since)
        if filters.text is None:
            return None
        lists = _lists(index, filters.text, before, filters.since)
        return None if lists is None else (place for place, _ in groupby(heapq.merge(*lists, reverse=True)))


def upper_bound(after: Mapping[str, str] | None, until: str) -> ListPosition | None:
    """Before which place a list goes on."""
    bounds = [(until, "")] if until else []
    if after:
        # A position without an order is one day's end.
        bounds.append((after["createdAt"], after["orderId"]) if "orderId" in after else (f"{after['day']}T~", ""))
    return min(bounds, default=None)


def _lists(
    index: OrderIndex, text: SearchText, before: ListPosition | None, since: str
) -> list[Iterator[ListPosition]] | None:
    """Lists of places, newest first, that hold every order with the text; None if they would be too many."""
    lists: list[Iterator[ListPosition]] = []
    for begin in text.lookups:
        found = index.few(begin, FEW)
        if found is None and (tokens := index.tokens(begin, MOST_TOKENS)) is not None:
            lists += [index.newest(token, before, since) for token in tokens]
            continue
        if found is None:
            found = index.few(begin, MANY)
        if found is None:
            return None
        within = {place for place in found if place[0] >= since and (before is None or place < before)}
        lists.append(iter(sorted(within, reverse=True)))
    return lists
