"""The services that look at the orders: counting, publishing, feedback links, the chatbot. `bootstrap.Services` has
them beside those of the orders themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import config
from .observability import log

if TYPE_CHECKING:
    from .services.feedback_links import FeedbackLinks


class InsightServices:
    """Each is made on first use."""

    settings: config.Settings
    _a: Any

    @cached_property
    def feedback_links(self) -> FeedbackLinks:
        from .services.feedback_links import FeedbackLinks

        return FeedbackLinks(self._a.link_secrets, self._a.clock, self.settings.public_url)

    def count_orders(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Records of the orders table's stream."""

    def publish_metrics(self) -> None:
        """Each minute."""

    def hourly_metrics(self) -> None:
        """Each hour."""
        from datetime import timedelta

        from .services.hourly_metrics import HourlyMetrics

        a, settings = self._a, self.settings
        left_after = timedelta(seconds=settings.abandoned_after)
        HourlyMetrics(a.catalogue, a.carts, a.gauges, a.clock, log, settings.low_stock_at, left_after)()
