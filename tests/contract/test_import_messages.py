"""Messages and hand-overs by the dozen: in calls that SQS takes, and those it refuses again."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from chalicelib.imports.sqs import SqsManyHandOvers, SqsRowMessages
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.retrying import Backoff

from tests.contract.adapters import order
from tests.contract.engines import client

NO_PAUSE = Backoff(pause=lambda _: None)
"""Waits for nothing, and counts as if it had."""


class Refusing:
    """SQS that refuses what is told once, and is otherwise the real one."""

    def __init__(self, sqs: Any, refusals: list[set[str]]) -> None:
        self._sqs, self._refusals = sqs, refusals
        self.sizes: list[int] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803
        self.sizes.append(sum(len(entry["MessageBody"].encode()) for entry in Entries))
        refused = self._refusals.pop(0) if self._refusals else set()
        taken = [entry for entry in Entries if entry["MessageBody"] not in refused]
        answer = self._sqs.send_message_batch(QueueUrl=QueueUrl, Entries=taken) if taken else {}
        failed = [{"Id": entry["Id"], "Code": "x"} for entry in Entries if entry["MessageBody"] in refused]
        return {**answer, "Failed": [*answer.get("Failed", []), *failed]}


@pytest.fixture
def sqs(ministack: str) -> Any:
    return client("sqs", ministack)


@pytest.fixture
def queue_url(sqs: Any) -> str:
    url: str = sqs.create_queue(QueueName=f"imports-{uuid.uuid4().hex[:8]}")["QueueUrl"]
    return url


def received(sqs: Any, url: str) -> list[str]:
    bodies: list[str] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages"):
        bodies += [message["Body"] for message in found]
    return bodies


def test_messages_are_sent_in_calls_that_sqs_takes_and_those_refused_again(sqs: Any, queue_url: str) -> None:
    bodies = [str(n) + "é" * 49_000 for n in range(7)] + [str(n) for n in range(25)]
    refusing = Refusing(sqs, [{bodies[1]}, {bodies[1]}, set(bodies)])

    SqsRowMessages(refusing, queue_url, NO_PAUSE).send(bodies)

    assert sorted(received(sqs, queue_url)) == sorted(bodies)
    assert max(refusing.sizes) <= 256 * 1024


def test_messages_that_are_refused_again_and_again_are_an_error(sqs: Any, queue_url: str) -> None:
    refusing = Refusing(sqs, [{"a"}] * 99)

    with pytest.raises(TemporarilyUnavailable):
        SqsRowMessages(refusing, queue_url, NO_PAUSE).send(["a", "b"])


def test_many_orders_are_handed_over_and_those_not_taken_are_named(sqs: Any, queue_url: str) -> None:
    orders = [order() for _ in range(23)]
    body = json.dumps({"orderId": orders[3].order_id, "correlationId": orders[3].correlation_id}, separators=(",", ":"))

    left = SqsManyHandOvers(Refusing(sqs, [{body}] * 99), queue_url, NO_PAUSE).hand_over(orders)

    assert left == [orders[3]]
    told = {json.loads(text)["orderId"] for text in received(sqs, queue_url)}
    assert told == {one.order_id for one in orders if one is not orders[3]}


def test_a_message_that_is_sent_for_later_waits_unseen(sqs: Any, queue_url: str) -> None:
    messages = SqsRowMessages(sqs, queue_url)
    assert messages.waiting() == 0

    messages.send(["now"])
    messages.send_later("later", 900)

    assert received(sqs, queue_url) == ["now"]
    assert messages.waiting() == 2  # one is under way


def test_orders_that_are_under_way_do_not_wait(sqs: Any, queue_url: str) -> None:
    queue = SqsManyHandOvers(sqs, queue_url)
    queue.hand_over([order() for _ in range(12)])
    assert queue.waiting() == 12

    received(sqs, queue_url)

    assert queue.waiting() == 0


class Silent:
    """A queue that no call reaches."""

    calls = 0

    def send_message_batch(self, **_: Any) -> Any:
        self.calls += 1
        raise EndpointConnectionError(endpoint_url="https://sqs.test")


def test_a_silent_queue_is_called_once_and_not_for_each_ten() -> None:
    silent, orders = Silent(), [order() for _ in range(100)]

    assert SqsManyHandOvers(silent, "url").hand_over(orders) == orders
    assert silent.calls == 1
