"""Counters made again from the orders and their archive: to see whether what was counted is right, and to put it right.

What a day's counters must say are the facts of that day, of the orders in the table and in the archive
(`metric_evidence`), and those that they counted already: a fact that was counted is never taken away because nothing
else knows of it any more. What is taken away is a count that no fact stands behind, and the second of two counts.

Counting may go on meanwhile, for each counter is replaced on condition of the version it was read with: whatever is
counted after that makes our write fail, so that the day is looked at anew. And with the counts the digests of all facts
in them are written, so that a fact whose record comes later is known and not counted again.

The stream keeps its records for 24 hours, and counting may be behind by as much. So only hours that ended SETTLED_AFTER
ago are looked at, and none so old that its counters may have expired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..kit.clock import from_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.ports import Clock
from ..kit.wiring import service
from ..orders.ports import Orders
from .archive import OrderArchive
from .count_orders import digest
from .counter_ports import KEPT_DAYS, CounterKey, CounterPage, CounterPages, Sums
from .counts import Counts, Number, added
from .evidence import Evidence
from .facts import Fact
from .hour_sums import quarters_of
from .page_layout import paginate

SETTLED_AFTER = timedelta(hours=25)
_TURNS = 5


@dataclass(frozen=True)
class Difference:
    """One name of an hour that is not as it must be: as `counted`, as `summed` up, and as `expected`."""

    hour: str
    name: str
    counted: Number
    summed: Number
    expected: Number


@dataclass(frozen=True)
class DayReport:
    """What was found, or repaired, on a day (UTC)."""

    day: str
    hours: int
    """That were looked at."""
    facts: int
    differences: tuple[Difference, ...]
    unproven: tuple[str, ...] = ()
    """Hours that count something which no order and no archive knows of. It stays."""


@dataclass(frozen=True)
class _Hour:
    """An hour as it was found, and what its counters must say."""

    hour: str
    found: Mapping[CounterKey, CounterPage]
    sums: Sums | None
    expected: Mapping[CounterKey, CounterPage]
    unproven: bool

    @property
    def wrong(self) -> list[CounterKey]:
        """Counters that must be written."""
        places = sorted({*self.found, *self.expected})
        return [place for place in places if _differs(self.found.get(place), self.expected.get(place))]

    @property
    def sums_are_wrong(self) -> bool:
        quarters = quarters_of(self.expected)
        if self.sums is None:
            return any(quarters)
        return self.sums.counts != added(quarters) or list(self.sums.quarters) != quarters

    @property
    def is_lost(self) -> bool:
        """Whether only sums are left, and they hold more than is known: then they are the best there is."""
        if self.found or self.sums is None:
            return False
        total = added(counter_page.counts for counter_page in self.expected.values())
        return any(number > total.get(name, 0) for name, number in self.sums.counts.items())


@service
class RebuildMetrics:
    counter_pages: CounterPages
    archive: OrderArchive
    orders: Orders
    sum_up: Callable[[str], object]
    clock: Clock

    def check(self, first: str, last: str) -> Iterator[DayReport]:
        """What differs, day by day (`2026-11-01` to `2026-11-20`, both included). Nothing is written. A day without a
        difference is one that `rebuild` leaves as it is."""
        evidence = self._evidence(first)
        for day in days(first, last):
            yield self._looked_at(day, evidence)[0]

    def rebuild(self, first: str, last: str) -> Iterator[DayReport]:
        """What differed, day by day; it is repaired by the time it is told. Doing it again, after a crash too, goes on
        with what is left. Raises TemporarilyUnavailable if counters of settled hours change all the time."""
        evidence = self._evidence(first)
        for day in days(first, last):
            yield self._repaired(day, evidence)

    def _evidence(self, first: str) -> Evidence:
        return Evidence(self.orders, self.archive, first)

    def _repaired(self, day: str, evidence: Evidence) -> DayReport:
        told: DayReport | None = None
        for _ in range(_TURNS):
            report, hours = self._looked_at(day, evidence)
            told = told or report
            if all(self._replaced(hour) for hour in hours):
                return told
        raise TemporarilyUnavailable(f"The counters of {day} change all the time: try again later.")

    def _looked_at(self, day: str, evidence: Evidence) -> tuple[DayReport, list[_Hour]]:
        found = {hour: (self.counter_pages.of_hour(hour), self.counter_pages.sums(hour)) for hour in self._settled(day)}
        known: dict[str, dict[bytes, Fact]] = {hour: {} for hour in found}
        for fact in evidence.facts_on(day) if found else ():
            if fact.at[:13] in known:
                known[fact.at[:13]][digest(fact)] = fact
        hours = [_hour(hour, counter_pages, sums, known[hour]) for hour, (counter_pages, sums) in found.items()]
        facts = sum(len(counter_page.seen) for hour in hours for counter_page in hour.expected.values())
        differences = tuple(difference for hour in hours for difference in _differences(hour))
        unproven = tuple(hour.hour for hour in hours if hour.unproven)
        return DayReport(day, len(hours), facts, differences, unproven), [hour for hour in hours if not hour.is_lost]

    def _settled(self, day: str) -> list[str]:
        now = from_iso(self.clock.now())
        since, until = now - timedelta(days=KEPT_DAYS - 1), now - SETTLED_AFTER - timedelta(hours=1)
        hours = (f"{day}T{hour:02d}" for hour in range(24))
        return [hour for hour in hours if since <= from_iso(f"{hour}:00:00.000Z") <= until]

    def _replaced(self, hour: _Hour) -> bool:
        """Write what differs. False if any of it changed since it was read."""
        newest = hour.sums.version if hour.sums else 0
        wrong, sums_are_wrong = hour.wrong, hour.sums_are_wrong
        if not wrong and sums_are_wrong:
            wrong = sorted(hour.found)[:1]  # so that the sums have a version to be newer by
        for place in wrong:
            was, now = hour.found.get(place, CounterPage()), hour.expected.get(place, CounterPage())
            version = max(was.version, newest) + 1
            if not self.counter_pages.put(place, replace(now, version=version), was.version):
                return False
        if wrong or sums_are_wrong:
            self.sum_up(hour.hour)
        return True


def days(first: str, last: str) -> Iterator[str]:
    """From one to the other, both included."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)


def _hour(hour: str, found: Mapping[CounterKey, CounterPage], sums: Sums | None, known: Mapping[bytes, Fact]) -> _Hour:
    unknown = any(counter_page.seen - known.keys() for counter_page in found.values())
    made = _Hour(hour, found, sums, paginate(known, found), unknown)
    return replace(made, unproven=True) if made.is_lost else made


def _differs(found: CounterPage | None, expected: CounterPage | None) -> bool:
    found, expected = found or CounterPage(), expected or CounterPage()
    return (found.counts, found.seen, found.full) != (expected.counts, expected.seen, expected.full)


def _differences(hour: _Hour) -> Iterator[Difference]:
    if hour.is_lost or not (hour.wrong or hour.sums_are_wrong):
        return
    summed: Counts = hour.sums.counts if hour.sums else {}
    counted = added(counter_page.counts for counter_page in hour.found.values())
    expected = added(counter_page.counts for counter_page in hour.expected.values())
    named = [(name, counted.get(name, 0), summed.get(name, 0), expected.get(name, 0))
             for name in sorted({*counted, *summed, *expected})]  # fmt: skip
    differing = [Difference(hour.hour, *numbers) for numbers in named if len(set(numbers[1:])) > 1]
    yield from differing or [_unseen_difference(hour)]


def _unseen_difference(hour: _Hour) -> Difference:
    """All counts of the hour are right, but not where they stand in it, or not the facts remembered beside them."""
    before, after = (sum(len(page.seen) for page in pages.values()) for pages in (hour.found, hour.expected))
    return Difference(hour.hour, "(quarters, facts remembered)", before, before, after)
