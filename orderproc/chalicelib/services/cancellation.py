"""Call an order off, as long as nothing was shipped."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..domain.errors import Conflict, GatewayTimeout, StaleOrder, TemporarilyUnavailable
from ..domain.order import Failure, Order, Reservation, Status, may_become
from .ports import Clock, Log, Orders
from .settlement import Settlement

_MAX_TURNS = 5


@dataclass(frozen=True)
class CancelOrder:
    orders: Orders
    settlement: Settlement
    clock: Clock
    log: Log

    def __call__(self, order: Order, reason: str = "Cancelled by the customer.") -> Order:
        """The cancelled order: stock given back in the same write, money right after, or by the housekeeper if the
        gateway does not answer now. Cancelling again returns it as it is. Raises Conflict once it is too late."""
        for _ in range(_MAX_TURNS):
            if order.status is Status.CANCELLED:
                return order
            if Status.CANCELLED not in may_become(order.status):
                raise Conflict(f"An order that is {order.status} can't be cancelled any more.")
            try:
                return self._settled(self._cancelled(order, reason))
            except StaleOrder:
                # A step was faster; look where the order is now.
                order = self.orders.get(order.order_id) or order
        raise TemporarilyUnavailable("The order is being worked on; try again in a moment.")

    def _cancelled(self, order: Order, reason: str) -> Order:
        cancelled = replace(
            order.moved(Status.CANCELLED, self.clock.now(), reason),
            failure=Failure("CANCELLED_BY_CUSTOMER", reason),
            open=True,
        )
        if order.reservation is Reservation.HELD:
            cancelled = replace(cancelled, reservation=Reservation.RELEASED)
            self.orders.release(cancelled, order.status)
        elif order.reservation is Reservation.COMMITTED:
            cancelled = replace(cancelled, reservation=Reservation.RESTOCKED)
            self.orders.restock(cancelled, order.status)
        else:
            self.orders.save(cancelled, order.status)
        self.log.info("order_cancelled", orderId=order.order_id)
        return cancelled

    def _settled(self, cancelled: Order) -> Order:
        try:
            return self.settlement(cancelled)
        except (GatewayTimeout, TemporarilyUnavailable, StaleOrder) as error:
            # It is cancelled and stays open: the housekeeper gives back the money and tells the world.
            self.log.warning("settlement_postponed", orderId=cancelled.order_id, reason=type(error).__name__)
            return cancelled
