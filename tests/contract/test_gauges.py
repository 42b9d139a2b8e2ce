"""What the hourly gauges read and write: stock that is low, carts that nobody touches, one item for each hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.checkout.model import QuietCart
from chalicelib.checkout.ports import Carts
from chalicelib.inventory.model import Stock
from chalicelib.kit.clock import from_iso, to_iso
from chalicelib.kit.dynamodb import from_dynamodb, to_dynamodb
from chalicelib.orders.model import Line
from chalicelib.reporting.ports import AbandonedCarts, LowStock

from tests.contract.adapters import Storage, order, unique
from tests.support.builders.examples import LAPTOP
from tests.support.fakes.clock import FakeClock

LOW = LowStock(2, ("A", "B"))
LEFT = AbandonedCarts(3, {"EUR": Decimal("1319.99"), "JPY": Decimal(1500)})
FIRST = "2026-11-20T10:00:00.000Z"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(FIRST)


@pytest.fixture
def carts(storage: Storage, clock: FakeClock) -> Carts:
    return storage.carts_at(clock)


def quiet(carts: Carts, customer: str, since: str, until: str) -> list[QuietCart]:
    """Of the customer, who alone has put the product of that name into a cart."""
    return [cart for cart in carts.quiet(since, until) if customer in cart.lines]


def later(seconds: float) -> str:
    return to_iso(from_iso(FIRST) + timedelta(seconds=seconds))


def test_a_cart_is_quiet_since_it_was_last_touched(carts: Carts, clock: FakeClock) -> None:
    customer = unique("customer")
    carts.put(customer, customer, 1, "EUR")
    clock.advance(60)
    carts.put(customer, "B", 2, "EUR")

    assert quiet(carts, customer, FIRST, later(3600)) == [QuietCart(later(60), {customer: 1, "B": 2})]
    assert quiet(carts, customer, FIRST, later(59)) == []
    assert quiet(carts, customer, later(61), later(3600)) == []


@pytest.mark.parametrize(
    ("since", "until", "seen"),
    [(0, 0, True), (-0.5, 0.5, True), (0.001, 10, False), (-10, -0.001, False)],
)
def test_both_ends_are_included_to_the_second(
    carts: Carts, clock: FakeClock, since: float, until: float, seen: bool
) -> None:
    customer = unique("customer")
    carts.put(customer, customer, 1, "EUR")

    assert bool(quiet(carts, customer, later(since), later(until))) is seen


def test_an_empty_cart_is_none(carts: Carts) -> None:
    customer = unique("customer")
    carts.put(customer, customer, 1, "EUR")
    carts.remove(customer, customer)

    assert quiet(carts, customer, FIRST, FIRST) == []


def test_what_was_bought_is_not_left_behind_and_buying_is_no_touch(carts: Carts, clock: FakeClock) -> None:
    customer, other = unique("customer"), unique("customer")
    carts.put(customer, customer, 1, "EUR")
    carts.put(other, other, 3, "EUR")
    clock.advance(600)

    for buyer in (customer, other):
        line = Line(buyer, "", 1, Decimal(1))
        version = carts.get(buyer).version
        carts.remove_bought(order(customer_id=buyer, lines=(line,), from_cart=True, cart_version=version))

    assert quiet(carts, customer, FIRST, later(3600)) == []
    assert quiet(carts, other, FIRST, later(3600)) == [QuietCart(FIRST, {other: 2})]


def test_more_carts_than_a_page_are_all_found(carts: Carts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.checkout.dynamodb._PAGE", 3)
    customers = {unique("customer") for _ in range(10)}
    for customer in customers:
        carts.put(customer, customer, 1, "EUR")

    found = [name for cart in carts.quiet(FIRST, FIRST) for name in cart.lines]

    assert customers <= set(found)
    assert len(found) == len(set(found))


def test_what_is_low_is_found_and_what_is_not_is_not(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.inventory.dynamodb._PAGE", 2)
    stock = {unique("product"): units for units in (0, 4, 5, 6, 500)}
    for product_id, units in stock.items():
        storage.catalogue.put(replace(LAPTOP, product_id=product_id), units)

    found = [one for one in storage.catalogue.low_stock(5) if one.product_id in stock]

    assert sorted(found, key=lambda one: one.available) == [Stock(p, n, 0) for p, n in stock.items() if n <= 5]


def test_readable_products_are_as_they_were_stored(storage: Storage) -> None:
    products = [replace(LAPTOP, product_id=unique("product")) for _ in range(120)]
    for product in products:
        storage.catalogue.put(product, 1)

    found = storage.catalogue.readable([*(product.product_id for product in products), unique("none")])

    assert found == {product.product_id: product for product in products}


def test_a_product_that_can_not_be_read_hides_no_other(dynamodb: Storage) -> None:
    catalogue: Any = dynamodb.catalogue
    whole, damaged = unique("product"), unique("product")
    for product_id in (whole, damaged):
        catalogue.put(replace(LAPTOP, product_id=product_id), 1)
    catalogue.client.put_item(TableName=catalogue.products_table, Item=to_dynamodb({"productId": damaged}))

    assert list(catalogue.readable([whole, damaged])) == [whole]


def test_an_hour_is_one_item_that_others_can_read(dynamodb: Storage) -> None:
    """The form that GET /admin/metrics reads."""
    dynamodb.gauges.put("2026-11-21T14", LOW, LEFT)

    assert stored(dynamodb, "2026-11", "21T14") == {
        "bucket": "gauges#2026-11",
        "part": "21T14",
        "lowStock": 2,
        "lowStockProducts": ["A", "B"],
        "cartsAbandoned": 3,
        "cartsAbandonedValue": '{"EUR":1319.99,"JPY":1500}',
    }


def test_written_again_it_is_the_same(storage: Storage) -> None:
    hour = an_hour()
    for _ in range(2):
        storage.gauges.put(hour, LOW, LEFT)
        assert read(storage, hour) == (LOW.number, LOW.products, LEFT.carts)


def test_the_last_to_look_is_right(storage: Storage) -> None:
    hour = an_hour()
    storage.gauges.put(hour, LOW, LEFT)
    storage.gauges.put(hour, LowStock(0, ()), AbandonedCarts(4, {}))

    assert read(storage, hour) == (0, (), 4)


def test_of_an_hour_that_is_over_what_was_low_in_it_stays(storage: Storage) -> None:
    hour = an_hour()
    storage.gauges.put(hour, LOW, LEFT)
    storage.gauges.put_after(hour, LowStock(9, ("Z",)), AbandonedCarts(5, {}))

    assert read(storage, hour) == (LOW.number, LOW.products, 5)


@pytest.mark.parametrize(("carts", "then"), [(0, 3), (2, 3), (3, 3), (4, 4)])
def test_an_hour_is_completed_and_nothing_taken_back(storage: Storage, carts: int, then: int) -> None:
    hour = an_hour()
    storage.gauges.put(hour, LOW, LEFT)
    for _ in range(2):
        storage.gauges.complete(hour, LowStock(9, ("Z",)), AbandonedCarts(carts, {}))

    assert read(storage, hour) == (LOW.number, LOW.products, then)


def test_an_hour_without_any_run_is_completed_too(storage: Storage) -> None:
    hour = an_hour()
    storage.gauges.complete(hour, LOW, AbandonedCarts(0, {}))

    assert read(storage, hour) == (LOW.number, LOW.products, 0)


def test_an_hour_that_nobody_saw_gets_what_was_seen_next(storage: Storage) -> None:
    hour = an_hour()
    for _ in range(2):
        storage.gauges.put_after(hour, LOW, LEFT)

    assert read(storage, hour) == (LOW.number, LOW.products, LEFT.carts)


_HOURS = iter(range(10_000))


def an_hour() -> str:
    """One that no other test uses."""
    day, hour = divmod(next(_HOURS), 24)
    return f"2031-01-{day + 1:02d}T{hour:02d}"


def stored(storage: Storage, month: str, part: str) -> dict[str, Any]:
    gauges: Any = storage.gauges
    key = to_dynamodb({"bucket": f"gauges#{month}", "part": part})
    return from_dynamodb(gauges.client.get_item(TableName=gauges.table, Key=key)["Item"])


def read(storage: Storage, hour: str) -> tuple[int, tuple[str, ...], int]:
    gauges: Any = storage.gauges
    if hasattr(gauges, "hours"):
        low, left = gauges.hours[hour]
        return low.number, low.products, left.carts
    item = stored(storage, hour[:7], hour[8:])
    return int(item["lowStock"]), tuple(item["lowStockProducts"]), int(item["cartsAbandoned"])
