"""An order of 100 products: one item more than a transaction takes, and the same promises."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import OutOfStock, StaleOrder
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.model import Line, Reservation, Status

from tests.contract.adapters import Storage
from tests.contract.moves import cancelled, completed, placed, reserved, stock, stocked
from tests.contract.threads import concurrently
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

PRODUCTS = 100
DEATHS = [(1, "before"), (1, "after"), (2, "before"), (2, "after")]
"""The n-th write of a move, and whether the process dies right before or right after it."""


def test_a_hundred_products_go_all_the_way_and_come_back(storage: Storage) -> None:
    ids = stocked(storage, *[5] * PRODUCTS)
    pending = placed(storage, *[(p, 2) for p in ids])
    held = reserved(pending)
    done = completed(held)

    storage.orders.reserve(held, Status.PENDING)
    assert stock(storage, *ids) == [(3, 2)] * PRODUCTS
    storage.orders.commit(done, Status.PAYMENT_PROCESSING)
    assert stock(storage, *ids) == [(3, 0)] * PRODUCTS
    storage.orders.restock(cancelled(done, Reservation.RESTOCKED), Status.COMPLETED)
    assert stock(storage, *ids) == [(5, 0)] * PRODUCTS

    assert storage.orders.get(pending.order_id) == cancelled(done, Reservation.RESTOCKED)


def test_a_hundred_products_are_released_together(storage: Storage) -> None:
    ids = stocked(storage, *[5] * PRODUCTS)
    held = reserved(placed(storage, *[(p, 2) for p in ids]))
    storage.orders.reserve(held, Status.PENDING)
    closed = cancelled(held, Reservation.RELEASED)

    storage.orders.release(closed, Status.PAYMENT_PROCESSING)

    assert stock(storage, *ids) == [(5, 0)] * PRODUCTS
    assert storage.orders.get(held.order_id) == closed


@pytest.mark.parametrize("short", [[0], [PRODUCTS - 1], [3, PRODUCTS - 1], [0, 50, 98]])
def test_a_hundred_products_of_which_some_are_short_move_none(storage: Storage, short: list[int]) -> None:
    units = [1 if n in short else 5 for n in range(PRODUCTS)]
    ids = stocked(storage, *units)
    pending = placed(storage, *[(p, 2) for p in ids])

    with pytest.raises(OutOfStock) as caught:
        storage.orders.reserve(reserved(pending), Status.PENDING)

    assert sorted(caught.value.product_ids) == [ids[n] for n in short]
    assert stock(storage, *ids) == [(available, 0) for available in units]
    assert storage.orders.get(pending.order_id) == pending


@pytest.mark.parametrize("move", ["save", "reserve", "commit", "release", "restock"])
def test_a_hundred_products_do_not_move_for_an_order_that_went_on(storage: Storage, move: str) -> None:
    ids = stocked(storage, *[5] * PRODUCTS)
    held = reserved(placed(storage, *[(p, 2) for p in ids]))
    storage.orders.reserve(held, Status.PENDING)

    with pytest.raises(StaleOrder):
        getattr(storage.orders, move)(held, Status.PENDING)

    assert stock(storage, *ids) == [(3, 2)] * PRODUCTS
    assert storage.orders.get(held.order_id) == held


def test_a_cancellation_and_a_reservation_at_once_leave_nothing_behind(storage: Storage) -> None:
    ids = stocked(storage, *[5] * PRODUCTS)
    pending = [placed(storage, *[(p, 1) for p in ids]) for _ in range(3)]

    def act(n: int) -> None:
        one = pending[n // 2]
        try:
            if n % 2:
                storage.orders.save(cancelled(one, Reservation.NONE), Status.PENDING)
            else:
                storage.orders.reserve(reserved(one), Status.PENDING)
        except StaleOrder:
            pass

    concurrently(6, act)

    for one in pending:  # whoever comes later finishes what was left half done
        stored = storage.orders.get(one.order_id)
        assert stored is not None
        storage.orders.save(stored, stored.status)
    kept = [storage.orders.get(one.order_id) for one in pending]
    held = sum(one is not None and one.reservation is Reservation.HELD for one in kept)
    assert stock(storage, *ids) == [(5 - held, held)] * PRODUCTS


class Died(BaseException):
    """The process is gone: nothing after the call happens, no `except Exception` either."""


class Mortal:
    """A client that dies at its n-th write: `before` it, or right `after` it was done."""

    def __init__(self, client: Any, at: int, when: str) -> None:
        self._client = client
        self._left = at
        self._when = when

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name not in ("put_item", "transact_write_items"):
            return method

        def write(**request: Any) -> Any:
            self._left -= 1
            if self._left == 0 and self._when == "before":
                raise Died
            answer = method(**request)
            if self._left == 0:
                raise Died
            return answer

        return write


def dying(orders: Any, at: int, when: str) -> DynamoOrders:
    return replace(orders, client=Mortal(orders.client, at, when))


@pytest.mark.parametrize(("at", "when"), DEATHS)
def test_a_reservation_that_died_half_way_is_made_once_by_the_next(dynamodb: Storage, at: int, when: str) -> None:
    ids = stocked(dynamodb, *[5] * PRODUCTS)
    pending = placed(dynamodb, *[(p, 2) for p in ids])
    with pytest.raises(Died):
        dying(dynamodb.orders, at, when).reserve(reserved(pending), Status.PENDING)

    stored = dynamodb.orders.get(pending.order_id)
    assert stored is not None
    if stored.status is Status.PENDING:
        dynamodb.orders.reserve(reserved(stored), Status.PENDING)

    assert stock(dynamodb, *ids) == [(3, 2)] * PRODUCTS
    assert dynamodb.orders.get(pending.order_id) == reserved(pending)


@pytest.mark.parametrize(("at", "when"), DEATHS)
def test_a_reservation_that_died_half_way_is_undone_when_the_order_is_cancelled(
    dynamodb: Storage, at: int, when: str
) -> None:
    ids = stocked(dynamodb, *[5] * PRODUCTS)
    pending = placed(dynamodb, *[(p, 2) for p in ids])
    with pytest.raises(Died):
        dying(dynamodb.orders, at, when).reserve(reserved(pending), Status.PENDING)

    stored = dynamodb.orders.get(pending.order_id)
    assert stored is not None
    if stored.reservation is Reservation.HELD:
        dynamodb.orders.release(cancelled(stored, Reservation.RELEASED), stored.status)
    else:
        dynamodb.orders.save(cancelled(stored, Reservation.NONE), stored.status)

    assert stock(dynamodb, *ids) == [(5, 0)] * PRODUCTS


@pytest.mark.parametrize(("at", "when"), DEATHS)
@pytest.mark.parametrize("move", ["commit", "release"])
def test_a_last_move_that_died_half_way_keeps_the_order_open_until_it_is_finished(
    dynamodb: Storage, move: str, at: int, when: str
) -> None:
    ids = stocked(dynamodb, *[5] * PRODUCTS)
    held = reserved(placed(dynamodb, *[(p, 2) for p in ids]))
    dynamodb.orders.reserve(held, Status.PENDING)
    ended = completed(held) if move == "commit" else cancelled(held, Reservation.RELEASED)
    with pytest.raises(Died):
        getattr(dying(dynamodb.orders, at, when), move)(ended, Status.PAYMENT_PROCESSING)

    stored = dynamodb.orders.get(held.order_id)
    assert stored is not None
    if stored.status is Status.PAYMENT_PROCESSING:  # delivered again
        getattr(dynamodb.orders, move)(ended, Status.PAYMENT_PROCESSING)
    else:  # the housekeeper found it
        dynamodb.orders.save(stored, stored.status)

    assert stock(dynamodb, *ids) == [(3, 0) if move == "commit" else (5, 0)] * PRODUCTS
    finished = dynamodb.orders.get(held.order_id)
    assert finished is not None
    assert replace(finished, revision=0) == ended  # closing it counts as a revision


def test_two_who_work_on_one_large_order_reserve_it_once(dynamodb: Storage) -> None:
    ids = stocked(dynamodb, *[9] * PRODUCTS)
    pending = placed(dynamodb, *[(p, 2) for p in ids])

    def reserve_as_the_queue_would(_: int) -> None:
        for _ in range(20):
            stored = dynamodb.orders.get(pending.order_id)
            assert stored is not None
            if stored.status is not Status.PENDING:
                return
            try:
                dynamodb.orders.reserve(reserved(stored), Status.PENDING)
            except StaleOrder:
                continue

    concurrently(2, reserve_as_the_queue_would)

    assert stock(dynamodb, *ids) == [(7, 2)] * PRODUCTS


def test_an_order_of_a_hundred_lines_is_placed_completed_and_cancelled(storage: Storage) -> None:
    ids = stocked(storage, *[5] * PRODUCTS)
    lines = tuple(Line(p, "", 2, Decimal("20.00")) for p in ids)
    ports = {name: getattr(storage, name) for name in ("orders", "catalogue", "ledger", "gateway", "claims")}
    services = Services(SETTINGS, FakeAdapters(**ports))
    placed = services.orders.accept(command(lines=lines, total_amount=Decimal("4000.00")))

    done = services.workflow.steps.run_all(placed.order_id)
    assert done.status is Status.COMPLETED
    assert stock(storage, *ids) == [(3, 0)] * PRODUCTS
    cancelled = services.workflow.cancel(done)

    assert cancelled.status is Status.CANCELLED
    assert not cancelled.open
    assert stock(storage, *ids) == [(5, 0)] * PRODUCTS


@pytest.mark.parametrize(("at", "when"), [*DEATHS, (3, "before"), (3, "after"), (4, "before"), (4, "after")])
def test_a_hundred_lines_survive_a_death_at_any_write_when_delivered_again(
    dynamodb: Storage, at: int, when: str
) -> None:
    ids = stocked(dynamodb, *[5] * PRODUCTS)
    lines = tuple(Line(p, "", 2, Decimal("20.00")) for p in ids)
    ports = {name: getattr(dynamodb, name) for name in ("orders", "catalogue", "ledger", "gateway")}
    services = Services(SETTINGS, FakeAdapters(**ports))
    placed = services.orders.accept(command(lines=lines, total_amount=Decimal("4000.00")))
    mortal = Services(SETTINGS, FakeAdapters(**{**ports, "orders": dying(dynamodb.orders, at, when)}))
    with pytest.raises(Died):
        mortal.workflow.steps.run_all(placed.order_id)

    done = services.workflow.steps.run_all(placed.order_id)

    assert done.status is Status.COMPLETED
    assert not done.open
    assert stock(dynamodb, *ids) == [(3, 0)] * PRODUCTS
