"""The index made anew from the orders table, day by day, the newest first: for a stage that had none or had it switched
off, and after what was lost. Orders go on arriving meanwhile; what is right already costs a read and no write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..kit.chunks import chunks
from ..kit.wiring import dataclass, service
from .ports import Orders
from .search_index import IndexOrders, OrderIndex

_AT_ONCE = 100


@dataclass(frozen=True)
class DayIndexed:
    """A day's orders, and how many of them the index lacked or had wrong."""

    day: str
    orders: int
    repaired: int


@service
class RebuildSearch:
    index: OrderIndex
    index_orders: IndexOrders
    orders: Orders

    def begun(self, first: str, last: str) -> str | None:
        """The day at which a rebuild of these days that did not end goes on, if there is one."""
        noted = self.index.progress()
        same = (noted.get("first"), noted.get("last")) == (first, last)
        return noted.get("next") if same else None

    def __call__(self, first: str, last: str) -> Iterator[DayIndexed]:
        """From the last day (`2026-11-20`, UTC) back to the first, or from where it was interrupted. Raises what the
        stores raise: then the same again goes on."""
        day, end = date.fromisoformat(self.begun(first, last) or last), date.fromisoformat(first)
        while day >= end:
            yield self._indexed(day)
            day -= timedelta(days=1)
            self.index.note_progress({"first": first, "last": last, "next": day.isoformat()} if day >= end else {})

    def _indexed(self, day: date) -> DayIndexed:
        number = repaired = 0
        start, end = (f"{one}T00:00:00.000Z" for one in (day, day + timedelta(days=1)))
        for some in chunks(self.orders.created_between(start, end), _AT_ONCE):
            number += len(some)
            repaired += self.index_orders.compare(some)
        return DayIndexed(day.isoformat(), number, repaired)
