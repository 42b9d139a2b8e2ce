"""What is known of the facts of a day, other than by the counters: from the orders in the table, and from the archive.

The table has every order that still exists, also one whose last change was never counted and so never archived; it is
read by the index of days, never scanned. The archive has what happened to orders that were deleted since, or that were
placed too long before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from ..orders.model import Order
from ..orders.ports import Orders
from .archive import OrderArchive
from .facts import Fact, facts_of

LOOK_BACK = timedelta(days=31)
"""How long before a day orders were placed that something may have happened to on it. Older ones are looked at only if
they are open; what happened to the others was counted, and archived, or it stays uncounted."""


class Evidence:
    """The facts of days that are asked for in their order, `first` being the first. Each order is read once."""

    def __init__(self, orders: Orders, archive: OrderArchive, first: str) -> None:
        self._orders, self._archive = orders, archive
        self._read_up_to = _midnight(date.fromisoformat(first) - LOOK_BACK)
        self._by_day: dict[str, list[Fact]] = defaultdict(list)
        self._begun = False

    def facts_on(self, day: str) -> Iterator[Fact]:
        """Some of them twice, and in the archive's part some of other days. Of two states of an order, the archive's
        comes last: it is the one that was counted. Raises Damaged for an entry of the archive that can't be read."""
        for earlier in [known for known in self._by_day if known < day]:
            del self._by_day[earlier]
        for order in self._not_yet_read(_midnight(date.fromisoformat(day) + timedelta(days=1))):
            for fact in facts_of(order).values():
                if fact.at[:10] >= day:
                    self._by_day[fact.at[:10]].append(fact)
        yield from self._by_day.get(day, ())
        yield from self._archive.facts_on(day)

    def _not_yet_read(self, until: str) -> Iterator[Order]:
        if until <= self._read_up_to:
            return
        # Open ones first: an order that is closed meanwhile is in one of both, and may be in both.
        old = iter(()) if self._begun else self._orders.open_before(self._read_up_to)
        yield from chain(old, self._orders.created_between(self._read_up_to, until))
        self._read_up_to, self._begun = until, True


def _midnight(day: date) -> str:
    return f"{day}T00:00:00.000Z"
