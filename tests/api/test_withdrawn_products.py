"""A withdrawn product: no longer listed or sold by any way in, still readable, and sold again once it is put."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Product, Stock
from chalicelib.orders.model import Order, Status

from tests.reliability.bus import order_created
from tests.support.api import guests
from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import LAPTOP, body, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.imported_files import Importer, json_lines, line, orders_file, outcomes, shop

GONE, OTHER = "LAPTOP001", "MOUSE001"


def withdraw(api: Gateway, product_id: str = GONE) -> Answer:
    return api.call("DELETE", f"/products/{product_id}", groups="admin")


def code(order: Order) -> str | None:
    return order.failure and order.failure.code


def test_it_is_no_longer_listed_and_stays_readable(api: Gateway) -> None:
    api.get("/products?q=laptop")  # the search keeps a copy
    before = api.get(f"/products/{GONE}").json

    answer = withdraw(api)

    assert (answer.status, answer.json) == (200, {**before, "stock": 0, "withdrawn": True})
    assert [product["productId"] for product in api.get("/products").json["products"]] == [OTHER]
    assert api.get("/products?q=laptop").json["products"] == []
    assert api.get(f"/products/{GONE}", key=None).json == answer.json


def test_withdrawing_it_again_changes_nothing(api: Gateway, adapters: FakeAdapters) -> None:
    first, at = withdraw(api).json, adapters.store.products[GONE].withdrawn_at
    adapters.clock.advance(60)

    again = withdraw(api)

    assert (again.status, again.json) == (200, first)
    assert adapters.store.products[GONE].withdrawn_at == at


def test_what_is_no_product_is_not_found(api: Gateway, adapters: FakeAdapters) -> None:
    refused(withdraw(api, "NOTHING"), status=404)

    assert not adapters.audit_records.all
    assert "NOTHING" not in adapters.store.stock


def test_a_put_sells_it_again_with_its_stock_picture_and_age(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.catalogue.set_image(GONE, "pictures/a.png")
    withdraw(api)

    back = api.put(f"/products/{GONE}", {"name": "Gaming Laptop", "price": 1299.99}, groups="admin")

    assert (back.status, back.json["stock"], back.json["withdrawn"]) == (200, 5, False)
    assert adapters.store.products[GONE].created_at == LAPTOP.created_at
    assert adapters.store.products[GONE].image == "pictures/a.png"
    assert len(api.get("/products").json["products"]) == 2
    assert api.post("/place-order", {**guests.QUICK, "productId": GONE}).status == 202


def test_it_is_bought_by_no_way_in_at_the_catalogues_price(api: Gateway, adapters: FakeAdapters) -> None:
    withdraw(api)
    unpriced = {k: v for k, v in body().items() if k != "totalAmount"}
    unpriced["items"] = [{"productId": GONE, "quantity": 1}]

    answers = [
        api.post("/place-order", {**guests.QUICK, "productId": GONE}),
        api.post("/orders", unpriced),
        guests.placed(api),
    ]

    refused(answers[0], status=404)
    refused(answers[1], "items[0].productId", status=400)
    refused(answers[2], status=409)
    assert [answer.json["code"] for answer in answers[::2]] == ["PRODUCT_NOT_FOUND", "CART_NOT_ORDERABLE"]
    assert not adapters.store.orders


def test_an_order_that_names_its_price_fails(api: Gateway, services: Services, adapters: FakeAdapters) -> None:
    withdraw(api)

    order_id = api.post("/orders", body()).json["orderId"]
    order = services.workflow.steps.run_all(order_id)

    assert (order.status, code(order)) == (Status.FAILED, "PRODUCT_NOT_FOUND")
    assert adapters.store.stock[GONE] == Stock(GONE, 5, 0)


def test_a_cart_shows_it_as_withdrawn_and_can_not_be_bought(api: Gateway) -> None:
    def customer(method: str, path: str, sent: Any = None) -> Answer:
        return api.call(method, path, sent, groups="")

    customer("PUT", f"/cart/items/{GONE}", {"quantity": 1})
    withdraw(api)

    [shown] = customer("GET", "/cart").json["items"]
    assert shown["problem"] == "WITHDRAWN"
    refused(customer("POST", "/checkout", {}), status=409)
    refused(customer("PUT", f"/cart/items/{GONE}", {"quantity": 2}), status=404)


@pytest.mark.parametrize("named", [GONE, "Gaming Laptop"], ids=["by its id", "by its name"])
def test_an_order_of_the_bus_fails(api: Gateway, services: Services, named: str) -> None:
    withdraw(api)

    announced = {"OrderId": "12345", "Product": named, "Quantity": 1, "Price": Decimal("1299.99")}
    order = services.workflow.event_steps.take_stock(order_created(announced))

    assert (order.status, code(order)) == (Status.FAILED, "PRODUCT_NOT_FOUND")


def test_the_name_of_a_withdrawn_product_means_the_one_that_is_sold(
    api: Gateway, services: Services, adapters: FakeAdapters
) -> None:
    adapters.catalogue.put(replace(LAPTOP, product_id="LAPTOP002"), 5)
    withdraw(api)

    announced = {"OrderId": "12345", "Product": "Gaming Laptop", "Quantity": 1, "Price": Decimal("1299.99")}
    order = services.workflow.event_steps.take_stock(order_created(announced))

    assert (order.status, order.lines[0].product_id) == (Status.PAYMENT_PROCESSING, "LAPTOP002")


def test_a_row_of_an_imported_file_is_rejected() -> None:
    importer = Importer(shop())
    importer.adapters.catalogue.withdraw(OTHER, "2026-11-21T13:00:00.000Z")

    report = importer.run(orders_file(line(1), line(2, productId=GONE, price="1299.99")))

    assert outcomes(report) == ["rejected", "accepted"]


def test_an_imported_product_is_sold_again_if_it_was_uploaded_later() -> None:
    importer = Importer(shop())
    old = importer.adapters.store.products[OTHER]
    row = json_lines({"productId": OTHER, "name": "Mouse", "price": 19})
    importer.adapters.catalogue.withdraw(OTHER, "2026-11-21T14:00:00.000Z")

    earlier = importer.run(row, "products/a.jsonl", at="2026-11-21T13:59:59.000Z")
    assert (outcomes(earlier), sold(importer.adapters, OTHER)) == (["superseded"], None)

    later = importer.run(row, "products/b.jsonl", at="2026-11-21T14:00:01.000Z")
    found = sold(importer.adapters, OTHER)
    assert outcomes(later) == ["accepted"]
    assert found is not None
    assert (found.price, found.created_at) == (19, old.created_at)


def sold(adapters: FakeAdapters, product_id: str) -> Product | None:
    return adapters.catalogue.products([product_id]).get(product_id)


def test_between_validation_and_reservation_it_is_lost_too(services: Services, adapters: FakeAdapters) -> None:
    """The transaction that reserves the units judges it: no order that is validated already slips through."""
    order = services.orders.accept(command())
    readable = adapters.catalogue.readable

    def withdrawn_just_after(product_ids: Any, **more: Any) -> Any:
        found = readable(product_ids, **more)
        adapters.catalogue.withdraw(GONE, adapters.clock.now())
        return found

    adapters.catalogue.readable = withdrawn_just_after  # type: ignore[method-assign]
    ended = services.workflow.steps.run_all(order.order_id)

    assert (ended.status, code(ended)) == (Status.FAILED, "OUT_OF_STOCK")
    assert adapters.store.stock[GONE] == Stock(GONE, 5, 0)
    assert not adapters.ledger.entries


def test_what_was_bought_before_goes_on_and_stays_readable(
    api: Gateway, services: Services, adapters: FakeAdapters
) -> None:
    order_id = api.post("/orders", body()).json["orderId"]
    order = services.orders.queries.any(order_id)
    validated, _ = services.workflow.steps.validated(order)
    checking = services.workflow.steps.moved_to(validated, Status.INVENTORY_CHECK)
    services.workflow.steps.reserved(checking, order.status)

    withdraw(api)
    ended = services.workflow.steps.run_all(order_id)

    assert ended.status is Status.COMPLETED
    assert adapters.store.stock[GONE] == Stock(GONE, 4, 0)
    assert api.get(f"/orders/{order_id}").json["items"][0]["name"] == "Gaming Laptop"


def test_units_of_a_cancelled_order_go_back_into_its_stock(api: Gateway, services: Services) -> None:
    order = services.workflow.steps.run_all(services.orders.accept(command(fulfilment="manual")).order_id)
    withdraw(api)

    api.post(f"/admin/orders/{order.order_id}/cancel", groups="admin")
    back = api.put(f"/products/{GONE}", {"name": "Gaming Laptop", "price": 1299.99}, groups="admin")

    assert back.json["stock"] == 5


def test_it_is_on_record_who_withdrew_it(api: Gateway, adapters: FakeAdapters) -> None:
    withdraw(api)

    [record] = adapters.audit_records.all
    assert (record.action, record.details) == (
        "withdraw_product",
        {"productId": GONE, "before": {"withdrawn": False}},
    )
    assert record.outcome == {"after": {"withdrawn": True}}


def test_it_is_no_longer_low_in_stock(adapters: FakeAdapters) -> None:
    adapters.catalogue.withdraw(GONE, "2026-11-21T13:00:00.000Z")

    assert list(adapters.catalogue.low_stock(5)) == []
