"""Carts: nothing is lost between two devices, nothing is bought out of them twice, and what nobody touches is gone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.checkout.model import Refusal, version_before
from chalicelib.checkout.ports import Carts
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.orders.model import Line, Order

from tests.contract.adapters import Storage, order, unique
from tests.contract.threads import concurrently
from tests.support.fakes.adapters import FakeClock
from tests.support.fakes.carts import FakeCarts

DAY = 24 * 3600


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


def test_every_change_makes_another_version_and_no_cart_has_one_again(carts: Carts, customer: str) -> None:
    changes = [
        lambda: carts.put(customer, "A", 1, "EUR"),
        lambda: carts.put(customer, "A", 2, "EUR"),
        lambda: carts.put(customer, "B", 1, "EUR"),
        lambda: carts.remove(customer, "B"),
        lambda: carts.remove_bought(bought(carts, customer, A=1)),
        lambda: carts.clear(customer),
        lambda: carts.put(customer, "A", 1, "EUR"),
    ]
    versions = []
    for change in changes:
        change()
        versions.append(carts.get(customer).version)

    assert len(set(versions)) == len(versions)
    assert versions[5] == ""  # there is none


def test_removing_what_is_not_there_makes_no_other_version(carts: Carts, customer: str) -> None:
    """Else a removal that is sent twice would make another cart, which could be bought once more."""
    carts.put(customer, "A", 3, "EUR")
    before = carts.get(customer)

    carts.remove(customer, "B")

    assert carts.get(customer) == before


def test_an_emptied_cart_tells_whether_its_payment_emptied_it(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 1, "EUR")
    paid = bought(carts, customer, A=1)
    carts.remove_bought(paid)
    by_payment = carts.get(customer).version
    carts.put(customer, "A", 1, "EUR")
    put = carts.get(customer).version
    carts.remove(customer, "A")
    by_customer = carts.get(customer).version

    assert version_before(by_payment) == paid.cart_version
    assert version_before(by_customer) not in ("", put)


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


def old_cart(dynamodb: Storage, clock: FakeClock, customer: str, **lines: int) -> Any:
    """A cart of before carts had versions and currencies."""
    carts: Any = dynamodb.carts_at(clock)
    expires = int(clock.moment.timestamp()) + 30 * DAY
    item = to_dynamodb({"customerId": customer, "lines": lines, "expiresAt": expires})
    carts.client.put_item(TableName=carts.table, Item=item)
    return carts


def test_a_cart_from_before_there_were_versions_goes_on(dynamodb: Storage, clock: FakeClock, customer: str) -> None:
    carts = old_cart(dynamodb, clock, customer, A=2, B=1)
    carts.put(customer, "C", 1, "EUR")
    carts.remove(customer, "B")
    assert (carts.get(customer).lines, carts.get(customer).currency) == ({"A": 2, "C": 1}, "")

    carts.remove_bought(bought(carts, customer, A=2))

    assert carts.get(customer).lines == {"C": 1}
    carts.remove(customer, "C")
    carts.put(customer, "D", 1, "JPY")
    assert carts.get(customer).currency == "JPY"


def test_a_cart_from_before_there_were_versions_has_one_that_changes_with_it(
    dynamodb: Storage, clock: FakeClock, customer: str
) -> None:
    carts = old_cart(dynamodb, clock, customer, A=2, B=1)
    seen = [carts.get(customer).version, carts.get(customer).version]
    carts.put(customer, "A", 3, "EUR")
    seen.append(carts.get(customer).version)
    carts.remove_bought(replace(bought(carts, customer, A=3), cart_version=seen[-1]))
    seen.append(carts.get(customer).version)

    assert seen[0] == seen[1]
    assert len(set(seen)) == 3
    assert carts.get(customer).lines == {"B": 1}


def test_an_order_from_before_there_were_versions_takes_what_it_bought(carts: Carts, customer: str) -> None:
    carts.put(customer, "A", 3, "EUR")

    carts.remove_bought(replace(bought(carts, customer, A=2), cart_version=""))

    assert carts.get(customer).lines == {"A": 1}
