"""Products and their stock."""

from __future__ import annotations

from decimal import Decimal

from ..kit.wiring import dataclass


@dataclass(frozen=True)
class Product:
    """What can be bought. `price` is per unit, in `currency` and its digits."""

    product_id: str
    name: str
    description: str
    price: Decimal
    currency: str
    created_at: str
    updated_at: str
    image: str = ""
    """The path of its picture on the site; empty without one."""
    withdrawn_at: str = ""
    """Since when it is not sold any more; empty while it is."""


@dataclass(frozen=True)
class Stock:
    """Units of one product: `available` can be bought; `reserved` are held by open orders."""

    product_id: str
    available: int
    reserved: int
