"""The two short ways to an order: what is accepted, and what is refused with nothing stored."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict, NotFound
from chalicelib.orders.commands import PlaceOrder

from tests.checkout.carts import ANNE, of_the_cart
from tests.support.builders.examples import MOUSE, command
from tests.support.fakes.adapters import FakeAdapters


def of_one(**changes: Any) -> PlaceOrder:
    nothing = {"lines": (), "currency": "", "total_amount": Decimal(0), "fingerprint": b"one"}
    return command(**{"workflow": "stepfunctions", **nothing, **changes})


def test_the_cart_is_ordered_at_the_catalogues_prices(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "LAPTOP001", 1)
    services.carts.change.put(ANNE, "MOUSE001", 2)

    placed = services.carts.checkout(of_the_cart(), Decimal("1339.99"))

    assert (placed.total_amount, placed.currency) == (Decimal("1339.99"), "EUR")
    assert placed.quantities() == {"LAPTOP001": 1, "MOUSE001": 2}
    assert (placed.workflow, placed.fulfilment, placed.from_cart) == ("stepfunctions", "manual", True)
    assert adapters.queue.messages == [placed.order_id]
    assert adapters.carts.get(ANNE).lines == {"LAPTOP001": 1, "MOUSE001": 2}  # until it is paid


@pytest.mark.parametrize("total", [None, Decimal(40), Decimal("40.0"), Decimal("40.000")])
def test_a_total_need_not_be_said_and_is_compared_as_a_number(services: Services, total: Decimal | None) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)

    assert services.carts.checkout(of_the_cart(), total).total_amount == Decimal("40.00")


@pytest.mark.parametrize("total", ["39.99", "40.01", "0"])
def test_a_total_that_is_not_the_carts_is_refused(services: Services, adapters: FakeAdapters, total: str) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)

    with pytest.raises(Conflict, match=r"40\.00 EUR"):
        services.carts.checkout(of_the_cart(), Decimal(total))

    assert adapters.store.orders == {}


def test_a_withdrawn_product_is_refused_by_name(services: Services, adapters: FakeAdapters) -> None:
    services.carts.change.put(ANNE, "MOUSE001", 2)
    del adapters.store.products["MOUSE001"]

    with pytest.raises(Conflict, match="MOUSE001"):
        services.carts.checkout(of_the_cart(), None)

    assert adapters.store.orders == {}


def test_anothers_same_key_is_another_order(services: Services) -> None:
    for customer in (ANNE, "ben"):
        services.carts.change.put(customer, "MOUSE001", 1)
    first = services.carts.checkout(of_the_cart(idempotency_key="k"), None)

    second = services.carts.checkout(of_the_cart(idempotency_key="k", owner="c-ben", customer_id="ben"), None)

    assert second.order_id != first.order_id


def test_one_product_is_ordered_at_the_catalogues_price(services: Services) -> None:
    placed = services.carts.buy_now(of_one(), "LAPTOP001", 2)

    assert (placed.total_amount, placed.currency, placed.fulfilment) == (Decimal("2599.98"), "EUR", "auto")
    assert placed.lines[0].name == "Gaming Laptop"


def test_a_product_that_is_not_there_is_not_found(services: Services, adapters: FakeAdapters) -> None:
    with pytest.raises(NotFound):
        services.carts.buy_now(of_one(), "NOTHING", 1)

    assert adapters.store.orders == {}


@pytest.mark.parametrize("price", ["99.00", "999999999.99", None], ids=["dearer", "too dear", "withdrawn"])
def test_the_same_key_gets_the_same_order_whatever_became_of_the_product(
    services: Services, adapters: FakeAdapters, price: str | None
) -> None:
    first = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 2)
    if price:
        adapters.catalogue.put(replace(MOUSE, price=Decimal(price)), None)
    else:
        del adapters.store.products["MOUSE001"]

    again = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 2)

    assert (again.order_id, again.total_amount) == (first.order_id, first.total_amount)


def test_a_repeated_request_names_an_execution_that_ran(services: Services, adapters: FakeAdapters) -> None:
    """Whatever the housekeeper counted meanwhile, without starting anything."""
    first = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 1)
    adapters.orders.save(replace(first, handovers=1), first.status)

    again = services.carts.buy_now(of_one(idempotency_key="k"), "MOUSE001", 1)

    assert again.handovers == 1
    assert services.workflow.execution_arn(again) == services.workflow.execution_arn(first)


def test_what_the_catalogue_prices_too_high_is_no_fault_of_the_request(
    services: Services, adapters: FakeAdapters
) -> None:
    adapters.catalogue.put(replace(MOUSE, price=Decimal("999999999.99")), None)

    with pytest.raises(Conflict, match=r"at most 999999999\.99"):
        services.carts.buy_now(of_one(), "MOUSE001", 2)

    assert adapters.store.orders == {}
