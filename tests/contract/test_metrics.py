"""Counters of hours, their sums, what was published, and the oldest open orders."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.kit.chunks import chunks
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.orders.model import Status
from chalicelib.reporting.counts import added, to_counts, to_text
from chalicelib.reporting.hours import hours_between, later
from chalicelib.reporting.order_drop import Earlier, Forecast
from chalicelib.reporting.ports import Gauges, LivePart, Progress, Published
from chalicelib.reporting.report import MetricsReport

from tests.contract.adapters import Storage, order
from tests.contract.counter_stores import CounterStores, counter_stores
from tests.support.builders import hours as counted
from tests.support.fakes.clock import FakeClock

_years = iter(range(2001, 2100))


@pytest.fixture(scope="session")
def stores(storage: Storage) -> CounterStores:
    return counter_stores(storage)


@pytest.fixture
def hour() -> str:
    """In a year that no other test uses."""
    return f"{next(_years)}-11-21T14"


COUNTS = {"placed": 3, "value/EUR": Decimal("20.00"), "time/total/12": 3}


def test_live_counters_are_those_of_the_hour(stores: CounterStores, hour: str) -> None:
    stores.count(hour, LivePart(0, COUNTS, 4), shard=1)
    stores.count(hour, LivePart(3, {"placed": 1}, 1), shard=0)
    stores.count(later(hour, 1), LivePart(0, {"placed": 1}, 1), shard=0)

    assert stores.counters.live(hour) == [LivePart(0, COUNTS, 4), LivePart(3, {"placed": 1}, 1)]
    assert stores.counters.live(later(hour, -1)) == []


def test_sums_are_read_by_the_hour_and_by_its_quarters(stores: CounterStores, hour: str) -> None:
    quarters = [COUNTS, {}, {"placed": 1}, {"value/JPY": 1500}]

    stores.counters.put_sums(hour, quarters, 1)

    assert list(stores.counters.hours(hour, hour)) == [(hour, added(quarters))]
    assert [(which, list(some)) for which, some in stores.counters.quarters(hour, hour)] == [(hour, quarters)]


def test_sums_come_in_order_over_months_and_years(stores: CounterStores, hour: str) -> None:
    year = hour[:4]
    following = str(int(year) + 1)
    hours = [f"{year}-11-30T23", f"{year}-12-01T00", f"{year}-12-31T23", f"{following}-01-01T00"]
    for which in [*hours[::-1], f"{year}-11-30T22", f"{following}-01-01T01"]:
        stores.counters.put_sums(which, [{"placed": 1}, {}, {}, {}], 1)

    assert [which for which, _ in stores.counters.hours(hours[0], hours[-1])] == hours
    assert [which for which, _ in stores.counters.quarters(hours[1], hours[2])] == hours[1:3]
    assert list(stores.counters.hours(hours[1], hours[0])) == []


@pytest.mark.parametrize(("version", "placed"), [(4, 1), (5, 1), (6, 2)])
def test_sums_are_replaced_by_those_of_later_counters_only(
    stores: CounterStores, hour: str, version: int, placed: int
) -> None:
    stores.counters.put_sums(hour, [{"placed": 1}, {}, {}, {}], 5)

    stores.counters.put_sums(hour, [{"placed": 2}, {}, {}, {}], version)

    assert list(stores.counters.hours(hour, hour)) == [(hour, {"placed": placed})]
    assert [quarters[0] for _, quarters in stores.counters.quarters(hour, hour)] == [{"placed": placed}]


def test_gauges_are_read_in_order(stores: CounterStores, hour: str) -> None:
    one, other = Gauges(3, 2, {"EUR": Decimal("30.50"), "JPY": 1500}), Gauges(0, 0, {})
    stores.gauge(later(hour, 1), other)
    stores.gauge(hour, one)

    assert list(stores.counters.gauges(hour, later(hour, 5))) == [(hour, one), (later(hour, 1), other)]


def test_progress_is_kept_by_one_run_after_the_other(stores: CounterStores) -> None:
    forecast = Forecast("2026-11-21T14", 3, Earlier((3, 4), 1.25), (Earlier((1, 0)),) * 4)
    published = {
        "2026-11-21T14": Published(7, 3, 2, 1, Decimal("59.90")),
        "2026-11-21T13": Published(1, 1, 0, 0, Decimal(0)),
    }
    before = stores.counters.progress()
    one = Progress(f"one-{random.random()}", "2026-11-21T14", published, forecast)
    other = replace(one, run=f"other-{random.random()}", hours={}, forecast=None)

    assert stores.counters.save(one, before)
    assert not stores.counters.save(other, before), "another was faster"
    assert stores.counters.progress() == one
    assert stores.counters.save(other, one)
    assert stores.counters.progress() == other
    assert not stores.counters.save(one, None)


def test_a_progress_whose_reply_was_lost_is_known_again(stores: CounterStores) -> None:
    before = stores.counters.progress()
    one = Progress(f"one-{random.random()}", "2026-11-21T14", {})
    stores.counters.save(one, before)

    assert stores.counters.save(one, before), "the SDK tried again what had been done"


def test_a_report_of_a_busy_year_is_the_sum_of_its_hours(stores: CounterStores, hour: str) -> None:
    chance = random.Random(7)
    year = hour[:4]
    quarters = [counted.busy_hour(chance) for _ in range(3)]
    first, last = f"{year}-11-21T14", f"{year}-12-24T13"
    hours = counted.summed(stores.counters, first, last, quarters)
    clock = FakeClock(f"{int(year) + 1}-06-01T00:00:00.000Z")
    start = datetime.fromisoformat(f"{first}:00:00+00:00")

    report = MetricsReport(stores.counters, clock)(start, start + timedelta(hours=len(hours)), UTC, "day")

    assert report.total
    assert added([report.total.counts]) == added(part for some in hours for part in some)
    assert len(report.buckets) == 34


def test_the_oldest_open_orders_are_those_still_open(stores: CounterStores, storage: Storage) -> None:
    old: list[Any] = [
        order(created_at=f"2001-01-0{n}T00:00:00.000Z", attention="x" if n == 3 else "") for n in range(1, 6)
    ]
    old[1] = old[1].moved(Status.CANCELLED, old[1].created_at)
    for one in old:
        storage.orders.add(one)
    storage.orders.add(order(created_at="2001-02-01T00:00:00.000Z"))

    found = stores.open_orders.oldest("2001-01-05T00:00:00.000Z")

    ids = {one.order_id for one in old}
    assert sorted(one.order_id for one in found.items if one.order_id in ids) == sorted(
        one.order_id for one in (old[0], old[2], old[3])
    )
    assert [one.attention for one in found.items if one.order_id == old[2].order_id] == ["x"]


@pytest.mark.slow
def test_four_hundred_busy_days_are_read_in_a_few_queries(dynamodb: Storage) -> None:
    stores, chance = counter_stores(dynamodb), random.Random(1)
    texts = [to_text(added(counted.busy_hour(chance))) for _ in range(7)]
    hours = list(hours_between("2025-10-18T00", "2026-11-21T23"))
    client, table = stores.counters.client, stores.counters.table  # type: ignore[attr-defined]
    for some in chunks(enumerate(hours), 25):
        items = [{"bucket": f"hours#{h[:7]}", "part": h[8:], "counts": texts[n % 7], "version": 1} for n, h in some]
        client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": to_dynamodb(item)}} for item in items]})
    calls: list[str] = []
    client.meta.events.register("before-call.dynamodb", lambda model, **_: calls.append(model.name))

    start = datetime(2025, 10, 18, tzinfo=UTC)
    report = MetricsReport(stores.counters, FakeClock("2026-12-24T00:00:00.000Z"))(
        start, start + timedelta(days=400), UTC, "day"
    )

    assert len(hours) == 9600
    assert report.total
    expected = added(to_counts(texts[n % 7]) for n in range(len(hours)))
    assert added([report.total.counts]) == expected
    assert set(calls) == {"Query"}
    assert len(calls) <= 14 * 2 + 14, f"{len(calls)} queries, {len(texts[0])} bytes an hour"
