"""Ship what was paid for, in one parcel or several, and say where the parcels are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..domain.errors import Conflict, FieldError, InvalidRequest, StaleOrder, TemporarilyUnavailable
from ..domain.order import Order, Shipment, ShipmentStatus, Status
from .ports import Clock, Log, Orders
from .settlement import Settlement

_TURNS = 5


@dataclass(frozen=True)
class ShipOrder:
    orders: Orders
    settlement: Settlement
    clock: Clock
    log: Log

    def ship(self, order: Order, carrier: str, tracking_number: str, items: dict[str, int] | None) -> Order:
        """Put the pieces (all that are left, if none are named) into a parcel. The first parcel takes a CONFIRMED
        order to FULFILLMENT, the last to COMPLETED. The same tracking number again changes nothing.

        Raises InvalidRequest for pieces that are not left to ship, Conflict for an order that can't be shipped."""
        return self._published(self._retried(order, lambda o: self._ship(o, carrier, tracking_number, items)))

    def deliver(self, order: Order, tracking_number: str | None) -> Order:
        """One parcel, or all of them, arrived. Raises Conflict if there is none."""
        return self._published(self._retried(order, lambda o: self._deliver(o, tracking_number)))

    def _ship(self, order: Order, carrier: str, tracking_number: str, items: dict[str, int] | None) -> Order:
        if any((s.carrier, s.tracking_number) == (carrier, tracking_number) for s in order.shipments):
            return order
        if order.status not in (Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED):
            raise Conflict(f"An order that is {order.status} can't be shipped.")
        left = _left_to_ship(order)
        if not left:
            raise Conflict("All of the order was shipped already.")
        if not order.driven:
            raise Conflict("The order is still being worked on; try again in a moment.")
        parcel = _parcel(items, left)
        now = self.clock.now()
        shipment = Shipment(carrier, tracking_number, tuple(sorted(parcel.items())), ShipmentStatus.SHIPPED, now)
        shipped = replace(order, shipments=(*order.shipments, shipment), open=True)
        if order.status is Status.CONFIRMED:
            shipped = shipped.moved(Status.FULFILLMENT, now, f"{carrier} {tracking_number}")
        if shipped.status is Status.FULFILLMENT and parcel == left:
            shipped = shipped.moved(Status.COMPLETED, now, "Shipped")
        self.log.info("order_shipped", orderId=order.order_id, carrier=carrier)
        return self.orders.save(shipped, order.status)

    def _deliver(self, order: Order, tracking_number: str | None) -> Order:
        chosen = [s for s in order.shipments if tracking_number in (None, s.tracking_number)]
        if not chosen:
            raise Conflict("There is no such shipment of this order.")
        delivered = tuple(
            replace(s, status=ShipmentStatus.DELIVERED, at=self.clock.now())
            if s in chosen and s.status is not ShipmentStatus.DELIVERED
            else s
            for s in order.shipments
        )
        if delivered == order.shipments:
            return order
        return self.orders.save(replace(order, shipments=delivered), order.status)

    def _published(self, order: Order) -> Order:
        """Tell the world; if that does not work now the order stays open, and the housekeeper does it."""
        if not order.open:
            return order
        try:
            return self.settlement(order)
        except (TemporarilyUnavailable, StaleOrder) as error:
            self.log.warning("settlement_postponed", orderId=order.order_id, reason=type(error).__name__)
            return order

    def _retried(self, order: Order, act: Callable[[Order], Order]) -> Order:
        for _ in range(_TURNS):
            try:
                return act(order)
            except StaleOrder:
                order = self.orders.get(order.order_id) or order
        raise TemporarilyUnavailable("The order is being worked on; try again in a moment.")


def _left_to_ship(order: Order) -> dict[str, int]:
    shipped = order.shipped_quantities()
    left = {p: q - shipped.get(p, 0) for p, q in order.quantities().items()}
    return {p: q for p, q in left.items() if q > 0}


def _parcel(items: dict[str, int] | None, left: dict[str, int]) -> dict[str, int]:
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
