"""The steps of orders that other systems put on the bus: three consumers, each of which does its step, publishes what
the next one waits for, and only then is done with its message.

A message that comes again finds the order where its own step left it, and publishes again: the last time may have died
in between. The events of an order that went on reached the topic already, since publishing begins there.
No consumer publishes what it waits for itself, so events that are published again make no loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ..inventory.model import Product
from ..inventory.ports import MOST_OF_A_NAME, Catalogue
from ..inventory.prices import priced, products_to_price
from ..kit.clock import from_iso
from ..kit.errors import FieldError, MalformedMessage
from ..kit.jsonio import at
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.commands import AnnouncedOrder
from ..orders.events import events_of
from ..orders.latest import on_latest
from ..orders.model import Failure, Order, Status, total_of
from ..orders.new_order import NewOrder
from ..orders.ports import Events, Orders
from ..orders.rules import amount_error, order_errors
from .finalize import FinalizeOrder
from .steps import BEFORE_RESERVING, OrderSteps

INVALID_ORDER = "INVALID_ORDER"
WORKFLOW = "events"
ORDER_CREATED = "OrderCreated"
CHARGE, PACK = ("OrderPlaced", "InventoryReserved"), ("PaymentCaptured",)
"""The events that bring an order its payment, and its packing, with those published beside."""

_MOST_ERRORS = 20
_REMEMBERED = timedelta(days=29)
"""Claims of mails and SMS live a day longer: an order announced again after that must not notify again. No message
of ours is under way for so long."""

Body = Mapping[str, Any]


@service
class EventSteps:
    """A body is an event of the bus, or the housekeeper's `{"orderId", "correlationId"}`.

    All raise MalformedMessage for what they can't use, UnknownOrder, StaleOrder, TemporarilyUnavailable."""

    orders: Orders
    catalogue: Catalogue
    steps: OrderSteps
    finalize: FinalizeOrder
    read: Callable[[Body, str], AnnouncedOrder]
    """An `OrderCreated` event, and the correlation id for its order. Raises MalformedMessage."""
    new_order: NewOrder
    clock: Clock
    log: Log

    def take_stock(self, body: Body, again: bool = False) -> Order:
        """Accept the order, if it is announced here, and reserve its units."""

        def act(order: Order) -> Order:
            if order.status in BEFORE_RESERVING:
                order = self.steps.take_stock(order, again or order.handovers > 0)
            if order.status is Status.PAYMENT_PROCESSING:
                self.finalize.publish(order, CHARGE)
            elif order.status is Status.FAILED and not order.reached(Status.PAYMENT_PROCESSING):
                return self.finalize.ended(order, ("OrderPlaced", "OrderFailed"), publish_only=True)
            else:
                # It went on, so the event of its next step was published; whether all of that call was is unknown.
                self.finalize.publish(order, ("OrderPlaced",))
            return order

        order, new = self._accepted(body) if "detail" in body else (self._named(body), False)
        return self._retried(order, act, new or again)

    def take_payment(self, body: Body, last_try: bool = False, again: bool = False) -> Order:
        """Capture the payment. With `last_try` a payment gateway that does not answer ends the order; before that it
        raises GatewayTimeout."""

        def act(order: Order) -> Order:
            if order.status is Status.PAYMENT_PROCESSING:
                order = self.steps.charge(order, last_try, again or order.handovers > 0, self._paid)
            if order.status is Status.FULFILLMENT and order.fulfilment == "auto":
                self.finalize.publish(order, PACK)
            elif order.reached(Status.CONFIRMED):  # whatever became of it since
                return self.finalize.ended(order, PACK)
            elif _failed_while_charging(order):
                return self.finalize.ended(order, ("OrderFailed", "OrderRefunded"))
            return order

        return self._retried(self._named(body), act, again)

    def make_ready(self, body: Body, again: bool = False) -> Order:
        """Ready for shipping, unless staff are to ship it shipment by shipment."""

        def act(order: Order) -> Order:
            if order.status is Status.FULFILLMENT and order.fulfilment == "auto":
                order = self.steps.complete(order, order.status, again or order.handovers > 0)
            if order.reached(Status.COMPLETED):  # whatever became of it since
                return self.finalize.ended(order, ("OrderCompleted",), publish_only=True)
            return order

        return self._retried(self._named(body), act, again)

    def _paid(self, order: Order, again: bool) -> Order:
        if order.fulfilment == "manual":
            return self.steps.confirm(order, again)
        packing = order.moved(Status.FULFILLMENT, self.clock.now())
        return self.steps.stored_with_stock_gone(packing, order.reservation, order.status)

    def _retried(self, order: Order, act: Callable[[Order], Order], again: bool) -> Order:
        """An order that ended before the message came is published for a message that came `again`, whose process may
        have died before it did, and for no other."""
        if order.workflow != WORKFLOW:
            raise MalformedMessage(f"Order {order.order_id} is processed by {order.workflow}, not by events.")
        self.log.correlate(order.correlation_id)
        if order.processing_done and (not again or order.handovers or self._forgotten(order)):
            return order  # what may be left to do is the housekeeper's
        return on_latest(self.orders, order, act)

    def _forgotten(self, order: Order) -> bool:
        return from_iso(self.clock.now()) - from_iso(order.created_at) > _REMEMBERED

    def _named(self, body: Body) -> Order:
        """The order that the message is about. Raises UnknownOrder."""
        order_id = at(body.get("detail", body), "orderId")
        if not isinstance(order_id, str) or not order_id:
            raise MalformedMessage("The message has no orderId.")
        return self.steps.load(order_id)

    def _accepted(self, event: Body) -> tuple[Order, bool]:
        """The announced order as it is stored, and whether it was stored just now."""
        if event.get("detail-type") != ORDER_CREATED:
            raise MalformedMessage(f"The event is no {ORDER_CREATED}.")
        announced = self._completed(self.read(event, self.log.correlate(str(event.get("id", "")))))
        order = self.new_order(announced.command, announced.order_id)
        if announced.errors:
            order = order.failed(_invalid(announced), order.created_at)
        existing = self.orders.add(order)
        if existing is None:
            self.log.info("order_announced", orderId=order.order_id, status=order.status.value)
            return order, True
        if (existing.owner, existing.workflow, existing.fingerprint) != (order.owner, WORKFLOW, order.fingerprint):
            raise MalformedMessage(f"There is an order {order.order_id} already, and it is another one.")
        return existing, existing == order  # a put whose reply was lost finds itself

    def _completed(self, announced: AnnouncedOrder) -> AnnouncedOrder:
        """With the id of a product that is named, and with the prices that were left out."""
        known: dict[str, Product] = {}
        if announced.by_name and not announced.errors:
            (line,) = announced.command.lines
            known = self.catalogue.products([line.product_id])
            announced = announced if known else self._found(announced)
        if announced.errors or not announced.command.unpriced:
            return announced
        # A product that there is not fails the order when it is validated, as in those that name a price.
        products = known or self.catalogue.products(products_to_price(announced.command))
        command, errors = priced(announced.command, products)
        errors += order_errors(command.lines, command.currency, command.total_amount)
        if errors:  # it is stored as failed, with a total that can be
            worth = total_of(command.lines)
            command = replace(command, total_amount=Decimal(0) if amount_error(worth, command.currency) else worth)
        return replace(announced, command=command, errors=tuple(errors))

    def _found(self, announced: AnnouncedOrder) -> AnnouncedOrder:
        """With the id of the product that is named, if the catalogue has just one of that name."""
        (line,) = announced.command.lines
        ids = self.catalogue.ids_by_name(line.product_id)
        if len(ids) > 1:  # those that are withdrawn do not count
            ids = list(self.catalogue.readable(ids, consistent=True)) or ids[:1]
        if len(ids) > 1:
            many = f"{len(ids)} or more" if len(ids) == MOST_OF_A_NAME else f"{len(ids)}"
            several = FieldError("Product", f"is the name of {many} products ({', '.join(sorted(ids))}): send an id")
            return replace(announced, errors=(several,))
        named = replace(line, product_id=ids[0]) if ids else line
        return replace(announced, command=replace(announced.command, lines=(named,)))


@service
class HandOverByEvents:
    """The hand-over of this workflow: to the queue of the first step, or by the event that brings the next one, so that
    no order reaches a step before its events were published."""

    to_inventory: Callable[[Order], None]
    events: Events

    def __call__(self, order: Order) -> None:
        """Raises TemporarilyUnavailable."""
        if order.status in BEFORE_RESERVING:
            self.to_inventory(order)
            return
        due = CHARGE if order.status is Status.PAYMENT_PROCESSING else PACK
        self.events.publish([event for event in events_of(order) if event.type in due])


def _failed_while_charging(order: Order) -> bool:
    charged = order.reached(Status.PAYMENT_PROCESSING) and not order.reached(Status.FULFILLMENT)
    return order.status is Status.FAILED and bool(charged)


def _invalid(announced: AnnouncedOrder) -> Failure:
    # It is stored with the order and published: a hundred lines can be wrong in hundreds of ways.
    wrong = [f"{error.field} {error.message}" for error in announced.errors[:_MOST_ERRORS]]
    if more := len(announced.errors) - len(wrong):
        wrong.append(f"and {more} more errors")
    return Failure(INVALID_ORDER, f"This is no order: {'; '.join(wrong)}.")
