"""The services around the orders: queues, events, files, parcels, dead letters, inspection. `bootstrap.Services` has
these and those of the orders themselves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from .batch import Queue

if TYPE_CHECKING:
    from . import config
    from .services.event_steps import EventSteps


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

    @cached_property
    def event_steps(self) -> EventSteps:
        from functools import partial

        from .inbound.order_created import announced_order
        from .observability import log
        from .services.event_steps import EventSteps

        a, orders, settings = self._a, self._of_orders, self.settings
        read = partial(announced_order, owner=settings.outside_owner, default_currency=settings.default_currency)
        return EventSteps(
            a.orders,
            a.catalogue,
            orders.order_steps,
            orders.settlement,
            lambda event, correlation_id: read(event, correlation_id=correlation_id),
            a.clock,
            log,
        )

    @property
    def _of_orders(self) -> Any:
        """The services of the orders themselves, which `bootstrap.Services` adds to these."""
        return self

    def _queue(self, url: str) -> Queue:
        return Queue(self._a.sqs, url, self.settings.retry_base)
