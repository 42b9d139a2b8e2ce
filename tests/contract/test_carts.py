"""Carts: nothing is lost between two devices, nothing is bought out of them twice, and what nobody touches is gone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from chalicelib.domain.cart import Refusal
from chalicelib.domain.order import Line, Order
from chalicelib.services.ports import Carts

from tests.contract.threads import at_once
from tests.contract.worlds import Storage, order, unique
from tests.fakes import FakeClock

DAY = 24 * 3600


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def carts(storage: Storage, clock: FakeClock) -> Carts:
    return storage.carts_at(clock)


@pytest.fixture
def customer() -> str:
    return unique("customer")


def bought(carts: Carts, customer: str, **quantities: int) -> Order:
    """An order of the customer's cart as it is now."""
    lines = tuple(Line(product_id, "", quantity, Decimal(1)) for product_id, quantity in quantities.items())
    return order(customer_id=customer, lines=lines, from_cart=True, cart_version=carts.get(customer).version)


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


def test_a_cart_is_its_customers_alone(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")

    assert carts.get(unique("customer")).lines == {}


def test_names_of_products_mean_nothing_to_the_store(carts: Carts, customer: str) -> None:
    odd = ["a.b", "#p", ":q", "size", "ä b", "[0]"]
    for product_id in odd:
        carts.put(customer, product_id, 2, "EUR")
    carts.remove_bought(bought(carts, customer, **{"a.b": 1, "#p": 2}))

    assert carts.get(customer).lines == {"a.b": 1, ":q": 2, "size": 2, "ä b": 2, "[0]": 2}


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


def test_what_was_bought_leaves_the_cart_and_nothing_else(carts: Carts, customer: str) -> None:
    for product_id in ("A", "B", "C"):
        carts.put(customer, product_id, 2, "EUR")

    carts.remove_bought(bought(carts, customer, A=2, B=2))

    assert carts.get(customer).lines == {"C": 2}


def test_it_leaves_once_however_often_it_is_asked_for(carts: Carts, customer: str) -> None:
    order_of_two = bought(carts, customer, A=2)
    carts.put(customer, "A", 2, "EUR")
    carts.remove_bought(order_of_two)
    carts.put(customer, "A", 2, "EUR")

    carts.remove_bought(order_of_two)

    assert carts.get(customer).lines == {"A": 2}


def test_pieces_put_in_since_stay(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 2, "EUR")
    order_of_two = bought(carts, customer, A=2)
    carts.put(customer, "A", 5, "EUR")

    carts.remove_bought(order_of_two)

    assert carts.get(customer).lines == {"A": 3}


def test_what_is_not_in_the_cart_any_more_does_not_matter(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    carts.remove_bought(bought(carts, customer, A=3, GONE=1))

    assert carts.get(customer).lines == {}
    carts.remove_bought(bought(carts, unique("customer"), A=1))  # nor that there never was a cart


def test_a_hundred_products_leave_it_together(carts: Carts, customer: str) -> None:
    all_of_them = {f"P{n}": 1 for n in range(100)}
    for product_id in all_of_them:
        carts.put(customer, product_id, 2 if product_id == "P0" else 1, "EUR")

    carts.remove_bought(bought(carts, customer, **all_of_them))

    assert carts.get(customer).lines == {"P0": 1}


def test_two_devices_that_change_it_at_once_lose_nothing(carts: Carts, customer: str) -> None:
    done = at_once(8, lambda n: [carts.put(customer, f"P{n}-{m}", n + 1, "EUR") for m in range(5)])

    assert not any(any(puts) for puts in done)
    assert carts.get(customer).lines == {f"P{n}-{m}": n + 1 for n in range(8) for m in range(5)}


def test_of_many_who_fill_it_at_once_only_100_find_room(carts: Carts, customer: str) -> None:
    for n in range(95):
        carts.put(customer, f"P{n}", 1, "EUR")

    placed = at_once(10, lambda n: carts.put(customer, f"NEW{n}", 1, "EUR"))

    assert placed.count(None) == 5
    assert len(carts.get(customer).lines) == 100


def test_buying_twice_at_once_takes_once_while_another_device_goes_on(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 5, "EUR")
    order_of_two = bought(carts, customer, A=2)

    def act(n: int) -> None:
        if n < 3:
            carts.remove_bought(order_of_two)
        else:
            carts.put(customer, f"NEW{n}", 1, "EUR")

    at_once(6, act)

    assert carts.get(customer).lines == {"A": 3, "NEW3": 1, "NEW4": 1, "NEW5": 1}
