"""Every alarm rings when it should, tells the topic, and ends when the cause has. All are driven at the same time,
since each has to wait for CloudWatch's minutes; the stack of the tests has minutes of six seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from infra import dashboard
from tests.e2e.alarm_causes import Causes, Pager
from tests.e2e.people import Shop, until
from tests.e2e.test_orders import body_for, placed

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SCALE = 1.0 if os.environ.get("ORDERPROC_STACK") else float(os.environ.get("ORDERPROC_ALARM_PERIOD_SCALE", "1"))
PATIENCE = 1200 * SCALE + 60
"""Seconds for what takes a quarter of an hour at most, on a machine that has other things to do."""


@pytest.fixture(scope="module")
def shop(stack: dict[str, Any]) -> Shop:
    return Shop(stack)


@pytest.fixture(scope="module")
def pager(shop: Shop) -> Iterator[Pager]:
    """Begins with a stage in which nothing is wrong."""
    pager, causes = Pager(shop), Causes(shop, scale())
    drive(pager, causes.calm, lambda: "ALARM" not in pager.states().values())
    yield pager
    pager.hang_up()


def scale() -> float:
    """Of the stack's minutes: the stack of these tests is made after this module was imported."""
    given = os.environ.get("ORDERPROC_ALARM_PERIOD_SCALE", "1")
    return 1.0 if os.environ.get("ORDERPROC_STACK") else float(given)


def drive(pager: Pager, act: Callable[[], None], done: Callable[[], bool]) -> None:
    """Act again and again until it is done, or patience ends: the tests then say what did not happen."""
    deadline = time.monotonic() + 1200 * scale() + 60
    while not done() and time.monotonic() < deadline:
        act()
        time.sleep(6 * scale())
        pager.listen()


@pytest.fixture(scope="module")
def told(shop: Shop, pager: Pager) -> dict[str, list[str]]:
    """What the topic told of each alarm while everything went wrong at once, and after it was mended."""
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
    # Of the two minutes, what a short minute saves: one until the queue is measured, one until the alarm is judged.
    assert time.monotonic() - began < 120 - 2 * 60 * (1 - scale()) or scale() == 1

    mended = shop.staff("PUT", f"/products/{damaged}", {"name": "Test goods", "price": 25.0, "currency": "EUR"})
    assert mended.ok
    assert shop.staff("POST", "/admin/dead-letters/redrive", {"queue": "orders"}).json()["redriven"] == 1
    assert shop.partner.ended(f"/orders/{order_id}", 60)["status"] == "COMPLETED"
    until(pager.states, lambda states: states["orders-dlq"] == "OK", 180 * scale() + 30)
    pager.listen()
    assert pager.told["orders-dlq"] == ["ALARM", "OK"]
