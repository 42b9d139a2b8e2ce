"""Staff set an order going again that does not get on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict, StaleOrder, TemporarilyUnavailable
from chalicelib.orders.model import Duty, Order, Reservation, Status
from chalicelib.payments.model import EntryStatus, GatewayAnswer, LedgerEntry, Operation

from tests.support.builders.discrepancies import finished, never_ended
from tests.support.builders.examples import NOW, command
from tests.support.fakes.adapters import FakeAdapters


@pytest.mark.parametrize("workflow", ["queue", "stepfunctions", "events"])
def test_an_order_that_did_not_end_is_handed_over_again(
    services: Services, adapters: FakeAdapters, workflow: str
) -> None:
    order = services.orders.accept(command(workflow=workflow))
    adapters.queue.messages.clear()

    retried = services.workflow.retry(order)

    assert adapters.queue.messages == [order.order_id]
    assert retried.handovers == 1  # the name of a new execution
    assert adapters.store.orders[order.order_id] == retried


def test_the_mark_is_taken_off(services: Services, adapters: FakeAdapters) -> None:
    order = never_ended(services, adapters)
    order = adapters.orders.save(replace(order, attention="ReleaseFailed"), order.status)

    assert services.workflow.retry(order).attention == ""


def test_the_housekeepers_pause_is_taken_off(services: Services, adapters: FakeAdapters) -> None:
    """What staff set going is looked at as any other order is, and not after the pause of earlier tries."""
    order = never_ended(services, adapters)
    order = adapters.orders.save(replace(order, retry_at="2027-01-01T00:00:00.000Z"), order.status)

    assert services.workflow.retry(order).retry_at == ""


def test_an_order_whose_events_did_not_go_out_publishes_them_and_is_closed(
    services: Services, adapters: FakeAdapters
) -> None:
    order = finished(services)
    adapters.events.published.clear()
    left = replace(order, unpublished=("OrderCompleted",), attention="EventsNotPublished")
    order = adapters.orders.save(left, order.status)

    retried = services.workflow.retry(order)

    assert (retried.attention, retried.open) == ("", False)
    assert adapters.events.types == ["OrderCompleted"]


def test_an_order_of_the_state_machine_without_its_receipt_gets_another_execution(
    services: Services, adapters: FakeAdapters
) -> None:
    order = services.workflow.steps.run_all(services.orders.accept(command(workflow="stepfunctions")).order_id)
    marked = replace(order, attention="NoReceipt", duties=frozenset({Duty.RECEIPT}), handovers=6)
    order = adapters.orders.save(marked, order.status)
    adapters.queue.messages.clear()

    retried = services.workflow.retry(order)

    assert adapters.queue.messages == [order.order_id]
    assert (retried.attention, retried.open, retried.handovers) == ("", True, 7)


def test_an_order_that_was_cancelled_and_not_finalized_is_finalized(services: Services, adapters: FakeAdapters) -> None:
    order = finished(services)
    off = replace(order.moved(Status.CANCELLED, NOW), reservation=Reservation.RESTOCKED, duties={Duty.REFUND})
    off = adapters.orders.restock(off, order.status)

    retried = services.workflow.retry(off)

    assert not retried.open
    assert adapters.ledger.get(order.order_id, Operation.REFUND).status is EntryStatus.SUCCEEDED


def test_a_refund_that_is_refused_again_brings_the_mark_back(services: Services, adapters: FakeAdapters) -> None:
    order = finished(services)
    off = replace(order.moved(Status.CANCELLED, NOW), reservation=Reservation.RESTOCKED, duties={Duty.REFUND})
    off = adapters.orders.restock(replace(off, attention="RefundRefused"), order.status)
    refused = LedgerEntry(
        order.order_id, Operation.REFUND, EntryStatus.DECLINED, order.total_amount, "EUR", NOW, code="expired_card"
    )
    adapters.ledger.correct(refused)
    asked: list[str] = []

    def refuse(key: str, *_: object) -> GatewayAnswer:
        asked.append(key)
        return GatewayAnswer(False, "re_1", Decimal(0), "expired_card", "No.")

    refund, adapters.gateway.refund = adapters.gateway.refund, refuse

    retried = services.workflow.retry(off)

    assert (retried.attention, retried.open) == ("RefundRefused", True)

    adapters.gateway.refund = refund
    refunded = services.workflow.retry(retried)

    assert (refunded.attention, refunded.open) == ("", False)
    assert asked == [f"{order.order_id}:refund:2"]  # a new key each time
    assert f"{order.order_id}:refund:3" in adapters.gateway.done
    assert refunded.payment.reference == order.payment.reference  # the capture's, not the refund's


def test_when_nothing_is_left_to_do_nothing_is_done(services: Services, adapters: FakeAdapters) -> None:
    order = finished(services)
    adapters.queue.messages.clear()

    with pytest.raises(Conflict):
        services.workflow.retry(order)

    assert adapters.queue.messages == []
    assert adapters.store.orders[order.order_id] == order


def test_an_order_that_ended_meanwhile_is_left_alone(services: Services, adapters: FakeAdapters) -> None:
    seen_by_staff = never_ended(services, adapters)
    services.workflow.steps.run_all(seen_by_staff.order_id)

    with pytest.raises(Conflict):
        services.workflow.retry(seen_by_staff)


def test_a_driver_that_does_not_answer_leaves_the_order_to_the_housekeeper(
    services: Services, adapters: FakeAdapters
) -> None:
    order = never_ended(services, adapters)
    take = adapters.queue.hand_over

    def hand_over(order: Order) -> None:
        raise TemporarilyUnavailable("not now")

    adapters.queue.hand_over = hand_over
    with pytest.raises(TemporarilyUnavailable):
        services.workflow.retry(order)

    adapters.queue.hand_over = take
    adapters.clock.advance(121)
    assert services.workflow.housekeeper() == {"handed_over": 1}


def test_a_write_whose_reply_was_lost_is_made_again(services: Services, adapters: FakeAdapters) -> None:
    order = never_ended(services, adapters)
    save, lost = adapters.orders.save, []

    def save_and_lose(order: Order, expected: Status) -> Order:
        stored: Order = save(order, expected)
        if not lost:
            lost.append(stored)
            raise StaleOrder("the SDK's own second try found the first one's work")
        return stored

    adapters.orders.save = save_and_lose

    services.workflow.retry(order)

    assert adapters.queue.messages == [order.order_id]


def test_a_refund_that_was_refused_is_asked_for_anew_whatever_else_the_order_is_marked_for(
    services: Services, adapters: FakeAdapters
) -> None:
    order = finished(services)
    off = replace(order.moved(Status.CANCELLED, NOW), reservation=Reservation.RESTOCKED, duties={Duty.REFUND})
    off = adapters.orders.restock(replace(off, attention="ReleaseFailed"), order.status)
    refused = LedgerEntry(
        order.order_id, Operation.REFUND, EntryStatus.DECLINED, order.total_amount, "EUR", NOW, code="expired_card"
    )
    adapters.ledger.correct(refused)

    retried = services.workflow.retry(off)

    assert (retried.attention, retried.open) == ("", False)
    refund = adapters.ledger.get(order.order_id, Operation.REFUND)
    assert (refund.status, refund.attempt) == (EntryStatus.SUCCEEDED, refused.attempt + 1)


def test_what_could_not_be_finalized_is_answered_as_it_is_stored(services: Services, adapters: FakeAdapters) -> None:
    order = finished(services)
    order = adapters.orders.save(replace(order, unpublished=("OrderCompleted",)), order.status)

    def refuse(_: object) -> None:
        raise ValueError("the bus takes no such event")

    adapters.events.publish = refuse

    retried = services.workflow.retry(order)

    assert retried.attention == "EventsNotPublished"
    assert retried == adapters.store.orders[order.order_id]
