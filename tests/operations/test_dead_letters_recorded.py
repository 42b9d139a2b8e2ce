"""Dead letters: away for good, and a record of whoever did what to them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.operations.dead_letters import DeadLetters
from chalicelib.operations.ports import AuditRecord

from tests.support.builders.dead_letters import (
    DLQ,
    MAIL_DLQ,
    put,
)
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs


def test_what_is_discarded_is_gone_and_on_record(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    ids = put(sqs, 3)
    personal = sqs.put(DLQ, json.dumps({"orderId": "o-9", "customerEmail": "a@b.test"}))

    done = dead.discard("anna", "orders", [personal, ids[1], "nobody"], "Test messages of ours.")

    assert done == (2, ["nobody"], True)
    assert sqs.visible(DLQ) == [ids[0], ids[2]]
    [record] = adapters.audit_records.all
    assert (record.who, record.action, record.details["reason"]) == ("anna", "discard", "Test messages of ours.")
    assert {copy["messageId"] for copy in record.details["messages"]} == {personal, ids[1]}
    assert '"orderId":"o-9"' in str(record.details["messages"])
    assert "a@b.test" not in str(record.details)
    assert record.outcome == {"discarded": 2, "notFound": ["nobody"], "complete": True}


@pytest.mark.slow
def test_a_hundred_large_messages_fit_into_their_record(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    ids = [sqs.put(DLQ, json.dumps({"note": "東" * 6_000})) for _ in range(100)]

    dead.discard("anna", "orders", ids, "Nobody needs them.", seconds=60)

    assert len(json.dumps(adapters.audit_records.all[0].details, ensure_ascii=False).encode()) < 400_000


def test_what_can_not_be_recorded_is_not_discarded(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    ids = put(sqs, 3)

    def refuse(record: AuditRecord) -> None:
        raise TemporarilyUnavailable

    adapters.audit_records.put = refuse

    with pytest.raises(TemporarilyUnavailable):
        dead.discard("anna", "orders", ids, "Nobody needs them.")
    with pytest.raises(TemporarilyUnavailable):
        dead.redrive("anna", "orders")

    assert sqs.visible(DLQ) == ids


def test_what_could_not_be_deleted_is_not_called_discarded(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    ids = put(sqs, 2)
    delete = sqs.delete_message_batch
    sqs.delete_message_batch = lambda QueueUrl, Entries: delete(QueueUrl, Entries[:1])  # type: ignore[method-assign]  # noqa: N803

    with pytest.raises(TemporarilyUnavailable):
        dead.discard("anna", "orders", ids, "Nobody needs them.")

    assert sqs.visible(DLQ) == ids[1:]
    assert adapters.audit_records.all[0].outcome["discarded"] == 1


# On record


def test_a_redrive_is_on_record_before_anything_is_moved(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    ids = put(sqs, 2)
    send = sqs.send_message_batch

    def look(**more: Any) -> Any:
        [record] = adapters.audit_records.all
        assert (record.action, record.details, record.outcome) == (
            "redrive",
            {"queue": "orders", "messageIds": "all"},
            None,
        )
        return send(**more)

    sqs.send_message_batch = look  # type: ignore[method-assign]

    dead.redrive("anna", "orders")

    [record] = adapters.audit_records.all
    assert record.outcome == {
        "redriven": 2,
        "messageIds": ids,
        "refused": {},
        "left": 0,
        "notFound": [],
        "complete": True,
    }


def test_a_redrive_cut_off_by_sqs_says_how_far_it_came(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    put(sqs, 20)
    send, calls = sqs.send_message_batch, []

    def once(**more: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise TemporarilyUnavailable("not now")
        return send(**more)

    sqs.send_message_batch = once  # type: ignore[method-assign]

    with pytest.raises(TemporarilyUnavailable):
        dead.redrive("anna", "orders")

    outcome = adapters.audit_records.all[0].outcome
    assert (outcome["redriven"], outcome["error"]) == (10, "TemporarilyUnavailable: not now")
    adapters.clock.advance(60)
    assert len(sqs.visible(DLQ)) == 10


def test_a_redrive_of_very_many_that_are_all_refused_is_on_record(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    for n in range(2500):
        sqs.put(MAIL_DLQ, json.dumps({"n": n}))

    dead.redrive("anna", "mail", seconds=600)

    [record] = adapters.audit_records.all
    assert (record.outcome["redriven"], record.outcome["left"]) == (0, 2500)
    assert len(record.outcome["refused"]) == 1001
    assert record.outcome["refused"]["…"] == "and 1500 more"
    assert len(json.dumps(record.outcome, ensure_ascii=False).encode()) < 200_000
