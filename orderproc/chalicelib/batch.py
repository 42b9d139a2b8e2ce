"""Work off a batch of records one by one: the good ones are done, the bad ones come back.

Chalice sets no ReportBatchItemFailures on the mapping, so a raised error returns the whole batch. Therefore the good
ones are deleted here before the error is raised, and the bad ones hidden for a while that doubles with each try."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote_plus

from .domain.errors import MalformedMessage
from .jsonio import InvalidJson, loads
from .observability import log, telemetry

_RECEIPT = re.compile(r"receipts/([\w-]+)\.pdf")
MAX_RECEIVES = 3
"""As in the queues' redrive policies: after so many tries SQS moves a message to the dead-letter queue."""


class Event(Protocol):
    """The part of chalice's SQSEvent and S3Event that is used here."""

    def to_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Message:
    """One record: its parsed body, and whether SQS will give up on it after this try."""

    body: Mapping[str, Any]
    last_try: bool
    again: bool = False
    """It was received before: whatever it asks for may have been done, in part or in whole."""

    def text(self, name: str) -> str:
        """A field that must be a text. Raises MalformedMessage."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise MalformedMessage(f"The message has no {name}.")
        return value


KeepReason = Callable[[str, Exception, Mapping[str, Any], str], None]
"""With the message's id, what was raised, the body as far as it could be read, and the correlation id."""


@dataclass(frozen=True)
class Queue:
    """A queue as its consumer needs it: how to delete and hide messages. `retry_base` is in seconds."""

    client: Any
    url: str
    retry_base: int
    keep_reason: KeepReason | None = None
    """Called when the last try failed; without it nobody remembers why."""


class BatchFailed(Exception):
    """Some records failed and stay in the queue; the reasons were logged one by one."""


def work_off(event: Event, queue: Queue, act: Callable[[Message], Any]) -> None:
    """Call `act` for each record. Raises BatchFailed if any of them raised, with all others deleted."""
    good: list[dict[str, Any]] = []
    bad: list[dict[str, Any]] = []
    for record in event.to_dict()["Records"]:
        (good if _worked(queue, record, act) else bad).append(record)
    if not bad:
        return  # Lambda deletes a batch that succeeded, in calls we do not pay extra for
    if good:
        _delete(queue, good)
    for record in bad:
        _hide(queue, record)
    raise BatchFailed(f"{len(bad)} of {len(bad) + len(good)} messages failed")


def each_object(event: Event, act: Callable[[str], Any]) -> None:
    """Call `act` with the key of each new object of an S3 event; fails as `each_record` does."""
    each_record(event, lambda record: act(key_of(record)))


def each_record(event: Event, act: Callable[[Mapping[str, Any]], Any]) -> None:
    """Call `act` with each record of an S3 event. Raises BatchFailed if any of them raised, after all were tried:
    Lambda then repeats the whole event, in which what is done must find itself done."""
    failed, records = 0, event.to_dict()["Records"]
    for record in records:
        log.correlate("")
        try:
            act(record)
        except Exception as error:  # noqa: BLE001
            key = _key_or_nothing(record)
            of_order = _RECEIPT.fullmatch(key)
            log.exception("object_failed", orderId=of_order and of_order[1], key=key, reason=type(error).__name__)
            failed += 1
    if failed:
        raise BatchFailed(f"{failed} of {len(records)} objects failed")


def key_of(record: Mapping[str, Any]) -> str:
    """The object's key, which S3 writes URL-encoded into its events."""
    return unquote_plus(record["s3"]["object"]["key"])


def _key_or_nothing(record: Mapping[str, Any]) -> str:
    try:
        return key_of(record)
    except (KeyError, TypeError):
        return ""


def _worked(queue: Queue, record: dict[str, Any], act: Callable[[Message], Any]) -> bool:
    tries = _receives(record)
    body: Mapping[str, Any] = {}
    log.correlate("")  # what can't be read belongs to no order, least of all to the one before
    if tries > 1:
        telemetry.message_again()
    try:
        body = _body(record)
        log.correlate(str(body.get("correlationId", "")))
        act(Message(body, tries >= MAX_RECEIVES, again=tries > 1))
    except Exception as error:  # noqa: BLE001
        # Not forgotten: the message goes back to the queue, and the batch raises.
        log.exception(
            "message_failed",
            orderId=body.get("orderId"),
            messageId=record["messageId"],
            tries=tries,
            gaveUp=1 if tries >= MAX_RECEIVES else None,
            reason=type(error).__name__,
        )
        if tries >= MAX_RECEIVES:
            telemetry.gave_up()
            _keep_reason(queue, record, error, body)
        return False
    return True


def _keep_reason(queue: Queue, record: dict[str, Any], error: Exception, body: Mapping[str, Any]) -> None:
    """SQS moves the message to the dead-letter queue without a word of why."""
    if queue.keep_reason is None:
        return
    try:
        queue.keep_reason(record["messageId"], error, body, log.correlation_id)
    except Exception as trouble:  # noqa: BLE001
        # It was logged, too; what matters is that the message comes back.
        log.warning("reason_not_kept", messageId=record["messageId"], reason=type(trouble).__name__)


def _body(record: dict[str, Any]) -> Mapping[str, Any]:
    try:
        body = loads(record["body"])
    except InvalidJson as error:
        raise MalformedMessage(str(error)) from None
    if not isinstance(body, dict):
        raise MalformedMessage("A message must be a JSON object.")
    return body


def _receives(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def _delete(queue: Queue, records: list[dict[str, Any]]) -> None:
    """A record that can't be deleted comes back and finds its work done."""
    for start in range(0, len(records), 10):
        entries = [
            {"Id": str(n), "ReceiptHandle": record["receiptHandle"]}
            for n, record in enumerate(records[start : start + 10])
        ]
        answer = queue.client.delete_message_batch(QueueUrl=queue.url, Entries=entries)
        for failure in answer.get("Failed", []):
            log.warning("delete_failed", reason=failure.get("Code"))


def _hide(queue: Queue, record: dict[str, Any]) -> None:
    delay = queue.retry_base * 2 ** (_receives(record) - 1)
    seconds = round(random.uniform(delay / 2, delay)) if delay else 0
    try:
        queue.client.change_message_visibility(
            QueueUrl=queue.url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=seconds
        )
    except Exception as error:  # noqa: BLE001
        # Then it comes back when the queue's own visibility timeout ends: later, but it does.
        log.warning("backoff_not_set", messageId=record["messageId"], reason=type(error).__name__)
