"""Every alarm rings when it should, tells the topic, and ends when the cause has. All are driven at the same time, as
each has to wait for CloudWatch's minutes, which have six seconds in the stack of these tests."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra.deploy import dashboard
from tests.e2e.alarm_causes import Causes, Pager
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for, placed
from tests.e2e.test_poison import SCHEDULED, invoked
from tests.support import alarm_costs

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
ONLY_WHEN_IT_HAPPENS = {("AWS/DynamoDB", "WriteThrottleEvents")}
"""What AWS reports nothing of, not even 0, as long as it does not happen."""


@pytest.fixture(scope="module")
def reported(shop: Shop) -> set[tuple[Any, ...]]:
    """Namespace, name and dimensions of every metric that there is after some orders, before any test makes some up."""
    good, bad = shop.new_product(9), "pm_card_chargeDeclined"
    for sent in (body_for(good), {**body_for(good), "paymentMethod": bad}):
        shop.partner.ended(f"/orders/{placed(shop, sent)['orderId']}", 60)
    sent = {"productId": good, "quantity": 1, "customerEmail": "somebody@example.com"}
    answer = shop.partner("POST", "/place-order", sent).json()
    shop.partner.ended(f"/orders/{answer['orderId']}", 60)
    for function in ("publish_metrics", "reconciler", "hourly_metrics", "housekeeper"):
        assert "FunctionError" not in invoked(shop, function, {**SCHEDULED, "time": "now"})
    wanted = shown(shop) | watched(shop)
    return until(lambda: listed(shop), lambda found: wanted - found <= {m for m in wanted if rare(m)}, 60)


def listed(shop: Shop) -> set[tuple[Any, ...]]:
    pages = shop.client("cloudwatch").get_paginator("list_metrics").paginate()
    return {identity(metric) for page in pages for metric in page["Metrics"]}


def watched(shop: Shop) -> set[tuple[Any, ...]]:
    """By alarms."""
    prefix = f"orderproc-{shop.described['stage']}-"
    pages = shop.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=prefix)
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    stats = [query["MetricStat"]["Metric"] for a in alarms for query in a.get("Metrics", ()) if "MetricStat" in query]
    return {identity(metric) for metric in [*stats, *(alarm for alarm in alarms if alarm.get("MetricName"))]}


def shown(shop: Shop) -> set[tuple[Any, ...]]:
    """By the dashboard."""
    found = shop.client("cloudwatch").get_dashboard(DashboardName=f"orderproc-{shop.described['stage']}")
    widgets = json.loads(found["DashboardBody"])["widgets"]
    metrics = [metric for widget in widgets for metric in alarm_costs.metrics_of(widget)]
    return {(space, name, *zip(rest[::2], rest[1::2], strict=True)) for space, name, *rest in metrics}


def identity(metric: dict[str, Any]) -> tuple[Any, ...]:
    dimensions = sorted((d["Name"], d["Value"]) for d in metric.get("Dimensions", []))
    return (metric["Namespace"], metric["MetricName"], *dimensions)


def rare(metric: tuple[Any, ...]) -> bool:
    return metric[:2] in ONLY_WHEN_IT_HAPPENS


def test_every_alarm_watches_a_metric_that_is_really_reported(shop: Shop, reported: set[tuple[Any, ...]]) -> None:
    assert len(watched(shop)) > 30
    assert watched(shop) - reported == set()


def test_every_metric_of_the_dashboard_is_really_reported(shop: Shop, reported: set[tuple[Any, ...]]) -> None:
    assert len(shown(shop)) > 40
    assert {metric for metric in shown(shop) - reported if not rare(metric)} == set()


@pytest.fixture(scope="module")
def pager(shop: Shop, reported: set[tuple[Any, ...]]) -> Iterator[Pager]:
    """Begins with a stage in which nothing is wrong."""
    pager, causes = Pager(shop), Causes(shop, scale())
    drive(pager, causes.calm, lambda: "ALARM" not in pager.states().values())
    yield pager
    pager.hang_up()


def scale() -> float:
    """How long the stack's minutes are, in minutes."""
    return float(os.environ.get("ORDERPROC_ALARM_PERIOD_SCALE", "1"))


def drive(pager: Pager, act: Callable[[], None], done: Callable[[], bool]) -> None:
    """Act again and again until it is done, or patience ends: the tests then say what did not happen."""
    deadline = time.monotonic() + 1200 * scale() + 60
    while not done() and time.monotonic() < deadline:
        act()
        time.sleep(6 * scale())
        pager.listen()


@pytest.fixture(scope="module")
def told(shop: Shop, pager: Pager) -> dict[str, list[str]]:
    """What the topic told of each alarm while everything went wrong at once, and after it was repaired."""
    causes, names = Causes(shop, scale()), dashboard.alarm_names()

    def silent() -> set[str]:
        return {name for name in names if "ALARM" not in pager.told.get(name, [])}

    pager.listen()
    pager.told.clear()
    causes.begin()
    drive(pager, lambda: causes.go_on(silent()), lambda: not silent())
    causes.end()
    drive(pager, causes.calm, lambda: all(pager.told.get(name, [""])[-1] == "OK" for name in names))
    return pager.told


@pytest.mark.parametrize("alarm", dashboard.alarm_names())
def test_it_rings_and_ends_and_the_topic_is_told_of_both(told: dict[str, list[str]], alarm: str) -> None:
    assert "ALARM" in told.get(alarm, [])
    assert told[alarm][-1] == "OK"


def test_poison_in_the_order_queue_rings_within_two_minutes_and_a_redrive_ends_it(shop: Shop, pager: Pager) -> None:
    drive(pager, Causes(shop, scale()).calm, lambda: pager.states()["orders-dlq"] == "OK")
    pager.listen()
    pager.told.clear()
    damaged = shop.new_product(9)
    table, key = shop.described["resources"]["products_table"], {"productId": {"S": damaged}}
    shop.client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE price")

    began = time.monotonic()
    order_id = placed(shop, body_for(damaged))["orderId"]
    until(pager.states, lambda states: states["orders-dlq"] == "ALARM", 120)
    # A whole minute would have to end before the alarm is judged: what a short one saves of it does not count.
    assert time.monotonic() - began < 120 - 60 * (1 - scale())

    repaired = shop.staff("PUT", f"/products/{damaged}", {"name": "Test product", "price": 25.0, "currency": "EUR"})
    assert repaired.ok
    assert shop.staff("POST", "/admin/dead-letters/redrive", {"queue": "orders"}).json()["redriven"] == 1
    assert shop.partner.ended(f"/orders/{order_id}", 60)["status"] == "COMPLETED"
    until(pager.states, lambda states: states["orders-dlq"] == "OK", 180 * scale() + 30)
    pager.listen()
    assert pager.told["orders-dlq"] == ["ALARM", "OK"]
