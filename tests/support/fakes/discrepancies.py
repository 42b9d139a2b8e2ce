"""What the reconciler and staff's list read, in memory: orders by day, findings, metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.kit.chunks import chunks
from chalicelib.kit.page import ListPosition, Page
from chalicelib.orders.discrepancies import Checkpoint, Finding, Kind
from chalicelib.orders.model import Order

_WEEK = 7 * 24 * 3600
_DAY = 24 * 3600


class FakeOrderDays:
    """The part of FakeOrders that reads by the day of creation."""

    _store: Any
    most_keys = 10_000
    """How many orders one read of the index can tell of."""
    read_at_once = 100
    """Orders in one page of those between two times."""

    def by_day(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        found = sorted((o for o in self._all() if o.created_at[:10] == day), key=_place, reverse=True)
        return self._first(found, limit, after)

    def newest_open(self, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        return self._first(sorted((o for o in self._all() if o.open), key=_place, reverse=True), limit, after)

    def positions_between(self, start: str, end: str) -> list[ListPosition] | None:
        if len(self._all()) > self.most_keys:
            return None
        return sorted((_place(o) for o in self._all() if start <= o.created_at < end), reverse=True)

    def at(self, places: Sequence[ListPosition]) -> Page[Order]:
        there = [self._store.orders[order_id] for _, order_id in places if order_id in self._store.orders]
        whole: Page[Order] = self._store.page(there, None)
        return whole

    def _first(self, found: list[Order], limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        if after:
            found = [o for o in found if _place(o) < (after["createdAt"], after["orderId"])]
        page = found[:limit]
        more = len(found) > limit
        following = {"createdAt": page[-1].created_at, "orderId": page[-1].order_id} if more else None
        whole: Page[Order] = self._store.page(page, following)
        return whole

    def created_between(self, start: str, end: str) -> Iterator[Order]:
        found = {o.order_id: o for o in self._all() if start <= o.created_at < end}
        return iter(sorted(self._store.whole("order", found).values(), key=_place))

    def pages_between(self, start: str, end: str, after: ListPosition | None = None) -> Iterator[Page[Order]]:
        found = sorted((o for o in self._all() if start <= o.created_at < end), key=_place)
        for some in chunks([o for o in found if after is None or _place(o) > after], self.read_at_once):
            yield self._store.page(some, None)

    def _all(self) -> list[Order]:
        return list(self._store.orders.values())


class FakeFindings:
    """`seconds` is the time by which repaired ones disappear."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._until: dict[tuple[Kind, str], float] = {}
        self.found: dict[tuple[Kind, str], Finding] = {}
        self.reached: Checkpoint | None = None

    def all(self) -> Iterator[Finding]:
        now = self._seconds()
        return iter([f for key, f in sorted(self.found.items()) if self._until[key] >= now])

    def put(self, finding: Finding) -> None:
        self.found[finding.key] = finding
        kept = _WEEK if finding.repaired else _DAY if finding.kind is Kind.DAMAGED_ITEM else float("inf")
        self._until[finding.key] = self._seconds() + kept

    def add(self, finding: Finding) -> bool:
        before = self.found.get(finding.key)
        if before and not before.repaired and self._until[finding.key] >= self._seconds():
            return False
        self.put(finding)
        return True

    def remove(self, finding: Finding) -> None:
        self.found.pop(finding.key, None)

    def checkpoint(self) -> Checkpoint | None:
        return self.reached

    def save(self, checkpoint: Checkpoint) -> None:
        if self.reached is None or self.reached.up_to <= checkpoint.up_to:
            self.reached = checkpoint


class FakeMetrics:
    def __init__(self) -> None:
        self.reported: list[Mapping[Kind, int]] = []

    def __call__(self, found: Mapping[Kind, int]) -> None:
        self.reported.append(found)


def _place(order: Order) -> tuple[str, str]:
    return order.created_at, order.order_id
