"""What is measured once an hour, and not counted as it happens: what is low in stock, and carts left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

MOST_NAMED = 20
"""Products that are named; the others are counted only."""


@dataclass(frozen=True)
class LowStock:
    """How many products are low, and the ids of those with the least to sell."""

    number: int
    products: tuple[str, ...]


@dataclass(frozen=True)
class LeftBehind:
    """How many carts were left behind in an hour, and what was in them at today's prices, by currency."""

    carts: int
    value: Mapping[str, Decimal]
