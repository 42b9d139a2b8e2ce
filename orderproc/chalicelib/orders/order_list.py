"""All orders, of all owners: for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from ..kit.page import ListPosition, Page
from ..kit.ports import Clock
from ..kit.wiring import service
from .filters import Filters
from .model import Order, Status
from .paginate import UNDER_WAY, Filling, filled, position_after
from .ports import Orders

_DAYS_BACK = 400
_DAYS = 31
"""Days looked through for one answer: a day costs eight queries, whether there was an order on it or not."""
_SPARSE = 14
"""Days without a full page after which the shop may have few orders: then one read tells where all of them are."""
_EMPTY = 2
"""Days in a row without any order, after which the same is assumed."""


@service
class OrderList:
    orders: Orders
    clock: Clock

    def __call__(
        self,
        limit: int,
        after: Mapping[str, str] | None = None,
        status: Status | None = None,
        filters: Filters | None = None,
    ) -> Page[Order]:
        """Newest first, back to 400 days ago; damaged orders of any status count for the limit. A page is full unless
        the list ends, or the work for one answer ends before, because what is wanted is rare in a shop of many
        orders."""
        asked = filters or Filters(status=status)
        filling = Filling(limit, None if asked == Filters() else asked.wanted, shows_damaged=True)
        place = {name: after[name] for name in ("createdAt", "orderId")} if after and "orderId" in after else None
        if place is None and asked.until:
            place = {"createdAt": asked.until, "orderId": ""}
        if asked.status in UNDER_WAY:
            return with_day(filled(filling, self.orders.newest_open, place))
        today = date.fromisoformat(self.clock.now()[:10])
        oldest = today - timedelta(days=_DAYS_BACK)
        if asked.since:
            oldest = max(oldest, date.fromisoformat(asked.since[:10]))
        if after:
            today = date.fromisoformat(after["day"])
        elif asked.until:
            today = min(today, date.fromisoformat(asked.until[:10]))
        return self._by_days(filling, today, place, oldest)

    def _by_days(self, filling: Filling, day: date, place: Mapping[str, str] | None, oldest: date) -> Page[Order]:
        days = empty = 0
        asked = False
        while day >= oldest:
            page = self.orders.by_day(day.isoformat(), filling.size, place)
            filling.take(page)
            if filling.done:
                return with_day(filling.page(ended=False))
            place = page.next
            if place:
                continue
            empty = 0 if page.places else empty + 1
            days, day = days + 1, day - timedelta(days=1)
            if not asked and (empty >= _EMPTY or days >= _SPARSE):
                asked = True
                rest = self.orders.positions_between(_begin(oldest), _begin(day + timedelta(days=1)))
                if rest is not None:
                    return self._from(filling, rest)
            if days >= _DAYS:
                return replace(filling.page(ended=True), next={"day": day.isoformat()})
        return filling.page(ended=True)

    def _from(self, filling: Filling, rest: list[ListPosition]) -> Page[Order]:
        while rest and not filling.done:
            some, rest = rest[: filling.size], rest[filling.size :]
            page = self.orders.at(some)
            filling.take(replace(page, next=position_after(some[-1]) if rest else None))
        return with_day(filling.page(ended=not rest))


def _begin(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def with_day(page: Page[Order]) -> Page[Order]:
    """With the day in its position, as cursors of this list have it."""
    return replace(page, next={"day": page.next["createdAt"][:10], **page.next} if page.next else None)
