"""Leases of order numbers, in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from chalicelib.orders.numbers import FIRST


@dataclass
class FakeNumberLeases:
    leased: list[range] = field(default_factory=list)
    _next: int = FIRST
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lease(self, count: int) -> int:
        with self._lock:
            first, self._next = self._next, self._next + count
            self.leased.append(range(first, self._next))
            return first
