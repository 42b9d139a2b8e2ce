"""Orders to print and to write about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from chalicelib.kit.shop import Shop
from chalicelib.orders.model import Address, Failure, HistoryRow, Line, Order, Payment, PaymentStatus, Status, total_of

CREATED_AT = "2026-11-21T14:30:25.123Z"
ENDED_AT = "2026-11-21T14:30:29.456Z"
SHOP = Shop("Corner & Co.", "Keizersgracht 123\n1015 CW Amsterdam", "https://shop.example.com")
LAPTOP = Line("LAPTOP001", "Gaming Laptop", 1, Decimal("1299.99"))


def paid_order(lines: Iterable[Line] = (LAPTOP,), currency: str = "EUR") -> Order:
    """A completed order of these lines."""
    lines = tuple(lines)
    total = total_of(lines)
    return Order(
        order_id="abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90",
        owner="partner",
        customer_id="customer123",
        customer_email="customer@example.com",
        lines=lines,
        currency=currency,
        total_amount=total,
        created_at=CREATED_AT,
        history=(HistoryRow(Status.PENDING, CREATED_AT), HistoryRow(Status.COMPLETED, ENDED_AT)),
        payment_method="pm_card_visa",
        shipping_address=Address("123 Main St", "Anytown", "CA", "12345", "USA"),
        payment=Payment(PaymentStatus.CAPTURED, "sim_0123456789", total, Decimal(0)),
    )


def ended_order(status: Status, code: str = "", payment: Payment | None = None) -> Order:
    """An order that was cancelled, with one of the contract's error codes."""
    failure = Failure(code, "internal words") if code else None
    history = (HistoryRow(Status.PENDING, CREATED_AT), HistoryRow(status, ENDED_AT))
    return replace(paid_order(), history=history, failure=failure, payment=payment)
