"""The services around the orders: queues, events, files, parcels, dead letters, inspection. `bootstrap.Services` has
these and those of the orders themselves."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from .batch import Queue
from .observability import log

if TYPE_CHECKING:
    from . import config
    from .bootstrap import Services
    from .services.inspection import Inspection
    from .services.order_list import OrderList
    from .services.ports import Findings
    from .services.retry import RetryOrder


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
    def order_list(self) -> OrderList:
        from .services.order_list import OrderList

        return OrderList(self._a.orders, self._a.clock)

    @cached_property
    def retry_order(self) -> RetryOrder:
        from .services.retry import RetryOrder

        return RetryOrder(self._a.orders, self._whole.settlement, self._a.hand_over, log)

    @cached_property
    def inspection(self) -> Inspection:
        from .services.inspection import Inspection
        from .services.order_inspection import OrderInspection
        from .services.stock_inspection import StockInspection

        a, give_up_after = self._a, timedelta(seconds=self.settings.give_up_after)
        return Inspection(
            a.orders,
            OrderInspection(a.orders, a.ledger, a.documents, self._whole.receipts),
            StockInspection(a.orders, a.catalogue, getattr(a, "pause", time.sleep)),
            a.findings,
            a.clock,
            log,
            a.metrics.contradictions,
            stuck_after=2 * give_up_after,
            look_after=give_up_after + timedelta(seconds=self.settings.inspection_margin),
        )

    @property
    def findings(self) -> Findings:
        """What the inspector found, to be read."""
        found: Findings = self._a.findings
        return found

    @property
    def _whole(self) -> Services:
        return cast("Services", self)

    def _queue(self, url: str) -> Queue:
        return Queue(self._a.sqs, url, self.settings.retry_base)
