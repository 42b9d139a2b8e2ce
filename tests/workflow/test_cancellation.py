"""Calling an order off: from wherever it is, stock and money go back, once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import GatewayTimeout, TemporarilyUnavailable
from chalicelib.orders.model import Order, PaymentStatus, Reservation, Status
from chalicelib.payments.model import Operation

from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.orders import FakeOrders
from tests.support.fakes.payments import FakeGateway

TOTAL = Decimal("1299.99")


def stopped_at(services: Services, status: Status) -> Order:
    """A stored order that got as far as `status`, with the stock and the money it has by then."""
    placed = services.orders.accept(command(fulfilment="manual" if status is Status.CONFIRMED else "auto"))
    if status in (Status.COMPLETED, Status.CONFIRMED):
        return services.workflow.steps.run_all(placed.order_id)
    orders = services.workflow.steps.orders
    stopped = placed
    for step in _WAY[1 : _WAY.index(status) + 1]:
        before, stopped = stopped, stopped.moved(step, services.clock.now())
        if step is Status.PAYMENT_PROCESSING:
            stopped = replace(stopped, reservation=Reservation.HELD)
            orders.reserve(stopped, before.status)
        else:
            orders.save(stopped, before.status)
    if status is Status.FULFILLMENT:
        services.workflow.payments.capture(stopped)
    return stopped


_WAY = [Status(name) for name in ("PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT")]


@pytest.mark.parametrize("status", [*_WAY, Status.CONFIRMED, Status.COMPLETED])
def test_from_every_status_that_allows_it_stock_and_money_go_back(
    services: Services, adapters: FakeAdapters, status: Status
) -> None:
    order = stopped_at(services, status)
    assert order.status is status

    cancelled = services.workflow.cancel(order)

    assert cancelled.status is Status.CANCELLED
    assert cancelled.failure is not None
    assert cancelled.failure.code == "CANCELLED_BY_CUSTOMER"
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    refund = adapters.ledger.get(order.order_id, Operation.REFUND)
    paid = status in (Status.FULFILLMENT, Status.CONFIRMED, Status.COMPLETED)
    assert (refund.amount if refund else None) == (TOTAL if paid else None)
    assert "OrderCancelled" in adapters.events.types
    assert adapters.orders.get(order.order_id) == cancelled


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.COMPLETED])
def test_what_was_paid_is_shown_as_refunded(services: Services, status: Status) -> None:
    cancelled = services.workflow.cancel(stopped_at(services, status))

    assert cancelled.payment is not None
    assert cancelled.payment.status is PaymentStatus.REFUNDED
    assert cancelled.payment.refunded == TOTAL
    assert not cancelled.open


def test_cancelling_again_changes_nothing(services: Services, adapters: FakeAdapters) -> None:
    first = services.workflow.cancel(stopped_at(services, Status.COMPLETED))

    again = services.workflow.cancel(first, "Changed my mind again.")

    assert again == first
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    assert adapters.events.types.count("OrderCancelled") == 1


def test_the_reason_given_is_kept_for_people(services: Services) -> None:
    cancelled = services.workflow.cancel(stopped_at(services, Status.PENDING), reason="Ordered twice by mistake.")

    assert cancelled.history[-1].detail == "Ordered twice by mistake."
    assert cancelled.failure is not None
    assert cancelled.failure.message == "Ordered twice by mistake."


def test_a_cancellation_from_an_old_reading_looks_where_the_order_is_now(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = services.orders.accept(command())
    services.workflow.steps.run_all(placed.order_id)

    cancelled = services.workflow.cancel(placed)

    assert cancelled.reached(Status.COMPLETED)
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)


def test_an_order_that_never_stands_still_is_tried_again_later(adapters: FakeAdapters) -> None:
    class Restless(FakeOrders):
        """Somebody else is always faster."""

        def save(self, order: Order, expected: Status) -> None:
            super().save(order, Status.REFUNDED)

    adapters.orders = Restless(adapters.store)
    services = Services(SETTINGS, adapters)
    placed = services.orders.accept(command())

    with pytest.raises(TemporarilyUnavailable):
        services.workflow.cancel(placed)


def test_a_gateway_that_does_not_answer_leaves_the_refund_to_the_housekeeper(
    services: Services, adapters: FakeAdapters
) -> None:
    order = stopped_at(services, Status.COMPLETED)
    answers, adapters.gateway.refund = adapters.gateway.refund, _silent

    cancelled = services.workflow.cancel(order)
    assert cancelled.status is Status.CANCELLED
    assert cancelled.open
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)

    adapters.gateway.refund = answers
    adapters.clock.advance(61)
    services.workflow.housekeeper()

    finalized = adapters.orders.get(order.order_id)
    assert finalized is not None
    assert finalized.payment is not None
    assert finalized.payment.refunded == TOTAL
    assert not finalized.open


def _silent(*_: object) -> FakeGateway:
    raise GatewayTimeout("no answer")
