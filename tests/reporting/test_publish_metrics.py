"""Each minute: sums by the hour, and what is new to CloudWatch, told once whatever dies on the way."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.observability import log
from chalicelib.orders.model import Status
from chalicelib.reporting.counts import added
from chalicelib.reporting.hours import later
from chalicelib.reporting.missing_orders import MissingOrders
from chalicelib.reporting.publish import PublishMetrics
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders.examples import SETTINGS, order
from tests.support.builders.hours import sold
from tests.support.fakes.adapters import FakeAdapters, FakeClock
from tests.support.fakes.metrics import FakeCounters, FakeOpenOrders, FakePublishedMetrics
from tests.support.fakes.orders import FakeOrders, FakeStore

HOUR = "2026-11-21T14"
COUNTED = ("OrdersPlaced", "OrdersCompleted", "OrdersFailed", "Revenue")


class Died(BaseException):
    """The process is gone: no code of ours sees this."""


class World:
    def __init__(self) -> None:
        self.clock = FakeClock("2026-11-21T14:30:00.000Z")
        self.counters = FakeCounters()
        self.store = FakeStore()
        self.cloud = FakePublishedMetrics()
        self._ids = itertools.count()

    def job(self, **replaced: Any) -> PublishMetrics:
        counters = replaced.get("counters", self.counters)
        return PublishMetrics(
            counters,
            FakeOpenOrders(FakeOrders(self.store)),
            MissingOrders(counters, lambda: UTC),
            replaced.get("cloud", self.cloud),
            self.clock,
            log,
            lambda: f"run-{next(self._ids)}",
            "EUR",
            timedelta(seconds=60),
            timedelta(hours=2),
        )

    def told(self, name: str) -> Any:
        return self.cloud.sum_of(name)

    def sum_of(self, hour: str) -> Any:
        return dict(added(self.counters.sums[hour][1])) if hour in self.counters.sums else {}


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_new_is_told_once(world: World) -> None:
    world.counters.count(HOUR, sold(2, "10.00"), quarter=1)
    world.job()()
    world.counters.count(HOUR, sold(1, "5.50"), quarter=2, shard=1)
    world.counters.count(HOUR, {"failed": 1, "failed/OUT_OF_STOCK": 1}, quarter=2)

    world.job()()
    world.job()()

    assert [[values[name] for name in COUNTED] for values in world.cloud.told] == [
        [2, 2, 0, Decimal("20.00")],
        [1, 1, 1, Decimal("5.50")],
        [0, 0, 0, 0],
    ]


def test_all_six_and_whether_orders_are_missing_are_told_each_time(world: World) -> None:
    world.job()()

    assert world.cloud.told == [dict.fromkeys([*COUNTED, "OrdersStuck", "OrdersNeedingAttention", "OrdersMissing"], 0)]


def test_revenue_is_that_in_the_shops_own_currency(world: World) -> None:
    world.counters.count(HOUR, sold(1, "10.00"))
    world.counters.count(HOUR, sold(1, "5000", "JPY"))

    world.job()()

    assert world.told("Revenue") == Decimal("10.00")


def test_the_sums_of_an_hour_are_those_of_its_quarters_and_shards(world: World) -> None:
    for quarter, shard in itertools.product(range(4), range(2)):
        world.counters.count(HOUR, {"placed": 1 + quarter, "value/EUR": Decimal("0.10")}, quarter, shard)

    world.job()()

    assert world.sum_of(HOUR) == {"placed": 20, "value/EUR": Decimal("0.80")}
    assert [quarter["placed"] for quarter in world.counters.sums[HOUR][1]] == [2, 4, 6, 8]


def test_nothing_is_written_for_an_hour_without_news(world: World) -> None:
    world.counters.count(HOUR, {"placed": 1})
    world.job()()
    world.counters.sums.clear()

    world.job()()

    assert world.counters.sums == {}


def test_a_minute_reads_two_hours_and_its_progress(world: World) -> None:
    world.job()()
    world.counters.reads.clear()

    world.job()()

    assert world.counters.reads == {HOUR: 1, "2026-11-21T13": 1, "progress": 1}


@pytest.mark.parametrize("late", [2, 12, 26])
def test_what_is_counted_late_is_found_within_the_hour(world: World, late: int) -> None:
    world.job()()
    world.clock.advance(60)
    hour = f"2026-11-{21 - (late > 14)}T{(14 - late) % 24:02}"
    world.counters.count(hour, sold(1))
    world.job()()
    assert world.told("OrdersPlaced") == 0

    world.clock.advance(3600)
    world.job()()

    assert world.told("OrdersPlaced") == 1
    assert world.sum_of(hour)["placed"] == 1


def test_after_a_pause_of_days_all_is_summed_up(world: World) -> None:
    world.job()()
    world.counters.count("2026-11-22T03", sold(1))
    world.clock.advance(3 * 24 * 3600)

    world.job()()

    assert world.sum_of("2026-11-22T03")["placed"] == 1


def test_after_a_pause_of_weeks_the_next_runs_catch_up(world: World) -> None:
    world.job()()
    hours = ["2026-11-21T15", "2026-11-22T03", "2026-11-27T10", "2026-12-20T14", "2026-12-21T13"]
    for hour in hours:
        world.counters.count(hour, sold(1))
    world.clock.advance(30 * 24 * 3600)
    before = world.counters.reads.total()

    world.job()()
    assert world.counters.reads.total() - before < 200
    for _ in range(6):
        world.job()()

    assert [world.sum_of(hour).get("placed") for hour in hours] == [1] * len(hours)
    assert world.told("OrdersPlaced") == 2  # of the last day: what is older is no news of this minute


def test_nothing_is_missing_while_it_catches_up(world: World) -> None:
    for week in range(1, 9):
        for n in range(-30, 30):
            world.counters.put_sums(later(HOUR, n - 168 * week + 720), [{"placed": 50}] * 4, 1)
    world.job()()
    world.clock.advance(30 * 24 * 3600)
    for n in range(31):
        for quarter in range(4):
            world.counters.count(later(HOUR, 720 - n), sold(50), quarter=quarter)

    for _ in range(6):
        world.job()()

    assert world.told("OrdersMissing") == 0


def test_sums_outlive_the_counters(world: World) -> None:
    world.counters.count(HOUR, sold(1))
    world.job()()
    world.counters.parts.clear()

    for _ in range(40):
        world.clock.advance(1800)
        world.job()()

    assert world.sum_of(HOUR)["placed"] == 1
    assert world.told("OrdersPlaced") == 1


def test_a_run_that_read_earlier_does_not_undo_what_another_summed_up(world: World) -> None:
    class Slow(FakeCounters):
        def __init__(self) -> None:
            self.__dict__ = world.counters.__dict__

        def live(self, hour: str) -> Any:
            found = super().live(hour)
            if hour == HOUR:  # between reading and writing another run comes and goes
                world.counters.count(HOUR, sold(1))
                world.job()()
            return found

    world.counters.count(HOUR, sold(1))

    told = world.job(counters=Slow())()

    assert told is None
    assert world.sum_of(HOUR)["placed"] == 2
    assert world.told("OrdersPlaced") == 2


@pytest.mark.parametrize("hour", [HOUR, "2026-11-20T20"], ids=["this hour", "late, and its first run"])
def test_what_cloudwatch_refused_is_told_by_the_next_run(world: World, hour: str) -> None:
    world.counters.count(hour, sold(3))
    world.cloud.trouble = TemporarilyUnavailable("throttled")
    with pytest.raises(TemporarilyUnavailable):
        world.job()()

    world.cloud.trouble = None
    world.job()()

    assert world.told("OrdersPlaced") == 3


def test_what_may_have_arrived_is_never_told_again(world: World) -> None:
    world.counters.count(HOUR, sold(3))
    world.cloud.trouble = TimeoutError("no answer")
    with pytest.raises(TimeoutError):
        world.job()()

    world.cloud.trouble = None
    world.job()()

    assert world.told("OrdersPlaced") == 0
    assert world.sum_of(HOUR)["placed"] == 3


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(["run", "die", "refuse", "next hour"]), st.integers(0, 12)), max_size=25))
def test_whatever_dies_nothing_is_told_twice_and_all_is_summed_up(story: list[tuple[str, int]]) -> None:
    world, placed, lost = World(), 0, 0
    for what, call in story:
        world.counters.count(world.clock.now()[:13], sold(1), quarter=call % 4)
        placed += 1
        if what == "next hour":
            world.clock.advance(3600)
        lost += _run(world, what, call)
    world.job()()
    world.clock.advance(3600)
    world.job()()

    assert sum(world.sum_of(hour)["placed"] for hour in world.counters.sums) == placed
    assert world.told("OrdersPlaced") <= placed
    if not lost:
        assert world.told("OrdersPlaced") == placed


def _run(world: World, what: str, call: int) -> bool:
    """Whether the run died after it wrote down what it was about to tell."""
    told = len(world.cloud.told)
    run = world.counters.reached and world.counters.reached.run
    try:
        if what == "die":
            dying = _Dying(call)
            world.job(counters=dying.at(world.counters), cloud=dying.at(world.cloud))()
        elif what == "refuse":
            world.cloud.trouble = TemporarilyUnavailable("throttled")
            world.job()()
        else:
            world.job()()
    except (Died, TemporarilyUnavailable):
        pass
    world.cloud.trouble = None
    changed = (world.counters.reached and world.counters.reached.run) != run
    return what == "die" and changed and len(world.cloud.told) == told


class _Dying:
    """Lets so many calls pass; before the next one the process is gone."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def at(self, port: Any) -> Any:
        outer = self

        class Port:
            def __getattr__(self, name: str) -> Callable[..., Any]:
                def call(*args: Any) -> Any:
                    if outer.left == 0:
                        raise Died
                    outer.left -= 1
                    return getattr(port, name)(*args)

                return call

        return Port()


def test_stuck_orders_and_those_marked_for_staff_are_told_apart(world: World) -> None:
    young, old = "2026-11-21T14:29:30.000Z", "2026-11-21T12:00:00.000Z"
    orders = [
        order(order_id="young", created_at=young),
        order(order_id="old", created_at=old),
        order(order_id="marked", created_at=old, attention="RefundRefused"),
        order(order_id="marked lately", created_at="2026-11-21T14:20:00.000Z", attention="NoReceipt"),
        order(order_id="done", created_at=old).moved(Status.CANCELLED, old),
        order(order_id="getting on", created_at="2026-11-21T14:00:00.000Z"),
    ]
    world.store.orders = {o.order_id: replace(o) for o in orders}

    told = world.job()()

    assert told
    assert (told["OrdersStuck"], told["OrdersNeedingAttention"]) == (1, 2)


@pytest.mark.parametrize(("minutes", "stuck"), [(14, 0), (16, 1)])
def test_an_order_that_waits_rings_long_before_it_is_given_up(minutes: int, stuck: int) -> None:
    adapters = FakeAdapters()
    services = Services(SETTINGS, adapters)
    adapters.orders.add(order(order_id="waits for a permission", created_at=adapters.clock.now()))
    adapters.clock.advance(60 * minutes)

    told = services.reporting.publish()

    assert told
    assert told["OrdersStuck"] == stuck
