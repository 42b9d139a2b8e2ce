"""Domain events: what happened to an order, in the past tense. They are made from the order alone, so that publishing
again after a crash gives the same events with the same ids, and whoever listens can tell a repetition."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from .order import Order, PaymentStatus, Reservation, Status

SCHEMA_VERSION = "1"
_NAMESPACE = uuid.UUID("6f1d4f0e-9d3b-4d7a-8a55-0d6c1c1f7b10")


@dataclass(frozen=True)
class DomainEvent:
    """`detail` is what goes out: ids, states and amounts, and nothing of a person but the customer id."""

    type: str
    detail: dict[str, Any]


def events_of(order: Order) -> list[DomainEvent]:
    """All that happened to the order up to its present state, oldest first."""
    found = [_event(order, "OrderPlaced", Status.PENDING)]
    if order.reservation is not Reservation.NONE:
        found.append(_event(order, "InventoryReserved", Status.PAYMENT_PROCESSING))
    if order.payment:
        paid = Status.CONFIRMED if order.reached(Status.CONFIRMED) else Status.FULFILLMENT
        found.append(_event(order, "PaymentCaptured", paid))
    if order.shipments:
        found.append(_event(order, "OrderShipped", order.status))
    for status, event_type in _ENDS.items():
        if order.reached(status):
            found.append(_event(order, event_type, status))
    if order.payment and order.payment.status is PaymentStatus.REFUNDED and not order.reached(Status.REFUNDED):
        found.append(_event(order, "OrderRefunded", order.status))
    return found


_ENDS = {
    Status.COMPLETED: "OrderCompleted",
    Status.FAILED: "OrderFailed",
    Status.CANCELLED: "OrderCancelled",
    Status.REFUNDED: "OrderRefunded",
}


def _event(order: Order, event_type: str, status: Status) -> DomainEvent:
    detail: dict[str, Any] = {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": str(uuid.uuid5(_NAMESPACE, f"{order.order_id}:{event_type}")),
        "eventType": event_type,
        "orderId": order.order_id,
        "status": status.value,
        "customerId": order.customer_id,
        "workflow": order.workflow,
        "currency": order.currency,
        "totalAmount": order.total_amount,
        "items": [{"productId": n.product_id, "quantity": n.quantity, "price": n.price} for n in order.lines],
        "fulfilment": order.fulfilment,
        "hasPhoneNumber": order.phone_number is not None,
        "occurredAt": order.reached(status) or order.updated_at,
        "correlationId": order.correlation_id,
    }
    if order.failure and status is order.status:
        detail["error"] = {"code": order.failure.code, "message": order.failure.message}
    return DomainEvent(event_type, detail)
