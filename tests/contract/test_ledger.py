"""The ledger of payments: one entry per order and operation, whose end is written once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.domain.payments import EntryStatus, LedgerEntry, Operation

from tests.contract.threads import at_once
from tests.contract.worlds import Storage, unique

LATER = "2026-11-21T14:30:26.000Z"


def intent(operation: Operation = Operation.CAPTURE) -> LedgerEntry:
    at = "2026-11-21T14:30:25.123Z"
    return LedgerEntry(unique("order"), operation, EntryStatus.INTENT, Decimal("1299.90"), "EUR", at)


def succeeded(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, status=EntryStatus.SUCCEEDED, at=LATER, reference="ch_1")


def declined(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, status=EntryStatus.DECLINED, at=LATER, code="CARD_DECLINED", message="Zurückgewiesen 東")


def test_an_intent_is_stored_and_found(storage: Storage) -> None:
    entry = intent()

    assert storage.ledger.intend(entry) is None

    found = storage.ledger.get(entry.order_id, Operation.CAPTURE)
    assert found == entry
    assert found is not None
    assert str(found.amount) == "1299.90"


def test_what_was_never_intended_is_none(storage: Storage) -> None:
    assert storage.ledger.get("no-such-order", Operation.CAPTURE) is None


def test_the_second_intent_gets_the_entry_that_is_there_and_changes_nothing(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.settle(succeeded(entry))

    assert storage.ledger.intend(replace(entry, at=LATER)) == succeeded(entry)

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == succeeded(entry)


def test_of_twenty_who_intend_at_once_one_does(storage: Storage) -> None:
    entry = intent()
    rivals = [replace(entry, at=f"2026-11-21T14:30:25.{n:03d}Z") for n in range(20)]

    answers = at_once(20, lambda n: storage.ledger.intend(rivals[n]))

    winner = rivals[answers.index(None)]
    assert answers.count(None) == 1
    assert all(answer == winner for answer in answers if answer is not None)


def test_capture_and_refund_of_an_order_are_two_entries(storage: Storage) -> None:
    capture = intent()
    refund = replace(capture, operation=Operation.REFUND)

    assert storage.ledger.intend(capture) is None
    assert storage.ledger.intend(refund) is None
    storage.ledger.settle(succeeded(capture))

    assert storage.ledger.get(capture.order_id, Operation.CAPTURE) == succeeded(capture)
    assert storage.ledger.get(capture.order_id, Operation.REFUND) == refund


@pytest.mark.parametrize("ended", [succeeded, declined])
def test_an_intent_is_settled_with_every_field(storage: Storage, ended: object) -> None:
    entry = intent()
    storage.ledger.intend(entry)

    assert storage.ledger.settle(ended(entry))  # type: ignore[operator]

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == ended(entry)  # type: ignore[operator]


def test_what_is_settled_stays_as_it_is(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.settle(succeeded(entry))

    assert not storage.ledger.settle(declined(entry))

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == succeeded(entry)


def test_settling_again_in_the_same_words_is_recognised_as_ones_own_write(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.settle(succeeded(entry))

    assert storage.ledger.settle(succeeded(entry))


def test_what_was_never_intended_can_not_be_settled(storage: Storage) -> None:
    entry = intent()

    assert not storage.ledger.settle(succeeded(entry))

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) is None


def test_of_twenty_who_settle_differently_at_once_one_does(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)

    won = at_once(20, lambda n: storage.ledger.settle(replace(succeeded(entry), reference=f"ch_{n}")))

    assert won.count(True) == 1
    found = storage.ledger.get(entry.order_id, Operation.CAPTURE)
    assert found is not None
    assert found.reference == f"ch_{won.index(True)}"


def test_an_abandoned_entry_can_be_corrected(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.settle(replace(entry, status=EntryStatus.ABANDONED))

    storage.ledger.correct(succeeded(entry))

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == succeeded(entry)
