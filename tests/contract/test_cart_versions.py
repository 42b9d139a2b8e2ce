"""Every change makes another version of a cart, and carts from before there were versions go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.checkout.model import version_before
from chalicelib.checkout.ports import Carts
from chalicelib.kit.dynamodb import to_dynamodb

from tests.contract.adapters import Storage
from tests.contract.carts import DAY, bought
from tests.support.fakes.clock import FakeClock


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
