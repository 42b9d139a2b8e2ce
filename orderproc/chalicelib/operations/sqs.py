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

    def give_back(self, url: str, messages: Sequence[DeadMessage]) -> None:
        for some in chunks(messages, _MOST):
            entries = [
                {"Id": str(n), "ReceiptHandle": message.handle, "VisibilityTimeout": 0}
                for n, message in enumerate(some)
            ]
            try:
                with or_unavailable(_SILENT):
                    self.sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)
            except TemporarilyUnavailable:
                return  # they come back by themselves, and what was done with them stands

    def delete(self, url: str, messages: Sequence[DeadMessage]) -> set[str]:
        deleted: set[str] = set()
        for some in chunks(messages, _MOST):
            entries = [{"Id": str(n), "ReceiptHandle": message.handle} for n, message in enumerate(some)]
            with or_unavailable(_SILENT):
                answer = self.sqs.delete_message_batch(QueueUrl=url, Entries=entries)
            deleted |= {some[int(done["Id"])].message_id for done in answer.get("Successful", [])}
        return deleted

    def send(self, url: str, messages: Sequence[DeadMessage]) -> Sent:
        new_ids: dict[str, str] = {}
        refused: dict[str, str] = {}
        for some in fitting(messages, _MOST, _LARGEST_BATCH, _size_of):
            entries = [_entry(str(n), message) for n, message in enumerate(some)]
            with or_unavailable(_SILENT):
                answer = self.sqs.send_message_batch(QueueUrl=url, Entries=entries)
            new_ids |= {some[int(done["Id"])].message_id: done["MessageId"] for done in answer.get("Successful", [])}
            refused |= {
                some[int(failed["Id"])].message_id: str(failed.get("Code")) for failed in answer.get("Failed", [])
            }
        return Sent(new_ids, refused)

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


def _entry(entry_id: str, message: DeadMessage) -> dict[str, Any]:
    entry: dict[str, Any] = {"Id": entry_id, "MessageBody": message.body}
    if message.attributes:
        entry["MessageAttributes"] = dict(message.attributes)
    if message.trace:
        entry["MessageSystemAttributes"] = {"AWSTraceHeader": {"DataType": "String", "StringValue": message.trace}}
    return entry


def _size_of(message: DeadMessage) -> int:
    return len(message.body.encode()) + len(repr(message.attributes))
