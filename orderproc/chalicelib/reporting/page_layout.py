"""On which pages facts stand that are counted anew, beside those that count them as they come.

Counting looks for a fact on all full pages and adds it to the first that is not. So a fact stays on the page that has
it, a full page stays full and gets no others, and what is missing goes where counting would add it: if that happens
meanwhile, one of the two writes fails.

A page may remember a fact that no order and no archive knows of any more. It was counted once, so it stays, with what
it added to the page's counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .count_orders import FULL, by_key, digest, tally_of
from .counter_ports import CounterKey, CounterPage
from .counts import Counts, added
from .facts import Fact

Known = Mapping[bytes, Fact]
"""Facts by their digests."""


def paginate(known: Known, found: Mapping[CounterKey, CounterPage]) -> dict[CounterKey, CounterPage]:
    """What the pages of an hour must say; all that were found are among them, with nothing in them if need be. Their
    versions mean nothing."""
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
    right = tally_of(here)
    return CounterPage(added([rest, right.counts]), unknown | right.seen, full=found.full)


def _rest(found: CounterPage, known: Known) -> Counts:
    """What the page counts beside the facts that are known."""
    explained = added(dict(known[key].counts) for key in found.seen & known.keys())
    return added([found.counts, {name: -number for name, number in explained.items()}])


def _add(pages: dict[CounterKey, CounterPage], page: CounterKey, missing: Sequence[Fact]) -> None:
    while missing:
        here = pages.get(page, CounterPage())
        room = 0 if here.full else max(0, FULL - len(here.seen))
        more, missing = tally_of(missing[:room]), missing[room:]
        seen = here.seen | more.seen
        pages[page] = CounterPage(added([here.counts, more.counts]), seen, full=here.full or len(seen) >= FULL)
        page = page.next_page()
