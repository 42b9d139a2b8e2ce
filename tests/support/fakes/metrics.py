"""Counters, open orders and CloudWatch in memory."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.kit.page import Page
from chalicelib.orders.model import Order
from chalicelib.reporting.counts import Counts, added
from chalicelib.reporting.hours import months_between
from chalicelib.reporting.ports import Gauges, LivePart, Progress

from tests.support.fakes.orders import FakeOrders


class FakeCounters:
    """`reads` counts the Query calls that the real one would make, by what is read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.parts: dict[tuple[str, int, int], LivePart] = {}
        self.sums: dict[str, tuple[int, tuple[Counts, ...]]] = {}
        self.stood: dict[str, Gauges] = {}
        self.reached: Progress | None = None
        self.reads: Counter[str] = Counter()

    def count(self, hour: str, counts: Counts, quarter: int = 0, shard: int = 0) -> None:
        """As the counting does it."""
        with self._lock:
            key = (hour, quarter, shard)
            before = self.parts.get(key, LivePart(quarter, {}, 0))
            self.parts[key] = LivePart(quarter, added([before.counts, counts]), before.version + 1)

    def live(self, hour: str) -> list[LivePart]:
        self.reads[hour] += 1
        return [part for (of, _, _), part in sorted(self.parts.items()) if of == hour]

    def hours(self, first: str, last: str) -> Iterator[tuple[str, Counts]]:
        return ((hour, added(self.sums[hour][1])) for hour in self._between(self.sums, "hours", first, last))

    def quarters(self, first: str, last: str) -> Iterator[tuple[str, Sequence[Counts]]]:
        return ((hour, self.sums[hour][1]) for hour in self._between(self.sums, "quarters", first, last))

    def gauges(self, first: str, last: str) -> Iterator[tuple[str, Gauges]]:
        return ((hour, self.stood[hour]) for hour in self._between(self.stood, "gauges", first, last))

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        with self._lock:
            if hour not in self.sums or self.sums[hour][0] < version:
                self.sums[hour] = version, tuple(quarters)

    def progress(self) -> Progress | None:
        self.reads["progress"] += 1
        return self.reached

    def save(self, progress: Progress, before: Progress | None) -> bool:
        with self._lock:
            if (self.reached and self.reached.run) != (before and before.run):
                return bool(self.reached and self.reached.run == progress.run)
            self.reached = progress
            return True

    def _between(self, items: Mapping[str, Any], kind: str, first: str, last: str) -> Iterator[str]:
        for month in months_between(first, last):
            self.reads[f"{kind}#{month}"] += 1
            yield from sorted(hour for hour in items if first <= hour <= last and hour[:7] == month)


class FakeOpenOrders:
    def __init__(self, orders: FakeOrders) -> None:
        self._store = orders._store

    def oldest(self, created_before: str) -> Page[Order]:
        found = {key: o for key, o in self._store.orders.items() if o.open and o.created_at < created_before}
        return self._store.page(sorted(found.values(), key=lambda o: o.created_at)[:200], None)


class FakePublishedMetrics:
    """`told` are the calls that arrived."""

    def __init__(self) -> None:
        self.told: list[dict[str, int | Decimal]] = []
        self.trouble: Exception | None = None

    def publish(self, values: Mapping[str, int | Decimal]) -> None:
        if self.trouble:
            raise self.trouble
        self.told.append(dict(values))

    def sum_of(self, name: str) -> int | Decimal:
        return sum(values[name] for values in self.told)
