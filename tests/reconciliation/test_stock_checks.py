"""Reserved = the sum of open reservations: what is wrong for good is told from what is only moving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.model import Order, Reservation, Status

from tests.support.builders.discrepancies import listed, miscounted
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters


def held(services: Services, adapters: FakeAdapters) -> Order:
    """An order that holds one laptop."""
    placed = services.orders.accept(command())
    moved = placed
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        moved = moved.moved(status, adapters.clock.now())
    stored: Order = adapters.orders.reserve(replace(moved, reservation=Reservation.HELD), Status.PENDING)
    adapters.clock.advance(1)
    return stored


def with_each_pause(adapters: FakeAdapters, act: Callable[[], None]) -> Services:
    adapters.pause = lambda seconds: act()
    return Services(SETTINGS, adapters)


def test_what_open_orders_hold_is_what_is_reserved(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(3):
        held(services, adapters)

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 0


@pytest.mark.parametrize(("by", "reserved"), [(1, "3"), (-2, "0")])
def test_a_product_that_is_off_is_found_with_both_numbers(
    services: Services, adapters: FakeAdapters, by: int, reserved: str
) -> None:
    for _ in range(2):
        held(services, adapters)
    miscounted(adapters, by=by)

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 1

    finding = listed(adapters)[Kind.RESERVED_MISMATCH, "LAPTOP001"]
    assert finding.details == {"reserved": reserved, "held": "2"}
    assert not finding.repaired


def test_a_product_that_nobody_holds_is_looked_at_too(services: Services, adapters: FakeAdapters) -> None:
    miscounted(adapters, "MOUSE001")

    services.operations.reconciliation()

    assert list(listed(adapters)) == [(Kind.RESERVED_MISMATCH, "MOUSE001")]


def test_it_disappears_when_the_numbers_agree_again(services: Services, adapters: FakeAdapters) -> None:
    miscounted(adapters)
    services.operations.reconciliation()

    miscounted(adapters, by=-1)

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 0
    assert listed(adapters) == {}


def test_what_is_right_a_moment_later_is_not_reported(services: Services, adapters: FakeAdapters) -> None:
    miscounted(adapters)  # as while a large order owes, or the index lags behind
    services = with_each_pause(adapters, lambda: miscounted(adapters, by=-1))

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 0


def test_what_is_off_by_another_number_each_time_is_only_moving(services: Services, adapters: FakeAdapters) -> None:
    miscounted(adapters)
    services = with_each_pause(adapters, lambda: miscounted(adapters))

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 0


def test_an_order_reserved_between_the_look_at_orders_and_the_look_at_stock_is_no_mismatch(
    services: Services, adapters: FakeAdapters
) -> None:
    read = adapters.catalogue.all_stock

    def all_stock() -> object:
        held(services, adapters)
        return read()

    adapters.catalogue.all_stock = all_stock

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 0


def test_a_mismatch_is_seen_although_orders_come_and_go(services: Services, adapters: FakeAdapters) -> None:
    miscounted(adapters)
    services = with_each_pause(adapters, lambda: held(services, adapters) and None)

    assert services.operations.reconciliation()[Kind.RESERVED_MISMATCH] == 1
