"""Counters made again from the archive: to see whether what was counted is right, and to put it right.

What a day's counters must say are the facts of that day in its archive (`order_archive`) and of the orders that are
still open. Counting may go on meanwhile, for each counter is replaced on condition of the version it was read with,
and the archive is read after it: whatever was counted by then had been archived before, and whoever counts afterwards
makes our write fail, so that the day is looked at anew. And with the counts the digests of all facts in them are
written, so that a fact whose record comes later is known and not counted again.

What the archive may not show yet must not be touched. A sale is in it once it has its receipt, which the inspector
mends within hours; the stream keeps its records for 24. So only hours that ended SETTLED_AFTER ago are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..domain.clock import from_iso
from ..domain.counts import Counts, Number, added
from ..domain.errors import TemporarilyUnavailable
from ..domain.facts import Fact, facts_of
from .counter_ports import Place, Sums, Tallies, Tally
from .hour_sums import quarters_of
from .order_archive import OrderArchive
from .ports import Clock, Orders
from .tally_pages import laid_out

SETTLED_AFTER = timedelta(hours=25)
_TURNS = 5

Expected = dict[str, dict[Place, Tally]]
"""What the counters must say, by hour."""


@dataclass(frozen=True)
class Difference:
    """One name of an hour that is not as it must be: as `counted`, as `summed` up, and as the archive says."""

    hour: str
    name: str
    counted: Number
    summed: Number
    archived: Number


@dataclass(frozen=True)
class DayReport:
    """What was found, or mended, on a day (UTC)."""

    day: str
    hours: int
    """That were looked at."""
    facts: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class _Hour:
    hour: str
    found: Mapping[Place, Tally]
    sums: Sums | None


@dataclass(frozen=True)
class RebuildMetrics:
    tallies: Tallies
    archive: OrderArchive
    orders: Orders
    sum_up: Callable[[str], object]
    clock: Clock

    def check(self, first: str, last: str) -> Iterator[DayReport]:
        """What differs, day by day (`2026-11-01` to `2026-11-20`, both included). Nothing is written."""
        for day in days(first, last):
            yield self._looked_at(day)[0]

    def rebuild(self, first: str, last: str) -> Iterator[DayReport]:
        """What differed, day by day; it is mended by the time it is told. Doing it again, after a crash too, goes on
        with what is left. Raises TemporarilyUnavailable if counters of settled hours change all the time."""
        for day in days(first, last):
            yield self._mended(day)

    def _mended(self, day: str) -> DayReport:
        told: DayReport | None = None
        for _ in range(_TURNS):
            report, hours, expected = self._looked_at(day)
            told = told or report
            if all(self._replaced(hour, expected[hour.hour]) for hour in hours):
                return told
        raise TemporarilyUnavailable(f"The counters of {day} change all the time.")

    def _looked_at(self, day: str) -> tuple[DayReport, list[_Hour], Expected]:
        hours = [_Hour(hour, self.tallies.of_hour(hour), self.tallies.sums(hour)) for hour in self._settled(day)]
        expected = self._expected(day, hours) if hours else {}
        differences = [d for hour in hours for d in _differences(hour, expected[hour.hour])]
        facts = sum(len(tally.seen) for places in expected.values() for tally in places.values())
        return DayReport(day, len(hours), facts, tuple(differences)), hours, expected

    def _settled(self, day: str) -> list[str]:
        until = from_iso(self.clock.now()) - SETTLED_AFTER - timedelta(hours=1)
        hours = (f"{day}T{hour:02d}" for hour in range(24))
        return [hour for hour in hours if from_iso(f"{hour}:00:00.000Z") <= until]

    def _expected(self, day: str, hours: list[_Hour]) -> Expected:
        facts: dict[str, list[Fact]] = {hour.hour: [] for hour in hours}
        for fact in {(f.order_id, f.name): f for f in self._facts(day) if f.at[:13] in facts}.values():
            facts[fact.at[:13]].append(fact)
        return {hour.hour: laid_out(facts[hour.hour], hour.found) for hour in hours}

    def _facts(self, day: str) -> Iterable[Fact]:
        # The open ones first: an order that ends while we read is in one of both, and may be in both.
        for order in self.orders.open_before(_after(day)):
            yield from facts_of(order).values()
        yield from self.archive.facts_on(day)

    def _replaced(self, hour: _Hour, expected: Mapping[Place, Tally]) -> bool:
        """Write what differs. False if any of it changed since it was read."""
        newest = hour.sums.version if hour.sums else 0
        wrong = [place for place in {*hour.found, *expected} if _differs(hour.found.get(place), expected.get(place))]
        if not wrong and not _same_sums(hour, expected):
            wrong = sorted(hour.found)[:1]  # so that the sums have a version to be newer by
        for place in sorted(wrong):
            was, now = hour.found.get(place, Tally()), expected.get(place, Tally())
            version = max(was.version, newest) + 1
            if not self.tallies.put(place, replace(now, version=version), was.version):
                return False
        if wrong or not _same_sums(hour, expected):
            self.sum_up(hour.hour)
        return True


def days(first: str, last: str) -> Iterator[str]:
    """From one to the other, both included."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)


def _after(day: str) -> str:
    return f"{date.fromisoformat(day) + timedelta(days=1)}T00:00:00.000Z"


def _differs(found: Tally | None, expected: Tally | None) -> bool:
    found, expected = found or Tally(), expected or Tally()
    return (found.counts, found.seen, found.full) != (expected.counts, expected.seen, expected.full)


def _same_sums(hour: _Hour, expected: Mapping[Place, Tally]) -> bool:
    quarters = quarters_of(expected)
    if hour.sums is None:
        return not any(quarters)
    return hour.sums.counts == added(quarters) and list(hour.sums.quarters) == quarters


def _differences(hour: _Hour, expected: Mapping[Place, Tally]) -> Iterator[Difference]:
    summed: Counts = hour.sums.counts if hour.sums else {}
    counted = added(tally.counts for tally in hour.found.values())
    archived = added(tally.counts for tally in expected.values())
    for name in sorted({*counted, *summed, *archived}):
        seen = counted.get(name, 0), summed.get(name, 0), archived.get(name, 0)
        if len(set(seen)) > 1:
            yield Difference(hour.hour, name, *seen)
