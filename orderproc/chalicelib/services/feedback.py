"""What customers thought of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..domain.errors import Conflict, StaleOrder, TemporarilyUnavailable
from ..domain.order import DRIVEN, Feedback, Order
from .ports import Clock, Log, Orders

_TURNS = 3


@dataclass(frozen=True)
class GiveFeedback:
    orders: Orders
    clock: Clock
    log: Log

    def __call__(self, order: Order, score: int, comment: str) -> Feedback:
        """Once per finished order. Raises Conflict the second time, or while it is being worked on."""
        for _ in range(_TURNS):
            if order.feedback:
                raise Conflict("There is feedback for this order already.")
            if order.status not in DRIVEN:
                raise Conflict("Feedback can be given once the order is finished.")
            feedback = Feedback(score, comment, self.clock.now())
            try:
                self.orders.save(replace(order, feedback=feedback), order.status)
            except StaleOrder:
                order = self.orders.get(order.order_id) or order
                continue
            self.log.info("feedback_given", orderId=order.order_id, score=score)
            return feedback
        raise TemporarilyUnavailable("The order is being changed; try again in a moment.")
