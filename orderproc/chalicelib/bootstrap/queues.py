"""The queues as their consumers need them: how messages are deleted, hidden, counted and given up on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..kit.aws import may_pass
from ..kit.sqs_batch import Queue

if TYPE_CHECKING:
    from ..kit.config import Settings
    from .adapters import Adapters


class Queues:
    def __init__(self, settings: Settings, adapters: Adapters) -> None:
        self._settings = settings
        self._a = adapters

    @property
    def urls(self) -> dict[str, str]:
        """By the names that people use."""
        s = self._settings
        return {
            "orders": s.order_queue_url,
            "notifications": s.notifications_queue_url,
            "inventory": s.inventory_queue_url,
            "payment": s.payment_queue_url,
            "shipping": s.shipping_queue_url,
            "imports": s.imports_queue_url,
        }

    @cached_property
    def orders(self) -> Queue:
        return self._queue("orders")

    @cached_property
    def notifications(self) -> Queue:
        return self._queue("notifications")

    @cached_property
    def inventory(self) -> Queue:
        return self._queue("inventory")

    @cached_property
    def payment(self) -> Queue:
        return self._queue("payment")

    @cached_property
    def shipping(self) -> Queue:
        return self._queue("shipping")

    @cached_property
    def imports(self) -> Queue:
        return self._queue("imports")

    def _queue(self, name: str) -> Queue:
        def keep_reason(
            message_id: str, error: Exception, body: Mapping[str, Any], correlation_id: str, passes: bool
        ) -> None:
            from ..operations.dead_letter_reasons import KeepReason  # only what fails for the last time pays for it

            KeepReason(self._a.reasons, self._a.clock, name)(message_id, error, body, correlation_id, passes)

        return Queue(
            self._a.sqs,
            self.urls[name],
            self._settings.retry_base,
            keep_reason,
            self._settings.retry_most,
            may_pass,
            self._settings.max_receives,
            begun=lambda message_ids: self._a.tries.begun(name, message_ids),
            begin=lambda message_id: self._a.tries.begin(name, message_id),
        )
