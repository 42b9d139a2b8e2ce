"""Count what became of orders, each fact exactly once, however often its record comes.

What is counted at one place (an hour's quarter, a shard of the orders) is one item, which remembers beside its counts
a digest of each fact in them. One read and one conditional write per place and batch: a record that comes again finds
its digests, in this batch or a later one, after a crash between two places, after a reply that was lost. Of two
invocations that count at one place one loses, looks again, and adds what is still missing.

How large an item gets: a fact leaves 8 bytes, an order of the workflow `queue` three facts, and the counts come to 1
to 2 KB, most of it times. An item holds 400 KB, which a sale's rush of 40 orders a second fills in a quarter of an
hour, and a write costs by the KB. So an item with FULL digests is full for good, and what it has not seen is counted on
the next page, an item of its own: a batch reads all pages and writes the last. After a quarter of an hour in which
orders come as ever, or five times as fast:

| orders a month | METRIC_SHARDS | orders in a shard | its items | at five times the mean |
|---|---|---|---|---|
| 1,000,000 | 2 | 174 | 6 KB | 22 KB |
| 72,000,000 | 2 | 12,500 | 5 pages of 64 KB | 24 pages |
| 72,000,000 | 16 | 1,560 | 39 KB | 3 pages |

More shards spare reads where there is much to count, and part invocations that count at the same time (one for each
shard of the stream); fewer cost fewer writes where there is little. Beyond some 15,000,000 orders a month raise
METRIC_SHARDS. What was counted stays where it is; only a batch that fails during that very deployment would be counted
again in another shard, which `make metrics ARGS=check` shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from hashlib import blake2b
from zlib import crc32

from ..kit.clock import from_iso, to_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .archive import OrderArchive, archived
from .counts import Number, added, by_quarter
from .facts import Fact, new_facts
from .hours import HOUR, start_of
from .ports import KEPT_DAYS, Change, CounterKey, CounterPage, CounterPages

METRIC_SHARDS = 2
FULL = 8_000
"""Digests. The batch that makes it full may bring some thousand more."""
SUMMED_BY_THE_CLOCK = timedelta(hours=24)
"""Hours younger than that are added up again and again by publish_metrics; older ones by what counts in them."""


@service
class CountOrders:
    counter_pages: CounterPages
    archive: OrderArchive
    clock: Clock
    log: Log
    turns: Callable[[], Iterable[object]]
    """How often, and how far apart, to try to count at a place where others count, too."""

    def __call__(self, changes: Iterable[Change]) -> int:
        """Count what the changes brought; returns how many facts were new.

        Raises TemporarilyUnavailable if others count at a place all the time, and what the stores raise: what was
        counted stays counted, and the same changes again bring the rest."""
        with_news = [change for change in changes if new_facts(change.before, change.after)]
        # What is counted is archived: else counters that are rebuilt would lack it.
        self.archive.keep(with_news)
        grouped = by_key(fact for change in with_news for fact in new_facts(change.before, change.after))
        counted = sum(self._count(place, facts) for place, facts in grouped.items())
        # Also if nothing was new: what counted it may have died before this.
        for hour in sorted({place.hour for place in grouped if self._is_summed_here(place.hour)}):
            sum_up(self.counter_pages, hour)
        if grouped:
            self.log.info("orders_counted", changes=len(with_news), facts=counted, places=len(grouped))
        return counted

    def _count(self, place: CounterKey, facts: list[Fact]) -> int:
        missing = {digest(fact): fact for fact in facts}
        for _ in self.turns():
            known = self.counter_pages.get(place)
            while known.full and (missing := _without(missing, known)):
                place = place.next_page()
                known = self.counter_pages.get(place)
            if not (missing := _without(missing, known)):
                return 0
            if self.counter_pages.put(place, _with(known, missing), known.version):
                return len(missing)
        raise TemporarilyUnavailable(f"Others count at {place} all the time.")

    def _is_summed_here(self, hour: str) -> bool:
        age = from_iso(self.clock.now()) - start_of(hour) - HOUR
        return SUMMED_BY_THE_CLOCK < age < timedelta(days=KEPT_DAYS - 1)


def sum_up(counter_pages: CounterPages, hour: str) -> None:
    """Store the sums of the hour's counters, unless those of newer ones are stored. Again is harmless."""
    if found := counter_pages.of_hour(hour):
        counter_pages.put_sums(hour, quarters_of(found), sum(page.version for page in found.values()))


def quarters_of(found: Mapping[CounterKey, CounterPage]) -> list[dict[str, Number]]:
    return by_quarter((place.quarter, page.counts) for place, page in found.items())


def require_countable(change: Change) -> None:
    """Raises what is wrong with a change that can't be counted or archived: a time that is none, for example. One such
    must not keep its batch, and all behind it, from being counted."""
    facts = new_facts(change.before, change.after)
    for at in {change.after.created_at, *(fact.at for fact in facts)} if facts else ():
        moment = from_iso(at)
        if to_iso(moment) != at:
            raise ValueError(f"{at[:40]!r} is not written as times are")
        moment + timedelta(days=2 * KEPT_DAYS)  # counters remember it as long: OverflowError
    if facts:
        archived(change.after)


def by_key(facts: Iterable[Fact]) -> dict[CounterKey, list[Fact]]:
    """Facts by where they are counted: the first page of it."""
    grouped: dict[CounterKey, list[Fact]] = defaultdict(list)
    for fact in facts:
        shard = crc32(fact.order_id.encode()) % METRIC_SHARDS
        grouped[CounterKey(fact.at[:13], int(fact.at[14:16]) // 15, shard)].append(fact)
    return grouped


def digest(fact: Fact) -> bytes:
    """Tells the fact from all others at its place: by chance two of 50,000 are alike once in ten billion places."""
    return blake2b(f"{fact.order_id}|{fact.name}".encode(), digest_size=8).digest()


def counted(facts: Iterable[Fact]) -> CounterPage:
    """What these facts come to where nothing was counted before, each once."""
    return _with(CounterPage(), {digest(fact): fact for fact in facts})


def _without(facts: dict[bytes, Fact], known: CounterPage) -> dict[bytes, Fact]:
    return {key: fact for key, fact in facts.items() if key not in known.seen}


def _with(known: CounterPage, missing: dict[bytes, Fact]) -> CounterPage:
    counts = added([known.counts, *(dict(fact.counts) for fact in missing.values())])
    seen = known.seen | missing.keys()
    return CounterPage(counts, seen, known.version + 1, len(seen) >= FULL)
