"""How long a function may still run, so that it stops by itself before Lambda stops it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

_FOR_THE_END = 1 / 6
"""Of the function's time: kept for deleting, hiding and logging."""
_FOR_A_RECORD = 1 / 4
"""Of the function's time, at least: what one record may take. Of a minute that is 15 s, in which a client that meets a
silent service gives up (kit/aws.py: three calls of 4 s each, with pauses)."""


class TimeLeft:
    """Of one invocation. An event without a context (as tests make them) has no end."""

    def __init__(self, event: Any) -> None:
        self._asked = getattr(getattr(event, "context", None), "get_remaining_time_in_millis", None)
        whole = self._asked() / 1000 if self._asked else inf
        # The local cloud's context says the same however late it is.
        self._ends = time.monotonic() + whole
        self._reserve = whole * _FOR_THE_END if self._asked else 0
        self._slowest = whole * _FOR_A_RECORD if self._asked else 0

    def seconds(self) -> float:
        """Until Lambda stops this process."""
        mine = self._ends - time.monotonic()
        return min(mine, self._asked() / 1000) if self._asked else mine

    def for_work(self) -> float:
        """Seconds that a record may use."""
        return max(0.0, self.seconds() - self._reserve)

    def is_enough(self, times: int = 1) -> bool:
        """Whether a record can be begun that takes so many times as long as the slowest so far."""
        return self.for_work() >= times * self._slowest

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around the work on one record."""
        began = self.seconds()
        try:
            yield
        finally:
            if self._asked:
                self._slowest = max(self._slowest, began - self.seconds())
