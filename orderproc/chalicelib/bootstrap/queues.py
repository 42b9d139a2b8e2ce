"""The queues as their consumers need them: how messages are deleted, hidden, counted and given up on."""

from __future__ import annotations

from collections.abc import Mapping
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
            "exports": s.exports_queue_url,
        }

    def of(self, name: str) -> Queue:
        """By one of those names, for its consumer."""

        def keep_reason(
            message_id: str, error: Exception, body: Mapping[str, Any], correlation_id: str, passes: bool
        ) -> None:
            """The consumer that failed on the last try is the last that knows why."""
            from ..kit.redaction import reason_of  # only what fails for the last time pays for it
            from ..operations.dead_letter_reasons import order_id_in
            from ..operations.ports import Reason

            order_id, now = order_id_in(body) or "", self._a.clock.now()
            reason = Reason(message_id, reason_of(error, body), order_id, now, correlation_id, passes)
            self._a.reasons.keep(name, reason)

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
