"""What customers thought of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from ..kit.errors import Conflict, StaleOrder
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.latest import on_latest
from ..orders.model import Feedback, Order
from ..orders.ports import Orders


def _mark() -> str:
    return secrets.token_hex(4)


@service
class GiveFeedback:
    orders: Orders
    clock: Clock
    log: Log
    mark: Callable[[], str] = _mark

    def __call__(self, order: Order, score: int, comment: str) -> Feedback:
        """Once per finished order: one that ended, or that is paid and with the staff who ship it.

        Raises Conflict the second time, or while the order is being worked on; TemporarilyUnavailable."""
        given = Feedback(score, comment, self.clock.now(), self.mark())
        on_latest(self.orders, order, lambda now: self._store(now, given))
        self.log.info("feedback_given", orderId=order.order_id, score=score)
        return given

    def _store(self, order: Order, given: Feedback) -> None:
        if order.feedback == given:
            return  # our own write: only its answer was lost
        if order.feedback:
            raise Conflict("There is feedback for this order already.", "FEEDBACK_ALREADY_GIVEN")
        if not order.processing_done:
            raise Conflict("Feedback can be given once the order is finished.", "STILL_PROCESSING")
        try:
            self.orders.save(replace(order, feedback=given), order.status)
        except StaleOrder:
            raise
        except Exception:
            if self._now(order).feedback != given:  # else it was done all the same
                raise

    def _now(self, order: Order) -> Order:
        return self.orders.get(order.order_id) or order
