"""Order numbers for people: 6 to 12 digits, unique, roughly rising, with gaps.

A process leases them by the block, so that nearly all orders get theirs without a call. What a process has left when it
ends, and what it leased without hearing of it, is a gap."""

from __future__ import annotations

import threading

from .ports import NumberLeases

FIRST = 100_000
"""The first of all: six digits."""
BLOCK = 100
"""Numbers in a lease: as many orders share its call."""


class OrderNumbers:
    """Safe to be shared by threads."""

    def __init__(self, leases: NumberLeases, block: int = BLOCK) -> None:
        self._leases = leases
        self._block = block
        self._lock = threading.Lock()
        self._left = range(0)

    def __call__(self) -> str:
        """A number that no other order has. Raises what leasing raises."""
        with self._lock:
            if not self._left:
                first = self._leases.lease(self._block)
                self._left = range(first, first + self._block)
            number, self._left = self._left[0], self._left[1:]
            return str(number)
