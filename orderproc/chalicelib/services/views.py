"""How an order and a product look from outside: the API answers with this, and the archive keeps it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..domain.catalogue import Product
from ..domain.order import Address, Order


def order_view(order: Order) -> dict[str, Any]:
    """The order as contract §4 shows it. Amounts are Decimal with the currency's digits."""
    payment, failure = order.payment, order.failure
    return {
        "orderId": order.order_id,
        "customerId": order.customer_id,
        "customerEmail": order.customer_email,
        "phoneNumber": order.phone_number,
        "items": [
            {"productId": n.product_id, "name": n.name, "quantity": n.quantity, "price": n.price} for n in order.lines
        ],
        "currency": order.currency,
        "totalAmount": order.total_amount,
        "paymentMethod": order.payment_method,
        "shippingAddress": _address_view(order.shipping_address),
        "status": order.status.value,
        "workflow": order.workflow,
        "fulfilment": order.fulfilment,
        "createdAt": order.created_at,
        "updatedAt": order.updated_at,
        "history": [{"status": row.status.value, "at": row.at, "detail": row.detail} for row in order.history],
        "payment": {**asdict(payment), "status": payment.status.value} if payment else None,
        "shipment": None,
        "error": {"code": failure.code, "message": failure.message} if failure else None,
    }


def _address_view(address: Address | None) -> dict[str, str] | None:
    if address is None:
        return None
    return {
        "street": address.street,
        "city": address.city,
        "state": address.state,
        "zipCode": address.zip_code,
        "country": address.country,
    }


def product_view(product: Product, stock: int) -> dict[str, Any]:
    """A product with what of it can be bought now."""
    return {
        "productId": product.product_id,
        "name": product.name,
        "description": product.description,
        "price": product.price,
        "currency": product.currency,
        "stock": stock,
    }
