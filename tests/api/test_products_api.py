"""The catalogue: read by anyone, changed by staff, and not by their mistakes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.inventory.model import Stock
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import SECRET, refused
from tests.support.api.routes import PRODUCT, STOCK, Route, changed
from tests.support.fakes.adapters import FakeAdapters

BAD: list[tuple[Route, str, Any]] = [
    *[
        (PRODUCT, "name", text)
        for text in ["", " \u200b", f"{SECRET}\nx", SECRET + "\x00", f"{SECRET}\ufffd", SECRET * 40]
    ],
    *[(PRODUCT, "description", text) for text in [SECRET + "\x00", f"{SECRET}\ufffd", f"{SECRET}\x0bx", SECRET * 400]],
    *[(PRODUCT, "currency", text) for text in ["", "eur", "ABC"]],
    *[(PRODUCT, "price", amount) for amount in [-1, Decimal("1.001"), 10**10, Decimal("1e400"), "1", True]],
    *[(PRODUCT, "stock", count) for count in [-1, Decimal("1.0"), Decimal("1.5"), 10**10, "1", True]],
    *[(STOCK, "delta", count) for count in [Decimal("1.0"), Decimal("1.5"), 10**10, -(10**10), "1", True]],
    *[(STOCK, "reason", text) for text in ["", " ", f"{SECRET}\nx", SECRET * 40]],
]


@pytest.mark.parametrize(("route", "field", "value"), BAD, ids=lambda value: ascii(value)[:40])
def test_a_value_that_is_not_fit_is_refused(
    api: Gateway, untouched: Callable[[], bool], route: Route, field: str, value: Any
) -> None:
    refused(route.call(api, changed(route.body, field, value)), field)
    assert untouched()


@pytest.mark.parametrize("product_id", ["-x", "a%20b", "x" * 65, "%C3%A9", "a%0Ab", "%20", "a%2Fb", "..", "%00", "%FF"])
def test_a_product_needs_an_id_that_is_fit_for_a_url(
    api: Gateway, untouched: Callable[[], bool], product_id: str
) -> None:
    answer = api.put(f"/products/{product_id}", PRODUCT.body, groups="admin")

    refused(answer, "productId")
    assert untouched()


def test_the_id_and_the_body_are_judged_at_once(api: Gateway, untouched: Callable[[], bool]) -> None:
    refused(api.put("/products/-x", {"price": -1}, groups="admin"), "productId", "name", "price")
    assert untouched()


def test_stock_never_goes_below_nothing(api: Gateway, untouched: Callable[[], bool]) -> None:
    answer = api.post("/products/LAPTOP001/stock", {"delta": -6, "reason": "Broken"}, groups="admin")

    refused(answer, status=409)
    assert untouched()


def test_stock_of_nothing_is_not_found(api: Gateway, untouched: Callable[[], bool]) -> None:
    refused(api.post("/products/NOTHING/stock", dict(STOCK.body), groups="admin"), status=404)
    assert untouched()


def test_a_new_product_is_created_and_an_old_one_replaced(api: Gateway) -> None:
    created = api.put("/products/NEW", dumps(PRODUCT.body), groups="admin")
    replaced = api.put("/products/NEW", {"name": "Other", "price": 1}, groups="admin")

    assert (created.status, replaced.status) == (201, 200)
    assert created.json == {"productId": "NEW", "withdrawn": False, "imageUrl": None, **PRODUCT.body}
    assert replaced.json == {**created.json, "name": "Other", "description": "", "price": 1}


def test_stock_is_added_and_taken(api: Gateway, adapters: FakeAdapters) -> None:
    added = api.post("/products/LAPTOP001/stock", {"delta": 5, "reason": "Delivery" * 25}, groups="admin")
    taken = api.post("/products/LAPTOP001/stock", {"delta": -10, "reason": "Sold in the shop"}, groups="admin")

    assert added.json == {"productId": "LAPTOP001", "stock": 10}
    assert taken.json == {"productId": "LAPTOP001", "stock": 0}
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 0, 0)


def test_a_price_of_minus_nothing_is_nothing(api: Gateway) -> None:
    assert '"price":0.00' in api.put("/products/FREE", '{"name": "Gift", "price": -0.0}', groups="admin").text


def test_anybody_reads_the_catalogue(api: Gateway) -> None:
    listed = api.get("/products", key=None)
    one = api.get("/products/MOUSE001", key=None)

    assert [product["productId"] for product in listed.json["products"]] == ["LAPTOP001", "MOUSE001"]
    assert listed.json["nextCursor"] is None
    assert one.json == listed.json["products"][1]
    assert one.json == {
        "productId": "MOUSE001",
        "name": "Mouse",
        "description": "",
        "price": Decimal("20.00"),
        "currency": "EUR",
        "stock": 500,
        "withdrawn": False,
        "imageUrl": None,
    }


def test_the_catalogue_has_pages(api: Gateway) -> None:
    first = api.get("/products?limit=1").json
    second = api.get(f"/products?limit=1&cursor={first['nextCursor']}").json

    assert [p["productId"] for p in first["products"] + second["products"]] == ["LAPTOP001", "MOUSE001"]
    assert second["nextCursor"] is None


def found(api: Gateway, query: str) -> list[str]:
    return [product["productId"] for product in api.get(f"/products?q={query}", key=None).json["products"]]


def test_every_word_of_a_search_must_stand_somewhere(api: Gateway) -> None:
    assert found(api, "gaming") == ["LAPTOP001"]
    assert found(api, "LAPTOP%20g") == ["LAPTOP001"]
    assert found(api, "mouse%20laptop") == []
    assert found(api, "%20") == ["LAPTOP001", "MOUSE001"]


def test_a_search_has_pages_and_their_cursors_are_for_it_alone(api: Gateway) -> None:
    first = api.get("/products?q=00&limit=1").json
    second = api.get(f"/products?q=00&limit=1&cursor={first['nextCursor']}").json

    assert [p["productId"] for p in first["products"] + second["products"]] == ["LAPTOP001", "MOUSE001"]
    assert second["nextCursor"] is None
    refused(api.get(f"/products?q=0&cursor={first['nextCursor']}"), "cursor")
    refused(api.get(f"/products?cursor={first['nextCursor']}"), "cursor")


@pytest.mark.parametrize("query", ["x" * 101, "%00", "a%0Ab"])
def test_a_search_for_what_is_no_text_is_refused(api: Gateway, query: str) -> None:
    refused(api.get(f"/products?q={query}"), "q")
