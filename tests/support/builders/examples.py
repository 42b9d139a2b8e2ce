"""Orders and products to test with: each test changes only what it is about."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

from chalicelib.inventory.model import Product
from chalicelib.kit import config
from chalicelib.orders.commands import PlaceOrder
from chalicelib.orders.model import Address, HistoryRow, Line, Order, Status

NOW = "2026-11-21T14:30:25.123Z"

SETTINGS = config.Settings(
    stage="test",
    orders_table="orders",
    products_table="products",
    inventory_table="inventory",
    payments_table="payments",
    claims_table="claims",
    gateway_table="gateway",
    order_queue_url="https://sqs.test/orders",
    notifications_queue_url="https://sqs.test/notifications",
    topic_arn="arn:aws:sns:us-east-1:000000000000:orders",
    event_bus="default",
    documents_bucket="documents",
    shop_name="Test Shop",
    shop_address="1 Market Square\n1012 AB Amsterdam",
    shop_url="https://shop.test",
    mail_sender="shop@shop.test",
    default_currency="EUR",
    carts_table="carts",
    state_machine_arn="arn:aws:states:us-east-1:000000000000:stateMachine:orderproc-test-orders",
    user_pool_client_id="5f8v1q3n2m7k9j4h6g0d1s2a3p",
    staff_client_ids=("5f8v1q3n2m7k9j4h6g0d1s2a3p", "7staffq3n2m7k9j4h6g0d1s2a3"),
    staff_sessions_id="eu-west-1:00000000-1111-2222-3333-444444444444",
    inventory_queue_url="https://sqs.test/inventory",
    payment_queue_url="https://sqs.test/payment",
    shipping_queue_url="https://sqs.test/shipping",
    imports_queue_url="https://sqs.test/imports",
    imports_bucket="imports",
    exports_queue_url="https://sqs.test/exports",
    site_bucket="site",
    site_url="https://site.test",
    operations_table="operations",
    carrier_secret_arn="arn:aws:secretsmanager:us-east-1:000000000000:secret:carrier",
    metrics_table="metrics",
    link_secret_arn="links",
    search_table="search",
    outside_owner="p-shop",
    publishable_key_id="page",
    trust_api_key_header=True,
)

MAX_RECEIVES = SETTINGS.max_receives
"""After so many receives SQS moves a message to the dead-letter queue."""

LAPTOP = Product("LAPTOP001", "Gaming Laptop", "", Decimal("1299.99"), "EUR", NOW, NOW)
MOUSE = Product("MOUSE001", "Mouse", "", Decimal("20.00"), "EUR", NOW, NOW)

_numbers = itertools.count(1)


def body(**changes: Any) -> dict[str, Any]:
    """A `POST /orders` body that is right in every way (the contract's own example); None removes a field."""
    whole = {
        "customerId": "customer123",
        "customerEmail": "customer@example.com",
        "phoneNumber": "+31612345678",
        "items": [{"productId": "LAPTOP001", "name": "Gaming Laptop", "quantity": 1, "price": Decimal("1299.99")}],
        "totalAmount": Decimal("1299.99"),
        "currency": "EUR",
        "paymentMethod": "pm_card_visa",
        "shippingAddress": {
            "street": "123 Main St",
            "city": "Anytown",
            "state": "CA",
            "zipCode": "12345",
            "country": "USA",
        },
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def command(**changes: Any) -> PlaceOrder:
    return replace(
        PlaceOrder(
            owner="p-one",
            customer_id="customer123",
            customer_email="customer@example.com",
            lines=(Line("LAPTOP001", "Gaming Laptop", 1, Decimal("1299.99")),),
            currency="EUR",
            total_amount=Decimal("1299.99"),
            payment_method="pm_card_visa",
            phone_number="+31612345678",
            shipping_address=Address("123 Main St", "Anytown", "CA", "12345", "US"),
            idempotency_key=None,
            fingerprint=b"",
            correlation_id="corr-1",
        ),
        **changes,
    )


def order(**changes: Any) -> Order:
    """A PENDING order with an id of its own."""
    return replace(
        Order(
            order_id=f"order-{next(_numbers):05d}",
            owner="p-one",
            customer_id="customer123",
            customer_email="customer@example.com",
            lines=(Line("LAPTOP001", "Gaming Laptop", 1, Decimal("1299.99")),),
            currency="EUR",
            total_amount=Decimal("1299.99"),
            created_at=NOW,
            history=(HistoryRow(Status.PENDING, NOW),),
            payment_method="pm_card_visa",
            phone_number="+31612345678",
            shipping_address=Address("123 Main St", "Anytown", "CA", "12345", "US"),
        ),
        **changes,
    )
