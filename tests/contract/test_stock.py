"""Stock moves with the order that moves it, in one transaction: all of it or nothing."""

from __future__ import annotations

import pytest
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import OutOfStock, StaleOrder
from chalicelib.orders.model import Order, Reservation, Status

from tests.contract.adapters import Storage, unique
from tests.contract.moves import cancelled, completed, placed, reserved, stock, stocked
from tests.contract.threads import concurrently


def test_reserving_moves_units_from_available_to_reserved_and_the_order_with_them(storage: Storage) -> None:
    a, b = stocked(storage, 5, 3)
    pending = placed(storage, (a, 2), (b, 3))

    storage.orders.reserve(reserved(pending), Status.PENDING)

    assert stock(storage, a, b) == [(3, 2), (0, 3)]
    assert storage.orders.get(pending.order_id) == reserved(pending)


def test_committing_takes_reserved_units_off_the_shelf(storage: Storage) -> None:
    (a,) = stocked(storage, 5)
    held = reserved(placed(storage, (a, 2)))
    storage.orders.reserve(held, Status.PENDING)

    storage.orders.commit(completed(held), Status.PAYMENT_PROCESSING)

    assert stock(storage, a) == [(3, 0)]
    assert storage.orders.get(held.order_id) == completed(held)


def test_releasing_makes_reserved_units_available_again(storage: Storage) -> None:
    (a,) = stocked(storage, 5)
    held = reserved(placed(storage, (a, 2)))
    storage.orders.reserve(held, Status.PENDING)

    storage.orders.release(cancelled(held, Reservation.RELEASED), Status.PAYMENT_PROCESSING)

    assert stock(storage, a) == [(5, 0)]


def test_restocking_brings_committed_units_back(storage: Storage) -> None:
    (a,) = stocked(storage, 5)
    held = reserved(placed(storage, (a, 2)))
    storage.orders.reserve(held, Status.PENDING)
    storage.orders.commit(completed(held), Status.PAYMENT_PROCESSING)

    storage.orders.restock(cancelled(completed(held), Reservation.RESTOCKED), Status.COMPLETED)

    assert stock(storage, a) == [(5, 0)]


def test_the_last_unit_can_be_reserved_and_one_more_can_not(storage: Storage) -> None:
    (a,) = stocked(storage, 2)

    storage.orders.reserve(reserved(placed(storage, (a, 2))), Status.PENDING)
    with pytest.raises(OutOfStock):
        storage.orders.reserve(reserved(placed(storage, (a, 1))), Status.PENDING)

    assert stock(storage, a) == [(0, 2)]


def test_out_of_stock_names_exactly_the_short_products_and_moves_none(storage: Storage) -> None:
    a, b, c, d = stocked(storage, 5, 1, 5, 0)
    pending = placed(storage, (a, 5), (b, 2), (c, 1), (d, 1))

    with pytest.raises(OutOfStock) as caught:
        storage.orders.reserve(reserved(pending), Status.PENDING)

    assert sorted(caught.value.product_ids) == [b, d]
    assert stock(storage, a, b, c, d) == [(5, 0), (1, 0), (5, 0), (0, 0)]
    assert storage.orders.get(pending.order_id) == pending


def test_a_product_without_any_stock_is_short(storage: Storage) -> None:
    (a,) = stocked(storage, 5)
    nowhere = unique("nowhere")
    pending = placed(storage, (a, 1), (nowhere, 1))

    with pytest.raises(OutOfStock) as caught:
        storage.orders.reserve(reserved(pending), Status.PENDING)

    assert caught.value.product_ids == [nowhere]
    assert stock(storage, a) == [(5, 0)]


def test_equal_lines_count_together(storage: Storage) -> None:
    a, b = stocked(storage, 5, 5)

    storage.orders.reserve(reserved(placed(storage, (a, 2), (b, 1), (a, 3))), Status.PENDING)
    with pytest.raises(OutOfStock):
        storage.orders.reserve(reserved(placed(storage, (b, 3), (b, 2))), Status.PENDING)

    assert stock(storage, a, b) == [(0, 5), (4, 1)]


@pytest.mark.parametrize("move", ["reserve", "commit", "release", "restock"])
def test_no_stock_moves_for_an_order_that_went_on(storage: Storage, move: str) -> None:
    (a,) = stocked(storage, 5)
    held = reserved(placed(storage, (a, 2)))
    storage.orders.reserve(held, Status.PENDING)

    with pytest.raises(StaleOrder):
        getattr(storage.orders, move)(held, Status.PENDING)

    assert stock(storage, a) == [(3, 2)]
    assert storage.orders.get(held.order_id) == held


def test_stale_wins_over_out_of_stock(storage: Storage) -> None:
    (a,) = stocked(storage, 2)
    held = reserved(placed(storage, (a, 2)))
    storage.orders.reserve(held, Status.PENDING)

    with pytest.raises(StaleOrder):
        storage.orders.reserve(held, Status.PENDING)


def test_of_ten_who_reserve_for_one_order_at_once_one_does(storage: Storage) -> None:
    (a,) = stocked(storage, 100)
    pending = placed(storage, (a, 3))

    done = concurrently(10, lambda _: _tried(storage, pending))

    assert sorted(done) == ["done", *["stale"] * 9]
    assert stock(storage, a) == [(97, 3)]


def test_twenty_at_once_for_seven_units_sell_exactly_seven(storage: Storage) -> None:
    (a,) = stocked(storage, 7)
    pending = [placed(storage, (a, 1)) for _ in range(20)]

    done = concurrently(20, lambda n: _tried(storage, pending[n]))

    assert (done.count("done"), done.count("short")) == (7, 13)
    assert stock(storage, a) == [(0, 7)]


def test_orders_of_the_same_products_in_opposite_directions_do_not_lock_each_other(storage: Storage) -> None:
    a, b = stocked(storage, 100, 100)
    pending = [placed(storage, (a, 1), (b, 1)) if n % 2 else placed(storage, (b, 1), (a, 1)) for n in range(16)]

    done = concurrently(16, lambda n: _tried(storage, pending[n]))

    assert done == ["done"] * 16
    assert stock(storage, a, b) == [(84, 16), (84, 16)]


def test_stock_of_the_catalogue_is_what_the_orders_left(storage: Storage) -> None:
    (a,) = stocked(storage, 5)
    storage.orders.reserve(reserved(placed(storage, (a, 2))), Status.PENDING)

    assert storage.catalogue.stock([a]) == {a: Stock(a, 3, 2)}


def _tried(storage: Storage, pending: Order) -> str:
    try:
        storage.orders.reserve(reserved(pending), Status.PENDING)
    except StaleOrder:
        return "stale"
    except OutOfStock:
        return "short"
    return "done"


def test_units_of_a_withdrawn_product_can_not_be_reserved_and_those_that_are_go_on(storage: Storage) -> None:
    a, b = stocked(storage, 5, 5)
    held, late = reserved(placed(storage, (a, 2))), placed(storage, (b, 1), (a, 1))
    storage.orders.reserve(held, Status.PENDING)
    storage.catalogue.withdraw(a, "2026-11-22T10:00:00.000Z")

    with pytest.raises(OutOfStock, match=a):
        storage.orders.reserve(reserved(late), Status.PENDING)
    assert stock(storage, a, b) == [(3, 2), (5, 0)]

    storage.orders.commit(completed(held), Status.PAYMENT_PROCESSING)
    assert stock(storage, a) == [(3, 0)]
