"""Pages of lists of orders of which not every entry is wanted: filled up, by work that is bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ..kit.errors import Damaged
from ..kit.page import ListPosition, Page
from .model import PROCESSING_DONE, Order, Status

T = TypeVar("T")

_READS = 20
"""Reads for one answer. Where fewer are wanted than one in twenty the page may be short, and its cursor goes on."""
READ_LIMIT = 100
"""Orders in one read, where only some are wanted: as many as one BatchGetItem takes."""
UNDER_WAY = frozenset(Status) - PROCESSING_DONE - {Status.FULFILLMENT}
"""An order in one of these is in the index of open orders, which holds few others. Of the orders that are being
shipped some are not."""


@dataclass
class Filling:
    """A page of at most `limit` entries; it reads on until it knows whether one more follows."""

    limit: int
    wanted: Callable[[Order], bool] | None = None
    shows_damaged: bool = False
    likely: bool = False
    """Most entries are wanted: the first read need not be larger than the page."""
    _found: list[tuple[ListPosition, Order | Damaged]] = field(default_factory=list)
    _seen: ListPosition | None = None
    _reads: int = 0
    _more: bool = False

    @property
    def size(self) -> int:
        """How many to read next."""
        if self.wanted and not (self.likely and self._reads == 0):
            return READ_LIMIT
        return min(READ_LIMIT, self.limit + 1) if self.wanted else max(1, self.limit - len(self._found))

    @property
    def done(self) -> bool:
        return self._more or self._reads >= _READS

    def take(self, page: Page[Order]) -> None:
        """The next entries of the list."""
        self._reads += bool(page.places)
        orders = {order.order_id: order for order in page.items}
        damaged = {error.key: error for error in page.damaged}
        for place in page.places:
            entry = self._entry(orders.get(place[1]), damaged.get(place[1]))
            if entry and len(self._found) == self.limit:
                self._more = True
                return
            if entry:
                self._found.append((place, entry))
            self._seen = place
        self._more = self.wanted is None and page.next is not None and len(self._found) == self.limit

    def page(self, *, ended: bool) -> Page[Order]:
        """What was found; `ended` says that the list has nothing beyond what was read."""
        last = self._found[-1][0] if self._more else self._seen
        return Page(
            [entry for _, entry in self._found if isinstance(entry, Order)],
            None if last is None or (ended and not self._more) else position_after(last),
            tuple(entry for _, entry in self._found if isinstance(entry, Damaged)),
            tuple(place for place, _ in self._found),
        )

    def _entry(self, order: Order | None, damaged: Damaged | None) -> Order | Damaged | None:
        if order is None:  # it can't be read, or is gone
            return damaged if self.shows_damaged else None
        return order if self.wanted is None or self.wanted(order) else None


def filled(
    filling: Filling, read: Callable[[int, Mapping[str, str] | None], Page[Order]], after: Mapping[str, str] | None
) -> Page[Order]:
    """A page of a list that `read` reads from one end to the other."""
    while not filling.done:
        page = read(filling.size, after)
        filling.take(page)
        after = page.next
        if after is None:
            return filling.page(ended=True)
    return filling.page(ended=False)


def topped_up(
    read: Callable[[int, Mapping[str, str] | None], Page[T]], limit: int, after: Mapping[str, str] | None
) -> Page[T]:
    """A page of any list; what takes the places of entries that can't be read is read besides."""
    page = read(limit, after)
    for _ in range(_READS):
        if page.next is None or len(page.items) >= limit:
            break
        more = read(limit - len(page.items), page.next)
        page = Page([*page.items, *more.items], more.next)
    return page


def position_after(place: ListPosition) -> dict[str, str]:
    return {"createdAt": place[0], "orderId": place[1]}


def position_with_day(place: ListPosition) -> dict[str, str]:
    """The same in the list of all orders."""
    return {"day": place[0][:10], **position_after(place)}
