"""Carts: two devices lose nothing, none takes over 100 products or two currencies, and an untouched one expires."""

from __future__ import annotations

import pytest
from chalicelib.checkout.ports import Carts
from chalicelib.checkout.rules import Refusal

from tests.contract.carts import DAY
from tests.contract.threads import concurrently
from tests.support.fakes.clock import FakeClock


def test_a_cart_nobody_began_is_empty(carts: Carts, customer: str) -> None:
    assert carts.get(customer).lines == {}


def test_putting_sets_one_line_and_leaves_the_others(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    carts.put(customer, "B", 2, "EUR")

    assert carts.put(customer, "A", 3, "EUR") is None
    assert carts.get(customer).lines == {"A": 3, "B": 2}


def test_removing_takes_one_line_and_what_is_not_there_is_fine(carts: Carts, customer: str) -> None:
    carts.remove(customer, "A")
    carts.put(customer, "A", 1, "EUR")
    carts.put(customer, "B", 2, "EUR")

    carts.remove(customer, "A")
    carts.remove(customer, "A")

    assert carts.get(customer).lines == {"B": 2}


def test_clearing_takes_all_and_a_new_cart_can_be_begun(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")

    carts.clear(customer)

    assert carts.get(customer).lines == {}
    carts.put(customer, "B", 1, "EUR")
    assert carts.get(customer).lines == {"B": 1}


def test_a_full_cart_takes_no_new_product_but_changes_of_its_own(carts: Carts, customer: str) -> None:
    for n in range(100):
        assert carts.put(customer, f"P{n}", 1, "EUR") is None

    assert carts.put(customer, "P100", 1, "EUR") is Refusal.FULL
    assert carts.put(customer, "P7", 5, "EUR") is None
    assert len(carts.get(customer).lines) == 100
    carts.remove(customer, "P0")
    assert carts.put(customer, "P100", 1, "EUR") is None


def test_a_cart_untouched_for_30_days_is_empty_also_while_it_is_still_stored(
    carts: Carts, clock: FakeClock, customer: str
) -> None:
    carts.put(customer, "A", 1, "EUR")
    clock.advance(30 * DAY - 1)
    assert carts.get(customer).lines == {"A": 1}

    clock.advance(2)

    assert carts.get(customer).lines == {}


def test_any_change_keeps_it_for_30_days_more(carts: Carts, clock: FakeClock, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    carts.put(customer, "B", 1, "EUR")
    clock.advance(20 * DAY)
    carts.remove(customer, "B")
    clock.advance(20 * DAY)

    assert carts.get(customer).lines == {"A": 1}


def test_what_is_put_after_that_begins_a_new_cart(carts: Carts, clock: FakeClock, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    clock.advance(30 * DAY + 1)

    carts.put(customer, "B", 2, "EUR")

    assert carts.get(customer).lines == {"B": 2}


def test_removing_from_a_cart_that_expired_does_not_revive_it(carts: Carts, clock: FakeClock, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    carts.put(customer, "B", 1, "EUR")
    clock.advance(30 * DAY + 1)

    carts.remove(customer, "B")

    assert carts.get(customer).lines == {}


def test_two_devices_that_change_it_at_once_lose_nothing(carts: Carts, customer: str) -> None:
    done = concurrently(8, lambda n: [carts.put(customer, f"P{n}-{m}", n + 1, "EUR") for m in range(5)])

    assert not any(any(puts) for puts in done)
    assert carts.get(customer).lines == {f"P{n}-{m}": n + 1 for n in range(8) for m in range(5)}


def test_of_many_who_fill_it_at_once_only_100_find_room(carts: Carts, customer: str) -> None:
    for n in range(95):
        carts.put(customer, f"P{n}", 1, "EUR")

    placed = concurrently(10, lambda n: carts.put(customer, f"NEW{n}", 1, "EUR"))

    assert placed.count(None) == 5
    assert len(carts.get(customer).lines) == 100


def test_the_first_line_s_currency_is_the_carts(carts: Carts, customer: str) -> None:
    carts.put(customer, "YEN", 1, "JPY")

    assert carts.put(customer, "EURO", 1, "EUR") is Refusal.CURRENCY

    assert carts.get(customer).lines == {"YEN": 1}
    assert carts.get(customer).currency == "JPY"


def test_of_two_currencies_put_at_once_one_is_refused(carts: Carts, customer: str) -> None:
    refusals = concurrently(6, lambda n: carts.put(customer, f"P{n}", 1, ("JPY", "EUR")[n % 2]))

    assert sorted(map(str, refusals)) == ["CURRENCY"] * 3 + ["None"] * 3
    assert len(carts.get(customer).lines) == 3


@pytest.mark.parametrize("how", ["cleared", "taken out", "put again"])
def test_an_emptied_cart_may_have_another_currency(carts: Carts, customer: str, how: str) -> None:
    carts.put(customer, "A", 1, "JPY")
    if how == "cleared":
        carts.clear(customer)
    if how == "taken out":
        carts.remove(customer, "A")

    assert carts.put(customer, "A", 2, "EUR") is None

    assert (carts.get(customer).lines, carts.get(customer).currency) == ({"A": 2}, "EUR")
