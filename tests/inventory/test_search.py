"""Searching the catalogue, in a copy that is at most a minute old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from chalicelib.inventory.model import Product
from chalicelib.inventory.search import SearchProducts, plain

from tests.support.builders.examples import LAPTOP, MOUSE
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.catalogue import FakeCatalogue
from tests.support.fakes.clock import FakeClock


class Counting(FakeCatalogue):
    """Counts how often all of it is read."""

    reads = 0

    def all_products(self) -> Iterator[Product]:
        self.reads += 1
        return super().all_products()


@pytest.fixture
def catalogue() -> Counting:
    found = Counting(FakeAdapters().store)
    found.put(LAPTOP, 1)
    found.put(replace(MOUSE, description="für lange Nächte"), 1)
    return found


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def search(catalogue: Counting, clock: FakeClock) -> SearchProducts:
    return SearchProducts(catalogue, clock)


def ids(search: SearchProducts, query: str) -> list[str]:
    return [product.product_id for product in search.page(query, 10, None).items]


@pytest.mark.parametrize("query", ["nachte", "NÄCHTE", "mouse001", "lange MOUSE"])
def test_case_and_accents_make_no_difference(search: SearchProducts, query: str) -> None:
    assert ids(search, query) == ["MOUSE001"]


def test_what_is_found_comes_by_the_page(search: SearchProducts, catalogue: Counting) -> None:
    for n in range(3):
        catalogue.put(replace(MOUSE, product_id=f"PEN{n}", name="Pen"), 1)

    first = search.page("pen", 2, None)
    second = search.page("pen", 2, first.next)
    whole = search.page("pen", 3, None)

    assert [[product.product_id for product in page.items] for page in (first, second)] == [["PEN0", "PEN1"], ["PEN2"]]
    assert (first.next, second.next, whole.next) == ({"productId": "PEN1"}, None, None)


def test_letters_of_other_scripts_are_found() -> None:
    assert plain("Ελλάς STRASSE straße") == "ελλασ strasse strasse"


def test_the_catalogue_is_read_once_a_minute(search: SearchProducts, catalogue: Counting, clock: FakeClock) -> None:
    for _ in range(3):
        ids(search, "laptop")
        clock.advance(20)
    ids(search, "laptop")
    assert catalogue.reads == 1

    clock.advance(1)
    ids(search, "laptop")

    assert catalogue.reads == 2


def test_a_new_product_is_found_after_a_minute(search: SearchProducts, catalogue: Counting, clock: FakeClock) -> None:
    assert ids(search, "camera") == []
    catalogue.put(replace(MOUSE, product_id="CAMERA"), 1)

    clock.advance(61)

    assert ids(search, "camera") == ["CAMERA"]


def test_products_are_shown_as_they_are_now(search: SearchProducts, catalogue: Counting) -> None:
    ids(search, "mouse")
    catalogue.put(replace(MOUSE, name="Mouse, new"), 1)

    assert [product.name for product in search.page("mouse", 10, None).items] == ["Mouse, new"]
