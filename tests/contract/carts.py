"""Orders of carts, as they were when they were bought."""

from __future__ import annotations

from decimal import Decimal

from chalicelib.checkout.ports import Carts
from chalicelib.orders.model import Line, Order

from tests.contract.adapters import order

DAY = 24 * 3600


def bought(carts: Carts, customer: str, **quantities: int) -> Order:
    """An order of the customer's cart as it is now."""
    lines = tuple(Line(product_id, "", quantity, Decimal(1)) for product_id, quantity in quantities.items())
    return order(customer_id=customer, lines=lines, from_cart=True, cart_version=carts.get(customer).version)
