"""An order that ended: refund what must not be kept, publish its events, close it; in that order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import GatewayTimeout, RefundNotDue, StaleOrder, TemporarilyUnavailable
from chalicelib.orders.model import ALL_EVENTS, Duty, Failure, Order, Reservation, Status
from chalicelib.payments.model import EntryStatus, GatewayAnswer, LedgerEntry, Operation, gateway_key

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters, stored

IN_FLIGHT = 121
"""Seconds after which nobody can still be waiting for a gateway's answer."""


@pytest.fixture
def unsuccessful(services: Services, adapters: FakeAdapters) -> Order:
    """An order that failed while it was being charged; what became of the charge is what each test is about."""
    placed = services.orders.accept(command())
    held = placed
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        held = held.moved(status, services.clock.now())
    held = replace(held, reservation=Reservation.HELD)
    adapters.orders.reserve(held, Status.PENDING)
    return services.workflow.steps.fail(held, Failure("EXPIRED", "Too late."), publish_later=True)


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
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    adapters.clock.advance(IN_FLIGHT)

    finalized = services.workflow.finalize(unsuccessful)

    assert not finalized.open
    assert finalized.payment is None


def test_an_order_that_may_still_be_charged_stays_open_to_the_last_moment(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    adapters.clock.advance(IN_FLIGHT - 1)
    waiting = services.workflow.finalize(unsuccessful)
    assert waiting.duties == {Duty.REFUND}

    adapters.clock.advance(0.001)
    assert not services.workflow.finalize(waiting).open


def test_a_charge_that_nobody_wrote_down_is_found_and_given_back(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    charge(adapters, unsuccessful)

    finalized = services.workflow.finalize(unsuccessful)

    assert kept(adapters, unsuccessful) == 0
    assert finalized.payment is not None
    assert finalized.payment.refunded == unsuccessful.total_amount
    assert not finalized.open


def test_a_declined_charge_that_nobody_wrote_down_needs_nothing_back(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    charge(adapters, unsuccessful, "pm_card_chargeDeclined")

    finalized = services.workflow.finalize(unsuccessful)

    assert not finalized.open
    assert adapters.ledger.get(unsuccessful.order_id, Operation.REFUND) is None


def test_a_charge_that_arrives_late_is_given_back_when_looked_at_again(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    waiting = services.workflow.finalize(unsuccessful)
    charge(adapters, unsuccessful)

    finalized = services.workflow.finalize(waiting)

    assert finalized.payment is not None
    assert finalized.payment.reference == f"ch_{gateway_key(unsuccessful.order_id, Operation.CAPTURE)}"
    assert kept(adapters, unsuccessful) == 0
    assert not finalized.open


def test_a_charge_that_never_arrived_is_given_up_in_the_end(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    adapters.clock.advance(IN_FLIGHT)

    finalized = services.workflow.finalize(unsuccessful)

    assert not finalized.open
    entry = adapters.ledger.get(unsuccessful.order_id, Operation.CAPTURE)
    assert entry is not None
    assert entry.status is EntryStatus.ABANDONED


def test_an_order_cancelled_can_not_be_charged_any_more(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    services.workflow.finalize(unsuccessful)

    entry = services.workflow.payments.capture(unsuccessful)

    assert entry.status is EntryStatus.ABANDONED
    assert adapters.gateway.done == {}


def test_finalizing_again_refunds_once(services: Services, adapters: FakeAdapters, unsuccessful: Order) -> None:
    intend(adapters, unsuccessful)
    charge(adapters, unsuccessful)

    finalized = services.workflow.finalize(unsuccessful)
    with pytest.raises(StaleOrder):  # somebody who read it before finds that it was done
        services.workflow.finalize(unsuccessful)

    assert services.workflow.finalize(finalized) == finalized
    assert kept(adapters, unsuccessful) == 0
    assert len(adapters.gateway.done) == 2


def test_a_refund_that_is_refused_keeps_the_order_open_for_staff(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    charge(adapters, unsuccessful)
    adapters.gateway.refund = lambda key, *_: GatewayAnswer(False, "re_1", Decimal(0), "REFUND_REFUSED", "No.")

    finalized = services.workflow.finalize(unsuccessful)

    assert finalized.open
    assert finalized.payment is None


def test_a_completed_order_is_only_announced(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command())
    completed = services.workflow.steps.run_all(placed.order_id)

    assert services.workflow.finalize(completed) == completed

    assert kept(adapters, completed) == completed.total_amount


def _down(_: object) -> None:
    raise TemporarilyUnavailable("the bus is down")


def not_allowed(_: object) -> None:
    refusal: Any = {"Error": {"Code": "AuthorizationError"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    raise ClientError(refusal, "PublishBatch")


@pytest.mark.parametrize("workflow", ["queue", "events"])
def test_events_that_are_refused_for_good_leave_the_order_open_and_marked(
    services: Services, adapters: FakeAdapters, workflow: str
) -> None:
    placed = services.orders.accept(command(workflow=workflow))
    publish, adapters.events.publish = adapters.events.publish, not_allowed
    with pytest.raises(ClientError):
        services.workflow.steps.run_all(placed.order_id)

    left = stored(adapters, placed)
    assert (left.status, left.open, left.attention) == (Status.COMPLETED, True, "EventsNotPublished")

    adapters.events.publish = publish  # the permission was given
    adapters.clock.advance(61)
    services.workflow.housekeeper()

    closed = stored(adapters, placed)
    assert (closed.open, closed.attention) == (False, "")
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted"]


def test_a_bus_that_is_down_does_not_keep_the_money(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)
    charge(adapters, unsuccessful)
    adapters.events.publish = not_allowed

    with pytest.raises(ClientError):
        services.workflow.finalize(unsuccessful)

    left = stored(adapters, unsuccessful)
    assert kept(adapters, unsuccessful) == 0
    assert left.payment is not None
    assert (left.duties, left.unpublished) == (frozenset(), ALL_EVENTS)


def test_a_provider_that_is_down_does_not_keep_the_news(
    services: Services, adapters: FakeAdapters, unsuccessful: Order
) -> None:
    intend(adapters, unsuccessful)

    def find(key: str) -> None:
        raise GatewayTimeout("no answer")

    adapters.gateway.find = find
    with pytest.raises(GatewayTimeout):
        services.workflow.finalize(unsuccessful)

    assert "OrderFailed" in adapters.events.types
    assert (stored(adapters, unsuccessful).duties, stored(adapters, unsuccessful).unpublished) == ({Duty.REFUND}, ())


def test_nothing_goes_back_for_an_order_that_may_still_succeed(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command())
    completed = services.workflow.steps.run_all(placed.order_id)

    for order in (placed, completed):
        with pytest.raises(RefundNotDue):
            services.workflow.payments.refund(order)

    assert adapters.ledger.get(placed.order_id, Operation.REFUND) is None
    assert kept(adapters, completed) == completed.total_amount
