"""The steps of an order: validate → reserve → charge → fulfil → complete, and fail with its compensation.

Every step looks where the order is, acts, and saves by a conditional write on the status it came from. So a step that
is delivered twice, late, or after a crash finds its work done, or does it; two at once end as if one had been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..inventory.model import Product
from ..inventory.ports import Catalogue
from ..kit.errors import GatewayTimeout, OutOfStock, Rejected, StaleOrder
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.latest import on_latest, stored_order
from ..orders.model import ALL_EVENTS, Duty, Failure, Line, Order, Payment, PaymentStatus, Reservation, Status
from ..orders.ports import Orders
from ..payments.model import EntryStatus, LedgerEntry
from ..payments.payments import Payments
from .finalize import FinalizeOrder

BEFORE_RESERVING = (Status.PENDING, Status.VALIDATING, Status.INVENTORY_CHECK)
ENDED_WELL = {Status.CONFIRMED: "order_confirmed", Status.COMPLETED: "order_completed"}
"""What the log calls it."""


@service
class OrderSteps:
    orders: Orders
    catalogue: Catalogue
    payments: Payments
    finalize: FinalizeOrder
    clock: Clock
    log: Log

    def run_all(self, order_id: str, last_try: bool = False, again: bool = False) -> Order:
        """Take the order from wherever it is to its end, and publish what happened: the `queue` workflow.

        The message that this is called for ensures publishing, until the end is stored as published. So an order
        that ended is published for a message that came `again`, whose process may have died before it did, and for no
        other. An order that was handed over again has several messages, and keeps its events marked itself.

        With `last_try` a payment gateway that does not answer ends the order; before that it raises GatewayTimeout.
        Raises UnknownOrder, TemporarilyUnavailable, and what the store raises."""
        order = self.load(order_id)
        if order.processing_done:
            unsure = again and not order.handovers
            return self.finalize(self.finalize.note_unpublished(order) if unsure else order)
        return self._finalized(on_latest(self.orders, order, lambda now: self._to_the_end(now, last_try, again)))

    def _to_the_end(self, order: Order, last_try: bool, again: bool) -> Order:
        """Raises StaleOrder."""
        while not order.processing_done:
            order = self._next(order, last_try, again or order.handovers > 0)
        return order

    def _finalized(self, order: Order) -> Order:
        """Publish what our message is to ensure, and do what is left."""
        try:
            return self.finalize.ended(order)
        except StaleOrder:
            return self.finalize(self.load(order.order_id))

    def load(self, order_id: str) -> Order:
        """Raises UnknownOrder."""
        return stored_order(self.orders, order_id)

    def validated(self, order: Order) -> tuple[Order, Failure | None]:
        """The order as VALIDATING, its lines with the catalogue's titles, and why it can't go on, if so."""
        order = self.moved_to(order, Status.VALIDATING)
        with self.log.step("validate"):
            titled, failure = _judged(order, self.catalogue.readable(list(order.quantities())))
            if failure:  # a product put a moment ago may not be seen yet: only a consistent read fails an order
                titled, failure = _judged(order, self.catalogue.products(list(order.quantities())))
        return titled, failure

    def moved_to(self, order: Order, status: Status) -> Order:
        """In `status`, if it is not there already; nothing is stored."""
        return order if order.status is status else order.moved(status, self.clock.now())

    def reserved(self, checking: Order, stored: Status) -> Order:
        """The order with its stock held, as PAYMENT_PROCESSING. Raises OutOfStock, StaleOrder."""
        held = replace(self.moved_to(checking, Status.PAYMENT_PROCESSING), reservation=Reservation.HELD)
        with self.log.step("reserve"):
            return self.orders.reserve(held, stored)

    def stored_with_stock_gone(self, order: Order, was: Reservation, stored: Status) -> Order:
        """Save, and commit the units unless an earlier step did. Raises StaleOrder."""
        order = replace(order, reservation=Reservation.COMMITTED)
        if was is Reservation.HELD:
            return self.orders.commit(order, stored)
        return self.orders.save(order, stored)

    def fail(
        self,
        order: Order,
        failure: Failure,
        *,
        nothing_charged: bool = False,
        stored: Status | None = None,
        publish_later: bool = False,
    ) -> Order:
        """End the order as FAILED, its stock released in the same write. Raises StaleOrder.

        `nothing_charged` says that there can be nothing to refund, so that publishing is all that is left; `stored` is
        the status in the store, where the order's last ones were not stored yet; `publish_later` that no message
        ensures publishing, so that the order itself must, as it does where it is left open anyway."""
        duties = frozenset() if nothing_charged else frozenset({Duty.REFUND})
        news = ALL_EVENTS if publish_later or duties else ()
        failed = replace(order.failed(failure, self.clock.now()), duties=duties, unpublished=news)
        if order.reached(Status.PAYMENT_PROCESSING) is None:
            failed = replace(failed, reservation=Reservation.NONE)  # nothing was ever held
        with self.log.step("fail"):
            failed = self.stored_with_stock_back(failed.without_mark_if_closed(), stored or order.status)
        self.log.info("order_failed", orderId=order.order_id, code=failure.code)
        return failed

    def stored_with_stock_back(self, order: Order, stored: Status) -> Order:
        """Save, and put back into stock what the order holds. Raises StaleOrder."""
        if order.reservation is Reservation.HELD:
            return self.orders.release(replace(order, reservation=Reservation.RELEASED), stored)
        if order.reservation is Reservation.COMMITTED:
            return self.orders.restock(replace(order, reservation=Reservation.RESTOCKED), stored)
        return self.orders.save(order, stored)

    def _next(self, order: Order, last_try: bool, again: bool) -> Order:
        if order.status in BEFORE_RESERVING:
            return self.take_stock(order, again)
        if order.status is Status.PAYMENT_PROCESSING:
            return self.charge(order, last_try, again, self._paid)
        return self.complete(order, order.status, again)

    def _compensated(self, order: Order) -> Order:
        """A compensation began, and did not get to its end."""
        return self.fail(order, order.failure or Failure("EXPIRED", "The order could not be processed."))

    # A message that came `again` may be on its last try, after which nothing would bring it back: then the order
    # itself keeps its events marked as unpublished.

    def take_stock(self, order: Order, again: bool) -> Order:
        """Validate and reserve: PAYMENT_PROCESSING, or FAILED and closed. Three statuses pass within milliseconds, so
        they share the one write. Raises StaleOrder."""
        if order.unsuccessful:
            return self._compensated(order)
        stored = order.status
        order, failure = self._checked(order)
        if failure:
            return self.fail(order, failure, nothing_charged=True, stored=stored, publish_later=again)
        checking = self.moved_to(order, Status.INVENTORY_CHECK)
        try:
            return self.reserved(checking, stored)
        except OutOfStock as error:
            short = Failure("OUT_OF_STOCK", str(error))
            return self.fail(checking, short, nothing_charged=True, stored=stored, publish_later=again)

    def _checked(self, order: Order) -> tuple[Order, Failure | None]:
        return (order, None) if order.status is Status.INVENTORY_CHECK else self.validated(order)

    def charge(self, order: Order, last_try: bool, again: bool, paid: Callable[[Order, bool], Order]) -> Order:
        """Capture the payment and go on with `paid`, or fail: closed, unless money may be on its way. A total of 0 is
        not charged.

        Raises GatewayTimeout unless it is the `last_try` or waits in vain, StaleOrder, AlreadyRefunded."""
        if order.unsuccessful:
            return self._compensated(order)
        if not order.total_amount:
            return paid(order, again)
        try:
            with self.log.step("charge"):
                entry = self.payments.capture(order)
        except GatewayTimeout:
            if not (last_try or self.waits_in_vain(order)):
                raise
            return self.fail(order, Failure("PAYMENT_UNAVAILABLE", "The payment provider did not answer."))
        except Rejected as error:
            return self.fail(order, Failure(error.code, error.message))
        if entry.status is EntryStatus.DECLINED:
            return self.fail(order, Failure(entry.code, entry.message), nothing_charged=True, publish_later=again)
        if entry.status is EntryStatus.ABANDONED:
            raise StaleOrder(f"{order.order_id} was cancelled while it was being charged")
        return paid(replace(order, payment=captured(entry)), again)

    def waits_in_vain(self, order: Order) -> bool:
        """Whether an order whose payment did not answer holds its stock at the expense of others."""
        from .unpaid_orders import waits_in_vain  # only what does not answer pays for it

        return waits_in_vain(self.orders, order)

    def confirm(self, order: Order, again: bool) -> Order:
        """Paid, and staff will ship it. Raises StaleOrder."""
        return self._ended(order, Status.CONFIRMED, "confirm", order.status, again)

    def _paid(self, order: Order, again: bool) -> Order:
        if order.fulfilment == "manual":
            return self.confirm(order, again)
        return self.complete(order.moved(Status.FULFILLMENT, self.clock.now()), order.status, again)

    def complete(self, order: Order, stored: Status, again: bool) -> Order:
        """Ready for shipping; `stored` is the status in the store. Raises StaleOrder, AlreadyRefunded."""
        if order.unsuccessful:
            return self._compensated(order)
        if stored is Status.FULFILLMENT:
            self.payments.refuse_if_refunded(order)
        # The message that brought us here is deleted only after the events are out, so this write closes the order:
        # a crash before publishing brings the message back.
        return self._ended(order, Status.COMPLETED, "complete", stored, again, "Ready for shipping")

    def _ended(self, order: Order, to: Status, step: str, stored: Status, again: bool, detail: str = "") -> Order:
        ended = ended_well(order.moved(to, self.clock.now(), detail), again)
        with self.log.step(step):
            ended = self.stored_with_stock_gone(ended, order.reservation, stored)
        self.log.info(ENDED_WELL[to], orderId=order.order_id)
        return ended


def _judged(order: Order, products: Mapping[str, Product]) -> tuple[Order, Failure | None]:
    """The order with the catalogue's titles, and the first of its lines that the catalogue contradicts, if any."""
    order = replace(order, lines=tuple(_titled(line, products.get(line.product_id)) for line in order.lines))
    for line in order.lines:
        product = products.get(line.product_id)
        if product is None:
            return order, Failure("PRODUCT_NOT_FOUND", f"There is no product {line.product_id}.")
        if (product.price, product.currency) != (line.price, order.currency):
            return order, Failure(
                "PRICE_MISMATCH",
                f"{line.product_id} costs {product.price} {product.currency}, not {line.price} {order.currency}.",
            )
    return order, None


def _titled(line: Line, product: Product | None) -> Line:
    return replace(line, name=line.name or product.name, title=product.name) if product else line


def ended_well(order: Order, publish_later: bool) -> Order:
    """The order as CONFIRMED or COMPLETED, with what is left to do. Documents of the other workflows are made when the
    end is published. An order that is left open anyway keeps its events marked as well."""
    duties = {Duty.CART} if order.from_cart else set()
    duties |= {Duty.RECEIPT} if order.workflow == "stepfunctions" else set()
    news = ALL_EVENTS if duties or publish_later else ()
    return replace(order, duties=frozenset(duties), unpublished=news).without_mark_if_closed()


def captured(entry: LedgerEntry) -> Payment:
    """The order's view of a capture that succeeded."""
    return Payment(PaymentStatus.CAPTURED, entry.reference, entry.amount, entry.amount * 0)
