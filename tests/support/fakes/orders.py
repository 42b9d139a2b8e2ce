"""Orders in memory, and what else their transactions write to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.inventory.model import Product, Stock
from chalicelib.kit.errors import Damaged, OutOfStock, StaleOrder
from chalicelib.kit.page import Page
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Order, Reservation, Status

from tests.support.fakes.discrepancies import FakeOrderDays


class FakeStore:
    """Orders, products and stock behind one lock, since DynamoDB's transactions span them."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.orders: dict[str, Order] = {}
        self.products: dict[str, Product] = {}
        self.stock: dict[str, Stock] = {}
        self.as_of: dict[str, str] = {}
        self.damaged: dict[tuple[str, str], Damaged] = {}
        self.report: Callable[[Damaged], None] = lambda error: None

    def damage(self, what: str, key: str) -> None:
        """As a change of the item by hand leaves it: the `order`, `product` or `stock` of that id."""
        owner = self.orders[key].owner if what == "order" else ""
        self.damaged[what, key] = Damaged(f"The {what} {key} is damaged: KeyError('x').", what, key, owner)

    def one(self, what: str, key: str, items: Mapping[str, Any]) -> Any:
        """The item that is asked for itself. Raises Damaged."""
        if (what, key) in self.damaged:
            raise self.damaged[what, key]
        return items.get(key)

    def whole(self, what: str, items: Mapping[str, Any]) -> dict[str, Any]:
        """Those that can be read; the others are reported."""
        for key in items:
            if (what, key) in self.damaged:
                self.report(self.damaged[what, key])
        return {key: item for key, item in items.items() if (what, key) not in self.damaged}

    def page(self, orders: Iterable[Order], following: dict[str, str] | None) -> Page[Order]:
        found = {order.order_id: order for order in orders}
        damaged = tuple(self.damaged["order", key] for key in found if ("order", key) in self.damaged)
        places = tuple((order.created_at, order.order_id) for order in found.values())
        return Page(list(self.whole("order", found).values()), following, damaged, places)


class FakeOrders(FakeOrderDays):
    _store: FakeStore

    def __init__(self, store: FakeStore) -> None:
        self._store = store

    def add(self, order: Order) -> Order | None:
        with self._store.lock:
            order_to_item(order)  # raises for what could not be read back
            if order.order_id in self._store.orders:
                return self.get(order.order_id)
            self._store.orders[order.order_id] = order
            return None

    def get(self, order_id: str) -> Order | None:
        order: Order | None = self._store.one("order", order_id, self._store.orders)
        return order

    def save(self, order: Order, expected: Status) -> Order:
        with self._store.lock:
            self._check(order, expected)
            return self._stored(order, expected)

    def reserve(self, order: Order, expected: Status) -> Order:
        return self._move(order, expected, Reservation.NONE, available=-1, reserved=+1)

    def commit(self, order: Order, expected: Status) -> Order:
        return self._move(order, expected, Reservation.HELD, available=0, reserved=-1)

    def release(self, order: Order, expected: Status) -> Order:
        return self._move(order, expected, Reservation.HELD, available=+1, reserved=-1)

    def restock(self, order: Order, expected: Status) -> Order:
        return self._move(order, expected, Reservation.COMMITTED, available=+1, reserved=0)

    def by_owner(self, owner: str, customer_id: str | None, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        mine = [o for o in self._store.orders.values() if o.owner == owner and customer_id in (None, o.customer_id)]
        mine.sort(key=lambda o: (o.created_at, o.order_id), reverse=True)
        if after:
            mine = [o for o in mine if (o.created_at, o.order_id) < (after["createdAt"], after["orderId"])]
        page = mine[:limit]
        more = len(mine) > limit
        following = {"createdAt": page[-1].created_at, "orderId": page[-1].order_id} if more else None
        return self._store.page(page, following)

    def newest_ids(self, owner: str, customer_id: str | None) -> tuple[list[str], bool]:
        page = self.by_owner(owner, customer_id, self.most_keys, None)
        return [order_id for _, order_id in page.places], page.next is None

    def open_before(self, created_before: str, first_shard: int = 0) -> Iterator[Order]:
        found = {key: o for key, o in self._store.orders.items() if o.open and o.created_at < created_before}
        return iter(sorted(self._store.whole("order", found).values(), key=lambda o: o.created_at))

    def _move(self, order: Order, expected: Status, held: Reservation, available: int, reserved: int) -> Order:
        with self._store.lock:
            self._check(order, expected, held)
            moved: dict[str, Stock] = {}
            short: list[str] = []
            for product_id, quantity in order.quantities().items():
                now = self._store.stock.get(product_id, Stock(product_id, 0, 0))
                then = Stock(product_id, now.available + available * quantity, now.reserved + reserved * quantity)
                product = self._store.products.get(product_id)
                withdrawn = available < 0 and product is not None and product.withdrawn_at
                if then.available < 0 or then.reserved < 0 or withdrawn:
                    short.append(product_id)
                moved[product_id] = then
            if short:
                raise OutOfStock(short)
            self._store.stock.update(moved)
            return self._stored(order, expected)

    def _stored(self, order: Order, expected: Status) -> Order:
        stored = replace(order, revision=order.revision + 1) if order.status is expected else order
        self._store.orders[order.order_id] = stored
        return stored

    def _check(self, order: Order, expected: Status, held: Reservation | None = None) -> None:
        order_to_item(order)  # raises for what could not be read back
        stored = self._store.orders.get(order.order_id)
        if stored is None or (stored.status, stored.revision) != (expected, order.revision):
            raise StaleOrder(f"{order.order_id} is not {expected} any more")
        if held is not None and stored.reservation is not held:
            raise StaleOrder(f"{order.order_id} does not hold {held} any more")
