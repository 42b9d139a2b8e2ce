"""What an hour adds up to, made from its counters."""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.wiring import service
from .counter_ports import CounterKey, CounterPage, CounterPages
from .counts import Counts, added


@service
class SumUpHour:
    counter_pages: CounterPages

    def __call__(self, hour: str) -> None:
        """Store the sums of the hour's counters, unless somebody stored those of newer ones. Again is harmless."""
        found = self.counter_pages.of_hour(hour)
        if found:
            self.counter_pages.put_sums(hour, quarters_of(found), sum(page.version for page in found.values()))


def quarters_of(found: Mapping[CounterKey, CounterPage]) -> list[Counts]:
    """What each of the four quarters adds up to."""
    return [added(counter_page.counts for place, counter_page in found.items() if place.quarter == n) for n in range(4)]
