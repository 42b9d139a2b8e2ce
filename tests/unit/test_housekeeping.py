"""The housekeeper: no order is forgotten, whatever died on its way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.domain.catalogue import Stock
from chalicelib.domain.errors import StaleOrder, TemporarilyUnavailable
from chalicelib.domain.order import ALL_EVENTS, Duty, Order, Reservation, Status

from tests.examples import SETTINGS, command
from tests.fakes import FakeAdapters
from tests.fakes_orders import FakeOrders

MINUTE = 60


def place(services: Services, adapters: FakeAdapters, **changes: object) -> Order:
    """An order whose hand-over was lost."""
    placed = services.accept_order(command(**changes))
    adapters.queue.messages.clear()
    return placed


def stored(adapters: FakeAdapters, order: Order) -> Order:
    found = adapters.orders.get(order.order_id)
    assert found is not None
    return found


def test_an_order_just_accepted_is_left_alone(services: Services, adapters: FakeAdapters) -> None:
    place(services, adapters)
    adapters.clock.advance(MINUTE - 1)

    assert services.housekeeping() == {}

    assert adapters.queue.messages == []


def test_an_order_nobody_works_on_is_handed_over_again(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    adapters.clock.advance(MINUTE + 1)

    assert services.housekeeping() == {"handed_over": 1}

    assert adapters.queue.messages == [placed.order_id]
    assert stored(adapters, placed).handovers == 1


def test_each_hand_over_waits_twice_as_long_as_the_one_before(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)

    minutes = []
    for minute in range(1, 59):
        adapters.clock.advance(MINUTE + 0.1)
        services.housekeeping()
        if adapters.queue.messages:
            minutes.append(minute)
            adapters.queue.messages.clear()

    assert minutes == [1, 2, 4, 8, 16, 32]
    assert stored(adapters, placed).handovers == 6


def test_a_step_that_gets_on_starts_the_waiting_anew(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    adapters.clock.advance(10 * MINUTE)
    adapters.orders.save(placed.moved(Status.VALIDATING, adapters.clock.now()), Status.PENDING)

    assert services.housekeeping() == {"waiting": 1}
    adapters.clock.advance(MINUTE)
    assert services.housekeeping() == {"handed_over": 1}


def test_an_order_that_takes_too_long_expires_and_its_stock_is_released(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = place(services, adapters)
    held = placed
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        held = held.moved(status, adapters.clock.now())
    adapters.orders.reserve(replace(held, reservation=Reservation.HELD), Status.PENDING)
    adapters.clock.advance(3601)

    assert services.housekeeping() == {"expired": 1}

    expired = stored(adapters, placed)
    assert expired.status is Status.FAILED
    assert expired.failure is not None
    assert expired.failure.code == "EXPIRED"
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "OrderFailed"]


def test_an_order_that_ended_but_was_not_settled_is_settled(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    off = placed.moved(Status.CANCELLED, adapters.clock.now())
    left = replace(off, duties=frozenset({Duty.REFUND}), unpublished=ALL_EVENTS)
    adapters.orders.save(left, Status.PENDING)
    adapters.clock.advance(MINUTE + 1)

    assert services.housekeeping() == {"settled": 1}

    assert not stored(adapters, placed).open
    assert adapters.events.types == ["OrderPlaced", "OrderCancelled"]


def test_what_is_closed_is_never_looked_at_again(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    services.order_steps.run_all(placed.order_id)
    adapters.events.published.clear()
    adapters.clock.advance(2 * 3600)

    assert services.housekeeping() == {}

    assert adapters.events.published == []


def test_one_orders_trouble_does_not_keep_the_next_from_being_helped_but_rings(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = [place(services, adapters) for _ in range(3)]
    take = adapters.queue.hand_over

    def hand_over(order: Order) -> None:
        if order.order_id == placed[1].order_id:
            raise TemporarilyUnavailable("not this one")
        take(order)

    adapters.queue.hand_over = hand_over
    adapters.clock.advance(MINUTE + 1)

    with pytest.raises(ExceptionGroup) as trouble:
        services.housekeeping()

    assert len(trouble.value.exceptions) == 1
    assert adapters.queue.messages == [placed[0].order_id, placed[2].order_id]


def test_an_order_somebody_works_on_after_all_is_no_trouble(adapters: FakeAdapters) -> None:
    class Busy(FakeOrders):
        def save(self, order: Order, expected: Status) -> None:
            raise StaleOrder("somebody was faster")

    adapters.orders = Busy(adapters.store)
    services = Services(SETTINGS, adapters)
    place(services, adapters)
    adapters.clock.advance(MINUTE + 1)

    assert services.housekeeping() == {"waiting": 1}


def test_times_follow_the_configuration(adapters: FakeAdapters) -> None:
    services = Services(replace(SETTINGS, handover_after=5, give_up_after=20), adapters)
    place(services, adapters)

    for seconds in (6, 6, 12):
        adapters.clock.advance(seconds)
        assert services.housekeeping() == {"handed_over": 1}
    adapters.clock.advance(1)
    assert services.housekeeping() == {"expired": 1}
