"""How an order and a product look from outside: the API answers with this, and the archive keeps it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .model import Address, Feedback, Order, Shipment
from .tracking import tracking_url


def order_view(order: Order) -> dict[str, Any]:
    """The order as contract §4 shows it. Amounts are Decimal with the currency's digits."""
    payment, failure = order.payment, order.failure
    return {
        "orderId": order.order_id,
        "orderNumber": order.order_number or None,
        "reference": order.reference,
        "customerId": order.customer_id,
        "customerEmail": order.customer_email,
        "phoneNumber": order.phone_number,
        "items": [
            {"productId": n.product_id, "name": n.name, "quantity": n.quantity, "price": n.price} for n in order.lines
        ],
        "currency": order.currency,
        "totalAmount": order.total_amount,
        "paymentMethod": order.payment_method,
        "shippingAddress": _address_view(order.shipping_address) if order.shipping_address else None,
        "billingAddress": _address_view(order.billing_address) if order.billing_address else None,
        "note": order.note,
        "metadata": dict(order.metadata),
        "locale": order.locale or None,
        "status": order.status.value,
        "workflow": order.workflow,
        "fulfilment": order.fulfilment,
        "createdAt": order.created_at,
        "updatedAt": order.updated_at,
        "history": [{"status": row.status.value, "at": row.at, "detail": row.detail} for row in order.history],
        "payment": {**asdict(payment), "status": payment.status.value} if payment else None,
        "shipment": _shipment_view(order.shipments[-1], order) if order.shipments else None,
        "shipments": [_shipment_view(shipment, order) for shipment in order.shipments],
        "error": {"code": failure.code, "message": failure.message} if failure else None,
        "feedback": feedback_view(order.feedback) if order.feedback else None,
    }


def _address_view(address: Address) -> dict[str, str]:
    more = {"name": address.name, "company": address.company, "street2": address.street2}
    return {
        "street": address.street,
        "city": address.city,
        "state": address.state,
        "zipCode": address.zip_code,
        "country": address.country,
        **{name: text for name, text in more.items() if text},
    }


def _shipment_view(shipment: Shipment, order: Order) -> dict[str, Any]:
    return {
        "carrier": shipment.carrier,
        "trackingNumber": shipment.tracking_number,
        "trackingUrl": tracking_url(shipment, order.shipping_address),
        "status": shipment.status.value,
        "items": [{"productId": product_id, "quantity": quantity} for product_id, quantity in shipment.items],
        "updatedAt": shipment.at,
    }


def staff_view(order: Order) -> dict[str, Any]:
    """What staff see besides: whose it is, what it holds, and whether staff must look at it."""
    return {
        **order_view(order),
        "owner": order.owner,
        "reservation": order.reservation.value,
        "needsAttention": order.attention or None,
        "tags": list(order.tags),
        "open": order.open,
    }


def feedback_view(feedback: Feedback) -> dict[str, Any]:
    """What the customer said, and when."""
    return {"score": feedback.score, "comment": feedback.comment, "at": feedback.at}


def customer_view(newest: Order) -> dict[str, Any]:
    """The customer of this order, as it knows them."""
    names = [address.name for address in (newest.shipping_address, newest.billing_address) if address and address.name]
    return {
        "id": newest.order_id,
        "owner": newest.owner,
        "customerId": newest.customer_id,
        "email": newest.customer_email,
        "name": names[0] if names else None,
        "phoneNumber": newest.phone_number,
        "lastOrderAt": newest.created_at,
    }
