"""The services around the orders: queues, events, files, parcels, dead letters, inspection. `bootstrap.Services` has
these and those of the orders themselves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from .batch import Queue

if TYPE_CHECKING:
    from . import config


class OfficeServices:
    """Each is made on first use."""

    settings: config.Settings
    _a: Any

    @cached_property
    def order_messages(self) -> Queue:
        return self._queue(self.settings.order_queue_url)

    @cached_property
    def notification_messages(self) -> Queue:
        return self._queue(self.settings.notifications_queue_url)

    @cached_property
    def inventory_messages(self) -> Queue:
        return self._queue(self.settings.inventory_queue_url)

    @cached_property
    def payment_messages(self) -> Queue:
        return self._queue(self.settings.payment_queue_url)

    @cached_property
    def shipping_messages(self) -> Queue:
        return self._queue(self.settings.shipping_queue_url)

    @cached_property
    def import_messages(self) -> Queue:
        return self._queue(self.settings.imports_queue_url)

    def _queue(self, url: str) -> Queue:
        return Queue(self._a.sqs, url, self.settings.retry_base)
