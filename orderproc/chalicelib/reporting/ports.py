"""The ports of counting and reporting. Hours are texts like `2026-11-21T14`, in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import NamedTuple

from ..kit.page import Page
from ..kit.wiring import Protocol, dataclass
from ..orders.model import Order
from .counts import Counts
from .order_drop import Forecast

KEPT_DAYS = 400
"""How long counters remember what they counted: 24 bytes an order, some 0.2 USD a month for a million orders a month.
So an hour can be added up anew at any time, and a refund that comes weeks later counts once, too. Sums stay."""
MOST_NAMED = 20
"""Products low in stock that are named; the others are counted only."""


class CounterKey(NamedTuple):
    """Where facts are counted: the hour, its quarter (0 to 3), and the orders' shard; of that the first `page` that is
    not full."""

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
class LivePart:
    """One of an hour's counters, as far as it is reported: its quarter, and a version that grows with each change."""

    quarter: int
    counts: Counts
    version: int


@dataclass(frozen=True)
class Sums:
    """What an hour and each of its quarters add up to; `version` grows with that of the counters they are made of."""

    counts: Counts
    quarters: tuple[Counts, ...]
    version: int


@dataclass(frozen=True)
class Change:
    """A change of an order as the stream has it: `before` is None for a new order."""

    before: Order | None
    after: Order


@dataclass(frozen=True)
class LowStock:
    """How many products are low, and the ids of those with the least to sell."""

    number: int
    products: tuple[str, ...]


@dataclass(frozen=True)
class AbandonedCarts:
    """How many carts were abandoned in an hour, and what was in them at today's prices, by currency."""

    carts: int
    value: Mapping[str, Decimal]


@dataclass(frozen=True)
class Gauges:
    """Both of an hour, as they are reported."""

    low_stock: int
    carts_abandoned: int
    carts_value: Counts = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """What of an hour was published so far, and the version of its counters that said so."""

    version: int
    placed: int
    completed: int
    failed: int
    revenue: Decimal


@dataclass(frozen=True)
class Progress:
    """How far the job came that publishes: its last run (an id of its own) and that one's hour, what it published of
    each hour since a day before, and what to compare with to see whether orders are missing."""

    run: str
    hour: str
    hours: Mapping[str, Published]
    forecast: Forecast | None = None


class StoresSums(Protocol):
    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        """Replace the hour's sums, unless they are of this version of its counters or a later one."""


class CounterPages(StoresSums, Protocol):
    """The counters, for what counts and rebuilds them."""

    def get(self, place: CounterKey) -> CounterPage:
        """As last written (strongly consistent); an empty one where there is none."""

    def put(self, place: CounterKey, counter_page: CounterPage, version: int) -> bool:
        """Replace the one of `version` (0: none) by this, whose own version is higher. False, and nothing written, if
        it is not of `version` any more: another was faster, or this very write was made and its reply lost."""

    def of_hour(self, hour: str) -> dict[CounterKey, CounterPage]:
        """All of the hour, as last written."""

    def sums(self, hour: str) -> Sums | None:
        """As last stored, or None if the hour was never added up."""


class Counters(StoresSums, Protocol):
    """The counters of each hour, and what they add up to, for what publishes and reports them."""

    def live(self, hour: str) -> list[LivePart]:
        """The hour's counters as they are now (strongly consistent). They are gone 400 days later."""

    def hours(self, first: str, last: str) -> Iterator[tuple[str, Counts]]:
        """The sums of those hours that have any, oldest first, read month by month as they are asked for."""

    def quarters(self, first: str, last: str) -> Iterator[tuple[str, Sequence[Counts]]]:
        """The same by the quarters of each hour."""

    def gauges(self, first: str, last: str) -> Iterator[tuple[str, Gauges]]:
        """The gauges of those hours that have any, oldest first."""

    def progress(self) -> Progress | None: ...

    def save(self, progress: Progress, before: Progress | None) -> bool:
        """Replace `before`; False, and nothing written, if another run did."""


class HourlyGauges(Protocol):
    """Written twice it is the same."""

    def put(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        """As it is now."""

    def put_after(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        """As `put` for an hour that is over, but what was low in it stays as it was seen in it, if it was."""

    def complete(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        """As `put_after` for an hour that no run saw whole: one that has fewer carts than these, or nothing at all."""


class OpenOrders(Protocol):
    def oldest(self, created_before: str) -> Page[Order]:
        """The oldest of the open orders created before that time: all of them, unless there are more than can be
        looked at each minute. Eventually consistent."""


class PublishedMetrics(Protocol):
    def publish(self, values: Mapping[str, int | Decimal]) -> None:
        """Once. Raises TemporarilyUnavailable only where it was certainly not done."""
