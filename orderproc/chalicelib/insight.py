"""The services that look at the orders: counting, publishing, feedback links, the chatbot. `bootstrap.Services` has
them beside those of the orders themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import config


class InsightServices:
    """Each is made on first use."""

    settings: config.Settings
    _a: Any

    def count_orders(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Records of the orders table's stream."""

    def publish_metrics(self) -> None:
        """Each minute."""

    def hourly_metrics(self) -> None:
        """Each hour."""
