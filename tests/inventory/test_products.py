"""The catalogue: what staff change and everybody reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.commands import PutProduct
from chalicelib.inventory.model import Product
from chalicelib.kit.errors import Conflict, Damaged, NotFound

from tests.support.builders.examples import LAPTOP, MOUSE
from tests.support.fakes.adapters import FakeAdapters


def put(services: Services, product_id: str = "NEW-1", stock: int | None = None) -> tuple[object, int, bool]:
    return services.inventory.products.put(PutProduct(product_id, "New", "Fresh", Decimal("9.99"), "EUR", stock))


def test_a_product_comes_with_what_can_be_bought(services: Services) -> None:
    assert services.inventory.products.get("LAPTOP001") == (LAPTOP, 5)


def test_a_product_without_a_stock_record_is_sold_out(services: Services, adapters: FakeAdapters) -> None:
    adapters.store.stock.pop("LAPTOP001")

    assert services.inventory.products.get("LAPTOP001") == (LAPTOP, 0)


def test_what_is_reserved_can_not_be_bought(services: Services, adapters: FakeAdapters) -> None:
    adapters.catalogue.change_stock("LAPTOP001", -2)

    assert services.inventory.products.get("LAPTOP001")[1] == 3


def test_a_product_nobody_put_is_not_found(services: Services) -> None:
    with pytest.raises(NotFound):
        services.inventory.products.get("NOTHING")


def test_a_new_product_is_new_and_has_no_stock_unless_told(services: Services) -> None:
    product, stock, is_new = put(services)

    assert (stock, is_new) == (0, True)
    assert services.inventory.products.get("NEW-1") == (product, 0)


def test_replacing_a_product_keeps_its_stock_and_its_first_day(services: Services, adapters: FakeAdapters) -> None:
    put(services, stock=7)
    adapters.clock.advance(60)

    product, stock, is_new = put(services)

    assert (stock, is_new) == (7, False)
    assert product.created_at < product.updated_at == adapters.clock.now()


def test_stock_can_be_set_anew(services: Services) -> None:
    put(services, stock=7)

    assert put(services, stock=0)[1] == 0


def test_stock_that_can_not_be_read_is_none(services: Services, adapters: FakeAdapters) -> None:
    adapters.store.damage("stock", "LAPTOP001")

    assert put(services, "LAPTOP001")[1:] == (0, False)


def test_stock_changes_by_what_is_said(services: Services) -> None:
    assert services.inventory.products.change_stock("MOUSE001", +3) == 8
    assert services.inventory.products.change_stock("MOUSE001", -8) == 0


def test_stock_can_not_be_taken_that_is_not_there(services: Services) -> None:
    with pytest.raises(Conflict, match="fewer than 6 units of MOUSE001; stock can't go below 0"):
        services.inventory.products.change_stock("MOUSE001", -6)

    assert services.inventory.products.get("MOUSE001")[1] == 5


def test_stock_of_a_product_nobody_put_is_not_found(services: Services) -> None:
    with pytest.raises(NotFound):
        services.inventory.products.change_stock("NOTHING", +1)


def test_products_are_listed_page_by_page_with_their_stock(services: Services) -> None:
    first = services.inventory.products.page(1, None)
    second = services.inventory.products.page(1, first.next)

    assert [*first.items, *second.items] == [(LAPTOP, 5), (MOUSE, 5)]
    assert second.next is None


def test_a_product_that_can_not_be_read_any_more_is_repaired_by_putting_it(
    services: Services, adapters: FakeAdapters
) -> None:
    read, reads = adapters.catalogue.products, []

    def damaged_at_first(product_ids: Sequence[str]) -> dict[str, Product]:
        reads.append(product_ids)
        if len(reads) == 1:
            raise Damaged("The product MUG is damaged.")
        found: dict[str, Product] = read(product_ids)
        return found

    adapters.catalogue.products = damaged_at_first

    services.inventory.products.put(PutProduct("MUG", "Mug", "", Decimal("9.50"), "EUR", None))

    assert services.inventory.products.get("MUG")[0].price == Decimal("9.50")


@pytest.mark.parametrize("damaged", [{"A"}, {"A", "B"}, {"C"}, {"A", "B", "C"}])
def test_a_product_that_can_not_be_read_makes_no_page_short(
    services: Services, adapters: FakeAdapters, damaged: set[str]
) -> None:
    for product_id in "ABCDE":
        adapters.catalogue.put(replace(MOUSE, product_id=product_id), 1)
    for product_id in damaged:
        adapters.store.damage("product", product_id)
    whole = [product_id for product_id in sorted(adapters.store.products) if product_id not in damaged]

    pages, after = [], None
    while not pages or after:
        page = services.inventory.products.page(1, after)
        pages.append([product.product_id for product, _ in page.items])
        after = page.next

    assert pages == [[product_id] for product_id in whole]
