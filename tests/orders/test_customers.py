"""Customers as their orders tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.orders import customers
from chalicelib.orders.filters import Filters
from chalicelib.orders.model import Order, Payment, PaymentStatus
from chalicelib.orders.search_tokens import SearchText

from tests.support.builders import examples
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import indexed


def at(minute: int) -> str:
    return f"2026-11-21T10:{minute:02}:00.000Z"


def placed(minute: int, customer: str = "customer123", owner: str = "p-one", **changes: object) -> Order:
    return examples.order(created_at=at(minute), owner=owner, customer_id=customer, **changes)


def paid(order: Order, amount: str, refunded: str = "0.00") -> Order:
    return replace(order, payment=Payment(PaymentStatus.CAPTURED, "ch", Decimal(amount), Decimal(refunded)))


def listed(services: Services, typed: str = "", limit: int = 20) -> list[list[str]]:
    filters = Filters(text=SearchText.of(typed) if typed else None)
    found: list[list[str]] = []
    after: Mapping[str, str] | None = None
    while len(found) < 100:
        page = services.search.customers.page(limit, after, filters)
        found.append([order.order_id for order in page.items])
        after = page.next
        if after is None:
            return found
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
def test_each_customer_is_listed_once_by_the_newest_order(
    services: Services, adapters: FakeAdapters, limit: int
) -> None:
    orders = [placed(n, f"buyer{n % 5}", customer_email=f"buyer{n % 5}@example.com") for n in range(40)]
    indexed(adapters, *orders)

    found = listed(services, "buyer", limit)

    assert [order_id for page in found for order_id in page] == [order.order_id for order in orders[:-6:-1]]
    assert all(len(page) == limit for page in found[:-1])


def test_the_same_id_of_two_partners_is_two_customers(services: Services, adapters: FakeAdapters) -> None:
    one, other = placed(1, owner="p-one"), placed(2, owner="p-two")
    indexed(adapters, one, other)

    assert listed(services, "customer123") == [[other.order_id, one.order_id]]


def test_a_guest_is_one_customer_however_the_address_is_written(services: Services, adapters: FakeAdapters) -> None:
    orders = [
        placed(n, email, owner="guest", customer_email=email)
        for n, email in enumerate(["Anna@example.com", "anna@example.com", "anna@example.org"])
    ]
    indexed(adapters, *orders)

    assert listed(services, "anna@") == [[orders[2].order_id, orders[1].order_id]]
    details = services.search.customers.details(orders[0].order_id, 20, None)
    assert [order.order_id for order in details.orders.items] == [orders[1].order_id, orders[0].order_id]


def test_without_a_text_those_who_bought_last_come_first(services: Services, adapters: FakeAdapters) -> None:
    orders = [placed(n, f"c{n}") for n in range(3)]
    indexed(adapters, *orders)

    assert listed(services, limit=2) == [[orders[2].order_id, orders[1].order_id], [orders[0].order_id]]


def test_a_customer_is_worth_what_was_captured_and_kept(services: Services, adapters: FakeAdapters) -> None:
    orders = [
        paid(placed(1), "100.00"),
        paid(placed(2), "50.00", refunded="50.00"),
        paid(placed(3, currency="USD"), "7.00", refunded="2.00"),
        placed(4),
        paid(placed(5, owner="p-two"), "999.00"),
    ]
    indexed(adapters, *orders)

    worth = services.search.customers.details(orders[1].order_id, 20, None).worth

    assert (worth.orders, worth.complete) == (4, True)
    assert worth.spent == {"EUR": Decimal("100.00"), "USD": Decimal("5.00")}
    assert (worth.first_order_at, worth.last_order_at) == (at(1), at(4))


def test_the_orders_come_in_full_pages(services: Services, adapters: FakeAdapters) -> None:
    orders = [placed(n) for n in range(7)]
    indexed(adapters, *orders, placed(30, owner="p-two"))
    first = services.search.customers.details(orders[0].order_id, 4, None)

    second = services.search.customers.details(orders[0].order_id, 4, first.orders.next)

    found = [[order.order_id for order in page.orders.items] for page in (first, second)]
    expected = [order.order_id for order in reversed(orders)]
    assert (found, second.orders.next) == ([expected[:4], expected[4:]], None)
    assert second.worth == first.worth


@pytest.mark.parametrize(("many", "complete"), [(3, True), (4, False), (5, False)])
def test_of_very_many_orders_the_newest_are_summed_and_it_is_said(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch, many: int, complete: bool
) -> None:
    monkeypatch.setattr(customers, "MOST_SUMMED", 3)
    orders = [paid(placed(n), "1.00") for n in range(many)]
    indexed(adapters, *orders)

    worth = services.search.customers.details(orders[0].order_id, 20, None).worth

    assert (worth.orders, worth.complete, worth.spent) == (3, complete, {"EUR": Decimal("3.00")})


def test_a_customers_own_id_names_them_too(services: Services, adapters: FakeAdapters) -> None:
    one = placed(1, "sub-1", owner="c-sub-1")
    indexed(adapters, one, placed(2, "sub-10", owner="c-sub-10"))

    assert services.search.customers.details("SUB-1", 20, None).newest == one


@pytest.mark.parametrize("named", ["nobody", "customer@example.com", "LAPTOP001"])
def test_who_never_ordered_is_no_customer(services: Services, adapters: FakeAdapters, named: str) -> None:
    indexed(adapters, placed(1))

    with pytest.raises(NotFound) as refused:
        services.search.customers.details(named, 20, None)
    assert refused.value.code == "CUSTOMER_NOT_FOUND"


def test_an_order_that_the_stream_has_not_told_of_is_no_customer_yet(
    services: Services, adapters: FakeAdapters
) -> None:
    one = placed(1)
    adapters.orders.add(one)

    with pytest.raises(NotFound):
        services.search.customers.details(one.order_id, 20, None)


def test_without_the_index_there_are_no_customers(adapters: FakeAdapters) -> None:
    off = Services(replace(SETTINGS, order_search="off"), adapters).search.customers

    for ask in (lambda: off.page(20, None, Filters()), lambda: off.details("x", 20, None)):
        with pytest.raises(Conflict) as refused:
            ask()
        assert refused.value.code == "SEARCH_OFF"
