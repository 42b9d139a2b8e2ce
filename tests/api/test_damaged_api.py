"""The API where something that is stored can't be read, and what no request may store any more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.discrepancies import Kind

from tests.api.test_customers_api import Person
from tests.support.api.gateway import Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import LAPTOP, MOUSE, SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.imported_files import Importer, faults, line, orders_file, outcomes

YEN = replace(MOUSE, product_id="YEN", price=Decimal(1000), currency="JPY")
HOUSE = replace(MOUSE, product_id="HOUSE", name="House", price=Decimal("999999999.99"))
OFFICE = replace(MOUSE, product_id="OFFICE", name="Office", price=Decimal("10000000.00"))


@pytest.fixture(autouse=True)
def _odd_products(adapters: FakeAdapters) -> None:
    for product in (YEN, HOUSE, *(replace(OFFICE, product_id=f"OFFICE{n}") for n in range(12))):
        adapters.catalogue.put(product, 20_000)


@pytest.fixture
def anne(api: Gateway) -> Person:
    return Person(api, "anne")


@pytest.fixture
def damaged(api: Gateway, adapters: FakeAdapters) -> str:
    """An order of a partner's that was changed by hand, between two that were not."""
    ids = [str(api.post("/orders", body()).json["orderId"]) for _ in range(3)]
    adapters.store.damage("order", ids[1])
    return ids[1]


OF_ONE = [
    ("GET", "/orders/{}", None),
    ("POST", "/orders/{}/cancel", None),
    ("GET", "/orders/{}/receipt", None),
    ("POST", "/orders/{}/feedback", {"score": 5}),
]
OF_STAFF = [
    ("GET", "/admin/orders/{}", None),
    ("POST", "/admin/orders/{}/cancel", None),
    ("POST", "/admin/orders/{}/retry", None),
    ("POST", "/admin/orders/{}/ship", {"carrier": "DHL", "trackingNumber": "1"}),
    ("POST", "/admin/orders/{}/deliver", {}),
]


@pytest.mark.parametrize(("method", "path", "sent"), OF_ONE)
def test_a_damaged_order_is_a_clear_problem_to_its_owner(
    api: Gateway, adapters: FakeAdapters, damaged: str, method: str, path: str, sent: Any
) -> None:
    answer = api.call(method, path.format(damaged), sent)

    refused(answer, status=409)
    assert "can't be read" in answer.json["detail"]
    assert "KeyError" not in answer.text
    assert (Kind.DAMAGED_ORDER, damaged) in adapters.findings.found


@pytest.mark.parametrize(("method", "path", "sent"), OF_ONE)
def test_to_others_it_is_not_there(api: Gateway, damaged: str, method: str, path: str, sent: Any) -> None:
    refused(api.call(method, path.format(damaged), sent, key="two"), status=404)


@pytest.mark.parametrize(("method", "path", "sent"), OF_STAFF)
def test_it_is_to_staff_too(api: Gateway, damaged: str, method: str, path: str, sent: Any) -> None:
    refused(api.call(method, path.format(damaged), sent, groups="admin"), status=409)


def test_its_owners_list_leaves_it_out(api: Gateway, damaged: str) -> None:
    shown = api.get("/orders").json["orders"]

    assert len(shown) == 2
    assert damaged not in {order["orderId"] for order in shown}


def test_staffs_list_names_it(api: Gateway, damaged: str) -> None:
    answer = api.call("GET", "/admin/orders", groups="admin").json

    assert len(answer["orders"]) == 2
    [named] = answer["damaged"]
    assert named["orderId"] == damaged
    assert "KeyError" in named["reason"]


def test_the_list_of_discrepancies_has_it_and_a_damaged_product(
    api: Gateway, adapters: FakeAdapters, damaged: str
) -> None:
    adapters.store.damage("product", "MOUSE001")
    api.get("/orders")
    api.get("/products")

    found = api.call("GET", "/admin/discrepancies", groups="admin").json["discrepancies"]

    assert {(one["kind"], one.get("orderId"), one.get("item")) for one in found} == {
        ("DAMAGED_ORDER", damaged, None),
        ("DAMAGED_ITEM", None, "product MOUSE001"),
    }


def test_a_key_of_a_damaged_order_makes_no_second_one(api: Gateway, adapters: FakeAdapters) -> None:
    headers = {"Idempotency-Key": "k"}
    order_id = api.post("/orders", body(), headers=headers).json["orderId"]
    adapters.store.damage("order", order_id)

    refused(api.post("/orders", body(), headers=headers), status=409)
    assert list(adapters.store.orders) == [order_id]


def test_a_damaged_product_is_503_where_it_is_asked_for_and_left_out_of_the_catalogue(
    api: Gateway, adapters: FakeAdapters
) -> None:
    adapters.store.damage("product", "MOUSE001")

    refused(api.get("/products/MOUSE001"), status=503)
    sent = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "a@b.cc"}
    refused(api.post("/place-order", sent), status=503)
    assert "MOUSE001" not in {product["productId"] for product in api.get("/products").json["products"]}
    assert (Kind.DAMAGED_ITEM, "product MOUSE001") in adapters.findings.found


def test_put_again_it_is_whole(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.store.damage("product", "MOUSE001")

    assert api.call("PUT", "/products/MOUSE001", {"name": "Mouse", "price": 20}, groups="admin").status in (200, 201)
    assert api.get("/products/MOUSE001").status == 200


@pytest.mark.parametrize("what", ["product", "stock"])
def test_a_damaged_product_in_a_cart_is_a_problem_on_its_line(anne: Person, adapters: FakeAdapters, what: str) -> None:
    for product_id in ("LAPTOP001", "MOUSE001"):
        anne.call("PUT", f"/cart/items/{product_id}", {"quantity": 1})
    adapters.store.damage(what, "MOUSE001")

    answer = anne.call("GET", "/cart")

    assert answer.status == 200
    lines = {line["productId"]: line["problem"] for line in answer.json["items"]}
    assert lines == {"LAPTOP001": None, "MOUSE001": "WITHDRAWN" if what == "product" else "SHORT"}


def test_an_order_that_is_worth_more_than_the_maximum_is_refused_at_place_order(
    api: Gateway, adapters: FakeAdapters
) -> None:
    sent = {"productId": "HOUSE", "quantity": 10_000, "customerEmail": "a@b.cc"}

    refused(api.post("/place-order", sent), status=409)
    refused(api.post("/place-order", {**sent, "quantity": 2}), status=409)
    assert adapters.store.orders == {}
    assert api.post("/place-order", {**sent, "quantity": 1}).status == 202


@pytest.mark.parametrize("quantity", [2, 99, 10_000])
def test_one_that_is_worth_more_than_the_maximum_is_refused_at_orders(
    api: Gateway, adapters: FakeAdapters, quantity: int
) -> None:
    line = {"productId": "HOUSE", "quantity": quantity, "price": HOUSE.price}

    refused(api.post("/orders", body(items=[line], totalAmount=HOUSE.price * quantity)), "totalAmount")
    assert adapters.store.orders == {}


def test_so_is_an_event_but_it_is_stored_as_failed(services: Services, adapters: FakeAdapters) -> None:
    line = {"productId": "HOUSE", "quantity": 2, "price": HOUSE.price}
    details: list[dict[str, Any]] = [
        {"OrderId": "flat", "Product": "HOUSE", "Quantity": 2, "Price": HOUSE.price},
        {"orderId": "full", **body(items=[line], totalAmount=HOUSE.price * 2)},
        {"orderId": "sum", **body(items=[line], totalAmount=HOUSE.price)},
    ]
    for detail in details:
        services.workflow.event_steps._accepted(
            {"id": "e", "detail-type": "OrderCreated", "source": "x", "detail": detail}
        )

    failures = [order.failure and order.failure.code for order in adapters.store.orders.values()]
    assert failures == ["INVALID_ORDER"] * 3


def test_so_is_a_row_of_a_file_and_its_neighbours_are_placed(adapters: FakeAdapters) -> None:
    importer = Importer(adapters)
    header = "customerId,customerEmail,productId,quantity,price,street,city,zipCode,country,totalAmount"
    rows = [line(1) + ",20", line(2, productId="HOUSE", quantity="2", price="999999999.99") + ",1999999999.98"]

    report = importer.run(orders_file(*rows, line(3) + ",20", header=header))

    assert outcomes(report) == ["accepted", "rejected", "accepted"]
    assert list(faults(report)) == [(2, "totalAmount")]


def problems(answer: Any) -> dict[str, Any]:
    return {item["productId"]: item["problem"] for item in answer["items"]}


def test_a_line_that_is_worth_too_much_has_a_problem_and_is_not_summed(anne: Person, adapters: FakeAdapters) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    answer = anne.call("PUT", "/cart/items/HOUSE", {"quantity": 99})

    assert answer.status == 200
    assert problems(answer.json) == {"HOUSE": "TOO_LARGE", "MOUSE001": None}
    assert answer.json["total"] == Decimal("20.00")
    refused(anne.call("POST", "/checkout"), status=409)
    assert adapters.store.orders == {}


def test_a_cart_that_is_worth_too_much_can_be_looked_at_and_not_bought(anne: Person, adapters: FakeAdapters) -> None:
    """No line of these is too large by itself."""
    for n in range(12):
        answer = anne.call("PUT", f"/cart/items/OFFICE{n}", {"quantity": 99})

    assert answer.status == 200
    assert list(problems(answer.json).values()) == [None, *["TOO_LARGE"] * 11]
    assert answer.json["total"] == Decimal("990000000.00")
    refused(anne.call("POST", "/checkout"), status=409)
    assert adapters.store.orders == {}


def test_a_price_that_is_raised_meanwhile_is_no_crash(anne: Person, adapters: FakeAdapters) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 99})
    adapters.catalogue.put(replace(MOUSE, price=Decimal("999999999.99")), None)

    assert problems(anne.call("GET", "/cart").json) == {"MOUSE001": "TOO_LARGE"}
    assert anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1}).json["total"] == Decimal("999999999.99")


def test_a_product_whose_currency_changed_has_a_problem_and_is_not_summed(anne: Person, adapters: FakeAdapters) -> None:
    for product_id in ("LAPTOP001", "MOUSE001"):
        anne.call("PUT", f"/cart/items/{product_id}", {"quantity": 1})
    adapters.catalogue.put(replace(LAPTOP, price=Decimal(300), currency="JPY"), None)

    answer = anne.call("GET", "/cart").json

    assert problems(answer) == {"LAPTOP001": "CURRENCY", "MOUSE001": None}
    assert (answer["currency"], answer["total"]) == ("EUR", Decimal("20.00"))
    assert [item["currency"] for item in answer["items"]] == ["JPY", "EUR"]
    refused(anne.call("POST", "/checkout", {"total": 20, "currency": "EUR"}), status=409)
    assert adapters.store.orders == {}
    anne.call("DELETE", "/cart/items/LAPTOP001")
    assert anne.call("POST", "/checkout", {"total": 20, "currency": "EUR"}).status == 202


def test_a_cart_shown_in_yen_is_not_charged_in_euros(anne: Person, adapters: FakeAdapters) -> None:
    anne.call("PUT", "/cart/items/YEN", {"quantity": 1})
    adapters.catalogue.put(replace(YEN, price=Decimal("1000.00"), currency="EUR"), None)

    cart = anne.call("GET", "/cart").json
    assert (cart["currency"], cart["total"], problems(cart)) == ("JPY", 0, {"YEN": "CURRENCY"})
    for sent in ({"total": 1000}, {"total": 1000, "currency": "JPY"}, {"total": 0}, {}):
        refused(anne.call("POST", "/checkout", sent), status=409)
    assert adapters.store.orders == {}
    again = anne.call("PUT", "/cart/items/YEN", {"quantity": 1}).json
    assert (again["currency"], again["total"], problems(again)) == ("EUR", Decimal("1000.00"), {"YEN": None})
    refused(anne.call("POST", "/checkout", {"total": 1000, "currency": "JPY"}), status=409)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"currency": "EUR"}, 202),
        ({"total": 20, "currency": "EUR"}, 202),
        ({"currency": "USD"}, 409),
        ({"total": 20, "currency": "USD"}, 409),
        ({"total": 21, "currency": "EUR"}, 409),
        ({"currency": "XXX"}, 400),
        ({"currency": "eur"}, 400),
        ({"currency": None, "total": None}, 202),
        ({"currency": " "}, 400),
    ],
)
def test_the_currency_may_stand_beside_the_total(
    anne: Person, adapters: FakeAdapters, sent: dict[str, Any], status: int
) -> None:
    anne.call("PUT", "/cart/items/MOUSE001", {"quantity": 1})

    answer = anne.call("POST", "/checkout", sent)

    assert answer.status == status, answer.text
    assert len(adapters.store.orders) == (status == 202)


def test_two_currencies_put_at_the_same_time_make_no_mixed_cart(
    anne: Person, services: Services, adapters: FakeAdapters
) -> None:
    """Both requests see an empty cart before either writes."""
    put = adapters.carts.put

    def overtaken(customer_id: str, product_id: str, quantity: int, currency: str) -> Any:
        put(customer_id, "MOUSE001", 1, "EUR")
        return put(customer_id, product_id, quantity, currency)

    adapters.carts.put = overtaken

    refused(anne.call("PUT", "/cart/items/YEN", {"quantity": 1}), status=409)
    assert services.carts.show("anne").total == Decimal("20.00")
    assert problems(anne.call("GET", "/cart").json) == {"MOUSE001": None}


def test_a_cart_of_two_currencies_that_lies_there_already_is_no_crash(anne: Person, adapters: FakeAdapters) -> None:
    """As carts of before could be."""
    adapters.carts.put("anne", "YEN", 1, "")
    adapters.carts.put("anne", "MOUSE001", 1, "")

    answer = anne.call("GET", "/cart")

    assert problems(answer.json) == {"MOUSE001": None, "YEN": "CURRENCY"}
    assert (answer.json["currency"], answer.json["total"]) == ("EUR", Decimal("20.00"))
    refused(anne.call("POST", "/checkout"), status=409)
    assert SETTINGS.default_currency == "EUR"
