"""Compare what is reserved of each product with what open orders hold of it.

Products are paged, and the index of open orders: never all orders. Stock moves while this looks, and an order of a
hundred products defers updates for a moment (orders/dynamodb_large.py): only what is wrong by the same number in each
of several looks, a moment apart, is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from ..inventory.model import Stock
from ..inventory.ports import Catalogue
from ..kit.wiring import dataclass, service
from ..orders.model import Order, Reservation
from ..orders.ports import Orders

_LOOKS = 3
_MOMENT = 2.0
"""Seconds between two looks: longer than an index lags behind, and than an order is paid for."""
EVER = "9999"
"""Later than any order was created: those placed during the look count, too."""


@dataclass(frozen=True)
class Mismatch:
    """`reserved` in the inventory, `held` by open orders."""

    reserved: int
    held: int


@service
class StockChecks:
    orders: Orders
    catalogue: Catalogue
    pause: Callable[[float], None]

    def __call__(self, held: Mapping[str, int]) -> dict[str, Mismatch]:
        """Products whose numbers do not agree. `held` is of a first paging through the open orders."""
        found = self._differing(self.catalogue.all_stock(), held)
        for _ in range(_LOOKS - 1):
            if not found:
                break
            self.pause(_MOMENT)
            stock = self.catalogue.stock(list(found)).values()
            again = self._differing(stock, held_by(self.orders.open_before(EVER)))
            found = {p: m for p, m in again.items() if p in found and _by(found[p]) == _by(m)}
        return found

    def _differing(self, stock: Iterable[Stock], held: Mapping[str, int]) -> dict[str, Mismatch]:
        """Between two pagings: what is reserved must be between what was held before the look and after it."""
        reserved = {s.product_id: s.reserved for s in stock}
        odd = {p: r for p, r in reserved.items() if r != held.get(p, 0)}
        if not odd:
            return {}
        after = held_by(self.orders.open_before(EVER))
        ranges = {p: sorted((held.get(p, 0), after.get(p, 0))) for p in odd}
        return {
            p: Mismatch(r, ranges[p][0] if r < ranges[p][0] else ranges[p][1])
            for p, r in odd.items()
            if not ranges[p][0] <= r <= ranges[p][1]
        }


def held_by(orders: Iterable[Order]) -> Counter[str]:
    """Units per product that these orders hold."""
    held: Counter[str] = Counter()
    for order in orders:
        if order.reservation is Reservation.HELD:
            held.update(order.quantities())
    return held


def _by(mismatch: Mismatch) -> int:
    return mismatch.reserved - mismatch.held
