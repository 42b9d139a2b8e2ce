"""GET /admin/metrics: who may, what may be asked, and what is answered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalice.app import Chalice
from chalicelib import bootstrap
from chalicelib.bootstrap import Services
from chalicelib.reporting.ports import Gauges

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.builders import hours as counted
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

KOLKATA = replace(SETTINGS, shop_time_zone="Asia/Kolkata")
AMSTERDAM = replace(SETTINGS, shop_time_zone="Europe/Amsterdam")


def asked(api: Gateway, query: str = "") -> Answer:
    return api.get(f"/admin/metrics{query}", groups="admin")


def metrics(api: Gateway, query: str = "") -> Any:
    answer = asked(api, query)
    assert answer.status == 200, answer.text
    return answer.json


@pytest.fixture
def in_amsterdam(app: Chalice, adapters: FakeAdapters) -> Iterator[Gateway]:
    bootstrap.use(Services(AMSTERDAM, adapters))
    return Gateway(app)


def test_an_order_is_in_this_hour_once_it_is_counted(api: Gateway, services: Services, adapters: FakeAdapters) -> None:
    order_id = api.post("/orders", body()).json["orderId"]
    services.workflow.steps.run_all(order_id)
    counted.count(adapters.counters, adapters.store.orders.values())

    found = metrics(api)

    assert len(found["buckets"]) == 24
    hour = found["buckets"][-1]
    assert hour["start"] == "2026-11-21T14:00:00+00:00"
    assert (hour["orders"], hour["sold"], hour["completed"]) == (1, 1, 1)
    assert hour["revenue"] == hour["averageOrderValue"] == {"EUR": Decimal("1299.99")}
    assert hour["successRate"] == 1
    assert hour["timePerStage"]["total"]["median"] >= 0
    assert {k: v for k, v in found["totals"].items() if k != "start"} == {k: v for k, v in hour.items() if k != "start"}
    assert found["buckets"][0]["successRate"] is None
    assert (found["from"], found["to"]) == ("2026-11-20T15:00:00+00:00", "2026-11-21T15:00:00+00:00")


def test_what_a_day_says(api: Gateway, adapters: FakeAdapters) -> None:
    counters = adapters.counters
    failed = {"placed": 1, "failed": 1, "failed/OUT_OF_STOCK": 1, "value/EUR": Decimal("5.00")}
    counters.put_sums("2026-11-20T09", [counted.sold(2, "20.00"), {}, {}, counted.sold(1, "20.00")], 1)
    counters.put_sums("2026-11-20T10", [counted.sold(1, "1500", "JPY"), failed, {}, {}], 1)
    counters.count("2026-11-20T20", {"refunded": 1, "refunds": 1, "refund/EUR": Decimal("20.00"), "cancelled": 2})
    counters.count("2026-11-20T23", {"score/5": 2, "score/2": 1, "time/total/50": 9, "time/total/80": 1})

    day = metrics(api, "?from=2026-11-20&to=2026-11-20&by=day")["buckets"]

    assert day == [
        {
            "start": "2026-11-20T00:00:00+00:00",
            "orders": 5,
            "ordersByWorkflow": {"queue": 4},
            "sold": 4,
            "completed": 4,
            "failed": 1,
            "cancelled": 2,
            "refunded": 1,
            "successRate": Decimal("0.8"),
            "failureRate": Decimal("0.2"),
            "failures": {"OUT_OF_STOCK": 1},
            "failureRates": {"OUT_OF_STOCK": Decimal("0.2")},
            "orderValue": {"EUR": Decimal("65.00"), "JPY": 1500},
            "revenue": {"EUR": Decimal("60.00"), "JPY": 1500},
            "averageOrderValue": {"EUR": Decimal("20.00"), "JPY": 1500},
            "refunds": {"EUR": Decimal("20.00")},
            "timePerStage": {"total": {"median": 112, "p95": 1955}},
            "satisfaction": {
                "responses": 3,
                "average": Decimal("4.00"),
                "scores": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 2},
            },
        }
    ]


def test_money_has_the_digits_of_its_currency(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.counters.count("2026-11-21T14", counted.sold(2, "1500", "JPY"))
    adapters.counters.count("2026-11-21T14", counted.sold(2, "20", "EUR"))

    text = asked(api).text

    assert '"revenue":{"EUR":40.00,"JPY":3000}' in text


def test_what_stood_low_is_the_last_and_carts_add_up(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.counters.stood = {
        "2026-11-20T09": Gauges(7, 2, {"EUR": Decimal("30.50")}),
        "2026-11-20T10": Gauges(3, 1, {"EUR": Decimal("9.50"), "JPY": 100}),
    }

    day, following = metrics(api, "?from=2026-11-20&to=2026-11-21&by=day")["buckets"]

    assert (day["lowStock"], day["cartsAbandoned"]) == (3, 3)
    assert day["cartsAbandonedValue"] == {"EUR": Decimal("40.00"), "JPY": 100}
    assert "lowStock" not in following


@pytest.mark.parametrize(
    ("query", "days", "hours"),
    [("from=2026-03-29&to=2026-03-29", ["2026-03-29T00:00:00+01:00"], 23),
     ("from=2026-10-25&to=2026-10-25", ["2026-10-25T00:00:00+02:00"], 25)],
)  # fmt: skip
def test_days_are_as_long_as_clocks_make_them(in_amsterdam: Gateway, query: str, days: list[str], hours: int) -> None:
    by_day = metrics(in_amsterdam, f"?{query}&by=day&timeZone=shop")
    by_hour = metrics(in_amsterdam, f"?{query}&by=hour&timeZone=Europe/Amsterdam")

    assert [bucket["start"] for bucket in by_day["buckets"]] == days
    assert len({bucket["start"] for bucket in by_hour["buckets"]}) == hours
    assert (by_day["from"], by_day["to"], by_day["timeZone"]) == (
        by_hour["from"],
        by_hour["to"],
        "Europe/Amsterdam",
    )


def test_half_hours_off_are_told_apart_by_quarters(app: Chalice, adapters: FakeAdapters) -> None:
    bootstrap.use(Services(KOLKATA, adapters))
    adapters.counters.put_sums("2026-11-10T18", [{"placed": 1}, {"placed": 2}, {"placed": 4}, {"placed": 8}], 1)
    adapters.counters.count("2026-11-21T14", {"placed": 16}, 1)
    adapters.counters.count("2026-11-21T14", {"placed": 32}, 2)

    days = metrics(Gateway(app), "?from=2026-11-10&to=2026-11-11&by=day&timeZone=shop")["buckets"]
    now = metrics(Gateway(app), "?from=2026-11-21T19:00&to=2026-11-21T21:00&timeZone=shop")["buckets"]

    assert [(day["start"], day["orders"]) for day in days] == [
        ("2026-11-10T00:00:00+05:30", 3),
        ("2026-11-11T00:00:00+05:30", 12),
    ]
    assert [(hour["start"], hour["orders"]) for hour in now] == [
        ("2026-11-21T19:00:00+05:30", 16),
        ("2026-11-21T20:00:00+05:30", 32),
    ]


@pytest.mark.slow
def test_long_ranges_come_in_pages_that_fit(api: Gateway, adapters: FakeAdapters) -> None:
    chance = random.Random(4)
    hours = [counted.busy_hour(chance) for _ in range(5)]
    counted.summed(adapters.counters, "2026-08-20T00", "2026-11-21T14", hours)
    query = "?from=2026-08-20&to=2026-11-21"

    answers = [asked(api, query)]
    while cursor := answers[-1].json["nextCursor"]:
        answers.append(asked(api, f"{query}&cursor={cursor}"))

    starts = [bucket["start"] for answer in answers for bucket in answer.json["buckets"]]
    assert starts == sorted(set(starts))
    assert len(starts) == 94 * 24
    assert len(answers) == 4
    assert all(len(answer.text) < 5 * 1024 * 1024 for answer in answers)
    total = answers[0].json["totals"]["orders"]
    assert sum(bucket["orders"] for answer in answers for bucket in answer.json["buckets"]) == total
    assert [answer.json["totals"] for answer in answers[1:]] == [None] * (len(answers) - 1)


def test_without_an_end_the_range_stays_the_same_from_page_to_page(api: Gateway, adapters: FakeAdapters) -> None:
    first = metrics(api, "?from=2026-10-01")
    adapters.clock.advance(7 * 3600)

    second = metrics(api, f"?from=2026-10-01&cursor={first['nextCursor']}")

    assert (second["from"], second["to"], second["nextCursor"]) == (first["from"], first["to"], None)
    assert first["buckets"][-1]["start"] < second["buckets"][0]["start"]


def test_four_hundred_days_take_one_read_a_month(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.counters.put_sums("2026-11-21T11", [{"placed": 1}] * 4, 1)
    bootstrap.services().reporting.publish()
    adapters.counters.reads.clear()

    found = metrics(api, "?from=2025-10-18&to=2026-11-21&by=day")

    reads = adapters.counters.reads
    assert len(found["buckets"]) == 400
    assert max(reads.values()) == 1, "nothing is read twice"
    assert sum(reads.values()) == 14 + 14 + 2 + 1, reads  # sums and gauges by month, two running hours, the progress


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("from=2026-11-21&to=2026-11-20", ["to"]),
        ("from=2026-11-21T10:00Z&to=2026-11-21T10:00Z", ["to"]),
        ("from=2026-11-22", ["from"]),
        ("from=2025-10-16&to=2026-11-21", ["to"]),
        ("from=2025-10-01", ["from"]),
        ("from=yesterday", ["from"]),
        ("from=2026-02-30&to=2026-13-01", ["from", "to"]),
        ("from=2026-11-21T25:00", ["from"]),
        ("from=2026-11-21T10:00+01:00", ["from"]),
        ("from=0001-01-01&to=0001-01-02", ["from", "to"]),
        ("to=9999-12-31", ["to"]),
        ("from=20261121", ["from"]),
        ("from=", ["from"]),
        ("by=week", ["by"]),
        ("by=", ["by"]),
        ("timeZone=Europe/Paris", ["timeZone"]),
        ("timeZone=../../etc/passwd", ["timeZone"]),
        ("limit=3", ["limit"]),
        ("cursor=x", ["cursor"]),
        ("by=x&timeZone=x&from=x&to=x&cursor=x&zone=x", ["by", "timeZone", "from", "to", "cursor", "zone"]),
    ],
)
def test_what_is_wrong_is_named(api: Gateway, query: str, fields: list[str]) -> None:
    refused(asked(api, f"?{query}"), *fields)


def test_a_cursor_is_good_for_its_own_question_only(api: Gateway) -> None:
    cursor = metrics(api, "?from=2026-10-01&to=2026-11-20")["nextCursor"]

    for query in ("from=2026-10-02&to=2026-11-20", "from=2026-10-01&to=2026-11-20&by=day", "from=2026-10-01"):
        refused(asked(api, f"?{query}&cursor={cursor}"), "cursor")


def test_times_may_name_their_offset(api: Gateway) -> None:
    found = metrics(api, "?from=2026-11-21T10:20:00%2B02:00&to=2026-11-21T09:30:00.5Z")

    assert (found["from"], found["to"]) == ("2026-11-21T08:00:00+00:00", "2026-11-21T10:00:00+00:00")
