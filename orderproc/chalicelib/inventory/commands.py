"""What staff ask of the catalogue, after their request was read and found valid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class PutProduct:
    """Create or replace a product; `stock` sets what is available, None leaves it."""

    product_id: str
    name: str
    description: str
    price: Decimal
    currency: str
    stock: int | None
