"""Counters in memory: what is put with a version that is not the stored one any more is refused."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from chalicelib.reporting.counts import Counts, added
from chalicelib.reporting.ports import CounterKey, CounterPage, Sums


class FakeCounterPages:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.pages: dict[CounterKey, CounterPage] = {}
        self.stored_sums: dict[str, Sums] = {}

    def get(self, place: CounterKey) -> CounterPage:
        return self.pages.get(place, CounterPage())

    def put(self, place: CounterKey, page: CounterPage, version: int) -> bool:
        with self._lock:
            if self.get(place).version != version:
                return False
            self.pages[place] = page
            return True

    def of_hour(self, hour: str) -> dict[CounterKey, CounterPage]:
        return {place: page for place, page in self.pages.items() if place.hour == hour}

    def sums(self, hour: str) -> Sums | None:
        return self.stored_sums.get(hour)

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        with self._lock:
            before = self.stored_sums.get(hour)
            if before is None or before.version < version:
                self.stored_sums[hour] = Sums(added(quarters), tuple(quarters), version)
