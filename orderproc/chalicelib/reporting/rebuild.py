"""Counters made again from the orders and their archive: to see whether what was counted is right, and to repair it.

What a day's counters must say are the facts of that day, of the orders in the table and in the archive
(`Evidence`), and those that they counted already: a fact that was counted is never removed because nothing else knows
of it any more. What is removed is a count without a fact, and the second of two counts.

Counting may go on meanwhile, for each counter is replaced on condition of the version it was read with: what is
counted after that makes our write fail, so that the day is looked at anew. And with the counts the digests of all facts
in them are written, so that a fact whose record comes later is known and not counted again.

Counting looks for a fact on all full pages and adds it to the first that is not. So a fact stays on the page that has
it, a full page stays full and gets no others, and what is missing goes where counting would add it: if that happens
meanwhile, one of the two writes fails.

The stream keeps its records for 24 hours, and counting may be behind by as much. So only hours that ended FINAL_AFTER
ago are looked at, and none so old that its counters may have expired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from ..kit.clock import from_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.ports import Clock
from ..kit.wiring import dataclass, service
from ..orders.model import Order
from ..orders.ports import Orders
from .archive import OrderArchive
from .count_orders import FULL, by_key, counted, digest, quarters_of, sum_up
from .counts import Counts, Number, added
from .facts import Fact, facts_of
from .hours import start_of
from .ports import KEPT_DAYS, CounterKey, CounterPage, CounterPages, Sums

Known = Mapping[bytes, Fact]
"""Facts by their digests."""
FINAL_AFTER = timedelta(hours=25)
LOOK_BACK = timedelta(days=31)
"""How long before a day orders were placed that something may have happened to on it. Older ones are looked at only if
they are open; what happened to the others was counted, and archived, or it stays uncounted."""
_TURNS = 5


class Evidence:
    """What is known of the facts of days, other than by the counters. The days are asked for in their order, `first`
    being the first, and each order is read once.

    The table has every order that still exists, also one whose last change was never counted and so never archived; it
    is read by the index of days, never scanned. The archive has what happened to orders that were deleted since, or
    that were placed too long before."""

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
    """At least the pages that were found."""
    has_unknown: bool

    def was(self, place: CounterKey) -> CounterPage:
        return self.found.get(place, CounterPage())

    @property
    def wrong(self) -> list[CounterKey]:
        """Counters that must be written, at any version."""
        expected = {place: replace(self.expected[place], version=0) for place in sorted(self.expected)}
        return [place for place, page in expected.items() if page != replace(self.was(place), version=0)]

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
        total = _total(self.expected)
        return any(number > total.get(name, 0) for name, number in self.sums.counts.items())


@service
class RebuildMetrics:
    counter_pages: CounterPages
    archive: OrderArchive
    orders: Orders
    clock: Clock

    def check(self, first: str, last: str) -> Iterator[DayReport]:
        """What differs, day by day (`2026-11-01` to `2026-11-20`, both included). Nothing is written. A day without a
        difference is one that `rebuild` leaves as it is."""
        evidence = Evidence(self.orders, self.archive, first)
        return (self._looked_at(day, evidence)[0] for day in days(first, last))

    def rebuild(self, first: str, last: str) -> Iterator[DayReport]:
        """What differed, day by day; it is repaired by then. Doing it again, after a crash too, goes on with what is
        left. Raises TemporarilyUnavailable if counters of finished hours change all the time."""
        evidence = Evidence(self.orders, self.archive, first)
        return (self._repaired(day, evidence) for day in days(first, last))

    def _repaired(self, day: str, evidence: Evidence) -> DayReport:
        first: DayReport | None = None
        for _ in range(_TURNS):
            report, hours = self._looked_at(day, evidence)
            first = first or report
            if all(self._replaced(hour) for hour in hours):
                return first
        raise TemporarilyUnavailable(f"The counters of {day} change all the time: try again later.")

    def _looked_at(self, day: str, evidence: Evidence) -> tuple[DayReport, list[_Hour]]:
        found = {
            hour: (self.counter_pages.of_hour(hour), self.counter_pages.sums(hour)) for hour in self._finished(day)
        }
        known: dict[str, dict[bytes, Fact]] = {hour: {} for hour in found}
        for fact in evidence.facts_on(day) if found else ():
            if fact.at[:13] in known:
                known[fact.at[:13]][digest(fact)] = fact
        hours = [_hour(hour, pages, sums, known[hour]) for hour, (pages, sums) in found.items()]
        facts = sum(len(page.seen) for hour in hours for page in hour.expected.values())
        differences = tuple(difference for hour in hours for difference in _differences(hour))
        unproven = tuple(hour.hour for hour in hours if hour.has_unknown or hour.is_lost)
        return DayReport(day, len(hours), facts, differences, unproven), [hour for hour in hours if not hour.is_lost]

    def _finished(self, day: str) -> list[str]:
        now = from_iso(self.clock.now())
        since, until = now - timedelta(days=KEPT_DAYS - 1), now - FINAL_AFTER - timedelta(hours=1)
        hours = (f"{day}T{hour:02d}" for hour in range(24))
        return [hour for hour in hours if since <= start_of(hour) <= until]

    def _replaced(self, hour: _Hour) -> bool:
        """Write what differs. False if any of it changed since it was read."""
        newest = hour.sums.version if hour.sums else 0
        wrong, sums_are_wrong = hour.wrong, hour.sums_are_wrong
        if not wrong and sums_are_wrong:
            wrong = sorted(hour.found)[:1]  # so that the sums have a version to be newer by
        for place in wrong:
            version = hour.was(place).version
            now = replace(hour.expected[place], version=max(version, newest) + 1)
            if not self.counter_pages.put(place, now, version):
                return False
        if wrong or sums_are_wrong:
            sum_up(self.counter_pages, hour.hour)
        return True


def days(first: str, last: str) -> Iterator[str]:
    """From one to the other, both included."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return ((start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1))


def _hour(hour: str, found: Mapping[CounterKey, CounterPage], sums: Sums | None, known: Known) -> _Hour:
    has_unknown = any(page.seen - known.keys() for page in found.values())
    return _Hour(hour, found, sums, paginate(known, found), has_unknown)


def _total(pages: Mapping[CounterKey, CounterPage]) -> Counts:
    return added(page.counts for page in pages.values())


def _differences(hour: _Hour) -> Iterator[Difference]:
    if hour.is_lost or not (hour.wrong or hour.sums_are_wrong):
        return
    whole = _total(hour.found), hour.sums.counts if hour.sums else {}, _total(hour.expected)
    named = {name: [counts.get(name, 0) for counts in whole] for name in sorted({*whole[0], *whole[1], *whole[2]})}
    differing = [Difference(hour.hour, name, *numbers) for name, numbers in named.items() if len(set(numbers)) > 1]
    yield from differing or [_unseen_difference(hour)]


def _unseen_difference(hour: _Hour) -> Difference:
    """All counts of the hour are right, but on another page than they must be, or not the facts remembered beside
    them."""
    before, after = (sum(len(page.seen) for page in pages.values()) for pages in (hour.found, hour.expected))
    return Difference(hour.hour, "(quarters, facts remembered)", before, before, after)


def paginate(known: Known, found: Mapping[CounterKey, CounterPage]) -> dict[CounterKey, CounterPage]:
    """What the pages of an hour must say; all that were found are among them, with nothing in them if need be. Their
    versions mean nothing. A page may remember a fact that no order and no archive knows of any more: it was counted
    once, so it stays, with what it added to the page's counts."""
    holders = _holders(known, found)
    here: dict[CounterKey, list[Fact]] = {place: [] for place in found}
    for key, place in holders.items():
        here[place].append(known[key])
    pages = {place: _kept(counter_page, known, here[place]) for place, counter_page in found.items()}
    for place, missing in by_key(fact for key, fact in known.items() if key not in holders).items():
        _add(pages, place, missing)
    return pages


def _holders(known: Known, found: Mapping[CounterKey, CounterPage]) -> dict[bytes, CounterKey]:
    """The page that each fact stays on. Of two, as after a change of METRIC_SHARDS, it is the one where counting looks
    for the fact."""
    home = {digest(fact): place for place, facts in by_key(known.values()).items() for fact in facts}
    holders: dict[bytes, CounterKey] = {}
    for place in sorted(found):
        for key in found[place].seen & known.keys():
            if key not in holders or (home[key] == place._replace(page=0) != holders[key]._replace(page=0)):
                holders[key] = place
    return holders


def _kept(found: CounterPage, known: Known, here: Sequence[Fact]) -> CounterPage:
    unknown = found.seen - known.keys()
    rest = _rest(found, known) if unknown else {}
    right = counted(here)
    return CounterPage(added([rest, right.counts]), unknown | right.seen, full=found.full)


def _rest(found: CounterPage, known: Known) -> Counts:
    """What the page counts beside the facts that are known."""
    explained = added(dict(known[key].counts) for key in found.seen & known.keys())
    return added([found.counts, {name: -number for name, number in explained.items()}])


def _add(pages: dict[CounterKey, CounterPage], page: CounterKey, missing: Sequence[Fact]) -> None:
    while missing:
        here = pages.get(page, CounterPage())
        room = 0 if here.full else max(0, FULL - len(here.seen))
        more, missing = counted(missing[:room]), missing[room:]
        seen = here.seen | more.seen
        pages[page] = CounterPage(added([here.counts, more.counts]), seen, full=here.full or len(seen) >= FULL)
        page = page.next_page()


def _midnight(day: date) -> str:
    return f"{day}T00:00:00.000Z"
