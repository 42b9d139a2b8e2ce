"""Reasons of dead letters and audit records: kept, read back, in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from chalicelib.kit.tries import Tries
from chalicelib.operations.dynamodb import DynamoAuditRecords, DynamoReasons, DynamoTries
from chalicelib.operations.dynamodb_notes import DynamoNotes
from chalicelib.operations.ports import AuditRecord, AuditRecords, Note, Notes, Reason, Reasons

from tests.contract.engines import MINISTACK_TOO, client, make_tables
from tests.support.fakes.dead_letters import FakeAuditRecords, FakeNotes, FakeReasons, FakeTries

NOW = "2026-11-21T14:30:25.123Z"


@dataclass
class Operations:
    reasons: Reasons
    audit: AuditRecords
    tries: Tries
    notes: Notes
    expires: Callable[[str, str], int | None] = lambda queue, message_id: None


def _dynamodb(endpoint_url: str) -> Operations:
    dynamodb = client("dynamodb", endpoint_url)
    table = make_tables(dynamodb, f"operations-{uuid4().hex[:8]}")["operations"]

    def expires(queue: str, message_id: str) -> int:
        key = {"scope": {"S": f"dead-letters#{queue}"}, "item": {"S": message_id}}
        return int(dynamodb.get_item(TableName=table, Key=key)["Item"]["expiresAt"]["N"])

    return Operations(
        DynamoReasons(dynamodb, table),
        DynamoAuditRecords(dynamodb, table),
        DynamoTries(dynamodb, table),
        DynamoNotes(dynamodb, table),
        expires,
    )


@pytest.fixture(scope="module", params=["fakes", MINISTACK_TOO, "dynamodb-local"])
def operations(request: pytest.FixtureRequest) -> Operations:
    if request.param == "fakes":
        return Operations(FakeReasons(), FakeAuditRecords(), FakeTries(), FakeNotes())
    return _dynamodb(request.getfixturevalue(request.param.replace("-", "_")))


def reason(message_id: str, **changes: Any) -> Reason:
    return replace(Reason(message_id, "KeyError: 'price'", "o-1", NOW, "corr-1"), **changes)


def record(number: int, day: str = "2026-11-21", **changes: Any) -> AuditRecord:
    at = f"{day}T14:30:{number:02d}.000Z"
    return replace(AuditRecord(f"r{number}", at, "anna", "redrive", {"queue": "orders"}), **changes)


def test_a_reason_is_found_by_its_message(operations: Operations) -> None:
    one, other = reason("m-1"), reason("m-2", order_id="", correlation_id="", text="Ζωή: €")
    operations.reasons.keep("orders", one)
    operations.reasons.keep("orders", other)

    found = operations.reasons.of("orders", ["m-1", "m-2", "m-3", "m-1"])

    assert found == {"m-1": one, "m-2": other}


def test_a_reason_says_whether_it_may_pass(operations: Operations) -> None:
    operations.reasons.keep("orders", reason("m-20", passes=True))

    assert operations.reasons.of("orders", ["m-20"])["m-20"].passes


def test_tries_are_counted_for_each_message_of_each_queue(operations: Operations) -> None:
    assert [operations.tries.begin("orders", "t-1") for _ in range(3)] == [1, 2, 3]
    assert operations.tries.begin("orders", "t-2") == 1
    assert operations.tries.begin("imports", "t-1") == 1

    assert operations.tries.begun("orders", ["t-1", "t-2", "t-3", "t-1"]) == {"t-1": 3, "t-2": 1}
    assert operations.tries.begun("orders", []) == {}


def test_what_was_redriven_last_is_known_for_each_queue(operations: Operations) -> None:
    assert operations.tries.last_redriven("payment") == ([], "")

    operations.tries.remember_redriven("payment", ["m-1"], NOW)
    operations.tries.remember_redriven("payment", ["m-2", "m-3"], "2026-11-21T15:00:00.000Z")
    operations.tries.remember_redriven("shipping", ["m-4"], NOW)

    assert operations.tries.last_redriven("payment") == (["m-2", "m-3"], "2026-11-21T15:00:00.000Z")


def test_queues_have_reasons_of_their_own(operations: Operations) -> None:
    operations.reasons.keep("payment", reason("m-9"))

    assert operations.reasons.of("shipping", ["m-9"]) == {}
    assert operations.reasons.of("payment", []) == {}


def test_the_last_reason_counts(operations: Operations) -> None:
    operations.reasons.keep("orders", reason("m-5"))
    operations.reasons.keep("orders", reason("m-5", text="another"))

    assert operations.reasons.of("orders", ["m-5"])["m-5"].text == "another"


def test_more_than_one_call_reads_are_read(operations: Operations) -> None:
    for n in range(120):
        operations.reasons.keep("imports", reason(f"m-{n}"))

    assert len(operations.reasons.of("imports", [f"m-{n}" for n in range(130)])) == 120


def test_a_reason_is_kept_longer_than_its_message(operations: Operations) -> None:
    operations.reasons.keep("orders", reason("m-7"))

    expires = operations.expires("orders", "m-7")

    if expires is not None:
        assert 20 < (expires - time.time()) / (24 * 3600) <= 21


def test_a_record_is_read_as_it_was_written(operations: Operations) -> None:
    details = {"messageIds": ["a", "b"], "reason": 'Ζωή: "so"', "amount": Decimal("20.00"), "deep": {"x": [None, True]}}
    begun = record(1, "2026-01-01", details=details)
    operations.audit.put(begun)
    assert operations.audit.page("2026-01-01", 10, None).items == [begun]

    ended = replace(begun, outcome={"redriven": 2})
    operations.audit.put(ended)
    operations.audit.put(ended)

    assert operations.audit.page("2026-01-01", 10, None).items == [ended]


def test_a_day_is_read_newest_first_in_pages_that_end(operations: Operations) -> None:
    for n in range(6):
        operations.audit.put(record(n, "2026-02-02"))
    operations.audit.put(record(7, "2026-02-03"))

    pages, after = [], None
    while not pages or after:
        page = operations.audit.page("2026-02-02", 2, after)
        after = page.next
        pages.append([found.record_id for found in page.items])

    assert pages == [["r5", "r4"], ["r3", "r2"], ["r1", "r0"]]


def test_a_day_without_records_is_empty(operations: Operations) -> None:
    page = operations.audit.page("1999-01-01", 10, None)

    assert (page.items, page.next) == ([], None)


def test_records_of_an_order_are_found_by_it_the_oldest_first(operations: Operations) -> None:
    of_order = [record(n, day, details={"orderId": "o-77"}) for n, day in ((2, "2026-03-02"), (1, "2026-03-03"))]
    for one in [*reversed(of_order), record(3, "2026-03-03", details={"orderId": "o-78"}), record(4, "2026-03-03")]:
        operations.audit.put(one)
    ended = replace(of_order[0], outcome={"done": True})
    operations.audit.put(ended)

    assert operations.audit.of_order("o-77") == [ended, of_order[1]]
    assert operations.audit.of_order("o-79") == []
    assert len(operations.audit.page("2026-03-03", 10, None).items) == 3


def test_notes_are_kept_by_their_order_the_oldest_first(operations: Operations) -> None:
    late = Note("a", "o-1", "2026-11-22T10:00:00.000Z", "anna", "Zwei\nZeilen")
    early, other = replace(late, note_id="b", at=NOW), replace(late, order_id="o-2")

    assert [operations.notes.add(note) for note in (late, early, other)] == [None, None, None]

    assert operations.notes.of("o-1") == [early, late]
    assert operations.notes.of("o-3") == []


def test_a_note_is_added_once_by_its_id(operations: Operations) -> None:
    note = Note("same", "o-9", NOW, "anna", "First")

    assert operations.notes.add(note) is None
    assert operations.notes.add(note) is None  # our own write, whose answer was lost
    assert operations.notes.add(replace(note, text="Second")) == note
    assert operations.notes.of("o-9") == [note]
