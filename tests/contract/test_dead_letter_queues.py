"""Dead-letter queues as the adapter sees them: on a fake SQS, and on the emulator, to which the fake is held."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.operations.sqs import SqsDeadLetters
from chalicelib.workflow.ports import Depth

from tests.contract.engines import client
from tests.support.builders.examples import MAX_RECEIVES
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.dead_letters import FakeFunctions, FakeSqs, dead_letter_queues

HIDDEN = 30
TRACED = "Root=1-5759e988-bd862e3fe1be46a994272793"
ATTRIBUTES = {
    "tenant": {"DataType": "String", "StringValue": "Zoë"},
    "tries": {"DataType": "Number", "StringValue": "3"},
    "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
}


@dataclass
class Queues:
    """The port, a fresh queue with its dead-letter queue, and a sender."""

    port: SqsDeadLetters
    url: str
    put: Callable[..., str]
    sqs: Any

    @property
    def dlq(self) -> str:
        return f"{self.url}-dlq"

    def received(self, url: str, count: int = 10) -> list[Any]:
        return self.port.take(url, count, HIDDEN, patient=False)


def _fake() -> Queues:
    sqs = FakeSqs(FakeClock())
    return Queues(dead_letter_queues(sqs, FakeFunctions()), "https://sqs.test/orders", sqs.put, sqs)


def _ministack(endpoint_url: str) -> Queues:
    sqs, name = client("sqs", endpoint_url), f"dead-{uuid4().hex[:8]}"
    dlq = sqs.create_queue(QueueName=f"{name}-dlq")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dlq, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": str(MAX_RECEIVES)})
    url = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"]
    assert dlq == f"{url}-dlq"

    def put(url: str, body: str, attributes: Any = None, trace: str = "") -> str:
        more: dict[str, Any] = {"MessageAttributes": attributes} if attributes else {}
        if trace:
            more["MessageSystemAttributes"] = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace}}
        return str(sqs.send_message(QueueUrl=url, MessageBody=body, **more)["MessageId"])

    return Queues(SqsDeadLetters(sqs, lambda: client("lambda", endpoint_url)), url, put, sqs)


@pytest.fixture(params=["fakes", "ministack"])
def queues(request: pytest.FixtureRequest) -> Queues:
    return _fake() if request.param == "fakes" else _ministack(request.getfixturevalue("ministack"))


def test_a_message_is_taken_with_all_that_it_carries(queues: Queues) -> None:
    message_id = queues.put(queues.dlq, '{"orderId": "東"}', ATTRIBUTES, TRACED)

    [message] = queues.received(queues.dlq)

    assert (message.message_id, message.body, message.receives, message.trace) == (
        message_id,
        '{"orderId": "東"}',
        1,
        TRACED,
    )
    assert message.attributes == ATTRIBUTES
    assert message.sent_at.startswith("20")
    assert message.sent_at.endswith("Z")


def test_what_is_taken_is_hidden_and_what_is_made_visible_is_there_at_once(queues: Queues) -> None:
    ids = {queues.put(queues.dlq, "{}") for _ in range(12)}

    first, second = queues.received(queues.dlq), queues.received(queues.dlq)
    assert (len(first), len(second), queues.received(queues.dlq)) == (10, 2, [])
    assert queues.port.depth(queues.dlq) == Depth(0, 12, 0)
    queues.port.make_visible(queues.dlq, first + second)

    assert queues.port.depth(queues.dlq) == Depth(12, 0, 0)
    again = [message for _ in range(2) for message in queues.received(queues.dlq)]
    assert {message.message_id for message in again} == ids
    assert {message.receives for message in again} == {2}


def test_no_more_is_taken_than_is_asked_for(queues: Queues) -> None:
    for _ in range(5):
        queues.put(queues.dlq, "{}")

    assert len(queues.received(queues.dlq, 3)) == 3
    assert len(queues.received(queues.dlq, 50)) == 2


@pytest.mark.parametrize("patient", [True, False])
def test_an_empty_queue_gives_nothing(queues: Queues, patient: bool) -> None:
    assert queues.port.take(queues.dlq, 10, HIDDEN, patient=patient) == []


def test_what_is_deleted_is_gone_and_nothing_else(queues: Queues) -> None:
    ids = [queues.put(queues.dlq, "{}") for _ in range(12)]
    taken = [message for _ in range(2) for message in queues.received(queues.dlq)]
    kept = next(message for message in taken if message.message_id == ids[5])

    deleted = queues.port.delete(queues.dlq, [message for message in taken if message is not kept])
    queues.port.make_visible(queues.dlq, taken)  # also of what is gone: nothing happens

    assert deleted == set(ids) - {ids[5]}
    assert [message.message_id for message in queues.received(queues.dlq)] == [ids[5]]


def test_what_is_sent_is_new_and_carries_what_the_old_one_did(queues: Queues) -> None:
    for n in range(12):
        queues.put(queues.dlq, f'{{"n": {n}}}', ATTRIBUTES, TRACED)
    taken = [message for _ in range(2) for message in queues.received(queues.dlq)]

    sent = queues.port.send(queues.url, taken)

    assert (set(sent.new_ids), sent.refused) == ({message.message_id for message in taken}, {})
    arrived = [message for _ in range(2) for message in queues.received(queues.url)]
    assert {message.message_id for message in arrived} == set(sent.new_ids.values())
    assert {m.body for m in arrived} == {m.body for m in taken}
    assert all((m.attributes, m.receives) == (ATTRIBUTES, 1) for m in arrived)
    # MiniStack takes the trace of single messages only.
    assert {m.trace for m in arrived} == ({TRACED} if isinstance(queues.sqs, FakeSqs) else {""})


def test_more_than_one_call_takes_is_sent_in_several(queues: Queues) -> None:
    for n in range(4):
        queues.put(queues.dlq, str(n) * 100_000)

    assert len(queues.port.send(queues.url, queues.received(queues.dlq)).new_ids) == 4
    assert queues.port.depth(queues.url).waiting == 4


def test_what_is_received_too_often_in_vain_dies_under_its_own_id(queues: Queues) -> None:
    """Under that id its consumer wrote down why."""
    message_id = queues.put(queues.url, "{}", ATTRIBUTES)
    for _ in range(MAX_RECEIVES):
        queues.port.make_visible(queues.url, queues.received(queues.url))

    assert queues.received(queues.url) == []
    [dead] = queues.received(queues.dlq)
    assert (dead.message_id, dead.attributes) == (message_id, ATTRIBUTES)


def test_a_queue_that_can_not_be_reached_is_temporarily_unavailable() -> None:
    down = SqsDeadLetters(
        client("sqs", "http://127.0.0.1:9", tries=1), lambda: client("lambda", "http://127.0.0.1:9", 1)
    )
    url = "http://127.0.0.1:9/000000000000/orders"

    for act in (lambda: down.depth(url), lambda: down.take(url, 1, 1, patient=False), lambda: down.invoke("f", {})):
        with pytest.raises(TemporarilyUnavailable):
            act()


def test_what_can_not_be_made_visible_now_becomes_so_by_itself(queues: Queues) -> None:
    queues.put(queues.dlq, "{}")
    taken = queues.received(queues.dlq)
    down = SqsDeadLetters(client("sqs", "http://127.0.0.1:9", tries=1), lambda: None)

    down.make_visible("http://127.0.0.1:9/000000000000/orders-dlq", taken)  # no error
