"""The ledger of payments: one entry per order and operation, whose end is written once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation

from tests.contract.adapters import Storage, unique
from tests.contract.threads import concurrently

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
    storage.ledger.record_outcome(succeeded(entry))

    assert storage.ledger.intend(replace(entry, at=LATER)) == succeeded(entry)

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == succeeded(entry)


def test_of_twenty_who_intend_at_once_one_does(storage: Storage) -> None:
    entry = intent()
    rivals = [replace(entry, at=f"2026-11-21T14:30:25.{n:03d}Z") for n in range(20)]

    answers = concurrently(20, lambda n: storage.ledger.intend(rivals[n]))

    winner = rivals[answers.index(None)]
    assert answers.count(None) == 1
    assert all(answer == winner for answer in answers if answer is not None)


def test_capture_and_refund_of_an_order_are_two_entries(storage: Storage) -> None:
    capture = intent()
    refund = replace(capture, operation=Operation.REFUND)

    assert storage.ledger.intend(capture) is None
    assert storage.ledger.intend(refund) is None
    storage.ledger.record_outcome(succeeded(capture))

    assert storage.ledger.get(capture.order_id, Operation.CAPTURE) == succeeded(capture)
    assert storage.ledger.get(capture.order_id, Operation.REFUND) == refund


@pytest.mark.parametrize("ended", [succeeded, declined])
def test_an_intent_is_completed_with_every_field(storage: Storage, ended: object) -> None:
    entry = intent()
    storage.ledger.intend(entry)

    assert storage.ledger.record_outcome(ended(entry))  # type: ignore[operator]

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == ended(entry)  # type: ignore[operator]


def test_what_is_recorded_stays_as_it_is(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.record_outcome(succeeded(entry))

    assert not storage.ledger.record_outcome(declined(entry))

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == succeeded(entry)


def test_recording_it_again_in_the_same_words_is_recognised_as_ones_own_write(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.record_outcome(succeeded(entry))

    assert storage.ledger.record_outcome(succeeded(entry))


def test_what_was_never_intended_can_not_be_recorded(storage: Storage) -> None:
    entry = intent()

    assert not storage.ledger.record_outcome(succeeded(entry))

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) is None


def test_of_twenty_who_record_different_outcomes_at_once_one_does(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)

    won = concurrently(20, lambda n: storage.ledger.record_outcome(replace(succeeded(entry), reference=f"ch_{n}")))

    assert won.count(True) == 1
    found = storage.ledger.get(entry.order_id, Operation.CAPTURE)
    assert found is not None
    assert found.reference == f"ch_{won.index(True)}"


def test_an_abandoned_entry_can_be_corrected(storage: Storage) -> None:
    entry = intent()
    storage.ledger.intend(entry)
    storage.ledger.record_outcome(replace(entry, status=EntryStatus.ABANDONED))

    storage.ledger.correct(succeeded(entry))

    assert storage.ledger.get(entry.order_id, Operation.CAPTURE) == succeeded(entry)


def asked_again(entry: LedgerEntry) -> LedgerEntry:
    return replace(entry, at=LATER, attempt=entry.attempt + 1)


def refused_once(storage: Storage) -> LedgerEntry:
    """The intent of a refund that the provider then refused."""
    entry = intent(Operation.REFUND)
    storage.ledger.intend(entry)
    storage.ledger.record_outcome(declined(entry))
    return entry


def test_what_was_refused_is_asked_for_anew_and_ends_again(storage: Storage) -> None:
    first = refused_once(storage)

    second = asked_again(first)
    assert storage.ledger.reopen(second)
    assert storage.ledger.get(first.order_id, Operation.REFUND) == second
    assert storage.ledger.record_outcome(declined(second))
    third = asked_again(second)
    assert storage.ledger.reopen(third)
    assert storage.ledger.record_outcome(succeeded(third))

    assert storage.ledger.get(first.order_id, Operation.REFUND) == succeeded(third)


def test_the_late_answer_to_an_earlier_attempt_ends_no_later_one(storage: Storage) -> None:
    first = refused_once(storage)
    second = asked_again(first)
    storage.ledger.reopen(second)

    assert not storage.ledger.record_outcome(succeeded(first))
    assert storage.ledger.get(first.order_id, Operation.REFUND) == second

    storage.ledger.record_outcome(declined(second))
    third = asked_again(second)
    storage.ledger.reopen(third)

    assert not storage.ledger.record_outcome(succeeded(second))
    assert storage.ledger.get(first.order_id, Operation.REFUND) == third


def test_an_attempt_that_has_not_begun_can_not_end(storage: Storage) -> None:
    entry = intent(Operation.REFUND)
    storage.ledger.intend(entry)

    assert not storage.ledger.record_outcome(succeeded(asked_again(entry)))

    assert storage.ledger.get(entry.order_id, Operation.REFUND) == entry


def test_only_what_was_refused_is_asked_for_anew(storage: Storage) -> None:
    waiting, done = intent(Operation.REFUND), intent(Operation.REFUND)
    storage.ledger.intend(waiting)
    storage.ledger.intend(done)
    storage.ledger.record_outcome(succeeded(done))
    never = intent(Operation.REFUND)

    assert not any(storage.ledger.reopen(asked_again(entry)) for entry in (waiting, done, never))

    assert storage.ledger.get(waiting.order_id, Operation.REFUND) == waiting
    assert storage.ledger.get(done.order_id, Operation.REFUND) == succeeded(done)
    assert storage.ledger.get(never.order_id, Operation.REFUND) is None


def test_no_attempt_is_passed_over_or_repeated(storage: Storage) -> None:
    first = refused_once(storage)

    assert not storage.ledger.reopen(replace(first, attempt=3))
    assert storage.ledger.get(first.order_id, Operation.REFUND) == declined(first)

    second = asked_again(first)
    storage.ledger.reopen(second)
    storage.ledger.record_outcome(declined(second))
    assert not storage.ledger.reopen(replace(second, at="2026-11-21T14:30:27.000Z"))
    assert storage.ledger.get(first.order_id, Operation.REFUND) == declined(second)


def test_reopening_again_in_the_same_words_is_recognised_as_ones_own_write(storage: Storage) -> None:
    second = asked_again(refused_once(storage))
    storage.ledger.reopen(second)

    assert storage.ledger.reopen(second)


def test_of_twenty_who_ask_anew_at_once_one_does(storage: Storage) -> None:
    first = refused_once(storage)
    rivals = [replace(asked_again(first), at=f"2026-11-21T14:30:27.{n:03d}Z") for n in range(20)]

    won = concurrently(20, lambda n: storage.ledger.reopen(rivals[n]))

    assert won.count(True) == 1
    assert storage.ledger.get(first.order_id, Operation.REFUND) == rivals[won.index(True)]
