"""Counters in memory: what is put with a version that is not the stored one any more is refused."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from chalicelib.reporting.counter_ports import Place, Sums, Tally
from chalicelib.reporting.counts import Counts, added


class FakeTallies:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.tallies: dict[Place, Tally] = {}
        self.stored_sums: dict[str, Sums] = {}

    def get(self, place: Place) -> Tally:
        return self.tallies.get(place, Tally())

    def put(self, place: Place, tally: Tally, version: int) -> bool:
        with self._lock:
            if self.get(place).version != version:
                return False
            self.tallies[place] = tally
            return True

    def of_hour(self, hour: str) -> dict[Place, Tally]:
        return {place: tally for place, tally in self.tallies.items() if place.hour == hour}

    def sums(self, hour: str) -> Sums | None:
        return self.stored_sums.get(hour)

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        with self._lock:
            before = self.stored_sums.get(hour)
            if before is None or before.version < version:
                self.stored_sums[hour] = Sums(added(quarters), tuple(quarters), version)
