"""Retry a stuck order."""

from __future__ import annotations

from dataclasses import replace

from ..kit.errors import Conflict
from ..kit.ports import Log
from ..kit.wiring import service
from ..orders.latest import on_latest
from ..orders.model import Duty, Order
from ..orders.ports import HandOver, Orders
from .finalize import FinalizeOrder


@service
class RetryOrder:
    orders: Orders
    finalize: FinalizeOrder
    hand_over: HandOver
    log: Log

    def __call__(self, order: Order, seen: str | None = None) -> Order:
        """Hand over to its driver an order that is open or marked, or do what is left of it; a refund that the gateway
        refused is asked for under a new key. The mark is removed, and comes back if its cause happens again.
        Again is harmless. Raises Conflict if nothing is left to do, or if `seen` is not the order's version."""
        stored = on_latest(self.orders, order, self._unmarked, seen)
        self.log.info("order_retried", orderId=order.order_id, status=stored.status.value)
        return self._retried(stored)

    def _unmarked(self, order: Order) -> Order:
        if not (order.open or order.attention):
            raise Conflict("Nothing is left to do for this order.", "NOTHING_TO_RETRY")
        # Counted, because an execution's name can't be used twice; but it is no try of the housekeeper's.
        handed_over = not order.processing_done or Duty.RECEIPT in order.duties
        again = replace(order, attention="", retry_at="", handovers=order.handovers + handed_over)
        return self.orders.save(again, order.status)

    def _retried(self, order: Order) -> Order:
        if not order.processing_done:
            self.hand_over.hand_over(order)
            return order
        try:
            order = self.finalize(order, refund_again=True)
        except Exception as error:  # noqa: BLE001
            # What is left is marked on the order: the housekeeper does it.
            self.log.warning("finalize_postponed", orderId=order.order_id, reason=type(error).__name__)
            order = self.orders.get(order.order_id) or order
        if Duty.RECEIPT in order.duties:
            self.hand_over.hand_over(order)
        return order
