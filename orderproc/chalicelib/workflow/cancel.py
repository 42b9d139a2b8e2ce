"""Cancel an order, as long as nothing was shipped."""

from __future__ import annotations

from dataclasses import replace

from ..kit.errors import Conflict
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.events import with_news
from ..orders.latest import on_latest
from ..orders.model import Duty, Failure, Order, Status, may_become
from ..orders.ports import Orders
from .finalize import FinalizeOrder
from .steps import OrderSteps


@service
class CancelOrder:
    orders: Orders
    steps: OrderSteps
    finalize: FinalizeOrder
    clock: Clock
    log: Log

    def __call__(
        self,
        order: Order,
        code: str = "CANCELLED_BY_CUSTOMER",
        reason: str = "Cancelled by the customer.",
        seen: str | None = None,
    ) -> Order:
        """The cancelled order: stock released in the same write, the payment refunded right after, or by the
        housekeeper if the gateway does not answer now. Cancelling again returns it as it is. Raises Conflict once it is
        too late, or if `seen` is not the order's version."""
        return on_latest(self.orders, order, lambda now: self._cancelled(now, Failure(code, reason)), seen)

    def _cancelled(self, order: Order, why: Failure) -> Order:
        if order.status is Status.CANCELLED:
            return order
        if Status.CANCELLED not in may_become(order.status):
            raise Conflict(f"An order that is {order.status} can't be cancelled any more.", "NOT_CANCELLABLE")
        if order.shipments:
            words = "An order that was shipped can't be cancelled any more; it can be returned."
            raise Conflict(words, "ALREADY_SHIPPED")
        off = order.moved(Status.CANCELLED, self.clock.now(), why.message)
        cancelled = with_news(replace(off, failure=why, duties=frozenset({Duty.REFUND})), order)
        saved = self.steps.stored_with_stock_back(cancelled, order.status)
        self.log.info("order_cancelled", orderId=order.order_id)
        return self.finalize.or_leave(saved)
