"""The housekeeper: no order is forgotten, whatever died on its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import GatewayTimeout, StaleOrder, TemporarilyUnavailable
from chalicelib.orders.model import ALL_EVENTS, Duty, Failure, HistoryRow, Order, Reservation, Status
from chalicelib.payments.model import EntryStatus, GatewayAnswer, LedgerEntry, Operation

from tests.support.builders.examples import NOW, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters, stored
from tests.support.fakes.orders import FakeOrders

MINUTE = 60


def place(services: Services, adapters: FakeAdapters, **changes: object) -> Order:
    """An order whose hand-over was lost."""
    placed = services.orders.accept(command(**changes))
    adapters.queue.messages.clear()
    return placed


def test_an_order_just_accepted_is_left_alone(services: Services, adapters: FakeAdapters) -> None:
    place(services, adapters)
    adapters.clock.advance(MINUTE - 1)

    assert services.workflow.housekeeper() == {}

    assert adapters.queue.messages == []


def test_an_order_nobody_works_on_is_handed_over_again(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    adapters.clock.advance(MINUTE + 1)

    assert services.workflow.housekeeper() == {"handed_over": 1}

    assert adapters.queue.messages == [placed.order_id]
    assert stored(adapters, placed).handovers == 1


def test_each_hand_over_waits_twice_as_long_as_the_one_before(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)

    minutes = []
    for minute in range(1, 59):
        adapters.clock.advance(MINUTE + 0.1)
        services.workflow.housekeeper()
        if adapters.queue.messages:
            minutes.append(minute)
            adapters.queue.messages.clear()

    assert minutes == [1, 2, 4, 8, 16, 32]
    assert stored(adapters, placed).handovers == 6


def test_a_step_that_gets_on_starts_the_waiting_anew(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    adapters.clock.advance(10 * MINUTE)
    adapters.orders.save(placed.moved(Status.VALIDATING, adapters.clock.now()), Status.PENDING)

    assert services.workflow.housekeeper() == {"waiting": 1}
    adapters.clock.advance(MINUTE)
    assert services.workflow.housekeeper() == {"handed_over": 1}


def test_an_order_that_takes_too_long_expires_and_its_stock_is_released(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = place(services, adapters)
    held = placed
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        held = held.moved(status, adapters.clock.now())
    adapters.orders.reserve(replace(held, reservation=Reservation.HELD), Status.PENDING)
    adapters.clock.advance(3601)

    assert services.workflow.housekeeper() == {"expired": 1}

    expired = stored(adapters, placed)
    assert expired.status is Status.FAILED
    assert expired.failure is not None
    assert expired.failure.code == "EXPIRED"
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "OrderFailed"]


def test_an_order_that_ended_but_was_not_finalized_is_finalized(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    off = placed.moved(Status.CANCELLED, adapters.clock.now())
    left = replace(off, duties=frozenset({Duty.REFUND}), unpublished=ALL_EVENTS)
    adapters.orders.save(left, Status.PENDING)
    adapters.clock.advance(MINUTE + 1)

    assert services.workflow.housekeeper() == {"finalized": 1}

    assert not stored(adapters, placed).open
    assert adapters.events.types == ["OrderPlaced", "OrderCancelled"]


def test_what_is_closed_is_never_looked_at_again(services: Services, adapters: FakeAdapters) -> None:
    placed = place(services, adapters)
    services.workflow.steps.run_all(placed.order_id)
    adapters.events.published.clear()
    adapters.clock.advance(2 * 3600)

    assert services.workflow.housekeeper() == {}

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
        services.workflow.housekeeper()

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

    assert services.workflow.housekeeper() == {"waiting": 1}


def test_times_follow_the_configuration(adapters: FakeAdapters) -> None:
    services = Services(replace(SETTINGS, handover_after=5, give_up_after=20), adapters)
    place(services, adapters)

    for seconds in (6, 6, 12):
        adapters.clock.advance(seconds)
        assert services.workflow.housekeeper() == {"handed_over": 1}
    adapters.clock.advance(1)
    assert services.workflow.housekeeper() == {"expired": 1}


# Fairness: no order keeps the others waiting.


def hang(adapters: FakeAdapters, seconds: float) -> None:
    """The payment provider does not answer, and takes its time over that."""

    def find(key: str) -> None:
        adapters.clock.advance(seconds)
        raise GatewayTimeout("no answer")

    adapters.gateway.find = find


def unsuccessful(services: Services, adapters: FakeAdapters) -> Order:
    """Cancelled, and what became of its charge is not known."""
    order = place(services, adapters)
    adapters.ledger.intend(
        LedgerEntry(order.order_id, Operation.CAPTURE, EntryStatus.INTENT, order.total_amount, "EUR", NOW)
    )
    off = replace(order.moved(Status.CANCELLED, adapters.clock.now()), duties=frozenset({Duty.REFUND}))
    off = replace(
        off, history=(*off.history[:1], HistoryRow(Status.PAYMENT_PROCESSING, off.updated_at), off.history[-1])
    )
    saved: Order = adapters.orders.save(off, Status.PENDING)
    return saved


def test_refunds_that_hang_keep_no_lost_order_waiting(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(10):
        unsuccessful(services, adapters)
    hang(adapters, seconds=10)
    lost = place(services, adapters)
    adapters.clock.advance(MINUTE + 1)
    began = adapters.clock.moment

    with pytest.raises(ExceptionGroup):
        services.workflow.housekeeper()

    assert adapters.queue.messages == [lost.order_id]
    assert (adapters.clock.moment - began).total_seconds() <= 40


def test_each_run_goes_on_with_those_tried_least(services: Services, adapters: FakeAdapters) -> None:
    hopeless = [unsuccessful(services, adapters) for _ in range(6)]
    hang(adapters, seconds=10)
    adapters.clock.advance(MINUTE + 1)

    for _ in range(6):
        with pytest.raises(ExceptionGroup):
            services.workflow.housekeeper()
        adapters.clock.advance(MINUTE)

    assert [stored(adapters, order).tries for order in hopeless] == [1] * 6


def test_what_comes_to_nothing_is_tried_ever_later(services: Services, adapters: FakeAdapters) -> None:
    order = unsuccessful(services, adapters)
    hang(adapters, seconds=0)

    minutes = []
    for minute in range(1, 130):
        adapters.clock.advance(MINUTE + 0.01)
        before = stored(adapters, order).tries
        with suppress(ExceptionGroup):
            services.workflow.housekeeper()
        if stored(adapters, order).tries > before:
            minutes.append(minute)

    assert minutes == [1, 2, 4, 8, 16, 32, 62, 92, 122]  # at most half an hour apart


def test_a_refused_refund_waits_for_staff_and_is_published_once(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command())
    paid = services.workflow.steps.run_all(placed.order_id)
    adapters.gateway.refund = lambda key, *_: GatewayAnswer(False, "re_1", Decimal(0), "expired_card", "No.")
    services.workflow.cancel(paid)
    published = list(adapters.events.types)

    for _ in range(24 * 60):
        adapters.clock.advance(MINUTE)
        services.workflow.housekeeper()

    assert adapters.events.types == published
    assert published.count("OrderCancelled") == 1
    left = stored(adapters, placed)
    assert (left.attention, left.duties) == ("RefundRefused", {Duty.REFUND})


def test_whatever_called_an_order_off_keeps_its_name_when_it_expires(
    services: Services, adapters: FakeAdapters
) -> None:
    order = place(services, adapters)
    why = Failure("CARD_DECLINED", "The card was declined.")
    moved = order.moved(Status.VALIDATING, adapters.clock.now())
    adapters.orders.save(replace(moved, failure=why, reservation=Reservation.RELEASED), Status.PENDING)
    adapters.clock.advance(3601)

    assert services.workflow.housekeeper() == {"expired": 1}

    assert stored(adapters, order).failure == why
    assert stored(adapters, order).reservation is Reservation.NONE  # nothing was ever held


def test_clicks_of_staff_make_the_housekeeper_wait_no_longer(services: Services, adapters: FakeAdapters) -> None:
    order = place(services, adapters)
    for _ in range(8):
        services.workflow.retry(stored(adapters, order))
    adapters.queue.messages.clear()

    for handovers in (9, 10):
        adapters.clock.advance(MINUTE + 1)
        assert services.workflow.housekeeper() == {"handed_over": 1}
        assert stored(adapters, order).handovers == handovers


def test_an_order_without_its_receipt_is_handed_over_again_and_marked_in_the_end(
    services: Services, adapters: FakeAdapters
) -> None:
    """It was worked on by another driver than the state machine, which would have written the receipt."""
    placed = services.orders.accept(command(workflow="stepfunctions"))
    done = services.workflow.steps.run_all(placed.order_id)
    adapters.queue.messages.clear()
    assert done.duties == {Duty.RECEIPT}

    for _ in range(100):
        adapters.clock.advance(MINUTE)
        services.workflow.housekeeper()
    assert len(adapters.queue.messages) > 6
    assert stored(adapters, placed).attention == "NoReceipt"

    services.workflow.single_steps.issue_receipt(placed.order_id)

    closed = stored(adapters, placed)
    assert (closed.open, closed.attention) == (False, "")


def test_every_shard_has_its_turn_to_be_read_first(services: Services, adapters: FakeAdapters) -> None:
    first: list[int] = []
    read = adapters.orders.open_before

    def open_before(created_before: str, first_shard: int = 0) -> Iterator[Order]:
        first.append(first_shard % 8)
        return read(created_before)

    adapters.orders.open_before = open_before
    for _ in range(8):
        services.workflow.housekeeper()
        adapters.clock.advance(MINUTE)

    assert set(first) == set(range(8))
