"""What is still to be done once an order ended: give back money nobody should keep, and tell the world."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from ..domain.clock import from_iso
from ..domain.errors import TemporarilyUnavailable
from ..domain.events import events_of
from ..domain.order import CALLED_OFF, Order, Payment, PaymentStatus
from ..domain.payments import EntryStatus, LedgerEntry
from .payments import Payments
from .ports import Carts, Clock, Events, Log, Orders

REFUND_REFUSED = "RefundRefused"


@dataclass(frozen=True)
class Settlement:
    """Call it as often as you like: each part finds out whether it was done."""

    orders: Orders
    payments: Payments
    events: Events
    carts: Carts
    clock: Clock
    log: Log
    in_flight: timedelta
    """How long a process that was charging when the order was called off may still be alive."""

    def __call__(self, order: Order, *, close: bool = True, only: Collection[str] | None = None) -> Order:
        """Settle, publish, and take the order out of the index of open orders, in that order.

        Without `close` it stays in there: the caller has something left to do for it. Of the order's events all are
        published, or `only` those of the types named. Raises GatewayTimeout, TemporarilyUnavailable, StaleOrder; the
        order then stays open and is found again."""
        final = close
        if order.open and order.status in CALLED_OFF:
            with self.log.step("refund"):
                order, settled = self._give_back(order)
            final = final and settled
        self.publish(order, only)
        if order.open and order.from_cart and order.status not in CALLED_OFF:
            self.carts.remove_bought(order)
        if order.open and final:
            order = self.orders.save(replace(order, open=False), order.status)
        return order

    def publish(self, order: Order, only: Collection[str] | None = None) -> None:
        """Publish what happened to the order, or `only` events of these types. Raises TemporarilyUnavailable.

        A closed order whose events could not be published is opened again: its message may be on its last try, and
        then only the housekeeper comes back to it."""
        try:
            with self.log.step("publish"):
                self.events.publish([e for e in events_of(order) if only is None or e.type in only])
        except TemporarilyUnavailable:
            if not order.open:
                self.orders.save(replace(order, open=True), order.status)
            raise

    def _give_back(self, order: Order) -> tuple[Order, bool]:
        refund, final = self.payments.give_back(order)
        if refund is None:
            return order, final or self._nobody_is_charging(order)
        if refund.status is not EntryStatus.SUCCEEDED:
            # Never closed: the order stays in the index and is marked until somebody has seen to it.
            self.log.warning("refund_refused", orderId=order.order_id, code=refund.code)
            if not order.attention:
                order = self.orders.save(replace(order, attention=REFUND_REFUSED), order.status)
            return order, False
        return replace(order, payment=_refunded(refund, order)), True

    def _nobody_is_charging(self, order: Order) -> bool:
        return from_iso(self.clock.now()) - from_iso(order.updated_at) > self.in_flight


def _refunded(refund: LedgerEntry, order: Order) -> Payment:
    reference = order.payment.reference if order.payment else refund.reference
    return Payment(PaymentStatus.REFUNDED, reference, refund.amount, refund.amount)
