"""Counting and rebuilding cut off, refused or left without a reply at every single call: the same batch, or the same
command, again, and the counters are what the orders say."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Feedback, Order, Payment, PaymentStatus, Status
from chalicelib.reporting.ports import Change

from tests.reliability.faults import Call, Died, Fault, Kind, Plan, Tapped, as_asked
from tests.reliability.stories import every_kind
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import changes_in, counted, receipt, record, sold, wanted

pytestmark = pytest.mark.slow

_PORTS = ("counter_pages", "documents", "orders")
FIRST, LAST = "2026-11-20", "2026-11-22"
LATER = 10 * 24 * 3600


class Shop:
    """An order that completes and is judged later, one that fails, and one that is cancelled and paid back."""

    def __init__(self) -> None:
        self.fakes = FakeAdapters()
        self.fakes.clock.advance(LATER)  # so that the counting adds up hours, too
        completes = sold()
        judged = replace(completes[-1], feedback=Feedback(4, "", "2026-11-22T08:00:00.000Z"))
        begun = sold("2026-11-21T13:50:00.000Z")[0]
        failed = begun.moved(Status.FAILED, "2026-11-21T14:01:00.000Z")
        other = sold("2026-11-20T23:59:59.900Z")
        cancelled = other[-1].moved(Status.CANCELLED, "2026-11-21T00:10:00.000Z")
        back = Payment(PaymentStatus.REFUNDED, "ch_1", other[0].total_amount, other[0].total_amount)
        self.lives = [
            [*completes, judged],
            [begun, replace(failed)],
            [*other, cancelled, replace(cancelled, payment=back)],
        ]
        self.fakes.store.orders = {states[-1].order_id: states[-1] for states in self.lives}
        for states in self.lives:
            for state in states:
                receipt(self.fakes, state)

    @property
    def last(self) -> list[Order]:
        return [states[-1] for states in self.lives]

    @property
    def batch(self) -> list[Change]:
        return [change for states in self.lives for change in changes_in(states)]

    def process(self, plan: Plan) -> Services:
        """The services in a new process."""
        ports = {name: Tapped(name, getattr(self.fakes, name), _sparing(plan, wanted(self.last))) for name in _PORTS}
        return Services(SETTINGS, SimpleNamespace(**ports, clock=self.fakes.clock, pause=self.fakes.pause))

    def count(self, plan: Plan = as_asked) -> None:
        self.process(plan).reporting.count_orders([record(change) for change in self.batch])

    def rebuild(self, plan: Plan = as_asked) -> None:
        list(self.process(plan).reporting.rebuild.rebuild(FIRST, LAST))

    def assert_right(self, circumstances: str) -> None:
        assert counted(self.fakes.counter_pages) == wanted(self.last), circumstances
        sums = {hour: stored.counts for hour, stored in self.fakes.counter_pages.stored_sums.items()}
        assert sums == wanted(self.last), circumstances


def _sparing(plan: Plan, hours: Collection[str]) -> Plan:
    """Looks at hours in which nothing happened go well: there are too many of them, and one is like another."""

    def of(call: Call) -> Any:
        return call.do() if call.method in ("of_hour", "sums") and call.arguments[0] not in hours else plan(call)

    return of


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the calls have an order, and a death in one of them is the death of all."""
    monkeypatch.setattr(
        "chalicelib.bootstrap.reporting.few_at_a_time", lambda most: lambda work, rows: list(map(work, rows))
    )


def every_point(kind: Kind, what: str) -> Iterator[tuple[Shop, str]]:
    """The shops after that went wrong at its first call, at its second, and so on."""
    for number in itertools.count(1):
        shop, fault = Shop(), Fault(number, kind)
        with suppress(Exception, Died):
            getattr(shop, what)(fault)
        if not fault.hit:
            assert number > 10, "an empty walk proves nothing"
            return
        yield shop, str(fault)


@every_kind
def test_the_batch_that_comes_again_is_counted_once(kind: Kind) -> None:
    for shop, circumstances in every_point(kind, "count"):
        shop.count()

        shop.assert_right(circumstances)


@every_kind
def test_whatever_was_counted_is_archived(kind: Kind) -> None:
    """So that rebuilding at any moment never takes away what was right."""
    for shop, circumstances in every_point(kind, "count"):
        before = {digest for page in shop.fakes.counter_pages.pages.values() for digest in page.seen}

        shop.rebuild()

        after = {digest for page in shop.fakes.counter_pages.pages.values() for digest in page.seen}
        assert before <= after, circumstances


@every_kind
def test_a_rebuilding_that_was_cut_off_is_finished_by_the_next(kind: Kind) -> None:
    for shop, circumstances in every_point(kind, "rebuild"):
        for change in shop.batch:  # the archive is whole; only the counters are not
            shop.process(as_asked).reporting._count_orders.archive.keep([change])
        shop.rebuild()

        shop.assert_right(circumstances)


@every_kind
def test_a_rebuilding_cut_off_among_the_counting_leaves_nothing_doubled(kind: Kind) -> None:
    for shop, circumstances in every_point(kind, "rebuild"):
        shop.count()
        shop.rebuild()

        shop.assert_right(circumstances)


def test_each_batch_cut_off_again_and_again_is_counted_once() -> None:
    """Every attempt dies one call later than the one before."""
    shop = Shop()
    for number in itertools.count(1):
        fault = Fault(number, Kind.DIES_AFTER)
        with suppress(Died):
            shop.count(fault)
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
    shop.count(note)
    shop.fakes.counter_pages.pages.clear()
    shop.rebuild(note)

    assert calls >= {
        *(
            "counter_pages.get",
            "counter_pages.put",
            "counter_pages.of_hour",
            "counter_pages.sums",
            "counter_pages.put_sums",
        ),
        *("documents.put", "documents.get", "documents.keys", "orders.open_before", "orders.created_between"),
    }
