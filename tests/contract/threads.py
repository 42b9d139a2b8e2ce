"""Real threads that start together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def concurrently(count: int, act: Callable[[int], T]) -> list[T]:
    """What `act(0)` … `act(count - 1)` returned, each called in a thread of its own, all let go at the same moment.

    Raises what the first of them raised."""
    gate = threading.Barrier(count)

    def waiting(n: int) -> T:
        gate.wait(timeout=30)
        return act(n)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(waiting, range(count)))
