"""OrderCreated events that leave the price to the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Product
from chalicelib.orders.model import Order

from tests.reliability.bus import order_created
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.catalogue import FakeCatalogue

FLAT = {"OrderId": "12345", "Product": "MOUSE001", "Quantity": 2}


class Counted(FakeCatalogue):
    reads = 0

    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        self.reads += 1
        return super().products(product_ids)


def announce(adapters: FakeAdapters, detail: dict[str, Any]) -> Order:
    return Services(SETTINGS, adapters).workflow.event_steps.take_stock(order_created(detail))


def full(**changes: Any) -> dict[str, Any]:
    items = [{"productId": "MOUSE001", "quantity": 2}, {"productId": "LAPTOP001", "quantity": 1}]
    return {"orderId": "shop-1", **body(**{"items": items, "totalAmount": None, "currency": None, **changes})}


@pytest.mark.parametrize(
    ("detail", "total"),
    [(FLAT, "40.00"), ({**FLAT, "Product": "Mouse"}, "40.00"), (full(), "1339.99")],
    ids=["flat", "by name", "full"],
)
def test_the_catalogue_gives_price_and_total(adapters: FakeAdapters, detail: dict[str, Any], total: str) -> None:
    announced = announce(adapters, detail)

    assert announced.failure is None
    assert announced.status.value == "PAYMENT_PROCESSING"
    assert (str(announced.total_amount), str(announced.lines[0].price)) == (total, "20.00")


def test_it_is_one_read_more(adapters: FakeAdapters) -> None:
    adapters.catalogue = catalogue = Counted(adapters.store)
    announce(adapters, full(items=[{"productId": "MOUSE001", "quantity": 1, "price": Decimal(20)}]))
    assert catalogue.reads == 0  # validation needs no consistent read where all is right

    announce(adapters, {**full(), "orderId": "shop-2"})
    assert catalogue.reads == 1


def test_it_is_in_its_products_currency(adapters: FakeAdapters) -> None:
    adapters.catalogue.put(replace(MOUSE, currency="USD"), 5)

    assert announce(adapters, FLAT).currency == "USD"


def test_a_product_that_there_is_not_fails_it_as_in_one_that_names_a_price(adapters: FakeAdapters) -> None:
    announced = announce(adapters, {**FLAT, "Product": "GONE001"})

    assert announced.failure is not None
    assert (announced.status.value, announced.failure.code) == ("FAILED", "PRODUCT_NOT_FOUND")


@pytest.mark.parametrize(
    ("changes", "named", "worth"),
    [
        ({"totalAmount": Decimal("1339.98")}, "totalAmount must be the sum of the lines", "1339.99"),
        ({"totalAmount": Decimal("1339.999")}, "totalAmount must have at most 2 decimal places", "1339.99"),
        ({"items": [{"productId": "LAPTOP001", "quantity": 10_000}] * 100}, "totalAmount must be at most", "0"),
        (
            {"items": [{"productId": "LAPTOP001", "quantity": 1}, {"productId": "TEA001", "quantity": 1}]},
            "is sold in",
            "1299.99",
        ),
    ],
    ids=str,
)
def test_what_the_catalogue_contradicts_is_no_order(
    adapters: FakeAdapters, changes: dict[str, Any], named: str, worth: str
) -> None:
    adapters.catalogue.put(replace(LAPTOP, product_id="TEA001", currency="JPY", price=Decimal(5)), 5)

    announced = announce(adapters, full(**changes))

    assert announced.failure is not None
    assert (announced.status.value, announced.failure.code) == ("FAILED", "INVALID_ORDER")
    assert named in announced.failure.message
    assert announced.total_amount == Decimal(worth)  # stored all the same, with a total that can be


def test_it_comes_again_as_the_same_order_though_the_price_changed(adapters: FakeAdapters) -> None:
    first = announce(adapters, FLAT)
    adapters.catalogue.put(replace(MOUSE, price=Decimal(30)), 5)

    again = announce(adapters, FLAT)

    assert (again.order_number, again.total_amount) == (first.order_number, first.total_amount)
    assert len(adapters.store.orders) == 1
