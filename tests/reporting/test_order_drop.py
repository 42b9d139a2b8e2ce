"""Orders that stay away are noticed, and chance is not mistaken for it."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from chalicelib.reporting.counts import Counts
from chalicelib.reporting.hours import HOUR, hour_of, later, start_of
from chalicelib.reporting.missing_orders import MissingOrders
from chalicelib.reporting.order_drop import CHANCE, Earlier, Forecast, shortest_window, spread_of
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes.metrics import FakeCounters

NOW = datetime(2026, 11, 21, 14, 3, tzinfo=UTC)


def poisson(chance: random.Random, mean: float) -> int:
    """Knuth's, for means that are not large."""
    product, n, limit = chance.random(), 0, math.exp(-mean)
    while product > limit:
        product *= chance.random()
        n += 1
    return n


def test_nothing_is_said_without_two_weeks_of_history() -> None:
    assert Earlier(()).chance_of(0) == 1
    assert Earlier((1000,)).chance_of(0) == 1
    assert Earlier((1000, 1000)).chance_of(0) < 1e-100


@given(st.integers(0, 60), st.integers(1, 60))
def test_with_a_long_history_it_is_the_poisson_distribution(seen: int, expected: int) -> None:
    by_poisson = sum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(seen + 1))

    found = Earlier((expected,) * 20_000).chance_of(seen)

    assert found == (1 if seen >= expected else pytest.approx(by_poisson, rel=0.05))


@given(st.lists(st.integers(0, 300), min_size=2, max_size=8), st.integers(0, 300))
def test_the_fewer_are_seen_the_less_it_can_be_chance(orders: list[int], seen: int) -> None:
    earlier = Earlier(tuple(orders))

    assert 0 <= earlier.chance_of(seen) <= earlier.chance_of(seen + 1) + 1e-12 <= 1 + 1e-9


def test_what_varies_more_than_chance_explains_is_judged_by_as_much_less() -> None:
    steady, moody = [[50, 50, 51, 49]] * 24, [[20, 90, 45, 45]] * 24

    assert spread_of(steady) == 1
    assert spread_of(moody) > 10
    assert Earlier((50,) * 4, 1.0).chance_of(20) < CHANCE < Earlier((50,) * 4, spread_of(moody)).chance_of(20)


def test_a_small_shop_is_looked_at_over_more_hours_and_a_tiny_one_not_at_all() -> None:
    assert shortest_window([[50] * 8] * 24, 1.0)[0] == 1
    assert shortest_window([[1] * 8] * 24, 1.0)[0] == 8
    assert shortest_window([[0, 1, 0, 0, 0, 0, 0, 0]] * 24, 1.0)[0] == 0


def test_busy_shops_with_thousands_an_hour_are_judged_quickly() -> None:
    assert Earlier((50_000,) * 8).chance_of(49_900) > 0.1
    assert Earlier((50_000,) * 8).chance_of(48_000) < CHANCE


class History(FakeCounters):
    """Read as often as a month has hours, so it finds its place at once."""

    def quarters(self, first: str, last: str) -> Iterator[tuple[str, Sequence[Counts]]]:
        known = list(self.sums)
        for hour in known[bisect_left(known, first) : bisect_right(known, last)]:
            yield hour, self.sums[hour][1]


class Shop:
    """A shop whose orders come by chance, more of them by day than by night."""

    def __init__(self, mean: float, seed: int, weeks: int = 8) -> None:
        self.counters = History()
        self.forecast: Forecast | None = None
        self._chance, self._mean = random.Random(seed), mean
        self.missing = MissingOrders(self.counters, lambda: UTC)
        self.placed: dict[str, int] = {}
        self.quarters: dict[datetime, int] = {}
        hour = later(hour_of(NOW), -weeks * 7 * 24 - 26)
        while hour < hour_of(NOW):
            self.sell(hour)
            hour = later(hour, 1)

    def mean_of(self, hour: str) -> float:
        return self._mean * (1.5 if 8 <= int(hour[11:]) < 20 else 0.5)

    def sell(self, hour: str, share: float = 1.0) -> None:
        orders = [poisson(self._chance, share * self.mean_of(hour) / 4) for _ in range(4)]
        self.placed[hour] = sum(orders)
        self.quarters |= {start_of(hour) + n * timedelta(minutes=15): orders[n] for n in range(4)}
        if any(orders):
            self.counters.put_sums(hour, [{"placed": n} for n in orders], 1)

    def alarms_in(self, hours: int, share: float = 1.0) -> list[datetime]:
        """When it rang: looked at after each quarter; alarms of neighbouring quarters are one."""
        found: list[datetime] = []
        start, rang = NOW.replace(minute=0), False
        for n in range(hours):
            now = start + n * HOUR
            self.sell(hour_of(now), share)
            for quarter in range(1, 5):
                moment = now + quarter * timedelta(minutes=15) + timedelta(minutes=3)
                rings = self.looks(moment)
                found += [moment] if rings and not rang else []
                rang = rings
        return found

    def looks(self, moment: datetime) -> bool:
        self.forecast = self.missing.forecast(moment, self.forecast)
        return self.missing(moment, self.forecast, self.placed, self.quarters)


@pytest.mark.slow
@pytest.mark.parametrize("mean", [0.5, 3, 12, 40])
def test_chance_rings_less_than_about_once_a_month(mean: float) -> None:
    rings = sum(len(Shop(mean, seed).alarms_in(10 * 24)) for seed in range(6))  # two months

    assert rings <= 3


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [2, 3])
def test_nor_does_it_with_a_short_history(weeks: int) -> None:
    rings = sum(len(Shop(20, seed, weeks).alarms_in(10 * 24)) for seed in range(6))

    assert rings <= 3


@pytest.mark.parametrize(("mean", "hours"), [(1, 24), (5, 3), (20, 1), (100, 1)])
def test_a_silence_is_noticed_within_the_window(mean: float, hours: int) -> None:
    for seed in range(5):
        found = Shop(mean, seed).alarms_in(hours + 1, share=0)

        assert found, f"seed {seed}: nobody noticed"


def test_a_busy_shop_notices_within_a_quarter_of_an_hour() -> None:
    found = Shop(100, 1).alarms_in(1, share=0)

    assert found[0] == NOW.replace(minute=18)


def test_the_hour_is_over_once_all_of_it_must_have_been_counted() -> None:
    shop = Shop(100, 1)
    shop.placed[later(hour_of(NOW), -1)] = 0  # nothing of the hour was counted yet

    assert not shop.looks(NOW.replace(minute=1))
    assert shop.looks(NOW.replace(minute=2))


def test_a_shop_of_less_than_two_weeks_is_not_judged() -> None:
    assert Shop(100, 1, weeks=1).alarms_in(24, share=0) == []


def test_the_forecast_is_read_once_an_hour() -> None:
    shop = Shop(5, 1)
    forecast = shop.missing.forecast(NOW, None)

    assert shop.missing.forecast(NOW + timedelta(minutes=50), forecast) is forecast
    assert shop.missing.forecast(NOW + timedelta(minutes=60), forecast).hour == later(forecast.hour, 1)
