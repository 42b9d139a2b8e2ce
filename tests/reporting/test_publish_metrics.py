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
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.metrics import FakeCounters, FakeOpenOrders, FakePublishedMetrics
from tests.support.fakes.orders import FakeOrders, FakeStore

HOUR = "2026-11-21T14"
COUNTED = ("OrdersPlaced", "OrdersCompleted", "OrdersFailed", "Revenue")


class Died(BaseException):
    """The process is gone: no code of ours sees this."""


class Metrics:
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

    def published(self, name: str) -> Any:
        return self.cloud.sum_of(name)

    def sum_of(self, hour: str) -> Any:
        return dict(added(self.counters.sums[hour][1])) if hour in self.counters.sums else {}


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def test_what_is_new_is_told_once(metrics: Metrics) -> None:
    metrics.counters.count(HOUR, sold(2, "10.00"), quarter=1)
    metrics.job()()
    metrics.counters.count(HOUR, sold(1, "5.50"), quarter=2, shard=1)
    metrics.counters.count(HOUR, {"failed": 1, "failed/OUT_OF_STOCK": 1}, quarter=2)

    metrics.job()()
    metrics.job()()

    assert [[values[name] for name in COUNTED] for values in metrics.cloud.told] == [
        [2, 2, 0, Decimal("20.00")],
        [1, 1, 1, Decimal("5.50")],
        [0, 0, 0, 0],
    ]


def test_all_six_and_whether_orders_are_missing_are_told_each_time(metrics: Metrics) -> None:
    metrics.job()()

    assert metrics.cloud.told == [
        dict.fromkeys([*COUNTED, "OrdersStuck", "OrdersNeedingAttention", "OrdersMissing"], 0)
    ]


def test_revenue_is_that_in_the_shops_own_currency(metrics: Metrics) -> None:
    metrics.counters.count(HOUR, sold(1, "10.00"))
    metrics.counters.count(HOUR, sold(1, "5000", "JPY"))

    metrics.job()()

    assert metrics.published("Revenue") == Decimal("10.00")


def test_the_sums_of_an_hour_are_those_of_its_quarters_and_shards(metrics: Metrics) -> None:
    for quarter, shard in itertools.product(range(4), range(2)):
        metrics.counters.count(HOUR, {"placed": 1 + quarter, "value/EUR": Decimal("0.10")}, quarter, shard)

    metrics.job()()

    assert metrics.sum_of(HOUR) == {"placed": 20, "value/EUR": Decimal("0.80")}
    assert [quarter["placed"] for quarter in metrics.counters.sums[HOUR][1]] == [2, 4, 6, 8]


def test_nothing_is_written_for_an_hour_without_news(metrics: Metrics) -> None:
    metrics.counters.count(HOUR, {"placed": 1})
    metrics.job()()
    metrics.counters.sums.clear()

    metrics.job()()

    assert metrics.counters.sums == {}


def test_a_minute_reads_two_hours_and_its_progress(metrics: Metrics) -> None:
    metrics.job()()
    metrics.counters.reads.clear()

    metrics.job()()

    assert metrics.counters.reads == {HOUR: 1, "2026-11-21T13": 1, "progress": 1}


@pytest.mark.parametrize("late", [2, 12, 26])
def test_what_is_counted_late_is_found_within_the_hour(metrics: Metrics, late: int) -> None:
    metrics.job()()
    metrics.clock.advance(60)
    hour = f"2026-11-{21 - (late > 14)}T{(14 - late) % 24:02}"
    metrics.counters.count(hour, sold(1))
    metrics.job()()
    assert metrics.published("OrdersPlaced") == 0

    metrics.clock.advance(3600)
    metrics.job()()

    assert metrics.published("OrdersPlaced") == 1
    assert metrics.sum_of(hour)["placed"] == 1


def test_after_a_pause_of_days_all_is_summed_up(metrics: Metrics) -> None:
    metrics.job()()
    metrics.counters.count("2026-11-22T03", sold(1))
    metrics.clock.advance(3 * 24 * 3600)

    metrics.job()()

    assert metrics.sum_of("2026-11-22T03")["placed"] == 1


def test_after_a_pause_of_weeks_the_next_runs_catch_up(metrics: Metrics) -> None:
    metrics.job()()
    hours = ["2026-11-21T15", "2026-11-22T03", "2026-11-27T10", "2026-12-20T14", "2026-12-21T13"]
    for hour in hours:
        metrics.counters.count(hour, sold(1))
    metrics.clock.advance(30 * 24 * 3600)
    before = metrics.counters.reads.total()

    metrics.job()()
    assert metrics.counters.reads.total() - before < 200
    for _ in range(6):
        metrics.job()()

    assert [metrics.sum_of(hour).get("placed") for hour in hours] == [1] * len(hours)
    assert metrics.published("OrdersPlaced") == 2  # of the last day: what is older is no news of this minute


def test_nothing_is_missing_while_it_catches_up(metrics: Metrics) -> None:
    for week in range(1, 9):
        for n in range(-30, 30):
            metrics.counters.put_sums(later(HOUR, n - 168 * week + 720), [{"placed": 50}] * 4, 1)
    metrics.job()()
    metrics.clock.advance(30 * 24 * 3600)
    for n in range(31):
        for quarter in range(4):
            metrics.counters.count(later(HOUR, 720 - n), sold(50), quarter=quarter)

    for _ in range(6):
        metrics.job()()

    assert metrics.published("OrdersMissing") == 0


def test_sums_outlive_the_counters(metrics: Metrics) -> None:
    metrics.counters.count(HOUR, sold(1))
    metrics.job()()
    metrics.counters.parts.clear()

    for _ in range(40):
        metrics.clock.advance(1800)
        metrics.job()()

    assert metrics.sum_of(HOUR)["placed"] == 1
    assert metrics.published("OrdersPlaced") == 1


def test_a_run_that_read_earlier_does_not_undo_what_another_summed_up(metrics: Metrics) -> None:
    class Slow(FakeCounters):
        def __init__(self) -> None:
            self.__dict__ = metrics.counters.__dict__

        def live(self, hour: str) -> Any:
            found = super().live(hour)
            if hour == HOUR:  # between reading and writing another run comes and goes
                metrics.counters.count(HOUR, sold(1))
                metrics.job()()
            return found

    metrics.counters.count(HOUR, sold(1))

    told = metrics.job(counters=Slow())()

    assert told is None
    assert metrics.sum_of(HOUR)["placed"] == 2
    assert metrics.published("OrdersPlaced") == 2


@pytest.mark.parametrize("hour", [HOUR, "2026-11-20T20"], ids=["this hour", "late, and its first run"])
def test_what_cloudwatch_refused_is_told_by_the_next_run(metrics: Metrics, hour: str) -> None:
    metrics.counters.count(hour, sold(3))
    metrics.cloud.trouble = TemporarilyUnavailable("throttled")
    with pytest.raises(TemporarilyUnavailable):
        metrics.job()()

    metrics.cloud.trouble = None
    metrics.job()()

    assert metrics.published("OrdersPlaced") == 3


def test_what_may_have_arrived_is_never_told_again(metrics: Metrics) -> None:
    metrics.counters.count(HOUR, sold(3))
    metrics.cloud.trouble = TimeoutError("no answer")
    with pytest.raises(TimeoutError):
        metrics.job()()

    metrics.cloud.trouble = None
    metrics.job()()

    assert metrics.published("OrdersPlaced") == 0
    assert metrics.sum_of(HOUR)["placed"] == 3


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(["run", "die", "refuse", "next hour"]), st.integers(0, 12)), max_size=25))
def test_whatever_dies_nothing_is_told_twice_and_all_is_summed_up(story: list[tuple[str, int]]) -> None:
    metrics, placed, lost = Metrics(), 0, 0
    for what, call in story:
        metrics.counters.count(metrics.clock.now()[:13], sold(1), quarter=call % 4)
        placed += 1
        if what == "next hour":
            metrics.clock.advance(3600)
        lost += _run(metrics, what, call)
    metrics.job()()
    metrics.clock.advance(3600)
    metrics.job()()

    assert sum(metrics.sum_of(hour)["placed"] for hour in metrics.counters.sums) == placed
    assert metrics.published("OrdersPlaced") <= placed
    if not lost:
        assert metrics.published("OrdersPlaced") == placed


def _run(metrics: Metrics, what: str, call: int) -> bool:
    """Whether the run died after it wrote down what it was about to tell."""
    told = len(metrics.cloud.told)
    run = metrics.counters.reached and metrics.counters.reached.run
    try:
        if what == "die":
            dying = _Dying(call)
            metrics.job(counters=dying.at(metrics.counters), cloud=dying.at(metrics.cloud))()
        elif what == "refuse":
            metrics.cloud.trouble = TemporarilyUnavailable("throttled")
            metrics.job()()
        else:
            metrics.job()()
    except (Died, TemporarilyUnavailable):
        pass
    metrics.cloud.trouble = None
    changed = (metrics.counters.reached and metrics.counters.reached.run) != run
    return what == "die" and changed and len(metrics.cloud.told) == told


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


def test_stuck_orders_and_those_marked_for_staff_are_told_apart(metrics: Metrics) -> None:
    young, old = "2026-11-21T14:29:30.000Z", "2026-11-21T12:00:00.000Z"
    orders = [
        order(order_id="young", created_at=young),
        order(order_id="old", created_at=old),
        order(order_id="marked", created_at=old, attention="RefundRefused"),
        order(order_id="marked lately", created_at="2026-11-21T14:20:00.000Z", attention="NoReceipt"),
        order(order_id="done", created_at=old).moved(Status.CANCELLED, old),
        order(order_id="getting on", created_at="2026-11-21T14:00:00.000Z"),
    ]
    metrics.store.orders = {o.order_id: replace(o) for o in orders}

    told = metrics.job()()

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
