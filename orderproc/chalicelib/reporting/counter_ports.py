"""What counting needs of the outside world: counters that remember what they counted, and the archive of what became
of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..kit.wiring import Protocol
from ..orders.model import Order
from .counts import Counts

KEPT_DAYS = 400
"""How long counters remember what they counted: 24 bytes an order, some 0.2 USD a month for a million orders a month.
So an hour can be added up anew at any time, and a refund that comes weeks later counts once, too. Sums stay."""


class CounterKey(NamedTuple):
    """Where facts are counted: the hour (UTC, `2026-11-21T14`), its quarter (0 to 3), and the orders' shard; of that
    the first `page` that is not full."""

    hour: str
    quarter: int
    shard: int
    page: int = 0

    def next_page(self) -> CounterKey:
        return self._replace(page=self.page + 1)


@dataclass(frozen=True)
class CounterPage:
    """What was counted at one place, and digests of the facts that were. `version` 0 means that nothing ever was.

    Once it is `full` it stays so, and no fact is added to it: what it has not seen is on a later page."""

    counts: Counts = field(default_factory=dict)
    seen: frozenset[bytes] = frozenset()
    version: int = 0
    full: bool = False


@dataclass(frozen=True)
class Sums:
    """What an hour and each of its quarters add up to; `version` grows with that of the counters they are made of."""

    counts: Counts
    quarters: tuple[Counts, ...]
    version: int


class CounterPages(Protocol):
    def get(self, place: CounterKey) -> CounterPage:
        """As last written (strongly consistent); an empty one where there is none."""

    def put(self, place: CounterKey, counter_page: CounterPage, version: int) -> bool:
        """Replace the one of `version` (0: none) by this, whose own version is higher. False, and nothing written, if
        it is not of `version` any more: another was faster, or this very write was made and its reply lost."""

    def of_hour(self, hour: str) -> dict[CounterKey, CounterPage]:
        """All of the hour, as last written."""

    def sums(self, hour: str) -> Sums | None:
        """As last stored, or None if the hour was never added up."""

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        """Replace the hour's sums, unless they are of this version or a later one."""


@dataclass(frozen=True)
class Change:
    """A change of an order as the stream tells it: `before` is None for a new order."""

    before: Order | None
    after: Order


@dataclass(frozen=True)
class UnreadableRecord:
    """A record of the stream that is no order of ours, and where it stands there. What is not known is empty."""

    order_id: str
    sequence_number: str
    changed_at: str
    error: Exception


Record = Mapping[str, Any]
