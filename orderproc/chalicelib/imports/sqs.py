"""Many messages in few calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..kit.chunks import chunks, fitting
from ..kit.errors import TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import service
from ..orders.model import Order

_MAX_BYTES = 256 * 1024
"""Of all messages of a call together: what every SQS takes, though newer ones take more."""
_WAITING = "ApproximateNumberOfMessages"
_ALL = (_WAITING, f"{_WAITING}NotVisible", f"{_WAITING}Delayed")

PERMISSIONS = {
    "send": ["sqs:SendMessage queue/{}"],
    "depth": ["sqs:GetQueueAttributes queue/{}"],
}


@service
class SqsRowMessages:
    client: Any
    queue_url: str
    backoff: Backoff = BACKOFF

    def send(self, bodies: Sequence[str]) -> None:
        for some in fitting(bodies, 10, _MAX_BYTES, lambda body: len(body.encode())):
            if self.backoff.not_taken(some, lambda left: _not_taken(self.client, self.queue_url, left)):
                raise TemporarilyUnavailable("The imports queue did not take all messages.")

    def send_later(self, body: str, seconds: int) -> None:
        self.client.send_message(QueueUrl=self.queue_url, MessageBody=body, DelaySeconds=seconds)

    def waiting(self) -> int:
        return _number(self.client, self.queue_url, *_ALL)


@service
class SqsManyHandOvers:
    client: Any
    queue_url: str
    backoff: Backoff = BACKOFF

    def hand_over(self, orders: Sequence[Order]) -> list[Order]:
        left: list[Order] = []
        is_out = False
        for some in chunks(orders, 10):
            if is_out:  # the housekeeper finds them, too; each call to a silent queue would take seconds
                left += some
                continue
            by_body = {dumps({"orderId": o.order_id, "correlationId": o.correlation_id}): o for o in some}
            failed: Sequence[str]
            try:
                failed = self.backoff.not_taken(
                    list(by_body), lambda left: _not_taken(self.client, self.queue_url, left)
                )
            except (ClientError, BotoCoreError):
                is_out, failed = True, list(by_body)  # or it did: handing over twice is harmless
            left += [by_body[body] for body in failed]
        return left

    def waiting(self) -> int:
        return _number(self.client, self.queue_url, _WAITING)


def _number(client: Any, queue_url: str, *names: str) -> int:
    answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=list(names))
    return sum(int(answer["Attributes"][name]) for name in names)


def _not_taken(client: Any, queue_url: str, bodies: Sequence[str]) -> list[str]:
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
    answer = client.send_message_batch(QueueUrl=queue_url, Entries=entries)
    return [bodies[int(failure["Id"])] for failure in answer.get("Failed", [])]
