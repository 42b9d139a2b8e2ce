"""On which pages facts stand that are counted anew, beside those that count them as they come.

Whoever counts a fact has looked for it on all full pages and adds it to the first that is not. So a fact stays on the
page that has it, a full page stays full and gets no others, and what is missing goes where they would add it: if one
does so meanwhile, one of the two writes fails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..domain.facts import Fact
from .count_orders import FULL, by_place, digest, tally_of
from .counter_ports import Place, Tally


def laid_out(facts: Iterable[Fact], found: Mapping[Place, Tally]) -> dict[Place, Tally]:
    """What the pages of an hour must say; all that were found are among them, with nothing in them if need be. Their
    versions mean nothing."""
    grouped = by_place(facts)
    shards = {*grouped, *(place._replace(page=0) for place in found)}
    return {place: tally for shard in shards for place, tally in _pages(shard, grouped.get(shard, ()), found)}


def _pages(shard: Place, facts: Sequence[Fact], found: Mapping[Place, Tally]) -> Iterator[tuple[Place, Tally]]:
    missing = {digest(fact): fact for fact in facts}
    pages = sorted(place for place in found if place._replace(page=0) == shard)
    known = {page: [missing.pop(key) for key in found[page].seen if key in missing] for page in pages}
    rest, page = list(missing.values()), shard
    while rest or (pages and page <= pages[-1]):
        here, full = known.get(page, []), page in found and found[page].full
        room = 0 if full else max(0, FULL - len(here))
        tally = tally_of([*here, *rest[:room]])
        yield page, replace(tally, full=full or tally.full)
        rest, page = rest[room:], page.next_page()
