"""Dead-letter queues on SQS, and functions that are invoked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..kit.aws import or_unavailable
from ..kit.chunks import chunks, fitting
from ..kit.clock import to_iso
from ..kit.errors import TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.wiring import service
from ..workflow.ports import Depth
from .ports import DeadMessage, Sent

_MOST = 10
"""Messages that one call takes."""
_LARGEST_BATCH = 240_000
"""Bytes that one SendMessageBatch takes in every region, with room for what SQS counts beside bodies."""
_PATIENCE = 1
"""Seconds. With any at all SQS asks each of its servers before it says that there is nothing."""
_SILENT = "The queue does not answer: try again in a moment."
_COUNTED = ("", "NotVisible", "Delayed")

PERMISSIONS = {
    "depth": ["sqs:GetQueueAttributes queue/{}"],
    "empty": ["sqs:ReceiveMessage queue/{}", "sqs:ChangeMessageVisibility queue/{}", "sqs:DeleteMessage queue/{}"],
    "send": ["sqs:SendMessage queue/{}"],
    "invoke": ["lambda:InvokeFunction function/{}"],
}


@service
class SqsDeadLetters:
    """The clients are made on first use: most need only one of them."""

    sqs: Any
    functions: Callable[[], Any]

    def depth(self, url: str) -> Depth:
        names = [f"ApproximateNumberOfMessages{which}" for which in _COUNTED]
        with or_unavailable(_SILENT):
            attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return Depth(*(int(attributes.get(name, 0)) for name in names))

    def take(self, url: str, most: int, hidden: int, *, patient: bool) -> list[DeadMessage]:
        with or_unavailable(_SILENT):
            answer = self.sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(most, _MOST),
                VisibilityTimeout=hidden,
                WaitTimeSeconds=_PATIENCE if patient else 0,
                AttributeNames=["SentTimestamp", "ApproximateReceiveCount", "AWSTraceHeader"],
                MessageAttributeNames=["All"],
            )
        return [_message(found) for found in answer.get("Messages", [])]

    def make_visible(self, url: str, messages: Sequence[DeadMessage]) -> None:
        for some in chunks(messages, _MOST):
            entries = _entries(some, lambda message: {"ReceiptHandle": message.handle, "VisibilityTimeout": 0})
            try:
                with or_unavailable(_SILENT):
                    self.sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)
            except TemporarilyUnavailable:
                return  # they become visible later, and what was done with them stays done

    def delete(self, url: str, messages: Sequence[DeadMessage]) -> set[str]:
        deleted: set[str] = set()
        for some in chunks(messages, _MOST):
            entries = _entries(some, lambda message: {"ReceiptHandle": message.handle})
            with or_unavailable(_SILENT):
                answer = self.sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            deleted |= set(_by_id(some, answer, "Successful"))
        return deleted

    def send(self, url: str, messages: Sequence[DeadMessage]) -> Sent:
        sent = Sent({}, {})
        for some in fitting(messages, _MOST, _LARGEST_BATCH, _size_of):
            with or_unavailable(_SILENT):
                answer = self.sqs.send_message_batch(QueueUrl=url, Entries=_entries(some, _entry))
            done, failed = _by_id(some, answer, "Successful"), _by_id(some, answer, "Failed")
            sent.new_ids.update((message_id, one["MessageId"]) for message_id, one in done.items())
            sent.refused.update((message_id, str(one.get("Code"))) for message_id, one in failed.items())
        return sent

    def invoke(self, function: str, payload: Any) -> None:
        with or_unavailable(_SILENT):
            self.functions().invoke(FunctionName=function, InvocationType="Event", Payload=dumps(payload).encode())


def _message(found: Mapping[str, Any]) -> DeadMessage:
    attributes = found.get("Attributes", {})
    sent = int(attributes.get("SentTimestamp", 0)) / 1000
    return DeadMessage(
        message_id=found["MessageId"],
        body=found["Body"],
        attributes=found.get("MessageAttributes", {}),
        sent_at=to_iso(datetime.fromtimestamp(sent, UTC)),
        receives=int(attributes.get("ApproximateReceiveCount", 0)),
        handle=found["ReceiptHandle"],
        trace=attributes.get("AWSTraceHeader", ""),
    )


def _entries(messages: Sequence[DeadMessage], entry: Callable[[DeadMessage], dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"Id": str(n), **entry(message)} for n, message in enumerate(messages)]


def _by_id(messages: Sequence[DeadMessage], answer: Mapping[str, Any], outcome: str) -> dict[str, Any]:
    """Those parts of SQS's answer, by the ids of the messages that they are about."""
    return {messages[int(one["Id"])].message_id: one for one in answer.get(outcome, [])}


def _entry(message: DeadMessage) -> dict[str, Any]:
    entry: dict[str, Any] = {"MessageBody": message.body}
    if message.attributes:
        entry["MessageAttributes"] = dict(message.attributes)
    if message.trace:
        entry["MessageSystemAttributes"] = {"AWSTraceHeader": {"DataType": "String", "StringValue": message.trace}}
    return entry


def _size_of(message: DeadMessage) -> int:
    return len(message.body.encode()) + len(repr(message.attributes))
