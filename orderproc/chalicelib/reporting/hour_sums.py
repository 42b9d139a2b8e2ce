"""What an hour adds up to, made from its counters."""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.wiring import service
from .counter_ports import Place, Tallies, Tally
from .counts import Counts, added


@service
class SumUpHour:
    tallies: Tallies

    def __call__(self, hour: str) -> None:
        """Store the sums of the hour's counters, unless somebody stored those of newer ones. Again is harmless."""
        found = self.tallies.of_hour(hour)
        if found:
            self.tallies.put_sums(hour, quarters_of(found), sum(tally.version for tally in found.values()))


def quarters_of(found: Mapping[Place, Tally]) -> list[Counts]:
    """What each of the four quarters adds up to."""
    return [added(tally.counts for place, tally in found.items() if place.quarter == n) for n in range(4)]
