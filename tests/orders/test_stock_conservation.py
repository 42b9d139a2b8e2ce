"""Stock under whatever is done to it, in any order and from readings of any age: never below nothing, never lost."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from chalicelib.kit.errors import OutOfStock, StaleOrder
from chalicelib.orders.model import Line, Order, Reservation, Status, may_become
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from tests.support.builders.examples import MOUSE, order
from tests.support.fakes.catalogue import FakeCatalogue
from tests.support.fakes.orders import FakeOrders, FakeStore

PRODUCTS = ["A", "B", "C"]
LATER = "2026-11-21T14:30:26.000Z"
LINES = st.lists(st.tuples(st.sampled_from(PRODUCTS), st.integers(1, 4)), min_size=1, max_size=5)


class Shelf(RuleBasedStateMachine):
    """Workers who each read an order some time ago and now act on what they read."""

    readings = Bundle("readings")

    def __init__(self) -> None:
        super().__init__()
        self.store = FakeStore()
        self.orders = FakeOrders(self.store)
        self.catalogue = FakeCatalogue(self.store)
        self.delivered: Counter[str] = Counter()

    @initialize(units=st.lists(st.integers(0, 8), min_size=3, max_size=3))
    def fill(self, units: list[int]) -> None:
        for product_id, available in zip(PRODUCTS, units, strict=True):
            self.catalogue.put(replace(MOUSE, product_id=product_id), available)
            self.delivered[product_id] = available

    @rule(target=readings, lines=LINES)
    def place(self, lines: list[tuple[str, int]]) -> Order:
        placed = order(lines=tuple(Line(p, "", q, Decimal("20.00")) for p, q in lines))
        self.orders.add(placed)
        return placed

    @rule(target=readings, old=readings)
    def read_again(self, old: Order) -> Order:
        stored = self.orders.get(old.order_id)
        assert stored is not None
        return stored

    @rule(read=readings)
    def reserve(self, read: Order) -> None:
        if read.status is Status.PENDING:
            held = read
            for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
                held = held.moved(status, LATER)
            with suppress(StaleOrder, OutOfStock):
                self.orders.reserve(replace(held, reservation=Reservation.HELD), read.status)

    @rule(read=readings)
    def complete(self, read: Order) -> None:
        if read.status is Status.PAYMENT_PROCESSING:
            done = read.moved(Status.FULFILLMENT, LATER).moved(Status.COMPLETED, LATER)
            with suppress(StaleOrder):
                self.orders.commit(replace(done, reservation=Reservation.COMMITTED), read.status)

    @rule(read=readings, to=st.sampled_from([Status.CANCELLED, Status.FAILED]))
    def cancel(self, read: Order, to: Status) -> None:
        if to not in may_become(read.status):
            return
        ended = read.moved(to, LATER)
        with suppress(StaleOrder):
            if read.reservation is Reservation.HELD:
                self.orders.release(replace(ended, reservation=Reservation.RELEASED), read.status)
            elif read.reservation is Reservation.COMMITTED:
                self.orders.restock(replace(ended, reservation=Reservation.RESTOCKED), read.status)
            else:
                self.orders.save(ended, read.status)

    @rule(product_id=st.sampled_from(PRODUCTS), delta=st.integers(-5, 5))
    def count_anew(self, product_id: str, delta: int) -> None:
        if self.catalogue.change_stock(product_id, delta) is not None:
            self.delivered[product_id] += delta

    @rule(read=consumes(readings))
    def forget(self, read: Order) -> None:
        """That worker died."""

    @invariant()
    def nothing_is_below_nothing(self) -> None:
        assert all(s.available >= 0 and s.reserved >= 0 for s in self.store.stock.values())

    @invariant()
    def reserved_is_what_open_reservations_hold(self) -> None:
        held = self._units(Reservation.HELD)
        assert {p: s.reserved for p, s in self.store.stock.items()} == {p: held[p] for p in self.store.stock}

    @invariant()
    def every_unit_is_available_reserved_or_sold(self) -> None:
        sold = self._units(Reservation.COMMITTED)
        for product_id, stock in self.store.stock.items():
            assert stock.available + stock.reserved + sold[product_id] == self.delivered[product_id]

    def _units(self, reservation: Reservation) -> Counter[str]:
        found: Counter[str] = Counter()
        for stored in self.store.orders.values():
            if stored.reservation is reservation:
                found.update(stored.quantities())
        return found


TestShelf = Shelf.TestCase
TestShelf.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
