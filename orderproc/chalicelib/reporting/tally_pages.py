"""On which pages facts stand that are counted anew, beside those that count them as they come.

Counting looks for a fact on all full pages and adds it to the first that is not. So a fact stays on the page that has
it, a full page stays full and gets no others, and what is missing goes where counting would add it: if that happens
meanwhile, one of the two writes fails.

A page may remember a fact that no order and no archive knows of any more. It was counted once, so it stays, with what
it added to the page's counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .count_orders import FULL, by_place, digest, tally_of
from .counter_ports import Place, Tally
from .counts import Counts, added
from .facts import Fact

Known = Mapping[bytes, Fact]
"""Facts by their digests."""


def laid_out(known: Known, found: Mapping[Place, Tally]) -> dict[Place, Tally]:
    """What the pages of an hour must say; all that were found are among them, with nothing in them if need be. Their
    versions mean nothing."""
    holders = _holders(known, found)
    here: dict[Place, list[Fact]] = {place: [] for place in found}
    for key, place in holders.items():
        here[place].append(known[key])
    pages = {place: _kept(tally, known, here[place]) for place, tally in found.items()}
    for place, missing in by_place(fact for key, fact in known.items() if key not in holders).items():
        _add(pages, place, missing)
    return pages


def _holders(known: Known, found: Mapping[Place, Tally]) -> dict[bytes, Place]:
    """The page that each fact stays on. Of two, as after a change of METRIC_SHARDS, it is the one where counting looks
    for the fact."""
    home = {digest(fact): place for place, facts in by_place(known.values()).items() for fact in facts}
    holders: dict[bytes, Place] = {}
    for place in sorted(found):
        for key in found[place].seen & known.keys():
            if key not in holders or (home[key] == place._replace(page=0) != holders[key]._replace(page=0)):
                holders[key] = place
    return holders


def _kept(found: Tally, known: Known, here: Sequence[Fact]) -> Tally:
    unknown = found.seen - known.keys()
    rest = _rest(found, known) if unknown else {}
    right = tally_of(here)
    return Tally(added([rest, right.counts]), unknown | right.seen, full=found.full)


def _rest(found: Tally, known: Known) -> Counts:
    """What the page counts beside the facts that are known."""
    explained = added(dict(known[key].counts) for key in found.seen & known.keys())
    return added([found.counts, {name: -number for name, number in explained.items()}])


def _add(pages: dict[Place, Tally], page: Place, missing: Sequence[Fact]) -> None:
    while missing:
        here = pages.get(page, Tally())
        room = 0 if here.full else max(0, FULL - len(here.seen))
        more, missing = tally_of(missing[:room]), missing[room:]
        seen = here.seen | more.seen
        pages[page] = Tally(added([here.counts, more.counts]), seen, full=here.full or len(seen) >= FULL)
        page = page.next_page()
