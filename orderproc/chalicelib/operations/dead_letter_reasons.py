"""Why a message is in a dead-letter queue. SQS does not keep it: so consumers write it down on their last try, and
where somebody else gave up, it stands in what he sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    """One line without personal data, whatever is known."""
    if kept is not None:
        return kept.text
    if "ERROR_CODE" in message.attributes:
        said = _text_of(message, "ERROR_MESSAGE") or "no reason given"
        return _line(f"EventBridge could not deliver it: {_text_of(message, 'ERROR_CODE')}: {said}")
    if is_given_up_call(payload):
        return _line(_of_a_call(payload))
    if isinstance(payload, Mapping) and isinstance(payload.get("DDBStreamBatchInfo"), Mapping):
        return _line(_of_a_batch(payload, payload["DDBStreamBatchInfo"]))
    if isinstance(payload, Mapping) and isinstance(payload.get("notCounted"), Mapping):
        return _line(_of_a_change(payload["notCounted"]))
    return DIED


def is_given_up_call(payload: Any) -> bool:
    """Whether it is what Lambda sends about an asynchronous invocation that it gave up on:
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    return isinstance(payload, Mapping) and "requestPayload" in payload and "requestContext" in payload


def order_id_in(payload: Any) -> str | None:
    """Of our own messages, of events with a detail, and of the receipts that a given-up call was about."""
    if not isinstance(payload, Mapping):
        return None
    for inner in (payload, payload.get("detail"), payload.get("order")):
        if isinstance(inner, Mapping):
            for name in ("orderId", "OrderId"):
                if isinstance(inner.get(name), str) and inner[name]:
                    return str(inner[name])
    return _order_of_a_receipt(payload)


def _order_of_a_receipt(payload: Mapping[str, Any]) -> str | None:
    try:
        key = str(payload["requestPayload"]["Records"][0]["s3"]["object"]["key"])
    except (KeyError, IndexError, TypeError):
        return None
    folder, _, name = key.rpartition("/")
    return name.removesuffix(".pdf") if folder == "receipts" and name.endswith(".pdf") else None


def _of_a_call(payload: Mapping[str, Any]) -> str:
    context, response = payload["requestContext"], payload.get("responsePayload")
    if isinstance(response, Mapping) and (said := response.get("errorMessage")):
        kind = response.get("errorType")
        return f"{kind}: {said}" if kind else str(said)
    condition = context.get("condition") if isinstance(context, Mapping) else None
    return _CONDITIONS.get(str(condition), DIED)


def _of_a_batch(payload: Mapping[str, Any], batch: Mapping[str, Any]) -> str:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"""
    context = payload.get("requestContext")
    condition = str(context.get("condition")) if isinstance(context, Mapping) else ""
    gave_up = _CONDITIONS.get(condition, "Lambda gave up")
    since, until = (batch.get(f"approximateArrivalOf{which}Record") for which in ("First", "Last"))
    return (
        f"{gave_up.rstrip('.')}: {batch.get('batchSize')} changes of orders, from {since} to {until}, are not counted."
    )


def _of_a_change(change: Mapping[str, Any]) -> str:
    """As `DeadLetterRecords` writes it."""
    when, why = change.get("changedAt"), change.get("reason")
    return f"A change of the order at {when} can't be read and is not counted: {why}"


def _text_of(message: DeadMessage, name: str) -> str:
    attribute = message.attributes.get(name)
    return str(attribute.get("StringValue", "")) if isinstance(attribute, Mapping) else ""


def _line(text: str) -> str:
    return cut(masked_text(text), _LONGEST)
