"""The reconciler: what contradicts itself is found, listed, repaired where that is safe, and struck when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.model import Duty, Order, Reservation, Status
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation

from tests.support.builders import discrepancies as inspected
from tests.support.builders.discrepancies import HOUR, NONE, finished, later, listed
from tests.support.fakes.adapters import FakeAdapters

SEEDS: dict[Kind, Callable[[Services, FakeAdapters], Order]] = {
    Kind.CAPTURED_NOT_REFUNDED: inspected.worthless,
    Kind.FINISHED_UNPAID: inspected.unpaid,
    Kind.RECEIPT_MISSING: inspected.without_receipt,
    Kind.STUCK: inspected.never_ended,
    Kind.NEEDS_ATTENTION: inspected.marked,
    Kind.MAIL_MISSING: inspected.unmailed,
    Kind.MESSAGE_NOT_SENT: inspected.in_doubt,
}


def test_what_is_as_it_should_be_is_not_listed(services: Services, adapters: FakeAdapters) -> None:
    finished(services)
    finished(services, fulfilment="manual")
    inspected.failed(services)
    cancelled = services.workflow.cancel(finished(services))
    inspected.tell(services, cancelled)
    adapters.clock.advance(HOUR)
    services.workflow.housekeeper()
    assert not adapters.store.orders[cancelled.order_id].open
    later(adapters)

    assert services.operations.reconciliation() == NONE

    assert listed(adapters) == {}
    assert adapters.metrics.reported == [NONE]


@pytest.mark.parametrize("kind", SEEDS)
def test_each_kind_is_found_listed_and_counted(services: Services, adapters: FakeAdapters, kind: Kind) -> None:
    finished(services)
    order = SEEDS[kind](services, adapters)
    later(adapters)

    assert services.operations.reconciliation() == {**NONE, kind: 1}

    found = listed(adapters)
    assert list(found) == [(kind, order.order_id)]
    assert found[kind, order.order_id].found_at == adapters.clock.now()
    assert adapters.metrics.reported == [{**NONE, kind: 1}]


def test_details_say_what_staff_need_to_judge_it(services: Services, adapters: FakeAdapters) -> None:
    unpaid, worthless = inspected.unpaid(services, adapters), inspected.worthless(services, adapters)
    later(adapters)

    services.operations.reconciliation()

    found = listed(adapters)
    money = {"total": "1299.99", "currency": "EUR", "refunded": "0.00"}
    assert found[Kind.FINISHED_UNPAID, unpaid.order_id].details == {"status": "COMPLETED", "captured": "0.00", **money}
    assert found[Kind.CAPTURED_NOT_REFUNDED, worthless.order_id].details == {
        "status": "CANCELLED",
        "captured": "1299.99",
        **money,
    }


@pytest.mark.parametrize(
    ("amount", "currency", "status"),
    [
        (Decimal("1299.98"), "EUR", EntryStatus.SUCCEEDED),
        (Decimal("1299.99"), "USD", EntryStatus.SUCCEEDED),
        (Decimal("1299.99"), "EUR", EntryStatus.INTENT),
        (Decimal("1299.99"), "EUR", EntryStatus.DECLINED),
        (Decimal("1299.99"), "EUR", EntryStatus.ABANDONED),
    ],
)
def test_only_the_whole_total_in_its_currency_captured_pays_an_order(
    services: Services, adapters: FakeAdapters, amount: Decimal, currency: str, status: EntryStatus
) -> None:
    order = finished(services)
    entry: LedgerEntry = adapters.ledger.entries[order.order_id, Operation.CAPTURE]
    adapters.ledger.correct(replace(entry, amount=amount, currency=currency, status=status))
    later(adapters)

    assert services.operations.reconciliation() == {**NONE, Kind.FINISHED_UNPAID: 1}


def test_an_order_without_its_receipt_gets_it_and_the_entry_is_listed_as_repaired(
    services: Services, adapters: FakeAdapters
) -> None:
    order = inspected.without_receipt(services, adapters)
    later(adapters)

    services.operations.reconciliation()

    assert set(adapters.documents.files) == {
        f"receipts/{order.order_id}.pdf",
        f"orders/2026/11/21/{order.order_id}.json",
    }
    assert listed(adapters)[Kind.RECEIPT_MISSING, order.order_id].repaired


def test_money_kept_for_nothing_is_given_back_by_the_housekeeper(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.worthless(services, adapters)
    later(adapters)

    services.operations.reconciliation()
    services.workflow.housekeeper()

    assert adapters.ledger.get(order.order_id, Operation.REFUND).status is EntryStatus.SUCCEEDED
    stored = adapters.store.orders[order.order_id]
    assert (stored.open, stored.payment and stored.payment.refunded) == (False, Decimal("1299.99"))
    assert listed(adapters)[Kind.CAPTURED_NOT_REFUNDED, order.order_id].repaired


def test_what_was_repaired_counts_once_and_is_listed_for_a_week(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.without_receipt(services, adapters)
    later(adapters)
    services.operations.reconciliation()

    later(adapters, 6 * 24)
    assert services.operations.reconciliation() == NONE
    assert list(listed(adapters)) == [(Kind.RECEIPT_MISSING, order.order_id)]

    later(adapters, 24.1)
    assert listed(adapters) == {}


def test_what_only_a_person_can_repair_stays_listed_and_counts_in_every_run(
    services: Services, adapters: FakeAdapters
) -> None:
    order = inspected.unpaid(services, adapters)
    later(adapters)
    services.operations.reconciliation()
    first = adapters.clock.now()
    later(adapters, 24 * 8)

    assert services.operations.reconciliation() == {**NONE, Kind.FINISHED_UNPAID: 1}

    finding = listed(adapters)[Kind.FINISHED_UNPAID, order.order_id]
    assert (finding.found_at, finding.last_seen_at, finding.repaired) == (first, adapters.clock.now(), False)


def test_it_disappears_when_it_holds_no_longer(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.unpaid(services, adapters)
    entry = LedgerEntry(
        order.order_id, Operation.CAPTURE, EntryStatus.SUCCEEDED, order.total_amount, "EUR", adapters.clock.now()
    )
    later(adapters)
    services.operations.reconciliation()

    adapters.ledger.correct(entry)

    assert services.operations.reconciliation() == NONE
    assert listed(adapters) == {}


def test_an_order_that_is_gone_takes_its_findings_with_it(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.unpaid(services, adapters)
    later(adapters)
    services.operations.reconciliation()

    del adapters.store.orders[order.order_id]

    assert services.operations.reconciliation() == NONE
    assert listed(adapters) == {}


def test_an_order_that_got_stuck_is_looked_at_whole_once_it_ended(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.never_ended(services, adapters)
    later(adapters)
    assert services.operations.reconciliation() == {**NONE, Kind.STUCK: 1}

    services.workflow.steps.run_all(order.order_id)

    assert services.operations.reconciliation() == {**NONE, Kind.RECEIPT_MISSING: 1}
    assert list(listed(adapters)) == [(Kind.RECEIPT_MISSING, order.order_id)]


def test_an_order_that_was_cancelled_but_never_finalized_is_stuck(services: Services, adapters: FakeAdapters) -> None:
    order = finished(services)
    adapters.orders.restock(
        replace(
            order.moved(Status.CANCELLED, adapters.clock.now()),
            reservation=Reservation.RESTOCKED,
            duties=frozenset({Duty.REFUND}),
        ),
        order.status,
    )
    adapters.clock.advance(HOUR)
    assert services.operations.reconciliation() == NONE  # the housekeeper has it in hand
    later(adapters)

    assert services.operations.reconciliation() == {**NONE, Kind.STUCK: 1}


def test_an_order_that_left_the_index_of_open_orders_too_early_is_stuck(
    services: Services, adapters: FakeAdapters
) -> None:
    inspected.forgotten(services, adapters)
    later(adapters)

    assert services.operations.reconciliation() == {**NONE, Kind.STUCK: 1}


def test_a_mark_on_an_order_long_looked_at_is_seen_while_it_is_open(services: Services, adapters: FakeAdapters) -> None:
    order = finished(services)
    later(adapters, 24 * 30)
    services.operations.reconciliation()
    marked = replace(order, attention="EventsNotPublished", unpublished=("OrderCompleted",))
    adapters.orders.save(marked, order.status)

    assert services.operations.reconciliation() == {**NONE, Kind.NEEDS_ATTENTION: 1}


def test_what_a_run_repairs_it_does_not_judge_again(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.worthless(services, adapters)
    later(adapters)
    save, adapters.orders.save = adapters.orders.save, None  # reopening it fails
    with pytest.raises(ExceptionGroup):
        services.operations.reconciliation()
    adapters.findings.reached = None
    adapters.orders.save = save

    assert services.operations.reconciliation() == {**NONE, Kind.CAPTURED_NOT_REFUNDED: 1}

    assert [(f.kind, f.repaired) for f in listed(adapters).values()] == [(Kind.CAPTURED_NOT_REFUNDED, True)]
    assert adapters.store.orders[order.order_id].open


# Trouble.


def test_what_cannot_be_repaired_stays_listed_does_not_hinder_the_next_and_rings(
    services: Services, adapters: FakeAdapters
) -> None:
    poison, other = (inspected.without_receipt(services, adapters) for _ in range(2))
    later(adapters)
    render = services.workflow.receipts.render

    def failing(order: Order, at: str) -> bytes:
        if order.order_id == poison.order_id:
            raise ValueError("no such glyph")
        return render(order, at)

    object.__setattr__(services.workflow.receipts, "render", failing)
    for _ in range(2):
        with pytest.raises(ExceptionGroup) as trouble:
            services.operations.reconciliation()
        assert len(trouble.value.exceptions) == 1

    found = listed(adapters)
    assert not found[Kind.RECEIPT_MISSING, poison.order_id].repaired
    assert found[Kind.RECEIPT_MISSING, other.order_id].repaired
    assert adapters.metrics.reported[-1] == {**NONE, Kind.RECEIPT_MISSING: 1}

    object.__setattr__(services.workflow.receipts, "render", render)
    services.operations.reconciliation()
    assert listed(adapters)[Kind.RECEIPT_MISSING, poison.order_id].repaired


def test_what_cannot_be_read_is_read_again_by_the_next_run(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.unpaid(services, adapters)
    later(adapters)
    look_up = adapters.ledger.look_up

    def throttled(keys: object) -> object:
        raise TimeoutError("no answer")

    adapters.ledger.look_up = throttled
    with pytest.raises(TimeoutError):
        services.operations.reconciliation()
    assert adapters.findings.reached is None

    adapters.ledger.look_up = look_up
    services.operations.reconciliation()
    assert list(listed(adapters)) == [(Kind.FINISHED_UNPAID, order.order_id)]
