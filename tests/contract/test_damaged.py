"""Items damaged by hand, on real engines: what is read with them is read, what is asked for itself says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.checkout.dynamodb import DynamoCarts
from chalicelib.checkout.model import StoredCart
from chalicelib.inventory.dynamodb import DynamoCatalogue
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.kit.errors import Conflict, Damaged
from chalicelib.kit.retrying import Backoff
from chalicelib.orders.discrepancies import Checkpoint, Finding, Findings, Kind
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.dynamodb_open import DynamoOpenOrders

from tests.contract.adapters import Storage, order, unique
from tests.support.builders.examples import MOUSE
from tests.support.fakes.clock import FakeClock

NOW = "2026-11-21T14:30:25.123Z"
CHECKPOINT = {"scope": "inspector", "item": "checkpoint"}


def damage(client: Any, table: str, key: dict[str, Any], **attributes: Any) -> None:
    client.update_item(
        TableName=table,
        Key=to_dynamodb(key),
        UpdateExpression="SET " + ", ".join(f"#{n} = :{n}" for n in range(len(attributes))),
        ExpressionAttributeNames={f"#{n}": name for n, name in enumerate(attributes)},
        ExpressionAttributeValues=to_dynamodb({f":{n}": value for n, value in enumerate(attributes.values())}),
    )


@pytest.fixture
def reported() -> list[Damaged]:
    return []


def test_a_damaged_order_is_left_out_of_every_list_and_reported(dynamodb: Storage, reported: list[Damaged]) -> None:
    stored: Any = dynamodb.orders
    orders: DynamoOrders = replace(stored, report=reported.append)
    owner = unique("owner")
    first, bad, last = (order(owner=owner, created_at=f"2003-01-05T10:00:00.00{n}Z") for n in range(3))
    for one in (first, bad, last):
        orders.add(one)
    damage(orders.client, orders.orders_table, {"orderId": bad.order_id}, currency="JPY")
    whole = {first.order_id, last.order_id}
    open_orders = DynamoOpenOrders(orders.client, orders.orders_table, reported.append)
    reads: list[Callable[[], Any]] = [
        lambda: orders.by_owner(owner, None, 10, None).items,
        lambda: orders.by_day("2003-01-05", 10, None).items,
        lambda: orders.open_before("2003-01-06"),
        lambda: orders.created_between("2003-01-05T00:00:00.000Z", "2003-01-06T00:00:00.000Z"),
        lambda: open_orders.oldest("2003-01-06").items,
    ]

    for read in reads:
        reported.clear()
        assert {one.order_id for one in read() if one.owner == owner} == whole
        assert [error.key for error in reported if error.owner == owner] == [bad.order_id]

    assert [error.key for error in orders.by_owner(owner, None, 10, None).damaged] == [bad.order_id]
    with pytest.raises(Damaged):
        orders.get(bad.order_id)
    with pytest.raises(Damaged):
        orders.add(bad)


def test_what_could_not_be_read_back_is_not_stored(storage: Storage) -> None:
    wrong = order(currency="JPY")

    with pytest.raises(ValueError, match="is not an amount in JPY"):
        storage.orders.add(wrong)

    assert storage.orders.get(wrong.order_id) is None


def test_nor_does_it_replace_what_is_stored(storage: Storage) -> None:
    placed = order()
    storage.orders.add(placed)

    with pytest.raises(ValueError, match="is not an amount in JPY"):
        storage.orders.save(replace(placed, currency="JPY"), placed.status)

    assert storage.orders.get(placed.order_id) == placed


def test_damaged_stock_and_products_hide_no_others(dynamodb: Storage, reported: list[Damaged]) -> None:
    stored: Any = dynamodb.catalogue
    catalogue: DynamoCatalogue = replace(stored, report=reported.append)
    good, bad = (replace(MOUSE, product_id=unique("product")) for _ in range(2))
    for one in (good, bad):
        catalogue.put(one, 3)
    for table in (catalogue.inventory_table, catalogue.products_table):
        damage(catalogue.client, table, {"productId": bad.product_id}, available="x", price="x")
    ids = [good.product_id, bad.product_id]

    assert list(catalogue.stock(ids)) == [good.product_id]
    assert list(catalogue.readable(ids, consistent=True)) == [good.product_id]
    assert [(error.what, error.key) for error in reported] == [("stock", bad.product_id), ("product", bad.product_id)]
    assert bad.product_id not in {stock.product_id for stock in catalogue.all_stock()}


@pytest.mark.parametrize("attributes", [{"lines": "A"}, {"since": "x"}])
def test_a_damaged_cart_is_empty_and_can_be_begun_anew(
    dynamodb: Storage, reported: list[Damaged], attributes: dict[str, Any]
) -> None:
    stored: Any = dynamodb.carts_at(FakeClock())
    carts: DynamoCarts = replace(stored, report=reported.append, backoff=Backoff(pause=lambda seconds: None))
    customer = unique("customer")
    carts.put(customer, "A", 1, "EUR")
    damage(carts.client, carts.table, {"customerId": customer}, **attributes)

    assert carts.get(customer) == StoredCart()
    assert {(error.what, error.key) for error in reported} == {("cart", customer)}
    with pytest.raises(Conflict, match="empty it"):
        carts.put(customer, "B", 1, "EUR")
    carts.clear(customer)
    assert carts.put(customer, "B", 1, "EUR") is None
    assert carts.get(customer).lines == {"B": 1}


def finding(kind: Kind = Kind.DAMAGED_ORDER) -> Finding:
    return Finding(kind, unique("subject"), {"reason": "x"}, NOW, NOW)


def listed(findings: Findings, one: Finding) -> bool:
    return one.key in {found.key for found in findings.all()}


def test_only_the_first_to_add_a_finding_adds_it(storage: Storage) -> None:
    findings, one = storage.findings_at(FakeClock()), finding()

    assert findings.add(one)
    assert not findings.add(one)
    assert listed(findings, one)


def test_what_was_repaired_can_be_added_again(storage: Storage) -> None:
    findings, struck, repaired = storage.findings_at(FakeClock()), finding(), finding()
    findings.add(struck)
    findings.remove(struck)
    findings.put(replace(repaired, repaired=True))

    assert findings.add(struck)
    assert findings.add(repaired)


def test_a_damaged_item_is_listed_for_a_day_and_can_then_be_added_again(storage: Storage) -> None:
    clock = FakeClock()
    findings, item, of_order = storage.findings_at(clock), finding(Kind.DAMAGED_ITEM), finding()
    findings.add(item)
    findings.add(of_order)
    clock.advance(24 * 3600 + 1)

    assert (listed(findings, item), listed(findings, of_order)) == (False, True)
    assert findings.add(item)
    assert not findings.add(of_order)


def test_a_checkpoint_that_is_no_text_is_replaced(dynamodb: Storage) -> None:
    findings: Any = dynamodb.findings_at(FakeClock())
    damage(findings.client, findings.table, CHECKPOINT, upTo=7, at=NOW)
    assert findings.checkpoint() is None

    findings.save(Checkpoint(NOW, NOW))

    assert findings.checkpoint() == Checkpoint(NOW, NOW)
    findings.client.delete_item(TableName=findings.table, Key=to_dynamodb(CHECKPOINT))
