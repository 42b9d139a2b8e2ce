"""Indexing and its rebuild cut off, refused or left without a reply at every single call: the same batch, or the same
command, again, and the index says what the orders say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order, Shipment, ShipmentStatus
from chalicelib.orders.search_index import place_of
from chalicelib.orders.search_tokens import tokens_of

from tests.reliability.faults import Call, Died, Fault, Kind, Plan, Tapped, as_asked
from tests.reliability.stories import every_kind
from tests.support.builders import examples
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import changes_in, record, removal

pytestmark = pytest.mark.slow

FIRST, LAST = "2026-11-20", "2026-11-22"


class Shop:
    """Orders that are new, that were shipped, of which a person was erased, and that were deleted; what the index had
    of three of them is out of date."""

    def __init__(self) -> None:
        self.fakes = FakeAdapters()
        new, one, other, deleted = (examples.order() for _ in range(4))
        parcel = Shipment("DHL", "T-1", (("LAPTOP001", 1),), ShipmentStatus.SHIPPED, examples.NOW)
        shipped = replace(one, shipments=(parcel,), revision=1)
        erased = replace(other, customer_email="erased@invalid.example", customer_id="erased")
        self.before, self.last = (one, other, deleted), (new, shipped, erased)
        self.records = [
            record(change) for change in (*changes_in([one, shipped])[1:], *changes_in([other, erased])[1:])
        ]
        self.records += [record(changes_in([new])[0]), removal(deleted)]
        self.store(self.before)
        self.index([record(changes_in([order])[0]) for order in self.before])
        self.store(self.last)

    def store(self, orders: tuple[Order, ...]) -> None:
        self.fakes.store.orders = {order.order_id: order for order in orders}

    def process(self, plan: Plan) -> Services:
        """The services in a new process."""
        ports = {name: Tapped(name, getattr(self.fakes, name), plan) for name in ("order_index", "orders")}
        return Services(SETTINGS, SimpleNamespace(**ports, clock=self.fakes.clock, pause=self.fakes.pause))

    def index(self, records: list[dict[str, object]] | None = None, plan: Plan = as_asked) -> None:
        self.process(plan).search.index_records(records or self.records)

    def rebuild(self, plan: Plan = as_asked) -> None:
        list(self.process(plan).search.rebuild(FIRST, LAST))

    def assert_right(self, circumstances: str) -> None:
        entries = {(token, place_of(order)) for order in self.last for token in tokens_of(order)}
        assert self.fakes.order_index.entries == entries, circumstances
        lists = {place: tokens for place, tokens in self.fakes.order_index.lists.items() if tokens}
        assert lists == {place_of(order): tokens_of(order) for order in self.last}, circumstances


def every_point(kind: Kind, what: str) -> Iterator[tuple[Shop, str]]:
    """The shops after that went wrong at its first call, at its second, and so on."""
    for number in itertools.count(1):
        shop, fault = Shop(), Fault(number, kind)
        with suppress(Exception, Died):
            getattr(shop, what)(plan=fault)
        if not fault.hit:
            assert number > 6, "an empty walk proves nothing"
            return
        yield shop, str(fault)


@every_kind
def test_the_batch_that_comes_again_is_indexed(kind: Kind) -> None:
    for shop, circumstances in every_point(kind, "index"):
        shop.index()

        shop.assert_right(circumstances)


@every_kind
def test_a_rebuild_that_was_cut_off_is_finished_by_the_next(kind: Kind) -> None:
    for shop, circumstances in every_point(kind, "rebuild"):
        shop.rebuild()
        shop.index([shop.records[-1]])  # what was deleted is in no table that a rebuild reads

        shop.assert_right(circumstances)


@every_kind
def test_a_rebuild_among_the_indexing_leaves_nothing_behind(kind: Kind) -> None:
    for shop, circumstances in every_point(kind, "index"):
        shop.rebuild()
        shop.index()

        shop.assert_right(circumstances)


def test_a_batch_cut_off_again_and_again_is_indexed() -> None:
    """Every attempt dies one call later than the one before."""
    shop = Shop()
    for number in itertools.count(1):
        fault = Fault(number, Kind.DIES_AFTER)
        with suppress(Died):
            shop.index(plan=fault)
        if not fault.hit:
            break

    shop.assert_right("in the end")


def test_the_walk_visits_every_call() -> None:
    """Else an empty walk would prove nothing."""
    calls: set[str] = set()

    def note(call: Call) -> object:
        calls.add(str(call))
        return call.do()

    shop = Shop()
    shop.index(plan=note)
    shop.rebuild(plan=note)

    assert calls >= {
        *("order_index.add", "order_index.known", "order_index.change", "order_index.note_progress"),
        *("orders.get", "orders.created_between"),
    }
