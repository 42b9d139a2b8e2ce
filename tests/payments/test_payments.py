"""Races around the ledger: an answer that comes late, or is written by another process, is never lost."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import AlreadyRefunded, GatewayTimeout
from chalicelib.orders.model import Duty, Order, Reservation, Status
from chalicelib.payments.model import EntryStatus, GatewayAnswer, LedgerEntry, Operation, gateway_key

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters


def charging(services: Services, adapters: FakeAdapters) -> Order:
    """An order that is about to be charged."""
    order = services.orders.accept(command())
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        order = order.moved(status, services.clock.now())
    held: Order = adapters.orders.reserve(replace(order, reservation=Reservation.HELD), Status.PENDING)
    return held


def unsuccessful(services: Services, adapters: FakeAdapters) -> Order:
    """The same, cancelled, its capture intended and its answer unknown."""
    order = charging(services, adapters)
    intent = LedgerEntry(
        order.order_id, Operation.CAPTURE, EntryStatus.INTENT, order.total_amount, "EUR", services.clock.now()
    )
    adapters.ledger.intend(intent)
    off = replace(order.moved(Status.CANCELLED, services.clock.now()), duties=frozenset({Duty.REFUND}))
    saved: Order = adapters.orders.save(off, Status.PAYMENT_PROCESSING)
    return saved


def entry(adapters: FakeAdapters, order: Order, operation: Operation) -> LedgerEntry:
    found = adapters.ledger.get(order.order_id, operation)
    assert found is not None
    return found


def charge(adapters: FakeAdapters, order: Order) -> GatewayAnswer:
    key = gateway_key(order.order_id, Operation.CAPTURE)
    return adapters.gateway.capture(key, order.total_amount, order.currency, "pm_card_visa")


def test_a_capture_that_is_found_late_is_corrected_in_the_ledger(services: Services, adapters: FakeAdapters) -> None:
    order = unsuccessful(services, adapters)
    assert not services.workflow.payments.refund(order).final
    assert entry(adapters, order, Operation.CAPTURE).status is EntryStatus.ABANDONED

    answer = charge(adapters, order)
    services.workflow.payments.refund(order)

    capture = entry(adapters, order, Operation.CAPTURE)
    assert (capture.status, capture.reference) == (EntryStatus.SUCCEEDED, answer.reference)
    assert entry(adapters, order, Operation.REFUND).status is EntryStatus.SUCCEEDED


def test_an_answer_that_is_written_between_look_and_write_counts(services: Services, adapters: FakeAdapters) -> None:
    order = unsuccessful(services, adapters)
    find = adapters.gateway.find

    def found_too_early(key: str) -> None:
        answer = charge(adapters, order)
        intent = entry(adapters, order, Operation.CAPTURE)
        adapters.ledger.record_outcome(replace(intent, status=EntryStatus.SUCCEEDED, reference=answer.reference))
        adapters.gateway.find = find

    adapters.gateway.find = found_too_early

    given = services.workflow.payments.refund(order)

    assert given.final
    assert given.captured_as == entry(adapters, order, Operation.CAPTURE).reference
    assert entry(adapters, order, Operation.REFUND).status is EntryStatus.SUCCEEDED


def test_a_charge_that_was_cancelled_meanwhile_is_abandoned(services: Services, adapters: FakeAdapters) -> None:
    order = charging(services, adapters)
    capture = adapters.gateway.capture

    def slow(*sent: Any) -> GatewayAnswer:
        adapters.ledger.record_outcome(replace(entry(adapters, order, Operation.CAPTURE), status=EntryStatus.ABANDONED))
        answer: GatewayAnswer = capture(*sent)
        return answer

    adapters.gateway.capture = slow

    assert services.workflow.payments.capture(order).status is EntryStatus.ABANDONED


def test_what_was_captured_and_refunded_is_not_relied_on(services: Services, adapters: FakeAdapters) -> None:
    order = charging(services, adapters)
    payments = services.workflow.payments
    captured = payments.capture(order)
    assert payments.capture(order) == captured

    adapters.ledger.intend(replace(captured, operation=Operation.REFUND, status=EntryStatus.INTENT))

    with pytest.raises(AlreadyRefunded):
        payments.capture(order)


def test_of_two_who_refund_at_once_both_report_what_was_written(services: Services, adapters: FakeAdapters) -> None:
    order = unsuccessful(services, adapters)
    charge(adapters, order)
    refund = adapters.gateway.refund

    def slow(*sent: Any) -> GatewayAnswer:
        answer: GatewayAnswer = refund(*sent)
        intent = entry(adapters, order, Operation.REFUND)
        adapters.ledger.record_outcome(
            replace(intent, status=EntryStatus.SUCCEEDED, at="2026-11-21T00:00:00.000Z", reference=answer.reference)
        )
        return answer

    adapters.gateway.refund = slow

    given = services.workflow.payments.refund(order)

    assert given.refund == entry(adapters, order, Operation.REFUND)


def test_a_refund_is_asked_for_anew_under_a_new_key_each_time(services: Services, adapters: FakeAdapters) -> None:
    order = unsuccessful(services, adapters)
    charge(adapters, order)
    keys: list[str] = []

    def refuse(key: str, *_: Any) -> GatewayAnswer:
        keys.append(key)
        return GatewayAnswer(False, "re_1", Decimal(0), "expired_card", "No.")

    adapters.gateway.refund = refuse

    for again in (False, False, True, True):
        services.workflow.payments.refund(order, again=again)

    assert keys == [gateway_key(order.order_id, Operation.REFUND, attempt) for attempt in (1, 2, 3)]
    assert entry(adapters, order, Operation.REFUND).attempt == 3


@pytest.mark.parametrize("is_there", [True, False])
def test_who_asks_for_a_refund_anew_after_another_did_reports_what_came_of_that(
    services: Services, adapters: FakeAdapters, is_there: bool
) -> None:
    order = unsuccessful(services, adapters)
    charge(adapters, order)
    asked: list[str] = []

    def refuse(key: str, *_: Any) -> GatewayAnswer:
        asked.append(key)
        return GatewayAnswer(False, "re_1", Decimal(0), "expired_card", "No.")

    adapters.gateway.refund = refuse
    refused = services.workflow.payments.refund(order).refund
    assert refused is not None
    others = replace(refused, status=EntryStatus.SUCCEEDED, reference="re_2", code="", attempt=2)
    reopen = adapters.ledger.reopen

    def too_late(intent: LedgerEntry) -> bool:
        if is_there:
            adapters.ledger.correct(others)
        else:  # it expired
            adapters.ledger.entries.pop((order.order_id, Operation.REFUND))
        return bool(reopen(intent))

    adapters.ledger.reopen = too_late

    assert services.workflow.payments.refund(order, again=True).refund == (others if is_there else refused)
    assert len(asked) == 1


@pytest.mark.parametrize(("silent", "tries"), [(0, 1), (1, 2), (2, 2)])
def test_a_silent_gateway_is_asked_twice_in_all(
    services: Services, adapters: FakeAdapters, silent: int, tries: int
) -> None:
    order, capture, asked = charging(services, adapters), adapters.gateway.capture, []

    def silent_at_first(*about: Any) -> GatewayAnswer:
        asked.append(about)
        if len(asked) <= silent:
            raise GatewayTimeout("No answer in time.")
        return capture(*about)

    adapters.gateway.capture = silent_at_first

    pauses: list[float] = []
    payments = replace(services.workflow.payments, pause=pauses.append)

    with nullcontext() if silent < tries else pytest.raises(GatewayTimeout):
        payments.capture(order)

    assert (len(asked), pauses) == (tries, [0.1] * (tries - 1))
