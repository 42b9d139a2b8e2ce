"""Several calls at the same time, where waiting for one after the other would take too long."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Few = Callable[[Callable[[Any], Any], Iterable[Any]], list[Any]]
"""As `map` does, with a few under way at a time. Raises what any of them raised."""


def few_at_a_time(most: int) -> Few:
    """As `map` does, with so many under way. One alone needs no thread."""

    def done(work: Callable[[Any], Any], rows: Iterable[Any]) -> list[Any]:
        wanted = list(rows)
        if len(wanted) < 2:
            return list(map(work, wanted))
        from concurrent.futures import ThreadPoolExecutor  # slow to import, and most need no thread

        with ThreadPoolExecutor(most) as pool:
            return list(pool.map(work, wanted))

    return done
