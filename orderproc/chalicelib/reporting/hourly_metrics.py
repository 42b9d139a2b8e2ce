"""What is low in stock now, and which carts were left behind in this hour and those before.

Each run writes the hour before once more, as a whole: it was not over when the run in it looked, or that run died.
And it completes those before that: the run died that should have seen them whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from heapq import nsmallest

from ..checkout.ports import Carts
from ..inventory.model import Product, Stock
from ..inventory.ports import Catalogue
from ..kit.clock import from_iso, to_iso
from ..kit.ports import Clock, Log
from ..kit.wiring import Protocol, service
from .gauges import MOST_NAMED, LeftBehind, LowStock

_HOUR = len("2026-11-21T14")
_HOURS_BEFORE = 3
"""So two runs in a row may die."""


class Gauges(Protocol):
    """By the hour (`2026-11-21T14`, UTC). Written twice it is the same."""

    def put(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        """As it is now."""

    def put_after(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        """As `put` for an hour that is over, but what was low in it stays as it was seen in it, if it was."""

    def complete(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        """As `put_after` for an hour that nobody saw whole: one that has fewer carts than these, or nothing at all."""


@dataclass
class _Pile:
    """Carts of one hour, added up."""

    carts: int = 0
    units: Counter[str] = field(default_factory=Counter)

    def worth(self, products: Mapping[str, Product]) -> LeftBehind:
        """What can't be bought any more is worth nothing."""
        value: dict[str, Decimal] = {}
        for product_id, quantity in self.units.items():
            if product := products.get(product_id):
                value[product.currency] = value.get(product.currency, Decimal(0)) + product.price * quantity
        return LeftBehind(self.carts, {currency: value[currency] for currency in sorted(value)})


@service
class HourlyMetrics:
    catalogue: Catalogue
    carts: Carts
    gauges: Gauges
    clock: Clock
    log: Log
    low_stock_at: int
    """Pieces: a product with no more to sell is low."""
    abandoned_after: timedelta
    """A cart that was not touched for so long was left behind, in the hour in which that time was over."""

    def __call__(self) -> None:
        now = from_iso(self.clock.now())
        this, last, *before = (to_iso(now - timedelta(hours=n))[:_HOUR] for n in range(_HOURS_BEFORE + 1))
        low = _lowest(self.catalogue.low_stock(self.low_stock_at))
        piles = self._piles(f"{before[-1]}:00:00.000Z", to_iso(now))
        units = sorted({product_id for pile in piles.values() for product_id in pile.units})
        products = self.catalogue.readable(units)
        found = {hour: piles.get(hour, _Pile()).worth(products) for hour in (this, last, *before)}
        for hour in before:
            self.gauges.complete(hour, low, found[hour])
        self.gauges.put_after(last, low, found[last])
        self.gauges.put(this, low, found[this])
        self.log.info("hourly_metrics", hour=this, lowStock=low.number, cartsAbandoned=found[this].carts)

    def _piles(self, since: str, until: str) -> dict[str, _Pile]:
        """By the hour in which carts were left behind: not before `since`, and by `until`."""
        piles: dict[str, _Pile] = {}
        touched = (to_iso(from_iso(moment) - self.abandoned_after) for moment in (since, until))
        for cart in self.carts.quiet(*touched):
            hour = to_iso(from_iso(cart.touched_at) + self.abandoned_after)[:_HOUR]
            pile = piles.setdefault(hour, _Pile())
            pile.carts += 1
            pile.units.update(cart.lines)
        return piles


def _lowest(stock: Iterable[Stock]) -> LowStock:
    number = 0

    def counted() -> Iterable[Stock]:
        nonlocal number
        for one in stock:
            number += 1
            yield one

    lowest = nsmallest(MOST_NAMED, counted(), key=lambda one: (one.available, one.product_id))
    return LowStock(number, tuple(one.product_id for one in lowest))
