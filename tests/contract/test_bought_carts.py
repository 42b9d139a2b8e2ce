"""What was bought leaves the cart, once, and nothing else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.checkout.ports import Carts
from chalicelib.orders.model import Order

from tests.contract.adapters import unique
from tests.contract.carts import DAY, bought
from tests.contract.threads import concurrently
from tests.support.fakes.carts import FakeCarts
from tests.support.fakes.clock import FakeClock


def test_names_of_products_mean_nothing_to_the_store(carts: Carts, customer: str) -> None:
    odd = ["a.b", "#p", ":q", "size", "ä b", "[0]"]
    for product_id in odd:
        carts.put(customer, product_id, 2, "EUR")
    carts.remove_bought(bought(carts, customer, **{"a.b": 1, "#p": 2}))

    assert carts.get(customer).lines == {"a.b": 1, ":q": 2, "size": 2, "ä b": 2, "[0]": 2}


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


def test_units_put_in_since_stay(carts: Carts, customer: str) -> None:
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


def test_buying_twice_at_once_takes_once_while_another_device_goes_on(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 5, "EUR")
    order_of_two = bought(carts, customer, A=2)

    def act(n: int) -> None:
        if n < 3:
            carts.remove_bought(order_of_two)
        else:
            carts.put(customer, f"NEW{n}", 1, "EUR")

    concurrently(6, act)

    assert carts.get(customer).lines == {"A": 3, "NEW3": 1, "NEW4": 1, "NEW5": 1}


def test_a_cart_that_was_emptied_and_filled_again_keeps_what_is_new(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 3, "EUR")
    order_of_three = bought(carts, customer, A=3)
    carts.clear(customer)
    carts.put(customer, "A", 3, "EUR")

    carts.remove_bought(order_of_three)

    assert carts.get(customer).lines == {"A": 3}


def test_so_does_one_whose_line_was_taken_out_and_put_in_again(carts: Carts, customer: str) -> None:
    for product_id in ("A", "B"):
        carts.put(customer, product_id, 3, "EUR")
    order_of_both = bought(carts, customer, A=3, B=3)
    carts.remove(customer, "A")
    carts.put(customer, "A", 3, "EUR")

    carts.remove_bought(order_of_both)

    assert carts.get(customer).lines == {"A": 3}


def test_and_one_that_was_emptied_line_by_line(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 3, "EUR")
    order_of_three = bought(carts, customer, A=3)
    carts.remove(customer, "A")
    carts.put(customer, "A", 3, "EUR")

    carts.remove_bought(order_of_three)

    assert carts.get(customer).lines == {"A": 3}


def test_and_one_that_expired_meanwhile(carts: Carts, clock: FakeClock, customer: str) -> None:
    carts.put(customer, "A", 3, "EUR")
    clock.advance(DAY)
    order_of_three = replace(bought(carts, customer, A=3), created_at=clock.now())
    clock.advance(29 * DAY + 1)
    carts.put(customer, "A", 3, "EUR")

    carts.remove_bought(order_of_three)

    assert carts.get(customer).lines == {"A": 3}


def test_of_two_orders_each_takes_what_it_bought(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    first = bought(carts, customer, A=1)
    carts.put(customer, "B", 1, "EUR")
    second = bought(carts, customer, A=1, B=1)
    carts.put(customer, "C", 1, "EUR")

    carts.remove_bought(second)
    carts.remove_bought(first)

    assert carts.get(customer).lines == {"C": 1}


@pytest.mark.parametrize("days", [31, 33, 400])
def test_an_order_that_is_shipped_weeks_later_takes_nothing_twice(
    carts: Carts, clock: FakeClock, customer: str, days: int
) -> None:
    """By then TTL may have tidied its claim away."""
    carts.put(customer, "A", 5, "EUR")
    order_of_two = bought(carts, customer, A=2)
    carts.remove_bought(order_of_two)
    for _ in range(days):
        clock.advance(DAY)
        carts.put(customer, "B", 1, "EUR")  # the cart lives on
    tidied(carts, order_of_two)

    carts.remove_bought(order_of_two)

    assert carts.get(customer).lines == {"A": 3, "B": 1}


def test_its_claim_lives_as_long_as_it_may_take(carts: Carts, clock: FakeClock, customer: str) -> None:
    carts.put(customer, "A", 5, "EUR")
    order_of_two = bought(carts, customer, A=2)
    carts.remove_bought(order_of_two)
    clock.advance(30 * DAY - 1)
    tidied(carts, order_of_two)
    carts.put(customer, "A", 3, "EUR")

    carts.remove_bought(order_of_two)

    assert carts.get(customer).lines == {"A": 3}


def tidied(carts: Any, order: Order) -> None:
    """As TTL leaves the claims: what has expired may be gone."""
    if isinstance(carts, FakeCarts):
        carts.forget_claims()
        return
    key = {"claim": {"S": f"{order.order_id}#cart"}}
    claim = carts.client.get_item(TableName=carts.claims_table, Key=key)["Item"]
    if int(claim["expiresAt"]["N"]) < carts.seconds():
        carts.client.delete_item(TableName=carts.claims_table, Key=key)
