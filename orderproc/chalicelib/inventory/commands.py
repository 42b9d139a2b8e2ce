"""What staff ask of the catalogue, after their request was read and found valid."""

from __future__ import annotations

from decimal import Decimal

from ..kit.wiring import dataclass
from .model import Product


@dataclass(frozen=True)
class PutProduct:
    """Create or replace a product; `stock` sets what is available, None leaves it."""

    product_id: str
    name: str
    description: str
    price: Decimal
    currency: str
    stock: int | None

    def product(self, now: str, before: Product | None) -> Product:
        """As it is to be stored; `before` is the one that it replaces."""
        created_at, image = (before.created_at, before.image) if before else (now, "")
        return Product(self.product_id, self.name, self.description, self.price, self.currency, created_at, now, image)
