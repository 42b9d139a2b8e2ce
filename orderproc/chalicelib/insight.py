"""The services that look at the orders: counting, publishing, feedback links, the chatbot. `bootstrap.Services` has
them beside those of the orders themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import config
from .observability import log

if TYPE_CHECKING:
    from .services.metrics_report import MetricsReport
    from .services.publish_metrics import PublishMetrics


class InsightServices:
    """Each is made on first use."""

    settings: config.Settings
    _a: Any

    def count_orders(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Records of the orders table's stream."""

    @cached_property
    def publish_metrics(self) -> PublishMetrics:
        import secrets

        from .services.missing_orders import MissingOrders
        from .services.publish_metrics import PublishMetrics

        a, settings = self._a, self.settings
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
            timedelta(seconds=2 * settings.give_up_after),
        )

    @cached_property
    def shop_zone(self) -> tzinfo:
        return zone_of(self.settings.shop_time_zone)

    @cached_property
    def metrics_report(self) -> MetricsReport:
        from .services.metrics_report import MetricsReport

        return MetricsReport(self._a.counters, self._a.clock)

    def hourly_metrics(self) -> None:
        """Each hour."""


def zone_of(name: str) -> tzinfo:
    """The time zone of that name (`Europe/Amsterdam`). Raises ConfigurationError if there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # reads files of tzdata: only where it is needed

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise config.ConfigurationError(f"SHOP_TIME_ZONE is {name!r}, but there is no such time zone.") from error
