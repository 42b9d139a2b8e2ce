"""Ship what was paid for, in one shipment or several, and say where the shipments are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..kit.clock import from_iso
from ..kit.errors import Conflict, FieldError, InvalidRequest, NotFound
from ..kit.ports import Clock, Log
from ..kit.text import clean
from ..kit.wiring import service
from ..orders.events import with_news
from ..orders.latest import on_latest
from ..orders.model import Order, Shipment, ShipmentStatus, Status
from ..orders.ports import Orders
from ..workflow.finalize import FinalizeOrder
from .carrier_report import Report
from .ports import ShipmentNumber, ShipmentNumbers

MOST_SHIPMENTS = 200
MOST_SHIPMENT_LINES = 2000
"""Of an order, in all its shipments together: more would not fit into one item of the orders table (400 KB)."""


@service
class ShipOrder:
    orders: Orders
    numbers: ShipmentNumbers
    finalize: FinalizeOrder
    clock: Clock
    log: Log
    in_flight: timedelta
    """How long a process that is shipping may still be alive."""

    def ship(
        self,
        order: Order,
        carrier: str,
        tracking_number: str,
        items: dict[str, int] | None,
        seen: str | None = None,
    ) -> Order:
        """Put the units (all that are left, if none are named) into a shipment. The first shipment takes a CONFIRMED
        order to FULFILLMENT, the last to COMPLETED. The same tracking number again changes nothing.

        Raises InvalidRequest for units that are not left to ship, Conflict for an order that can't be shipped, for
        the number of another order's shipment, and if `seen` is not the order's version."""
        shipped = on_latest(self.orders, order, lambda o: self._ship(o, carrier, tracking_number, items), seen)
        return self.finalize.or_leave(shipped)

    def deliver(self, order: Order, tracking_number: str | None, seen: str | None = None) -> Order:
        """One shipment, or all of them, arrived. Raises Conflict if there is none, or if `seen` is not the order's
        version."""
        delivered = on_latest(self.orders, order, lambda o: self._deliver(o, tracking_number), seen)
        return self.finalize.or_leave(delivered)

    def report(self, report: Report) -> tuple[Order, Shipment]:
        """The shipment as it is after the carrier's report, and its order. Reports that come twice, late, or in another
        order change nothing that later ones said.

        Raises NotFound for a shipment that is not known, or not yet: shipping notes the number first."""
        reported = on_latest(self.orders, self._order_of(report), lambda o: self._reported(o, report))
        shown = self.finalize.or_leave(reported)
        return shown, _named(shown, report.carrier, report.tracking_number)[0]

    def _ship(self, order: Order, carrier: str, tracking_number: str, items: dict[str, int] | None) -> Order:
        if _named(order, carrier, tracking_number):
            return order
        if order.status not in (Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED):
            raise Conflict(f"An order that is {order.status} can't be shipped.", "NOT_SHIPPABLE")
        left = _left_to_ship(order)
        if not left:
            raise Conflict("All of the order was shipped already.", "ALREADY_SHIPPED")
        if not order.processing_done:
            raise Conflict("The order is still being worked on; try again in a moment.", "STILL_PROCESSING")
        contents = _shipment(items, left)
        _require_room(order, contents)
        now = max(self.clock.now(), order.updated_at)  # a clock that steps back must not ship before it was paid
        shipment = Shipment(carrier, tracking_number, tuple(sorted(contents.items())), ShipmentStatus.SHIPPED, now)
        shipped = replace(order, shipments=(*order.shipments, shipment))
        if order.status is Status.CONFIRMED:
            shipped = shipped.moved(Status.FULFILLMENT, now, f"{carrier} {tracking_number}")
        if shipped.status is Status.FULFILLMENT and contents == left:
            shipped = shipped.moved(Status.COMPLETED, now, "Shipped")
        self._note(order, carrier, tracking_number)
        saved = self.orders.save(with_news(shipped, order), order.status)
        self.log.info("order_shipped", orderId=order.order_id, carrier=carrier)
        return saved

    def _note(self, order: Order, carrier: str, tracking_number: str) -> None:
        """Note whose shipment this is, before it is one, so that no report of the carrier can miss it.

        A note that nothing came of (the units were gone, or the process died) belongs to the order that ships
        next, once no process can still be about to use it. Raises Conflict."""
        noted = ShipmentNumber(carrier, tracking_number, order.order_id, self.clock.now())
        other = self.numbers.note(noted)
        if other is None:
            return
        others = self.orders.get(other.order_id)
        used = others is not None and bool(_named(others, carrier, tracking_number))
        young = from_iso(noted.at) - from_iso(other.at) <= self.in_flight
        if used or young or not self.numbers.take_over(noted, other):
            words = "Another order has a shipment with this carrier and tracking number."
            raise Conflict(words, "TRACKING_NUMBER_TAKEN")

    def _deliver(self, order: Order, tracking_number: str | None) -> Order:
        chosen = [s for s in order.shipments if tracking_number in (None, clean(s.tracking_number))]
        if not chosen:
            raise Conflict("There is no such shipment of this order.", "NO_SUCH_SHIPMENT")
        under_way = {s.name for s in chosen if s.status is not ShipmentStatus.DELIVERED}
        return self._moved(order, under_way, ShipmentStatus.DELIVERED, self.clock.now())

    def _order_of(self, report: Report) -> Order:
        order_id = self.numbers.order_of(report.carrier, report.tracking_number) or report.order_id
        order = self.orders.get(order_id) if order_id and report.order_id in ("", order_id) else None
        if order is None:
            raise NotFound("There is no such shipment.", "SHIPMENT_NOT_FOUND")
        return order

    def _reported(self, order: Order, report: Report) -> Order:
        names = {shipment.name for shipment in _named(order, report.carrier, report.tracking_number)}
        if not names:
            raise NotFound("There is no such shipment.", "SHIPMENT_NOT_FOUND")
        at = min(report.at, self.clock.now())  # a carrier's clock that is wrong must not outdo all later reports
        return self._moved(order, names, report.status, at)

    def _moved(self, order: Order, names: set[tuple[str, str]], status: ShipmentStatus, at: str) -> Order:
        """The core of what staff and carriers say: stored, with the shipments of these names where they are now."""
        shipments = tuple(s.reported(status, at) if s.name in names else s for s in order.shipments)
        if shipments == order.shipments:
            return order
        saved = self.orders.save(with_news(replace(order, shipments=shipments), order), order.status)
        self.log.info("shipment_updated", orderId=order.order_id, to=status.value)
        return saved


def _named(order: Order, carrier: str, tracking_number: str) -> list[Shipment]:
    return [shipment for shipment in order.shipments if shipment.is_called(carrier, tracking_number)]


def _require_room(order: Order, contents: dict[str, int]) -> None:
    lines = sum(len(shipment.items) for shipment in order.shipments) + len(contents)
    if len(order.shipments) >= MOST_SHIPMENTS or lines > MOST_SHIPMENT_LINES:
        raise Conflict(
            f"An order is shipped in at most {MOST_SHIPMENTS} shipments with {MOST_SHIPMENT_LINES} lines in all: "
            "put more into this one.",
            "TOO_MANY_SHIPMENTS",
        )


def _left_to_ship(order: Order) -> dict[str, int]:
    shipped = order.shipped_quantities()
    left = {p: q - shipped.get(p, 0) for p, q in order.quantities().items()}
    return {p: q for p, q in left.items() if q > 0}


def _shipment(items: dict[str, int] | None, left: dict[str, int]) -> dict[str, int]:
    if items is None:
        return left
    errors = [
        FieldError(f"items.{product_id}", f"only {left.get(product_id, 0)} are left to ship")
        for product_id, quantity in items.items()
        if quantity > left.get(product_id, 0)
    ]
    if errors:
        raise InvalidRequest(errors)
    return items
