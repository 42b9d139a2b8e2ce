"""How the shop did, by the hour or day of people's clocks: read from the sums of each hour, and, for the hours that
those can't know yet, from the counters themselves. A month of sums is one read; nothing reads orders."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import chain

from ..kit.clock import from_iso
from ..kit.ports import Clock
from ..kit.wiring import service
from .counts import Counts, Number, add
from .hours import QUARTER, edges, hour_of, hours_between, later, start_of, whole_hours
from .ports import Counters, Gauges
from .publish import LATE_HOURS, MOST_HOURS

PAGE = 744
"""Buckets in one answer: a month of hours, a megabyte; Lambda answers with six at most."""


@dataclass
class Bucket:
    """What was counted from `start` (UTC) on: `low_stock` as it stood last, carts added up; None if no run looked."""

    start: datetime
    counts: dict[str, Number] = field(default_factory=dict)
    low_stock: int | None = None
    carts_abandoned: int | None = None
    carts_value: dict[str, Number] = field(default_factory=dict)

    def gauge(self, gauges: Gauges) -> None:
        self.low_stock = gauges.low_stock
        self.carts_abandoned = (self.carts_abandoned or 0) + gauges.carts_abandoned
        add(self.carts_value, gauges.carts_value)


@dataclass(frozen=True)
class Report:
    """`buckets` without gaps, oldest first; `end` is where the last ends. `following` is where the next page begins.
    `total` is that of all pages, and on the first of them only."""

    start: datetime
    end: datetime
    buckets: list[Bucket]
    total: Bucket | None
    following: datetime | None


@service
class MetricsReport:
    counters: Counters
    clock: Clock

    def __call__(self, start: datetime, end: datetime, zone: tzinfo, by: str, page: datetime | None = None) -> Report:
        """From the hour or day (`by`) that holds `start` to the one before `end`; `page` is where a page begins."""
        found = edges(start, end, zone, by)
        first = bisect_right(found, page) - 1 if page else 0
        shown = found[max(first, 0) : max(first, 0) + PAGE + 1]
        # The first page has the sum of all, so it reads all; the others what they show.
        until = shown[-1] if page else found[-1]
        buckets = [Bucket(edge) for edge in shown[:-1]]
        total = Bucket(found[0])

        def at(moment: datetime) -> list[Bucket]:
            return [total, buckets[bisect_right(shown, moment) - 1]] if moment < shown[-1] else [total]

        # A bucket begins at a quarter of an hour, and where the zone is whole hours off, on hours.
        for moment, counts in self._counts(shown[0], until, whole=whole_hours(found)):
            for bucket in at(moment):
                add(bucket.counts, counts)
        for moment, gauges in self._gauges(shown[0], until):
            for bucket in at(moment):
                bucket.gauge(gauges)
        following = shown[-1] if shown[-1] < found[-1] else None
        return Report(found[0], found[-1], buckets, None if page else total, following)

    def _counts(self, start: datetime, end: datetime, whole: bool) -> Iterator[tuple[datetime, Counts]]:
        """Counts by the moment from which they are."""
        first, last = hour_of(start), hour_of(end - QUARTER)
        now = hour_of(from_iso(self.clock.now()))
        live = max(first, self._live_since(now, last))
        found = chain(self._summed(first, min(last, later(live, -1)), whole), self._live(live, min(last, now)))
        return ((moment, counts) for moment, counts in found if start <= moment < end)

    def _live(self, first: str, last: str) -> Iterator[tuple[datetime, Counts]]:
        for hour in hours_between(first, last):
            for part in self.counters.live(hour):
                yield start_of(hour) + part.quarter * QUARTER, part.counts

    def _summed(self, first: str, last: str, whole: bool) -> Iterator[tuple[datetime, Counts]]:
        if last < first:
            return
        if whole:
            for hour, counts in self.counters.hours(first, last):
                yield start_of(hour), counts
            return
        for hour, quarters in self.counters.quarters(first, last):
            for n, counts in enumerate(quarters):
                yield start_of(hour) + n * QUARTER, counts

    def _live_since(self, now: str, last: str) -> str:
        """The first hour whose sum may lack something: the one before the last run's, which may have come too early
        for it. If there was no run for more than a week, the sums have to do beyond that."""
        oldest = later(now, -MOST_HOURS)
        progress = self.counters.progress() if last >= oldest else None
        return max(oldest, later(min(progress.hour, now), -1)) if progress else later(now, -LATE_HOURS)

    def _gauges(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, Gauges]]:
        """Gauges are of a whole hour: they belong where it begins."""
        for hour, gauges in self.counters.gauges(hour_of(start), hour_of(end - QUARTER)):
            if start <= start_of(hour) < end:
                yield start_of(hour), gauges
