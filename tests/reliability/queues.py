"""SQS in memory as far as a consumer can tell: visibility, counted receives, the dead-letter queue, redrive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kit.tries import as_attribute
from chalicelib.orders.model import Order

from tests.support.builders.examples import MAX_RECEIVES
from tests.support.fakes.clock import FakeClock

VISIBILITY_SECONDS = 360
FUNCTION_SECONDS = 60
"""As in .chalice/config.json."""


@dataclass
class _Message:
    number: int
    body: str
    visible_at: datetime
    receives: int = 0
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """As SQS takes and gives them."""


class Context:
    """Lambda's, of a function that begins now."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock, self.ends = clock, clock.moment + timedelta(seconds=FUNCTION_SECONDS)

    def get_remaining_time_in_millis(self) -> float:
        return (self.ends - self._clock.moment).total_seconds() * 1000


class Batch:
    """What Lambda hands to the function, in the shape of chalice's SQSEvent."""

    def __init__(self, messages: list[_Message], clock: FakeClock) -> None:
        self.messages = messages
        self.context = Context(clock)

    def to_dict(self) -> dict[str, Any]:
        return {"Records": [self._record(message) for message in self.messages]}

    def _record(self, message: _Message) -> dict[str, Any]:
        return {
            "messageId": f"m-{message.number}",
            "receiptHandle": str(message.number),
            "body": message.body,
            "attributes": {"ApproximateReceiveCount": str(message.receives)},
            "messageAttributes": {
                name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
                for name, value in message.attributes.items()
            },
        }


class SimulatedQueue:
    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._sent = 0
        self.messages: list[_Message] = []
        self.dead: list[_Message] = []

    def send(self, body: str, receives: int = 0, attributes: Mapping[str, Any] | None = None) -> None:
        """`receives` says how often it was received in vain before."""
        self._sent += 1
        self.messages.append(_Message(self._sent, body, self._clock.moment, receives, attributes or {}))

    def receive(self) -> Batch | None:
        """The next ten, hidden from now on; waits for the first to become visible. None when there are none left."""
        self.bury()
        if not self.messages:
            return None
        self._clock.moment = max(self._clock.moment, min(m.visible_at for m in self.messages))
        now = self._clock.moment
        taken = [m for m in self.messages if m.visible_at <= now][:10]
        for message in taken:
            message.receives += 1
            message.visible_at = now + timedelta(seconds=VISIBILITY_SECONDS)
        return Batch(taken, self._clock)

    def delete(self, handle: str) -> None:
        self.messages = [m for m in self.messages if str(m.number) != handle]

    def hide(self, handle: str, seconds: int) -> None:
        for message in self.messages:
            if str(message.number) == handle:
                message.visible_at = self._clock.moment + timedelta(seconds=seconds)

    def redrive(self) -> None:
        """As our own redrive does: back into the queue as new messages with its mark."""
        dead, self.dead = self.dead, []
        for message in dead:
            self.send(message.body, attributes={**message.attributes, **as_attribute(0)})

    def bury_all(self) -> None:
        """All of them to the dead-letter queue, as if their consumer had died each time without a call."""
        self.dead += self.messages
        self.messages = []

    def bury(self) -> None:
        """To the dead-letter queue with what was received too often."""
        self.dead += [m for m in self.messages if m.receives >= MAX_RECEIVES]
        self.messages = [m for m in self.messages if m.receives < MAX_RECEIVES]


class SimulatedSqs:
    """The client that `batch` deletes and hides with."""

    def __init__(self, queues: dict[str, SimulatedQueue]) -> None:
        self._queues = queues

    def delete_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        for entry in Entries:
            self._queues[QueueUrl].delete(entry["ReceiptHandle"])
        return {"Successful": Entries}

    def change_message_visibility_batch(self, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        for entry in Entries:
            self._queues[QueueUrl].hide(entry["ReceiptHandle"], entry["VisibilityTimeout"])
        return {"Successful": Entries}


class OrderHandOver:
    """The hand-over port, into a simulated queue."""

    def __init__(self, queue: SimulatedQueue) -> None:
        self._queue = queue

    def hand_over(self, order: Order) -> None:
        self._queue.send(order_message(order.order_id))


def order_message(order_id: str) -> str:
    return json.dumps({"orderId": order_id, "correlationId": "corr-1"})
