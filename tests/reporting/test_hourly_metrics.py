"""What is low in stock, and carts left behind: each in the hour in which its time was over, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.clock import from_iso
from chalicelib.reporting.ports import AbandonedCarts, LowStock

from tests.support.builders.examples import LAPTOP, SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.clock import FakeClock

NOW, LAST = "2026-11-21T14", "2026-11-21T13"
DAY = 86400


@pytest.fixture
def adapters() -> FakeAdapters:
    fakes = FakeAdapters(clock=FakeClock("2026-11-20T13:00:00.000Z"))
    fakes.catalogue.put(LAPTOP, 50)
    return fakes


def touched(adapters: FakeAdapters, customer: str, minute: float, **lines: int) -> None:
    """Puts these into the customer's cart, so many minutes after 13:00 of the day before."""
    _set(adapters, "2026-11-20T13:00:00.000Z", minute)
    for product_id, quantity in (lines or {"LAPTOP001": 1}).items():
        adapters.carts.put(customer, product_id, quantity, "EUR")


def run(adapters: FakeAdapters, services: Services, minute: float) -> None:
    """A run so many minutes after 13:00 of today."""
    _set(adapters, "2026-11-21T13:00:00.000Z", minute)
    services.reporting.publish_hourly()


def _set(adapters: FakeAdapters, start: str, minutes: float) -> None:
    adapters.clock.moment = from_iso(start) + timedelta(minutes=minutes)


def left(adapters: FakeAdapters, hour: str) -> AbandonedCarts:
    found: AbandonedCarts = adapters.gauges.hours[hour][1]
    return found


def low(adapters: FakeAdapters, hour: str = NOW) -> LowStock:
    found: LowStock = adapters.gauges.hours[hour][0]
    return found


def test_a_cart_is_left_behind_in_the_hour_in_which_its_day_is_over(adapters: FakeAdapters, services: Services) -> None:
    touched(adapters, "before", -0.1)
    touched(adapters, "first", 0)
    touched(adapters, "last", 59.9)
    touched(adapters, "next", 60)
    touched(adapters, "not yet", 91)

    run(adapters, services, 90)

    assert (left(adapters, LAST).carts, left(adapters, NOW).carts) == (2, 1)


def test_it_is_counted_in_that_hour_alone_however_often_anybody_looks(
    adapters: FakeAdapters, services: Services
) -> None:
    touched(adapters, "anne", 30)

    for minute in range(0, 600, 20):
        run(adapters, services, minute)

    assert {hour: one.carts for hour, (_, one) in adapters.gauges.hours.items() if one.carts} == {LAST: 1}


def test_an_hour_whose_run_died_is_completed_by_the_next(adapters: FakeAdapters, services: Services) -> None:
    touched(adapters, "anne", 10)
    touched(adapters, "ben", 50)
    died = Dying(adapters.gauges, after=3)
    adapters.gauges = died

    with pytest.raises(KeyboardInterrupt):
        run(adapters, services, 55)
    assert LAST not in died.inner.hours
    adapters.gauges = died.inner
    run(adapters, services, 65)

    assert left(adapters, LAST).carts == 2


def test_two_runs_in_a_row_may_die(adapters: FakeAdapters, services: Services) -> None:
    """The first of them was to see the last minutes of an hour."""
    touched(adapters, "anne", 10)
    touched(adapters, "ben", 50)

    run(adapters, services, 20)
    run(adapters, services, 200)

    assert left(adapters, LAST).carts == 2


def test_who_comes_back_once_the_hour_after_is_over_had_left_it_behind(
    adapters: FakeAdapters, services: Services
) -> None:
    touched(adapters, "anne", 10)
    run(adapters, services, 119)
    touched(adapters, "anne", DAY / 60 + 121)

    run(adapters, services, 130)

    assert left(adapters, LAST).carts == 1


@pytest.mark.parametrize("after", range(4))
def test_wherever_a_run_dies_the_same_run_again_makes_it_whole(
    adapters: FakeAdapters, services: Services, after: int
) -> None:
    touched(adapters, "anne", 10)
    touched(adapters, "ben", 70)
    gauges = adapters.gauges
    adapters.gauges = Dying(gauges, after)
    with pytest.raises(KeyboardInterrupt):
        run(adapters, services, 90)

    adapters.gauges = gauges
    run(adapters, services, 90)

    assert (left(adapters, LAST).carts, left(adapters, NOW).carts) == (1, 1)


class Dying:
    """Gauges whose process ends after so many writes."""

    def __init__(self, inner: Any, after: int) -> None:
        self.inner, self._left = inner, after

    def put(self, *args: Any) -> None:
        self._write(self.inner.put, args)

    def put_after(self, *args: Any) -> None:
        self._write(self.inner.put_after, args)

    def complete(self, *args: Any) -> None:
        self._write(self.inner.complete, args)

    def _write(self, write: Any, args: Any) -> None:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        write(*args)


def test_who_comes_back_in_time_left_nothing_behind(adapters: FakeAdapters, services: Services) -> None:
    touched(adapters, "anne", 10)
    touched(adapters, "anne", 100)

    run(adapters, services, 90)

    assert (left(adapters, LAST).carts, left(adapters, NOW).carts) == (0, 0)


def test_what_was_bought_was_not_left_behind(adapters: FakeAdapters, services: Services) -> None:
    touched(adapters, "anne", 10, LAPTOP001=1)
    touched(adapters, "ben", 10, LAPTOP001=3)
    for customer in ("anne", "ben"):
        version = adapters.carts.get(customer).version
        adapters.carts.remove_bought(order(customer_id=customer, cart_version=version))

    run(adapters, services, 90)

    assert left(adapters, LAST) == AbandonedCarts(1, {"EUR": Decimal("2599.98")})


def test_what_was_in_them_is_worth_what_it_costs_today(adapters: FakeAdapters, services: Services) -> None:
    adapters.catalogue.put(replace(LAPTOP, product_id="YEN", price=Decimal(500), currency="JPY"), 50)
    touched(adapters, "anne", 10, LAPTOP001=2, GONE=7)
    touched(adapters, "ben", 20, YEN=3)
    touched(adapters, "cleo", 20, LAPTOP001=1)
    touched(adapters, "dan", 70, YEN=1)
    adapters.catalogue.put(replace(LAPTOP, price=Decimal("0.10")), None)

    run(adapters, services, 90)

    assert left(adapters, LAST) == AbandonedCarts(3, {"EUR": Decimal("0.30"), "JPY": Decimal(1500)})
    assert left(adapters, NOW) == AbandonedCarts(1, {"JPY": Decimal(500)})


def test_how_long_is_a_setting(adapters: FakeAdapters) -> None:
    touched(adapters, "anne", DAY / 60 + 20)
    services = Services(replace(SETTINGS, abandoned_after=1800), adapters)

    run(adapters, services, 49)
    assert left(adapters, LAST).carts == 0
    run(adapters, services, 50)
    assert left(adapters, LAST).carts == 1


def test_the_lowest_twenty_are_named_and_all_are_counted(adapters: FakeAdapters, services: Services) -> None:
    for n in range(30):
        adapters.catalogue.put(replace(LAPTOP, product_id=f"P{n:02d}"), n % 6)
    adapters.catalogue.put(replace(LAPTOP, product_id="PLENTY"), 6)

    run(adapters, services, 90)

    assert low(adapters).number == 30
    assert low(adapters).products == tuple(f"P{n:02d}" for m in range(4) for n in range(m, 30, 6))


def test_how_low_is_a_setting(adapters: FakeAdapters) -> None:
    services = Services(replace(SETTINGS, low_stock_at=50), adapters)

    run(adapters, services, 90)

    assert low(adapters) == LowStock(1, ("LAPTOP001",))


def test_what_was_low_in_an_hour_is_what_was_seen_in_it(adapters: FakeAdapters, services: Services) -> None:
    adapters.catalogue.put(LAPTOP, 0)
    run(adapters, services, 30)
    adapters.catalogue.put(LAPTOP, 50)

    run(adapters, services, 90)

    assert (low(adapters, LAST).number, low(adapters, NOW).number) == (1, 0)


def test_a_shop_without_carts_or_products_has_zeros(services: Services, adapters: FakeAdapters) -> None:
    adapters.store.stock.clear()

    run(adapters, services, 90)

    nothing = LowStock(0, ()), AbandonedCarts(0, {})
    assert adapters.gauges.hours == dict.fromkeys(("2026-11-21T11", "2026-11-21T12", LAST, NOW), nothing)


def test_a_cart_whose_line_is_no_product_any_more_is_a_cart(adapters: FakeAdapters, services: Services) -> None:
    touched(adapters, "anne", 10, GONE=1)

    run(adapters, services, 90)

    assert left(adapters, LAST) == AbandonedCarts(1, {})


def test_carts_worth_more_than_any_order_are_added_up(adapters: FakeAdapters, services: Services) -> None:
    """Thirty of them come to more than an order's total could be stored as."""
    adapters.catalogue.put(replace(LAPTOP, price=Decimal("999999999.99")), 5)
    for n in range(30):
        touched(adapters, f"customer{n}", 10, LAPTOP001=99)

    run(adapters, services, 90)

    assert left(adapters, LAST) == AbandonedCarts(30, {"EUR": Decimal("2969999999970.30")})
