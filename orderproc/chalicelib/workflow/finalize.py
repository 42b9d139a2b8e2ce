"""What is still to be done once an order ended: refund it, publish what happened, empty the cart.

Each is a mark of its own on the order (`Order.duties`, `Order.unpublished`), removed by the process that did it and by
nothing else. One that can't be done now does not keep the others from being done, and stays."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from ..checkout.ports import Carts
from ..kit.clock import from_iso
from ..kit.errors import StaleOrder, TemporarilyUnavailable
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.events import DomainEvent, events_of, unpublished, with_news
from ..orders.latest import on_latest
from ..orders.model import ALL_EVENTS, Duty, Order, Payment, PaymentStatus
from ..orders.ports import Events, Orders
from ..payments.model import EntryStatus
from ..payments.payments import Payments

REFUND_REFUSED = "RefundRefused"
NOT_PUBLISHED = "EventsNotPublished"


@dataclass
class _Progress:
    """The order as far as it came, and what went wrong on the way."""

    order: Order
    errors: list[Exception] = field(default_factory=list)

    def take(self, act: Callable[[Order], Order]) -> Exception | None:
        try:
            self.order = act(self.order)
        except StaleOrder:
            raise
        except Exception as error:  # noqa: BLE001 - raised once the other duties had their turn
            self.errors.append(error)
            return error
        return None


@service
class FinalizeOrder:
    """Call it as often as you like: each part finds out whether it was done."""

    orders: Orders
    payments: Payments
    events: Events
    carts: Carts
    clock: Clock
    log: Log
    in_flight: timedelta
    """How long a process that was charging when the order failed or was cancelled may still be alive."""

    def __call__(self, order: Order, *, refund_again: bool = False, publish_only: bool = False) -> Order:
        """Do what is left to do for a stored order, as far as it can be done now, and store how far that was.

        With `refund_again` a refund that the gateway refused is asked for anew; with `publish_only` all but the events
        is left to others. Raises StaleOrder, and, after all duties had their turn, what kept one of them from being
        done: GatewayTimeout, TemporarilyUnavailable, PublishRefused, what the stores raise. Then the order is open, and
        found again."""
        begun = order
        progress = _Progress(order)
        if Duty.REFUND in order.duties and not publish_only:
            progress.take(lambda now: self._refunded(now, refund_again))
        if progress.order.unpublished and (error := progress.take(self._published)):
            progress.order = _not_published(progress.order, progress.order.unpublished, error)
        if Duty.CART in order.duties and not publish_only:
            progress.take(self._emptied)
        # Deferred stock updates are made by any next write of the order.
        progress.order = replace(progress.order, duties=progress.order.duties - {Duty.STOCK})
        order = progress.order.without_mark_if_closed()
        if order != begun:
            order = self.orders.save(order, order.status)
        if progress.errors:
            raise progress.errors[0]
        return order

    def or_leave(self, order: Order) -> Order:
        """As a call does; but what can't be done now stays marked on the order, for the housekeeper, and the order as
        it is."""
        try:
            return self(order)
        except Exception as error:  # noqa: BLE001
            self.log.warning("finalize_postponed", orderId=order.order_id, reason=type(error).__name__)
            return order

    def ended(self, order: Order, only: Collection[str] | None = None, *, publish_only: bool = False) -> Order:
        """Publish what happened to an order that its driver's message ended, or `only` events of these types, and do
        what is left. Of an order for which nothing is left nothing is written. Raises as a call does."""
        if not order.open:
            self.publish(order, only)
            return order
        keys = ALL_EVENTS if only is None else tuple(e.key for e in events_of(order) if e.type in only)
        if order.unpublished != ALL_EVENTS:  # the end's own note, which `only` narrows; any other stays
            keys = _union(order.unpublished, keys)
        return self(replace(order, unpublished=keys), publish_only=publish_only)

    def publish(self, order: Order, only: Collection[str] | None = None) -> None:
        """Publish what happened to an order whose driver holds it, or `only` events of these types.

        The error that kept them from going out is raised. Of an order that ended they are then noted as unpublished:
        its message may be on its last try, and then only the housekeeper comes back to it."""
        due = [event for event in events_of(order) if only is None or event.type in only]
        keys = ALL_EVENTS if only is None else tuple(event.key for event in due)
        try:
            self._send(due)
        except Exception as error:
            if order.processing_done:
                self._note(order, partial(_not_published, keys=keys, error=error))
            raise

    def note_unpublished(self, order: Order) -> Order:
        """The stored order with all its events still to be published: a process may have died before it did."""
        return self._note(order, lambda now: replace(now, unpublished=ALL_EVENTS))

    def _published(self, order: Order) -> Order:
        self._send(unpublished(order))
        return replace(order, unpublished=(), attention="" if order.attention == NOT_PUBLISHED else order.attention)

    def _send(self, events: list[DomainEvent]) -> None:
        if events:
            with self.log.step("publish"):
                self.events.publish(events)

    def _emptied(self, order: Order) -> Order:
        self.carts.remove_bought(order)
        return replace(order, duties=order.duties - {Duty.CART})

    def _note(self, order: Order, change: Callable[[Order], Order]) -> Order:
        """Store the change on the order as it is now, also while others write to it."""
        return on_latest(self.orders, order, lambda now: self.orders.save(change(now), now.status))

    def _refunded(self, order: Order, again: bool) -> Order:
        with self.log.step("refund"):
            given = self.payments.refund(order, again=again)
        if given.refund is None:
            # In flight, another process may still be charging.
            age = from_iso(self.clock.now()) - from_iso(order.updated_at)
            done = given.final or age > self.in_flight
            return replace(order, duties=order.duties - {Duty.REFUND}) if done else order
        if given.refund.status is not EntryStatus.SUCCEEDED:
            # Never closed: the order stays in the index and is marked until staff have seen to it.
            self.log.warning("refund_refused", orderId=order.order_id, code=given.refund.code)
            return replace(order, attention=order.attention or REFUND_REFUSED)
        refund = given.refund
        payment = Payment(PaymentStatus.REFUNDED, given.captured_as, refund.amount, refund.amount)
        attention = "" if order.attention == REFUND_REFUSED else order.attention
        refunded = replace(order, payment=payment, duties=order.duties - {Duty.REFUND}, attention=attention)
        return with_news(refunded, order)


def _not_published(order: Order, keys: tuple[str, ...], error: Exception) -> Order:
    """With the events noted, and a mark for staff where the cause is not temporary."""
    keys = _union(order.unpublished, keys)
    passing = isinstance(error, TemporarilyUnavailable)
    return replace(order, unpublished=keys, attention=order.attention or ("" if passing else NOT_PUBLISHED))


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return ALL_EVENTS if ALL_EVENTS in (one, other) else tuple(dict.fromkeys((*one, *other)))
