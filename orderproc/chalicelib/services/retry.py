"""Set going again what does not get on by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..domain.errors import Conflict, GatewayTimeout, StaleOrder, TemporarilyUnavailable
from ..domain.order import Order
from .housekeeping import awaits_its_receipt
from .ports import HandOver, Log, Orders
from .settlement import Settlement

_TURNS = 5


@dataclass(frozen=True)
class RetryOrder:
    orders: Orders
    settlement: Settlement
    hand_over: HandOver
    log: Log

    def __call__(self, order: Order) -> Order:
        """Hand over to its driver, or settle, an order that is open or marked; the mark is taken off, and comes back
        if what it was for happens again. Again is harmless. Raises Conflict if nothing is left to do."""
        for _ in range(_TURNS):
            if not (order.open or order.attention):
                raise Conflict("Nothing is left to do for this order.")
            # Counted, because an execution's name can't be used twice.
            again = replace(order, open=True, attention="", handovers=order.handovers + 1)
            try:
                order = self.orders.save(again, order.status)
            except StaleOrder:
                order = self.orders.get(order.order_id) or order
                continue
            self.log.info("order_retried", orderId=order.order_id, status=order.status.value)
            return self._set_going(order)
        raise TemporarilyUnavailable("The order is being worked on; try again in a moment.")

    def _set_going(self, order: Order) -> Order:
        if not order.driven or awaits_its_receipt(order):
            self.hand_over.hand_over(order)
            return order
        try:
            return self.settlement(order)
        except (GatewayTimeout, TemporarilyUnavailable, StaleOrder) as error:
            # It stays open: the housekeeper settles it.
            self.log.warning("settlement_postponed", orderId=order.order_id, reason=type(error).__name__)
            return self.orders.get(order.order_id) or order
