"""Products and what is available of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.inventory.model import Product, Stock
from chalicelib.inventory.ports import MOST_OF_A_NAME
from chalicelib.kit.errors import Damaged

from tests.contract.adapters import Storage, unique
from tests.contract.threads import concurrently
from tests.support.builders.examples import MOUSE


def product(**changes: object) -> Product:
    return replace(MOUSE, **{"product_id": unique("product"), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "Größe “XL” 東京 🎁", "description": "Zwei\nZeilen"},
        {"price": Decimal("0.00")},
        {"price": Decimal(1500), "currency": "JPY"},
        {"price": Decimal("1.010"), "currency": "KWD"},
        {"created_at": "2026-01-01T00:00:00.001Z", "updated_at": "2026-12-31T23:59:59.999Z"},
    ],
)
def test_every_field_comes_back_as_it_was_put(storage: Storage, changes: dict[str, object]) -> None:
    new = product(**changes)

    storage.catalogue.put(new, 1)

    found = storage.catalogue.products([new.product_id])[new.product_id]
    assert found == new
    assert str(found.price) == str(new.price)


def test_of_the_products_asked_for_those_that_exist_are_found(storage: Storage) -> None:
    one, two = product(), product()
    storage.catalogue.put(one, 1)
    storage.catalogue.put(two, 2)

    ids = [two.product_id, "no-such-product", one.product_id, two.product_id]

    assert storage.catalogue.products(ids) == {one.product_id: one, two.product_id: two}
    assert storage.catalogue.stock(ids) == {p: Stock(p, n, 0) for p, n in ((one.product_id, 1), (two.product_id, 2))}


def test_asking_for_nothing_finds_nothing(storage: Storage) -> None:
    assert storage.catalogue.products([]) == {}
    assert storage.catalogue.stock([]) == {}


def test_more_products_than_one_batch_of_reads_are_found(storage: Storage) -> None:
    ids = [unique("many") for _ in range(101)]
    for product_id in ids:
        storage.catalogue.put(product(product_id=product_id), None)

    assert sorted(storage.catalogue.products(ids)) == ids
    assert sorted(storage.catalogue.stock(ids)) == ids


def test_a_product_put_without_stock_has_none(storage: Storage) -> None:
    new = product()

    storage.catalogue.put(new, None)

    assert storage.catalogue.stock([new.product_id]) == {new.product_id: Stock(new.product_id, 0, 0)}


def test_a_picture_stays_when_the_product_is_put_again(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 1)

    assert storage.catalogue.set_image(new.product_id, "pictures/a.png")
    storage.catalogue.put(replace(new, name="Other"), None)

    [found] = storage.catalogue.products([new.product_id]).values()
    assert (found.name, found.image) == ("Other", "pictures/a.png")


def test_a_picture_is_removed(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 1)
    storage.catalogue.set_image(new.product_id, "pictures/a.png")

    assert storage.catalogue.set_image(new.product_id, "")

    assert storage.catalogue.products([new.product_id])[new.product_id].image == ""


def test_what_is_no_product_gets_no_picture(storage: Storage) -> None:
    missing = unique("missing")

    assert not storage.catalogue.set_image(missing, "pictures/a.png")

    assert storage.catalogue.products([missing]) == {}


def test_all_products_are_read(storage: Storage) -> None:
    new = [product(), product()]
    for one in new:
        storage.catalogue.put(one, 1)

    found = {one.product_id: one for one in storage.catalogue.all_products()}

    assert [found[one.product_id] for one in new] == new


def test_replacing_a_product_keeps_its_stock_unless_told_otherwise(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 7)

    storage.catalogue.put(replace(new, price=Decimal("21.00")), None)
    kept = storage.catalogue.stock([new.product_id])[new.product_id]
    storage.catalogue.put(replace(new, price=Decimal("22.00")), 3)
    told = storage.catalogue.stock([new.product_id])[new.product_id]

    assert (kept.available, told.available) == (7, 3)
    assert storage.catalogue.products([new.product_id])[new.product_id].price == Decimal("22.00")


def test_stock_grows_and_shrinks_by_what_is_said(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 5)

    assert storage.catalogue.change_stock(new.product_id, +3) == 8
    assert storage.catalogue.change_stock(new.product_id, -8) == 0
    assert storage.catalogue.change_stock(new.product_id, 0) == 0


def test_stock_never_goes_below_nothing(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 5)

    assert storage.catalogue.change_stock(new.product_id, -6) is None

    assert storage.catalogue.stock([new.product_id])[new.product_id].available == 5


def test_stock_of_nothing_can_not_be_changed(storage: Storage) -> None:
    assert storage.catalogue.change_stock("no-such-product", +1) is None

    assert storage.catalogue.stock(["no-such-product"]) == {}


def test_twenty_who_take_a_unit_of_seven_at_once_take_seven(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 7)

    left = concurrently(20, lambda _: storage.catalogue.change_stock(new.product_id, -1))

    assert sorted(n for n in left if n is not None) == list(range(7))
    assert left.count(None) == 13


@pytest.mark.parametrize(
    ("expression", "values"),
    [("REMOVE price", None), ("SET price = :v", {":v": {"S": "much"}}), ("SET currency = :v", {":v": {"S": "?"}})],
)
def test_a_product_that_somebody_damaged_is_an_error_until_it_is_put_again(
    dynamodb: Storage, expression: str, values: Any
) -> None:
    """An order of it must wait for that, and not fail as if there was no such product."""
    catalogue: Any = dynamodb.catalogue
    whole = product()
    catalogue.put(whole, 3)
    more = {"ExpressionAttributeValues": values} if values else {}
    key = {"productId": {"S": whole.product_id}}
    catalogue.client.update_item(TableName=catalogue.products_table, Key=key, UpdateExpression=expression, **more)

    with pytest.raises(Damaged, match=whole.product_id):
        catalogue.products([whole.product_id])
    assert whole.product_id not in _all_ids(catalogue)

    catalogue.put(whole, None)
    assert whole.product_id in _all_ids(catalogue)
    assert catalogue.products([whole.product_id]) == {whole.product_id: whole}


@pytest.mark.parametrize(
    ("expression", "values"),
    [("SET asOf = :v", {":v": {"N": "99999"}}), ("REMOVE asOf, price", {}), ("SET price = :v", {":v": {"S": "?"}})],
)
def test_a_files_row_replaces_a_product_that_was_damaged(dynamodb: Storage, expression: str, values: Any) -> None:
    catalogue: Any = dynamodb.catalogue
    whole = product()
    catalogue.put(whole, 3)
    more = {"ExpressionAttributeValues": values} if values else {}
    key = {"productId": {"S": whole.product_id}}
    catalogue.client.update_item(TableName=catalogue.products_table, Key=key, UpdateExpression=expression, **more)

    assert catalogue.put(whole, 5, as_of="2027-01-01T00:00:00.000Z#file#000001")

    assert catalogue.products([whole.product_id]) == {whole.product_id: whole}
    assert catalogue.stock([whole.product_id])[whole.product_id].available == 5


def _all_ids(catalogue: Any) -> list[str]:
    found, page = [], catalogue.page(100, None)
    while True:
        found += [product.product_id for product in page.items]
        if page.next is None:
            return found
        page = catalogue.page(100, page.next)


def test_products_are_found_by_their_exact_name(storage: Storage) -> None:
    name = f"Größe “XL” {unique('name')}"
    one, other = product(name=name), product(name=name)
    for new in (one, other, product(name=name.lower()), product(name=f"{name} ")):
        storage.catalogue.put(new, 1)

    assert sorted(storage.catalogue.ids_by_name(name)) == sorted([one.product_id, other.product_id])


def test_of_many_products_of_one_name_some_are_found(storage: Storage) -> None:
    name = unique("name")
    for _ in range(MOST_OF_A_NAME + 3):
        storage.catalogue.put(product(name=name), 1)

    assert len(set(storage.catalogue.ids_by_name(name))) == MOST_OF_A_NAME


def test_nothing_has_a_name_that_nothing_has(storage: Storage) -> None:
    assert storage.catalogue.ids_by_name(unique("nothing")) == []


def test_a_renamed_product_is_found_by_its_new_name(storage: Storage) -> None:
    old, new = unique("old name"), unique("new name")
    renamed = product(name=old)
    storage.catalogue.put(renamed, 1)

    storage.catalogue.put(replace(renamed, name=new), None)

    assert storage.catalogue.ids_by_name(old) == []
    assert storage.catalogue.ids_by_name(new) == [renamed.product_id]


WITHDRAWN_AT = "2026-11-22T10:00:00.000Z"


def test_a_withdrawn_product_is_sold_nowhere_and_can_be_read(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 3)

    assert storage.catalogue.withdraw(new.product_id, WITHDRAWN_AT)

    ids = [new.product_id]
    assert storage.catalogue.products(ids) == storage.catalogue.readable(ids, consistent=True) == {}
    assert new.product_id not in {one.product_id for one in storage.catalogue.all_products()}
    assert new.product_id not in {stock.product_id for stock in storage.catalogue.low_stock(3)}
    assert storage.catalogue.also_withdrawn(ids) == {new.product_id: replace(new, withdrawn_at=WITHDRAWN_AT)}
    assert storage.catalogue.stock(ids) == {new.product_id: Stock(new.product_id, 3, 0)}


def test_a_page_has_no_withdrawn_products(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 3)
    storage.catalogue.withdraw(new.product_id, WITHDRAWN_AT)

    after, found = None, []
    while True:
        page = storage.catalogue.page(100, after)
        found += [one.product_id for one in page.items]
        if (after := page.next) is None:
            break

    assert new.product_id not in found


def test_the_first_time_of_withdrawing_stays(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 3)
    storage.catalogue.withdraw(new.product_id, WITHDRAWN_AT)

    assert storage.catalogue.withdraw(new.product_id, "2026-11-23T10:00:00.000Z")

    assert storage.catalogue.also_withdrawn([new.product_id])[new.product_id].withdrawn_at == WITHDRAWN_AT


def test_what_is_no_product_is_not_withdrawn(storage: Storage) -> None:
    missing = unique("missing")

    assert not storage.catalogue.withdraw(missing, WITHDRAWN_AT)

    assert storage.catalogue.also_withdrawn([missing]) == {}
    assert storage.catalogue.stock([missing]) == {}


def test_a_put_sells_a_withdrawn_product_again(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 3)
    storage.catalogue.withdraw(new.product_id, WITHDRAWN_AT)

    storage.catalogue.put(replace(new, updated_at="2026-11-24T10:00:00.000Z"), None)

    assert storage.catalogue.products([new.product_id])[new.product_id].withdrawn_at == ""
    assert new.product_id in {stock.product_id for stock in storage.catalogue.low_stock(3)}


def test_an_import_from_before_does_not_sell_it_again(storage: Storage) -> None:
    new = product()
    storage.catalogue.put(new, 3)
    storage.catalogue.withdraw(new.product_id, WITHDRAWN_AT)

    assert not storage.catalogue.put(new, 5, as_of="2026-11-22T09:59:59.000Z#x")
    assert storage.catalogue.products([new.product_id]) == {}
    assert storage.catalogue.put(new, 5, as_of="2026-11-22T10:00:01.000Z#x")
    assert storage.catalogue.products([new.product_id])
