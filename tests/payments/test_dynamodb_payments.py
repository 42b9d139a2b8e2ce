"""The ledger in DynamoDB: what each write demands of the stored entry, and what is made of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.payments.dynamodb import DynamoLedger
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation

from tests.support.aws_stub import Stub, refused

pytestmark = pytest.mark.usefixtures("pauses")

AT = "2026-11-21T14:30:25.123Z"
FAILED = "ConditionalCheckFailedException"
INTENT = LedgerEntry("o-1", Operation.REFUND, EntryStatus.INTENT, Decimal("1299.90"), "EUR", AT)
DONE = replace(INTENT, status=EntryStatus.SUCCEEDED, reference="re_1")
STORED = {
    "orderId": "o-1",
    "status": INTENT.status.value,
    "amount": Decimal("1299.90"),
    "currency": "EUR",
    "at": AT,
}

Write = Callable[[DynamoLedger], bool]


def item(**changes: Any) -> dict[str, Any]:
    """As it is stored."""
    return to_dynamodb({**STORED, "operation": Operation.REFUND.value, **changes})


@pytest.fixture
def ledger(dynamodb: Stub) -> DynamoLedger:
    return DynamoLedger(dynamodb.client, "payments")


def test_an_entry_is_intended_once(dynamodb: Stub, ledger: DynamoLedger) -> None:
    dynamodb.answers({}, refused(FAILED, Item=item(attempt=2)))

    assert ledger.intend(INTENT) is None
    assert ledger.intend(INTENT) == replace(INTENT, attempt=2)

    sent = {
        "TableName": "payments",
        "Item": item(),
        "ConditionExpression": "attribute_not_exists(orderId)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    assert dynamodb.calls == [("PutItem", sent)] * 2


def test_an_entry_that_the_refusal_does_not_show_is_read(dynamodb: Stub, ledger: DynamoLedger) -> None:
    dynamodb.answers(refused(FAILED), {"Item": item()})

    assert ledger.intend(INTENT) == INTENT
    key = to_dynamodb({"orderId": "o-1", "operation": Operation.REFUND.value})
    assert dynamodb.sent[1] == {"TableName": "payments", "Key": key, "ConsistentRead": True}


@pytest.mark.parametrize(
    ("write", "status", "attempt"),
    [
        (lambda ledger: ledger.record_outcome(DONE), "INTENT", None),
        (lambda ledger: ledger.record_outcome(replace(DONE, attempt=2)), "INTENT", 2),
        (lambda ledger: ledger.record_outcome(replace(DONE, attempt=3)), "INTENT", 3),
        (lambda ledger: ledger.reopen(replace(INTENT, attempt=2)), "DECLINED", None),
        (lambda ledger: ledger.reopen(replace(INTENT, attempt=3)), "DECLINED", 2),
    ],
)
def test_an_entry_must_stand_in_the_attempt_it_was_read_in(
    dynamodb: Stub, ledger: DynamoLedger, write: Write, status: str, attempt: int | None
) -> None:
    """The first attempt has no number: entries of before there were others have none."""
    dynamodb.answers({})

    assert write(ledger)

    (sent,) = dynamodb.sent
    wanted = f"#s = :s AND {'attempt = :n' if attempt else 'attribute_not_exists(attempt)'}"
    assert sent["ConditionExpression"] == wanted
    assert sent["ExpressionAttributeNames"] == {"#s": "status"}
    assert sent["ExpressionAttributeValues"] == to_dynamodb({":s": EntryStatus[status].value, ":n": attempt})


@pytest.mark.parametrize(
    ("write", "written"),
    [
        (lambda ledger: ledger.record_outcome(DONE), item(status=EntryStatus.SUCCEEDED.value, reference="re_1")),
        (lambda ledger: ledger.reopen(replace(INTENT, attempt=2)), item(attempt=2)),
    ],
)
@pytest.mark.parametrize("whose", ["ours", "another's", "none"])
def test_a_refused_write_was_done_if_the_entry_says_what_it_wrote(
    dynamodb: Stub, ledger: DynamoLedger, write: Write, written: dict[str, Any], whose: str
) -> None:
    found = {"ours": {"Item": written}, "another's": {"Item": {**written, "at": {"S": "2026"}}}, "none": {}}
    dynamodb.answers(refused(FAILED), found[whose])

    assert write(ledger) is (whose == "ours")
    assert dynamodb.operations == ["PutItem", "GetItem"]
    assert dynamodb.sent[0]["Item"] == written
    assert dynamodb.sent[1]["ConsistentRead"] is True


@pytest.mark.parametrize(
    "write",
    [
        lambda ledger: ledger.intend(INTENT),
        lambda ledger: ledger.record_outcome(DONE),
        lambda ledger: ledger.reopen(replace(INTENT, attempt=2)),
        lambda ledger: ledger.correct(DONE),
    ],
)
def test_no_other_error_counts_as_a_failed_condition(dynamodb: Stub, ledger: DynamoLedger, write: Write) -> None:
    dynamodb.answers(refused("ProvisionedThroughputExceededException"))

    with pytest.raises(ClientError):
        write(ledger)

    assert dynamodb.operations == ["PutItem"]


def test_a_correction_is_written_over_whatever_is_there(dynamodb: Stub, ledger: DynamoLedger) -> None:
    dynamodb.answers({})

    ledger.correct(DONE)

    written = item(status=EntryStatus.SUCCEEDED.value, reference="re_1")
    assert dynamodb.calls == [("PutItem", {"TableName": "payments", "Item": written})]
