"""Domain events: what happened to an order, in the past tense. They are made from the order alone, so that publishing
again after a crash gives the same events with the same ids, and subscribers recognise a repetition."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..kit.wiring import dataclass
from .model import ALL_EVENTS, Order, PaymentStatus, Shipment, ShipmentStatus, Status
from .tracking import tracking_url

SCHEMA_VERSION = "1"
_NAMESPACE = uuid.UUID("6f1d4f0e-9d3b-4d7a-8a55-0d6c1c1f7b10")


@dataclass(frozen=True)
class DomainEvent:
    """`detail` is what goes out: ids, states and amounts, and nothing of a person but the customer id. `key` tells the
    event from all others of its order, and its id is made of both."""

    type: str
    detail: dict[str, Any]
    key: str


def events_of(order: Order) -> list[DomainEvent]:
    """All that happened to the order up to its present state, oldest first."""
    found = [_event(order, "OrderPlaced", Status.PENDING)]
    if order.reached(Status.PAYMENT_PROCESSING):
        found.append(_event(order, "InventoryReserved", Status.PAYMENT_PROCESSING))
    if paid := _paid_in(order):
        found.append(_event(order, "PaymentCaptured", paid))
    found += _of_shipments(order)
    for status, event_type in _ENDS.items():
        if order.reached(status):
            found.append(_event(order, event_type, status))
    if order.payment and order.payment.status is PaymentStatus.REFUNDED and not order.reached(Status.REFUNDED):
        found.append(_event(order, "OrderRefunded", order.status))
    return found


def unpublished(order: Order) -> list[DomainEvent]:
    """Those of the order's events that are noted as still to be published."""
    if order.unpublished == ALL_EVENTS:
        return events_of(order)
    return [event for event in events_of(order) if event.key in order.unpublished]


def with_news(after: Order, before: Order) -> Order:
    """The changed order, with the events that the change brings noted as still to be published.

    Of an order whose driver has not finished nothing counts as published: its message or execution would have done it,
    and does not any more."""
    if not before.processing_done or before.unpublished == ALL_EVENTS:
        return replace(after, unpublished=ALL_EVENTS)
    known = {event.key for event in events_of(before)}
    news = [event.key for event in events_of(after) if event.key not in known]
    return replace(after, unpublished=(*before.unpublished, *news))


def _paid_in(order: Order) -> Status | None:
    """The status in which the payment was captured, None if it was not. A total of 0 needs no payment."""
    went_on = next((s for s in (Status.CONFIRMED, Status.FULFILLMENT) if order.reached(s)), None)
    if order.payment:
        return went_on or Status.PAYMENT_PROCESSING
    return went_on if not order.total_amount else None


_ENDS = {
    Status.COMPLETED: "OrderCompleted",
    Status.FAILED: "OrderFailed",
    Status.CANCELLED: "OrderCancelled",
    Status.REFUNDED: "OrderRefunded",
}


_OF_SHIPMENTS = {
    ShipmentStatus.DELIVERED: "ShipmentDelivered",
    ShipmentStatus.LOST: "ShipmentLost",
}


def _of_shipments(order: Order) -> Iterator[DomainEvent]:
    """Each shipment tells that it was shipped, and where it ended. An event's words must never change, so they come
    from nothing that a later shipment, report or refund changes: its order's status is the one that this shipment
    brought."""
    left = order.quantities()
    for shipment in order.shipments:
        left = {p: q - dict(shipment.items).get(p, 0) for p, q in left.items()}
        complete = order.fulfilment == "auto" or not any(q > 0 for q in left.values())
        brought = Status.COMPLETED if complete else Status.FULFILLMENT
        yield _of_shipment(order, shipment, "OrderShipped", ShipmentStatus.SHIPPED, brought)
        if event_type := _OF_SHIPMENTS.get(shipment.status):
            # What staff wrote down late may have arrived before; then there is no later status that it could tell.
            since = [row.status for row in order.history if shipment.shipped_at <= row.at <= shipment.at]
            yield _of_shipment(order, shipment, event_type, shipment.status, since[-1] if since else brought)


def _of_shipment(
    order: Order, shipment: Shipment, event_type: str, where: ShipmentStatus, status: Status
) -> DomainEvent:
    at = shipment.shipped_at if where is ShipmentStatus.SHIPPED else shipment.at
    # A shipment that was lost, found and lost again never arrived: each report is an event of its own.
    report = [] if where is ShipmentStatus.SHIPPED else [at]
    key = ":".join([event_type, shipment.carrier, shipment.tracking_number, *report])
    event = _event(order, key, status)
    event.detail.pop("error", None)
    shown = {
        "carrier": shipment.carrier,
        "trackingNumber": shipment.tracking_number,
        # Without the postal code that PostNL's page can be given: events identify no person.
        "trackingUrl": tracking_url(shipment, None),
        "items": [{"productId": product_id, "quantity": quantity} for product_id, quantity in shipment.items],
        "status": where.value,
    }
    detail = {**event.detail, "eventType": event_type, "occurredAt": at, "shipment": shown}
    return DomainEvent(event_type, detail, key)


def _event(order: Order, event_type: str, status: Status) -> DomainEvent:
    detail: dict[str, Any] = {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": str(uuid.uuid5(_NAMESPACE, f"{order.order_id}:{event_type}")),
        "eventType": event_type,
        "orderId": order.order_id,
        "orderNumber": order.order_number or None,
        "reference": order.reference,
        "status": status.value,
        "customerId": order.customer_id,
        "workflow": order.workflow,
        "currency": order.currency,
        "totalAmount": order.total_amount,
        "items": [{"productId": n.product_id, "quantity": n.quantity, "price": n.price} for n in order.lines],
        "fulfilment": order.fulfilment,
        "locale": order.locale or None,
        "hasPhoneNumber": order.phone_number is not None,
        "occurredAt": order.reached(status) or order.updated_at,
        "correlationId": order.correlation_id,
    }
    if order.failure and status is order.status:
        detail["error"] = {"code": order.failure.code, "message": order.failure.message}
    return DomainEvent(event_type, detail, event_type)
