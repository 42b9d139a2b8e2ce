"""What dead letters need of AWS, in memory: SQS with visibility, counted receives and moves to dead-letter queues, as
far as its clients can tell; functions that are invoked; reasons and audit records."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError
from chalicelib.kit.clock import to_millis
from chalicelib.kit.page import Page
from chalicelib.operations.ports import AuditRecord, Note, Reason
from chalicelib.operations.sqs import SqsDeadLetters

from tests.support.builders.examples import MAX_RECEIVES

DLQ = "-dlq"
_LARGEST = 262_144


@dataclass
class Stored:
    """A message in a queue."""

    message_id: str
    body: str
    attributes: dict[str, Any]
    sent_at: str
    visible_at: datetime
    trace: str = ""
    receives: int = 0
    handle: str = ""


@dataclass
class FakeSqs:
    """The client. Every URL is a queue; one whose `<url>-dlq` was used before, or is asked to, has a dead-letter queue
    there. `seconds_per_call` pass with each receive."""

    clock: Any
    queues: dict[str, list[Stored]] = field(default_factory=dict)
    seconds_per_call: float = 0
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def put(self, url: str, body: str, attributes: Mapping[str, Any] | None = None, trace: str = "") -> str:
        """As a sender whom nobody refuses; returns the id."""
        message_id = f"00000000-0000-4000-8000-{next(self._numbers):012d}"
        now = self.clock.moment
        stored = Stored(message_id, body, dict(attributes or {}), self.clock.now(), now, trace)
        self.queues.setdefault(url, []).append(stored)
        return message_id

    def bodies(self, url: str) -> list[str]:
        """Of all messages in the queue, hidden or not."""
        return [message.body for message in self.queues.get(url, [])]

    def visible(self, url: str) -> list[str]:
        """Ids of those that somebody else would receive now."""
        return [m.message_id for m in self.queues.get(url, []) if m.visible_at <= self.clock.moment]

    def receive_message(
        self,
        QueueUrl: str,  # noqa: N803
        MaxNumberOfMessages: int = 1,  # noqa: N803
        VisibilityTimeout: int = 30,  # noqa: N803
        **_: Any,
    ) -> dict[str, Any]:
        assert 1 <= MaxNumberOfMessages <= 10
        self.clock.advance(self.seconds_per_call)
        self._dead_letter(QueueUrl)
        now = self.clock.moment
        found = [m for m in self.queues.get(QueueUrl, []) if m.visible_at <= now][:MaxNumberOfMessages]
        for message in found:
            message.receives += 1
            message.visible_at = now + timedelta(seconds=VisibilityTimeout)
            message.handle = f"handle-{next(self._numbers)}"
        return {"Messages": [_received(message) for message in found]} if found else {}

    def change_message_visibility(self, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:  # noqa: N803
        message = self._held(QueueUrl, ReceiptHandle)
        if message:
            message.visible_at = self.clock.moment + timedelta(seconds=VisibilityTimeout)

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        _check(Entries)
        for entry in Entries:
            self.change_message_visibility(QueueUrl, entry["ReceiptHandle"], entry["VisibilityTimeout"])
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        _check(Entries)
        handles = {entry["ReceiptHandle"] for entry in Entries}
        self.queues[QueueUrl] = [m for m in self.queues.get(QueueUrl, []) if m.handle not in handles]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        _check(Entries)
        if sum(len(entry["MessageBody"].encode()) for entry in Entries) > _LARGEST:
            raise ClientError({"Error": {"Code": "BatchRequestTooLong"}}, "SendMessageBatch")
        done = []
        for entry in Entries:
            trace = entry.get("MessageSystemAttributes", {}).get("AWSTraceHeader", {}).get("StringValue", "")
            new = self.put(QueueUrl, entry["MessageBody"], entry.get("MessageAttributes"), trace)
            done.append({"Id": entry["Id"], "MessageId": new})
        return {"Successful": done}

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        self._dead_letter(QueueUrl)
        messages, now = self.queues.get(QueueUrl, []), self.clock.moment
        hidden = len([m for m in messages if m.visible_at > now])
        counted = {"": len(messages) - hidden, "NotVisible": hidden, "Delayed": 0}
        return {"Attributes": {f"ApproximateNumberOfMessages{which}": str(n) for which, n in counted.items()}}

    def _dead_letter(self, url: str) -> None:
        """Those received too often in vain, into the dead-letter queue; nothing is moved out of one of these."""
        if url.endswith(DLQ):
            return
        worn = [m for m in self.queues.get(url, []) if m.receives >= MAX_RECEIVES and m.visible_at <= self.clock.moment]
        for message in worn:
            self.queues[url].remove(message)
            self.queues.setdefault(f"{url}{DLQ}", []).append(message)

    def _held(self, url: str, handle: str) -> Stored | None:
        return next((m for m in self.queues.get(url, []) if m.handle == handle), None)


@dataclass
class FakeFunctions:
    """Lambda's client: what was invoked, and whether anybody waited for it."""

    invoked: list[tuple[str, str, bytes]] = field(default_factory=list)

    def invoke(self, FunctionName: str, InvocationType: str, Payload: bytes) -> None:  # noqa: N803
        self.invoked.append((FunctionName, InvocationType, Payload))


@dataclass
class FakeReasons:
    kept: dict[tuple[str, str], Reason] = field(default_factory=dict)

    def keep(self, queue: str, reason: Reason) -> None:
        self.kept[queue, reason.message_id] = reason

    def of(self, queue: str, message_ids: Sequence[str]) -> dict[str, Reason]:
        return {i: self.kept[queue, i] for i in message_ids if (queue, i) in self.kept}


@dataclass
class FakeTries:
    counted: dict[tuple[str, str], int] = field(default_factory=dict)
    redriven: dict[str, tuple[list[str], str]] = field(default_factory=dict)

    def begin(self, queue: str, message_id: str) -> int:
        self.counted[queue, message_id] = self.counted.get((queue, message_id), 0) + 1
        return self.counted[queue, message_id]

    def begun(self, queue: str, message_ids: Sequence[str]) -> dict[str, int]:
        return {i: self.counted[queue, i] for i in message_ids if (queue, i) in self.counted}

    def remember_redriven(self, queue: str, message_ids: Sequence[str], at: str) -> None:
        self.redriven[queue] = list(message_ids), at

    def last_redriven(self, queue: str) -> tuple[list[str], str]:
        return self.redriven.get(queue, ([], ""))


@dataclass
class FakeAuditRecords:
    kept: dict[tuple[str, str], AuditRecord] = field(default_factory=dict)

    def put(self, record: AuditRecord) -> None:
        self.kept[record.at, record.record_id] = record

    @property
    def all(self) -> list[AuditRecord]:
        """Oldest first."""
        return [self.kept[key] for key in sorted(self.kept)]

    def of_order(self, order_id: str) -> list[AuditRecord]:
        return [record for record in self.all if record.details.get("orderId") == order_id]

    def page(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[AuditRecord]:
        keys = sorted((key for key in self.kept if key[0].startswith(day)), reverse=True)
        keys = [key for key in keys if after is None or "#".join(key) < after["item"]]
        following = {"item": "#".join(keys[limit - 1])} if len(keys) > limit else None
        return Page([self.kept[key] for key in keys[:limit]], following)


@dataclass
class FakeNotes:
    kept: dict[tuple[str, str], Note] = field(default_factory=dict)

    def add(self, note: Note) -> Note | None:
        there = self.kept.setdefault((note.order_id, note.note_id), note)
        return None if there == note else there

    def of(self, order_id: str) -> list[Note]:
        found = (note for (of, _), note in self.kept.items() if of == order_id)
        return sorted(found, key=lambda note: (note.at, note.note_id))


def dead_letter_queues(sqs: FakeSqs, functions: FakeFunctions) -> SqsDeadLetters:
    """The real adapter over these: it has no other semantics than theirs."""
    return SqsDeadLetters(sqs, lambda: functions)


def _received(message: Stored) -> dict[str, Any]:
    attributes = {"SentTimestamp": str(to_millis(message.sent_at)), "ApproximateReceiveCount": str(message.receives)}
    if message.trace:
        attributes["AWSTraceHeader"] = message.trace
    received: dict[str, Any] = {
        "MessageId": message.message_id,
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "Attributes": attributes,
    }
    return {**received, "MessageAttributes": message.attributes} if message.attributes else received


def _check(entries: list[dict[str, Any]]) -> None:
    assert 1 <= len(entries) <= 10
    assert len({entry["Id"] for entry in entries}) == len(entries)
