"""Builds counting, publishing and reporting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..kit.concurrency import few_at_a_time
from ..kit.config import ConfigurationError
from ..kit.observability import log

if TYPE_CHECKING:
    from ..kit.config import Settings
    from ..reporting.archive import OrderArchive
    from ..reporting.count_orders import CountOrders
    from ..reporting.publish import PublishMetrics
    from ..reporting.rebuild import RebuildMetrics
    from ..reporting.report import MetricsReport
    from ..reporting.stream import DeadLetterRecords
    from .adapters import Adapters

_WAITING_FOR_S3 = 16
"""Calls at the same time, as many as pay."""
_COUNTING = 8.0
"""Seconds that counting waits for others at one place: no caller waits for it, and its batch is large."""


class Reporting:
    def __init__(self, settings: Settings, adapters: Adapters) -> None:
        self._settings = settings
        self._a = adapters

    def count_orders(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Records of the orders table's stream. Those that can't be read become dead letters, once all others are
        counted: failing would keep all behind them waiting."""
        from ..reporting.count_orders import require_countable
        from ..reporting.stream import changes_of

        changes, unreadable = changes_of(records, require_countable)
        self._count_orders(changes)
        if unreadable:
            self._dead_letter(unreadable)

    @cached_property
    def _dead_letter(self) -> DeadLetterRecords:
        from ..operations.dead_letter_places import dead_letters_of
        from ..reporting.stream import DeadLetterRecords

        url = dead_letters_of("metrics", self._settings.order_queue_url)
        return DeadLetterRecords(self._a.dead_letter_queues, url, log)

    @cached_property
    def _count_orders(self) -> CountOrders:
        from ..kit.retrying import Backoff
        from ..reporting.count_orders import CountOrders

        a = self._a
        backoff = Backoff(seconds=_COUNTING, pause=a.pause)
        return CountOrders(a.counter_pages, self._archive, a.clock, log, backoff.turns)

    @cached_property
    def _archive(self) -> OrderArchive:
        from ..reporting.archive import OrderArchive

        return OrderArchive(self._a.documents, few_at_a_time(_WAITING_FOR_S3))

    @cached_property
    def rebuild(self) -> RebuildMetrics:
        from ..reporting.rebuild import RebuildMetrics

        a = self._a
        return RebuildMetrics(a.counter_pages, self._archive, a.orders, a.clock)

    @cached_property
    def publish(self) -> PublishMetrics:
        import secrets

        from ..reporting.missing_orders import MissingOrders
        from ..reporting.publish import PublishMetrics

        a, settings = self._a, self._settings
        return PublishMetrics(
            a.counters,
            a.open_orders,
            MissingOrders(a.counters, lambda: self.shop_zone),
            a.published_metrics,
            a.clock,
            log,
            lambda: secrets.token_hex(8),
            settings.default_currency,
            timedelta(seconds=settings.handover_after),
            # Early enough to repair what an order waits for before it is given up.
            timedelta(seconds=settings.give_up_after / 4),
        )

    def publish_hourly(self) -> None:
        """Each hour."""
        from ..reporting.hourly_metrics import HourlyMetrics

        a, settings = self._a, self._settings
        left_after = timedelta(seconds=settings.abandoned_after)
        HourlyMetrics(a.catalogue, a.carts, a.gauges, a.clock, log, settings.low_stock_at, left_after)()

    @cached_property
    def report(self) -> MetricsReport:
        from ..reporting.report import MetricsReport

        return MetricsReport(self._a.counters, self._a.clock)

    @cached_property
    def shop_zone(self) -> tzinfo:
        return zone_of(self._settings.shop_time_zone)


def zone_of(name: str) -> tzinfo:
    """The time zone of that name (`Europe/Amsterdam`). Raises ConfigurationError if there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # reads files of tzdata: only where it is needed

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # `Europe` is a folder
        raise ConfigurationError(f"SHOP_TIME_ZONE is {name!r}, but there is no such time zone.") from error
