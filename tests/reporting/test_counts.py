"""Counts are added name by name, and tell quantiles of times."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from chalicelib.reporting.counts import added, duration_of, quantile, time_step
from hypothesis import given
from hypothesis import strategies as st

_COUNTS = st.dictionaries(
    st.sampled_from(["placed", "value/EUR", "time/total/3"]), st.integers(0, 9) | st.decimals(0, 99, places=2)
)

ROUNDED = 0.5 + 1e-6
"""Milliseconds: durations are told as whole ones."""


def times(*milliseconds: int) -> dict[str, int | Decimal]:
    """Counts of orders that took so long."""
    return added({f"time/total/{time_step(took)}": 1} for took in milliseconds)


def test_counts_are_added_by_name_and_sorted() -> None:
    assert list(added([{"b": 1}, {"a": 2, "b": Decimal("0.50")}]).items()) == [("a", 2), ("b", Decimal("1.50"))]


def test_what_is_zero_is_left_out() -> None:
    assert added([{"a": 0, "b": 1}, {"b": -1}]) == {}


@given(_COUNTS, _COUNTS, _COUNTS)
def test_neither_order_nor_grouping_matters(
    a: dict[str, int | Decimal], b: dict[str, int | Decimal], c: dict[str, int | Decimal]
) -> None:
    assert added([a, b, c]) == added([c, added([b, a])])


@given(st.integers(1, 10**10))
def test_a_step_tells_a_duration_to_within_five_percent(milliseconds: int) -> None:
    told = duration_of(time_step(milliseconds))

    assert abs(told - milliseconds) <= 0.05 * milliseconds + ROUNDED


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_a_longer_time_has_no_lower_step(one: int, other: int) -> None:
    assert time_step(min(one, other)) <= time_step(max(one, other))


@pytest.mark.parametrize("milliseconds", [0, 1])
def test_nothing_is_shorter_than_the_first_step(milliseconds: int) -> None:
    assert (time_step(milliseconds), duration_of(0)) == (0, 1)


@given(st.lists(st.integers(1, 10**7), min_size=1), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_quantile_is_that_of_the_times_themselves_to_within_five_percent(took: list[int], share: float) -> None:
    exact = sorted(took)[math.ceil(share * len(took)) - 1]

    told = quantile(times(*took), "total", share)

    assert told is not None
    assert abs(told - exact) <= 0.05 * exact + ROUNDED


def test_no_order_has_no_quantile() -> None:
    assert quantile(times(5), "pending", 0.5) is None
