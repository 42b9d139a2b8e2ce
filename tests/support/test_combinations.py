"""A covering selection leaves out cases, and no pair of values."""

from __future__ import annotations

import itertools

import pytest

from tests.support.combinations import Case, covering


def crossed(*sizes: int) -> list[Case]:
    """Each value of each parameter with each of all others."""
    products = itertools.product(*map(range, sizes))
    return [frozenset((n, str(value)) for n, value in enumerate(case)) for case in products]


def met(cases: list[Case], strength: int) -> set[tuple[tuple[int, str], ...]]:
    return {meeting for case in cases for meeting in itertools.combinations(sorted(case), strength)}


@pytest.mark.parametrize("strength", [1, 2])
@pytest.mark.parametrize("sizes", [(2, 2, 2), (12, 3, 5), (5, 3, 3, 3)], ids=str)
def test_whatever_meets_in_the_full_product_meets_in_fewer_cases(sizes: tuple[int, ...], strength: int) -> None:
    every = crossed(*sizes)

    chosen = [every[number] for number in covering(every, strength)]

    assert len(chosen) < len(every)
    assert met(chosen, strength) == met(every, strength)


def test_two_parameters_have_no_fewer_pairs_than_cases() -> None:
    assert covering(crossed(4, 5), 2) == list(range(20))


def test_one_parameter_keeps_all_its_values() -> None:
    assert covering(crossed(3), 2) == [0, 1, 2]


def test_each_value_takes_as_many_cases_as_the_longest_parameter_has_values() -> None:
    assert len(covering(crossed(12, 3, 5), 1)) == 12


def test_the_choice_is_the_same_in_every_run() -> None:
    assert covering(crossed(12, 3, 5), 2) == covering(crossed(12, 3, 5), 2)
