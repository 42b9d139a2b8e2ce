"""Orders that leave prices, currency or total to the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Product
from chalicelib.kit.errors import IdempotencyMismatch, InvalidRequest
from chalicelib.orders.commands import PlaceOrder
from chalicelib.orders.requests import place_order

from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.catalogue import FakeCatalogue

TEA = replace(MOUSE, product_id="TEA001", name="Tea", price=Decimal(250), currency="JPY")


def asked(*items: dict[str, Any], key: str | None = None, **changes: Any) -> PlaceOrder:
    """Of a request without currency and total, unless it is given."""
    sent = body(**{"items": list(items), "currency": None, "totalAmount": None, **changes})
    return place_order(sent, owner="p-one", default_currency="EUR", idempotency_key=key, correlation_id="c-1")


def item(product_id: str, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"productId": product_id, "quantity": quantity, **more}


class Counted(FakeCatalogue):
    reads = 0

    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        self.reads += 1
        return super().products(product_ids)


@pytest.fixture
def catalogue(adapters: FakeAdapters) -> Counted:
    adapters.catalogue = Counted(adapters.store)
    return adapters.catalogue


@pytest.fixture
def services(adapters: FakeAdapters, catalogue: Counted) -> Services:
    return Services(SETTINGS, adapters)


def test_the_catalogue_gives_price_name_and_total(services: Services) -> None:
    placed = services.orders.place(asked(item("LAPTOP001"), item("MOUSE001", 3, name="My mouse")))

    assert [(n.name, n.title, n.price) for n in placed.lines] == [
        ("Gaming Laptop", "Gaming Laptop", Decimal("1299.99")),
        ("My mouse", "Mouse", Decimal("20.00")),
    ]
    assert (placed.total_amount, placed.currency) == (Decimal("1359.99"), "EUR")


def test_it_is_one_read_and_none_where_all_prices_are_given(services: Services, catalogue: Counted) -> None:
    services.orders.place(asked(item("LAPTOP001"), item("MOUSE001")))
    assert catalogue.reads == 1

    services.orders.place(asked(item("MOUSE001", price=Decimal("20.00"))))
    assert catalogue.reads == 1


def test_a_total_that_is_left_out_is_the_sum_of_the_prices_given(services: Services) -> None:
    given = asked(item("MOUSE001", 2, price=Decimal("20.00")))

    assert services.orders.place(given).total_amount == Decimal("40.00")


def test_it_is_in_the_currency_of_its_products(services: Services, catalogue: Counted) -> None:
    catalogue.put(TEA, 5)

    placed = services.orders.place(asked(item("TEA001", 2)))

    assert (placed.currency, str(placed.total_amount)) == ("JPY", "500")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"currency": "EUR", "items": [item("TEA001")]}, "items[0].productId"),
        ({"items": [item("MOUSE001"), item("TEA001")]}, "items[1].productId"),
        ({"items": [item("MOUSE001", price=Decimal("20.00")), item("TEA001")]}, "items[1].productId"),
        ({"items": [item("MOUSE001"), item("GONE001")]}, "items[1].productId"),
        ({"items": [item("MOUSE001")], "totalAmount": Decimal("19.99")}, "totalAmount"),
        ({"items": [item("MOUSE001")], "totalAmount": Decimal("20.001")}, "totalAmount"),
        ({"items": [item("MOUSE001")], "totalAmount": Decimal("20.001"), "currency": "EUR"}, "totalAmount"),
        ({"items": [item("LAPTOP001", 10_000)] * 100}, "totalAmount"),
    ],
    ids=str,
)
def test_what_the_catalogue_can_not_complete_is_refused_and_nothing_is_stored(
    services: Services, adapters: FakeAdapters, wanted: dict[str, Any], field: str
) -> None:
    adapters.catalogue.put(TEA, 5)

    with pytest.raises(InvalidRequest) as refused:
        services.orders.place(asked(**{"items": [], **wanted}))

    assert [error.field for error in refused.value.errors] == [field]
    assert adapters.store.orders == {}


def test_all_lines_that_have_no_price_are_named(services: Services) -> None:
    with pytest.raises(InvalidRequest) as refused:
        services.orders.place(asked(item("GONE001"), item("MOUSE001"), item("GONE002")))

    assert [error.field for error in refused.value.errors] == ["items[0].productId", "items[2].productId"]


@pytest.mark.parametrize("change", ["price", "currency", "withdrawn"])
def test_the_same_key_and_body_is_the_same_order_whatever_became_of_the_product(
    services: Services, adapters: FakeAdapters, change: str
) -> None:
    wanted = asked(item("MOUSE001"), key="key-1", totalAmount=Decimal("20.00"))
    first = services.orders.place(wanted)
    if change == "withdrawn":
        del adapters.store.products["MOUSE001"]
    else:
        other = {"price": Decimal(30)} if change == "price" else {"currency": "JPY", "price": Decimal(30)}
        adapters.catalogue.put(replace(MOUSE, **other), 5)

    assert services.orders.place(wanted) == first


def test_the_same_key_with_another_body_is_refused(services: Services) -> None:
    services.orders.place(asked(item("MOUSE001"), key="key-1"))

    with pytest.raises(IdempotencyMismatch):
        services.orders.place(asked(item("MOUSE001", price=Decimal("20.00")), key="key-1"))


def test_it_ends_as_one_that_named_its_price(services: Services) -> None:
    placed = services.orders.place(asked(item("LAPTOP001")))

    ended = services.workflow.steps.run_all(placed.order_id)

    assert ended.status.value == "COMPLETED"
    assert ended.payment is not None
    assert ended.payment.amount == LAPTOP.price
