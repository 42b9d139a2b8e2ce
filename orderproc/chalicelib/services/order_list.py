"""All orders, whoever's: for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..domain.errors import Damaged
from ..domain.order import Order, Status
from .ports import Clock, Orders, Page

_DAYS_BACK = 400
_DAYS = 31
"""Days looked through for one answer: a day costs eight queries, whether there was an order on it or not."""
_DAYS_ON = 7
"""The same after the last order found: whoever has something to show need not wait for a month of nothing."""
_READS = 5
"""Pages of orders read for one answer, where a status is asked for."""


@dataclass(frozen=True)
class OrderList:
    orders: Orders
    clock: Clock

    def __call__(self, limit: int, after: Mapping[str, str] | None = None, status: Status | None = None) -> Page[Order]:
        """Newest first, back to 400 days ago. A page may be shorter than `limit`, even empty, although more follow:
        an answer's work is bounded, the next cursor goes on. Damaged orders of any status count for the limit."""
        today = date.fromisoformat(self.clock.now()[:10])
        day = date.fromisoformat(after["day"]) if after else today
        place = {name: after[name] for name in ("createdAt", "orderId")} if after and "orderId" in after else None
        oldest, farthest = today - timedelta(days=_DAYS_BACK), day - timedelta(days=_DAYS)
        until = farthest
        found: list[Order] = []
        damaged: list[Damaged] = []
        reads = 0
        while day >= oldest:
            room = limit - len(found) - len(damaged)
            if room <= 0 or reads >= _READS or day <= until:
                return Page(found, {"day": day.isoformat(), **(place or {})}, tuple(damaged))
            page = self.orders.by_day(day.isoformat(), room, place)
            fitting = [order for order in page.items if status in (None, order.status)]
            found += fitting
            damaged += page.damaged
            if fitting:
                until = max(farthest, day - timedelta(days=_DAYS_ON))
            reads += bool(page.items) and status is not None
            place = dict(page.next) if page.next else None
            if place is None:
                day -= timedelta(days=1)
        return Page(found, None, tuple(damaged))
