"""Once an order ended: money nobody should keep goes back, the world is told, the order is closed; in that order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.domain.errors import StaleOrder, TemporarilyUnavailable
from chalicelib.domain.order import Failure, Order, Reservation, Status
from chalicelib.domain.payments import EntryStatus, GatewayAnswer, LedgerEntry, Operation, gateway_key

from tests.examples import command
from tests.fakes import FakeAdapters

IN_FLIGHT = 121
"""Seconds after which nobody can still be waiting for a gateway's answer."""


@pytest.fixture
def called_off(services: Services, adapters: FakeAdapters) -> Order:
    """An order that failed while it was being charged; what became of the charge is what each test is about."""
    placed = services.accept_order(command())
    held = placed
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        held = held.moved(status, services.clock.now())
    held = replace(held, reservation=Reservation.HELD)
    adapters.orders.reserve(held, Status.PENDING)
    return services.order_steps.fail(held, Failure("EXPIRED", "Too late."), publish_later=True)


def intend(adapters: FakeAdapters, order: Order) -> LedgerEntry:
    now = adapters.clock.now()
    entry = LedgerEntry(order.order_id, Operation.CAPTURE, EntryStatus.INTENT, order.total_amount, "EUR", now)
    adapters.ledger.intend(entry)
    return entry


def charge(adapters: FakeAdapters, order: Order, method: str = "pm_card_visa") -> GatewayAnswer:
    key = gateway_key(order.order_id, Operation.CAPTURE)
    return adapters.gateway.capture(key, order.total_amount, order.currency, method)


def kept(adapters: FakeAdapters, order: Order) -> Decimal:
    """What the gateway took and did not give back."""
    taken, given = (adapters.gateway.done.get(gateway_key(order.order_id, operation)) for operation in Operation)
    return (taken.amount if taken and taken.approved else Decimal(0)) - (given.amount if given else Decimal(0))


def test_an_order_that_was_never_charged_is_closed_once_nobody_can_be_charging_it(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    adapters.clock.advance(IN_FLIGHT)

    settled = services.settlement(called_off)

    assert not settled.open
    assert settled.payment is None


def test_a_charge_that_nobody_wrote_down_is_found_and_given_back(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    intend(adapters, called_off)
    charge(adapters, called_off)

    settled = services.settlement(called_off)

    assert kept(adapters, called_off) == 0
    assert settled.payment is not None
    assert settled.payment.refunded == called_off.total_amount
    assert not settled.open


def test_a_declined_charge_that_nobody_wrote_down_needs_nothing_back(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    intend(adapters, called_off)
    charge(adapters, called_off, "pm_card_chargeDeclined")

    settled = services.settlement(called_off)

    assert not settled.open
    assert adapters.ledger.get(called_off.order_id, Operation.REFUND) is None


def test_a_charge_that_may_still_arrive_keeps_the_order_open(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    intend(adapters, called_off)

    settled = services.settlement(called_off)

    assert settled.open
    assert "OrderFailed" in adapters.events.types  # the customer need not wait for that


def test_a_charge_that_arrives_late_is_given_back_when_looked_at_again(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    intend(adapters, called_off)
    waiting = services.settlement(called_off)
    charge(adapters, called_off)

    settled = services.settlement(waiting)

    assert kept(adapters, called_off) == 0
    assert not settled.open


def test_a_charge_that_never_arrived_is_given_up_in_the_end(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    intend(adapters, called_off)
    adapters.clock.advance(IN_FLIGHT)

    settled = services.settlement(called_off)

    assert not settled.open
    entry = adapters.ledger.get(called_off.order_id, Operation.CAPTURE)
    assert entry is not None
    assert entry.status is EntryStatus.ABANDONED


def test_an_order_called_off_can_not_be_charged_any_more(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    services.settlement(called_off)

    entry = services.payments.capture(called_off)

    assert entry.status is EntryStatus.ABANDONED
    assert adapters.gateway.done == {}


def test_settling_again_refunds_once(services: Services, adapters: FakeAdapters, called_off: Order) -> None:
    intend(adapters, called_off)
    charge(adapters, called_off)

    settled = services.settlement(called_off)
    with pytest.raises(StaleOrder):  # somebody who read it before finds that it was done
        services.settlement(called_off)

    assert services.settlement(settled) == settled
    assert kept(adapters, called_off) == 0
    assert len(adapters.gateway.done) == 2


def test_a_refund_that_is_refused_keeps_the_order_open_for_staff(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    intend(adapters, called_off)
    charge(adapters, called_off)
    adapters.gateway.refund = lambda key, *_: GatewayAnswer(False, "re_1", Decimal(0), "REFUND_REFUSED", "No.")

    settled = services.settlement(called_off)

    assert settled.open
    assert settled.payment is None


def test_events_that_can_not_be_published_keep_the_order_open(
    services: Services, adapters: FakeAdapters, called_off: Order
) -> None:
    adapters.clock.advance(IN_FLIGHT)
    publish, adapters.events.publish = adapters.events.publish, _down

    with pytest.raises(TemporarilyUnavailable):
        services.settlement(called_off)
    stored = adapters.orders.get(called_off.order_id)
    assert stored is not None
    assert stored.open

    adapters.events.publish = publish
    assert not services.settlement(stored).open


def test_a_completed_order_is_only_announced(services: Services, adapters: FakeAdapters) -> None:
    placed = services.accept_order(command())
    completed = services.order_steps.run_all(placed.order_id)

    assert services.settlement(completed) == completed

    assert kept(adapters, completed) == completed.total_amount


def _down(_: object) -> None:
    raise TemporarilyUnavailable("the bus is down")
