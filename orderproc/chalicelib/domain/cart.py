"""A cart as the customer sees it: always at the prices of now."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MAX_LINES = 100
MAX_QUANTITY = 99


@dataclass(frozen=True)
class CartLine:
    """`problem` is empty, `WITHDRAWN` (then `name` is empty and `price` None) or `SHORT` (too few are left)."""

    product_id: str
    name: str
    quantity: int
    price: Decimal | None
    currency: str
    problem: str = ""

    @property
    def total(self) -> Decimal | None:
        return None if self.price is None else self.price * self.quantity


@dataclass(frozen=True)
class Cart:
    """`total` counts every line that has a price."""

    lines: tuple[CartLine, ...]
    currency: str

    @property
    def total(self) -> Decimal:
        return sum((line.total for line in self.lines if line.total is not None), Decimal(0))
