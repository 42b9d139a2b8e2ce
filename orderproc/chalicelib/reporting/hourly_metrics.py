"""What is low in stock now, and which carts were abandoned in this hour and those before.

Each run writes the hour before once more, as a whole: it was not over when the run in it looked, or that run died.
And it completes those before that: the run died that should have seen them whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import chain

from ..checkout.model import QuietCart
from ..checkout.ports import Carts
from ..inventory.model import Product, Stock
from ..inventory.ports import Catalogue
from ..kit.clock import from_iso, to_iso
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .hours import HOUR, hour_of
from .ports import MOST_NAMED, AbandonedCarts, HourlyGauges, LowStock

_HOURS_BEFORE = 3
"""So two runs in a row may die."""


@service
class HourlyMetrics:
    catalogue: Catalogue
    carts: Carts
    gauges: HourlyGauges
    clock: Clock
    log: Log
    low_stock_at: int
    """Units: a product with no more to sell is low."""
    abandoned_after: timedelta
    """A cart that was not touched for so long was abandoned, in the hour in which that time was over."""

    def __call__(self) -> None:
        now = from_iso(self.clock.now())
        this, last, *before = (hour_of(now - n * HOUR) for n in range(_HOURS_BEFORE + 1))
        low = _lowest(self.catalogue.low_stock(self.low_stock_at))
        by_hour = self._abandoned(f"{before[-1]}:00:00.000Z", to_iso(now))
        carts = chain.from_iterable(by_hour.values())
        products = self.catalogue.readable(sorted({product_id for cart in carts for product_id in cart.lines}))
        found = {hour: _worth(by_hour.get(hour, []), products) for hour in (this, last, *before)}
        for hour in before:
            self.gauges.complete(hour, low, found[hour])
        self.gauges.put_after(last, low, found[last])
        self.gauges.put(this, low, found[this])
        self.log.info("hourly_metrics", hour=this, lowStock=low.number, cartsAbandoned=found[this].carts)

    def _abandoned(self, since: str, until: str) -> dict[str, list[QuietCart]]:
        """Carts by the hour in which they were abandoned: not before `since`, and by `until`."""
        by_hour: dict[str, list[QuietCart]] = defaultdict(list)
        touched = (to_iso(from_iso(moment) - self.abandoned_after) for moment in (since, until))
        for cart in self.carts.quiet(*touched):
            by_hour[hour_of(from_iso(cart.touched_at) + self.abandoned_after)].append(cart)
        return by_hour


def _worth(carts: Sequence[QuietCart], products: Mapping[str, Product]) -> AbandonedCarts:
    """What can't be bought any more is worth nothing."""
    value: dict[str, Decimal] = defaultdict(Decimal)
    for cart in carts:
        for product_id, quantity in cart.lines.items():
            if product := products.get(product_id):
                value[product.currency] += product.price * quantity
    return AbandonedCarts(len(carts), dict(sorted(value.items())))


def _lowest(stock: Iterable[Stock]) -> LowStock:
    found = sorted(stock, key=lambda one: (one.available, one.product_id))
    return LowStock(len(found), tuple(one.product_id for one in found[:MOST_NAMED]))
