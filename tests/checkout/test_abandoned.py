"""A reservation of an order that nobody works on any more is given back, by whichever workflow it came and wherever its
process died."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.model import Order, Reservation, Status
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters

WORKFLOWS = ["queue", "stepfunctions", "events"]


def until_closed(services: Services, adapters: FakeAdapters, order: Order) -> Iterator[Order]:
    """The order after each of the housekeeper's runs, a minute apart."""
    for _ in range(10):
        services.workflow.housekeeper()
        stored = adapters.store.orders[order.order_id]
        yield stored
        if not stored.open:
            return
        adapters.clock.advance(61)
    raise AssertionError("it is never closed")


def holding(services: Services, adapters: FakeAdapters, workflow: str) -> Order:
    placed = services.orders.accept(command(workflow=workflow))
    moved = placed
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        moved = moved.moved(status, adapters.clock.now())
    moved = replace(moved, reservation=Reservation.HELD, tries=6)  # as many as an hour brings
    held: Order = adapters.orders.reserve(moved, Status.PENDING)
    adapters.queue.messages.clear()
    return held


@pytest.mark.parametrize("workflow", WORKFLOWS)
@pytest.mark.parametrize("ledger", ["nothing", "intended", "captured"])
def test_whoever_died_stock_and_money_are_given_back(
    services: Services, adapters: FakeAdapters, workflow: str, ledger: str
) -> None:
    order = holding(services, adapters, workflow)
    if ledger == "captured":
        services.workflow.payments.capture(order)
    elif ledger == "intended":
        intent = LedgerEntry(
            order.order_id, Operation.CAPTURE, EntryStatus.INTENT, order.total_amount, "EUR", adapters.clock.now()
        )
        adapters.ledger.intend(intent)
    adapters.clock.advance(3601)

    ended = list(until_closed(services, adapters, order))[-1]

    assert (ended.status, ended.reservation) == (Status.FAILED, Reservation.RELEASED)
    assert ended.failure is not None
    assert ended.failure.code == "EXPIRED"
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    refund = adapters.ledger.get(order.order_id, Operation.REFUND)
    assert (refund is not None) == (ledger == "captured")
    adapters.clock.advance(2 * 3600)
    # Nothing here takes events to the notifier.
    assert services.operations.reconciliation() == {**dict.fromkeys(Kind, 0), Kind.MAIL_MISSING: 1}


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_housekeeper_that_died_after_expiring_it_is_followed_by_one_that_finalizes_it(
    services: Services, adapters: FakeAdapters, workflow: str
) -> None:
    order = holding(services, adapters, workflow)
    services.workflow.payments.capture(order)
    adapters.clock.advance(3601)
    publish = adapters.events.publish

    def die(events: object) -> None:
        raise KeyboardInterrupt

    adapters.events.publish = die
    with pytest.raises(KeyboardInterrupt):
        services.workflow.housekeeper()
    adapters.events.publish = publish

    list(until_closed(services, adapters, order))

    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    assert adapters.ledger.get(order.order_id, Operation.REFUND).status is EntryStatus.SUCCEEDED
    assert {"OrderFailed", "OrderRefunded"} <= set(adapters.events.types)
