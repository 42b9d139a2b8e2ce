"""Why a message is in a dead-letter queue. SQS does not keep it: so consumers write it down on their last try, and
where another service gave up, its message says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..kit.jsonio import at
from ..kit.plain_text import cut
from ..kit.redaction import masked_text
from .ports import DeadMessage, Reason

DIED = "The function died or ran out of time on it; see its log."
CAME_TOO_LATE = "EventAgeExceeded"
"""What Lambda calls it if it could not run the function at all, for as long as it may try."""
_CONDITIONS = {
    CAME_TOO_LATE: "Lambda gave up: the event grew too old before a call succeeded.",
    "RetriesExhausted": "Lambda gave up after all of its tries.",
    "RetryAttemptsExhausted": "Lambda gave up after all of its tries",
    "MaxRecordAgeExceeded": "Lambda gave up after a day",
}
_LONGEST = 500


def reason_for(message: DeadMessage, payload: Any, kept: Reason | None) -> str:
    """One line without personal data, also if little is known."""
    if kept is not None:
        return kept.text
    if "ERROR_CODE" in message.attributes:
        said = _text_of(message, "ERROR_MESSAGE") or "no reason given"
        return _line(f"EventBridge could not deliver it: {_text_of(message, 'ERROR_CODE')}: {said}")
    if is_given_up_call(payload):
        return _line(_of_a_call(payload))
    if isinstance(batch := at(payload, "DDBStreamBatchInfo"), Mapping):
        return _line(_of_a_batch(payload, batch))
    if isinstance(change := at(payload, "notCounted"), Mapping):
        when, why = change.get("changedAt"), change.get("reason")  # as `DeadLetterRecords` writes it
        return _line(f"A change of the order at {when} can't be read and is not counted: {why}")
    return DIED


def is_given_up_call(payload: Any) -> bool:
    """Whether it is what Lambda sends about an asynchronous invocation that exhausted its retries:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return isinstance(payload, Mapping) and "requestPayload" in payload and "requestContext" in payload


def order_id_in(payload: Any) -> str | None:
    """Of our own messages, of events with a detail, and of the receipts that a given-up call was about."""
    for inner in (payload, at(payload, "detail"), at(payload, "order")):
        for name in ("orderId", "OrderId"):
            if isinstance(order_id := at(inner, name), str) and order_id:
                return order_id
    key = str(at(payload, "requestPayload", "Records", 0, "s3", "object", "key"))
    folder, _, name = key.rpartition("/")
    return name.removesuffix(".pdf") if folder == "receipts" and name.endswith(".pdf") else None


def _of_a_call(payload: Any) -> str:
    if said := at(payload, "responsePayload", "errorMessage"):
        kind = at(payload, "responsePayload", "errorType")
        return f"{kind}: {said}" if kind else str(said)
    return _CONDITIONS.get(str(at(payload, "requestContext", "condition")), DIED)


def _of_a_batch(payload: Any, batch: Mapping[str, Any]) -> str:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"""
    gave_up = _CONDITIONS.get(str(at(payload, "requestContext", "condition")), "Lambda gave up")
    since, until = (batch.get(f"approximateArrivalOf{which}Record") for which in ("First", "Last"))
    return (
        f"{gave_up.rstrip('.')}: {batch.get('batchSize')} changes of orders, from {since} to {until}, are not counted."
    )


def _text_of(message: DeadMessage, name: str) -> str:
    return str(at(message.attributes, name, "StringValue") or "")


def _line(text: str) -> str:
    return cut(masked_text(text), _LONGEST)
