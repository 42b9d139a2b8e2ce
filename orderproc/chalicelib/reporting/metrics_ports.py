"""What counting and reporting need of the outside world. Hours are texts like `2026-11-21T14`, in UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ..kit.page import Page
from ..kit.wiring import Protocol
from ..orders.model import Order
from .counts import Counts
from .order_drop import Forecast


@dataclass(frozen=True)
class LivePart:
    """One of an hour's counters: those of one shard and one quarter (0 to 3). `version` grows with each change."""

    quarter: int
    counts: Counts
    version: int


@dataclass(frozen=True)
class Gauges:
    """How things stood in an hour. `carts_value` is what lay in abandoned carts, by currency."""

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


class Counters(Protocol):
    """The counters of each hour, and what they add up to once summed up by the hour."""

    def live(self, hour: str) -> list[LivePart]:
        """The hour's counters as they are now (strongly consistent). They are gone 400 days later."""

    def hours(self, first: str, last: str) -> Iterator[tuple[str, Counts]]:
        """The sums of those hours that have any, oldest first, read month by month as they are asked for."""

    def quarters(self, first: str, last: str) -> Iterator[tuple[str, Sequence[Counts]]]:
        """The same by the quarters of each hour."""

    def gauges(self, first: str, last: str) -> Iterator[tuple[str, Gauges]]:
        """The gauges of those hours that have any, oldest first."""

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        """Replace the hour's sums, unless they are of this version of its counters or a later one."""

    def progress(self) -> Progress | None: ...

    def save(self, progress: Progress, before: Progress | None) -> bool:
        """Replace `before`; False, and nothing written, if another run did."""


class OpenOrders(Protocol):
    def oldest(self, created_before: str) -> Page[Order]:
        """The oldest of the open orders created before that time: all of them, unless there are more than can be
        looked at each minute. Eventually consistent."""


class PublishedMetrics(Protocol):
    def publish(self, values: Mapping[str, int | Decimal]) -> None:
        """Once. Raises TemporarilyUnavailable only where it was certainly not done."""
