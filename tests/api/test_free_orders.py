"""A total of 0 is a total like any other, on every way in up to the stored order."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order, Status

from tests.api.test_customers_api import Person
from tests.support.api.gateway import Gateway
from tests.support.builders.examples import MOUSE, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.imported_files import Importer, line, orders_file, outcomes

FREE = replace(MOUSE, product_id="FREE001", name="Sticker", price=Decimal("0.00"))
FREE_LINE: dict[str, Any] = {"productId": "FREE001", "quantity": 2, "price": 0}


@pytest.fixture(autouse=True)
def _free_product(adapters: FakeAdapters) -> None:
    adapters.catalogue.put(FREE, 50)


@pytest.fixture
def anne(api: Gateway) -> Person:
    return Person(api, "anne")


def stored(adapters: FakeAdapters) -> Order:
    (order,) = adapters.store.orders.values()
    assert isinstance(order, Order)
    return order


def assert_accepted(order: Order) -> None:
    assert (order.status, order.total_amount, order.failure) == (Status.PENDING, Decimal("0.00"), None)
    assert [row.price for row in order.lines] == [Decimal("0.00")]


def test_a_product_may_cost_nothing(api: Gateway) -> None:
    answer = api.call("PUT", "/products/GIFT001", {"name": "Gift", "price": 0, "stock": 1}, groups="admin")

    assert (answer.status, answer.json["price"]) == (201, Decimal("0.00"))


@pytest.mark.parametrize("zero", [0, Decimal("0.00"), Decimal("-0.0")])
def test_an_order_of_nothing_is_accepted(api: Gateway, adapters: FakeAdapters, zero: Any) -> None:
    answer = api.post("/orders", body(items=[{**FREE_LINE, "price": zero}], totalAmount=zero))

    assert answer.status == 201, answer.text
    assert_accepted(stored(adapters))
    assert adapters.queue.messages == [stored(adapters).order_id]


def test_a_free_line_beside_another_is_fine(api: Gateway, adapters: FakeAdapters) -> None:
    paid = {"productId": "MOUSE001", "quantity": 1, "price": 20}

    assert api.post("/orders", body(items=[FREE_LINE, paid], totalAmount=20)).status == 201
    assert stored(adapters).total_amount == Decimal("20.00")


def test_a_free_product_can_be_bought_by_itself(api: Gateway, adapters: FakeAdapters) -> None:
    sent = {"productId": "FREE001", "quantity": 2, "customerEmail": "a@b.cc"}

    assert api.post("/place-order", sent).status == 202
    assert_accepted(stored(adapters))


@pytest.mark.parametrize("total", [{}, {"total": 0}, {"total": Decimal("0.00"), "currency": "EUR"}])
def test_a_cart_of_free_products_can_be_bought(anne: Person, adapters: FakeAdapters, total: dict[str, Any]) -> None:
    cart = anne.call("PUT", "/cart/items/FREE001", {"quantity": 2}).json
    assert (cart["total"], cart["items"][0]["lineTotal"], cart["items"][0]["problem"]) == (0, 0, None)

    assert anne.call("POST", "/checkout", total).status == 202
    assert_accepted(stored(adapters))


def test_the_free_product_s_currency_is_the_carts_too(anne: Person, adapters: FakeAdapters) -> None:
    adapters.catalogue.put(replace(MOUSE, product_id="YEN", price=Decimal(100), currency="JPY"), 5)
    anne.call("PUT", "/cart/items/FREE001", {"quantity": 1})

    assert anne.call("PUT", "/cart/items/YEN", {"quantity": 1}).status == 409


@pytest.mark.parametrize("form", ["flat", "full"])
def test_an_event_of_a_free_order_is_an_order(services: Services, adapters: FakeAdapters, form: str) -> None:
    flat = {"OrderId": "12345", "Product": "FREE001", "Quantity": 2, "Price": 0}
    full = {"orderId": "12345", **body(items=[FREE_LINE], totalAmount=0)}
    event = {"id": "e", "detail-type": "OrderCreated", "source": "x", "detail": flat if form == "flat" else full}

    services.workflow.event_steps._accepted(event)  # up to what is stored

    assert_accepted(stored(adapters))


def test_rows_of_files_may_cost_nothing(adapters: FakeAdapters) -> None:
    importer = Importer(adapters)
    report = importer.run(orders_file(line(1), line(2, productId="FREE001", quantity="2", price="0"), line(3)))

    assert outcomes(report) == ["accepted"] * 3
    assert_accepted(importer.orders[report["rows"][1]["orderId"]])


@pytest.mark.parametrize("total", [{}, {"totalAmount": 0}])
def test_so_may_lines_of_json(adapters: FakeAdapters, total: dict[str, int]) -> None:
    importer = Importer(adapters)
    sent = {**body(items=[FREE_LINE], totalAmount=None), **total}
    report = importer.run(json.dumps(sent).encode(), "orders/free.jsonl")

    assert outcomes(report) == ["accepted"]
    assert_accepted(importer.orders[report["rows"][0]["orderId"]])


def test_a_file_of_products_may_have_free_ones(adapters: FakeAdapters) -> None:
    importer = Importer(adapters)

    report = importer.run(b"productId,name,price\nGIFT001,Gift,0\n", "products/gifts.csv")

    assert outcomes(report) == ["accepted"]
    assert adapters.store.products["GIFT001"].price == Decimal("0.00")
