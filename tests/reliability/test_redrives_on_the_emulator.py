"""Sending back once more, over the real adapters: real queues, the table of reasons and audit records, and an order
that was half done when its process died."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalicelib.kit import sqs_batch as batch

from tests.reliability.cloud import Cloud, CloudSimulation
from tests.reliability.faults import Kind
from tests.reliability.queues import MAX_RECEIVES
from tests.reliability.simulation import Story
from tests.reliability.stories import DECLINED, PAYS
from tests.reliability.wire import WireFault

NEVER = WireFault(0, Kind.REFUSED)


class DeadLetterSimulation(CloudSimulation):
    """One order, whose message goes through the real order queue and its dead-letter queue."""

    def __init__(self, cloud: Cloud, story: Story, fault: WireFault) -> None:
        super().__init__(cloud, story, "orders", fault)
        self.dlq = cloud.sqs.create_queue(QueueName=f"{cloud.order_queue.rpartition('/')[2]}-dlq")["QueueUrl"]
        cloud.take(self.dlq)
        self._dead: list[str] = []

    def work_once(self, receives: int = 1) -> int:
        """One try at each message of the order queue; what fails goes where a last try leads. How many there were."""
        bodies = self._cloud.take(self._cloud.order_queue)
        for body in bodies:
            event = _Batch(body, receives)
            if not self._call("orders", lambda s, e=event: self._work(s, e)):
                self._die(json.dumps(body))
        return len(bodies)

    def redrive(self) -> int:
        """By their ids: to look for all takes SQS a second of its patience."""
        ids, self._dead = self._dead, []
        return int(self._services().operations.dead_letters.redrive("anna", "orders", ids).redriven) if ids else 0

    def dies_again(self) -> None:
        """Its message is among the dead letters, whatever became of the order."""
        self._die(json.dumps({"orderId": self.order_id, "correlationId": "corr-1"}))

    def reasons(self) -> list[str]:
        """What staff see."""
        return [letter.reason for letter in self._services().operations.dead_letters.peek("orders", 10)]

    def _die(self, body: str) -> None:
        self._dead.append(self._cloud.sqs.send_message(QueueUrl=self.dlq, MessageBody=body)["MessageId"])

    def _work(self, services: Any, event: _Batch) -> None:
        queue = services.queues.of("orders")
        batch.process_batch(event, queue, lambda m: services.workflow.steps.run_all(m.text("orderId"), m.last_try))


class _Batch:
    def __init__(self, body: Any, receives: int) -> None:
        self._record = {
            "messageId": "m-1",
            "receiptHandle": "none",
            "body": json.dumps(body),
            "attributes": {"ApproximateReceiveCount": str(receives)},
        }

    def to_dict(self) -> dict[str, Any]:
        return {"Records": [self._record]}


def every_death(cloud: Cloud, story: Story, kind: Kind) -> Iterator[DeadLetterSimulation]:
    """The simulations in which the first try was cut off at its first call, at its second, …"""
    for number in itertools.count(1):
        fault = WireFault(number, kind)
        sim = DeadLetterSimulation(cloud, story, fault)
        sim.work_once()
        if not fault.hit:
            assert number > 4
            return
        yield sim


@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST])
@pytest.mark.parametrize("story", [PAYS, DECLINED], ids=str)
def test_an_order_half_done_and_sent_back_twice_ends_once(cloud: Cloud, story: Story, kind: Kind) -> None:
    for sim in every_death(cloud, story, kind):
        sim.redrive()
        sim.work_once()
        sim.dies_again()
        assert sim.redrive() == 1
        sim.come_to_rest()

        assert sim.order().status == story.ends
        assert sim.broken_promises() == []


def test_why_the_last_try_failed_is_seen_with_the_message(cloud: Cloud) -> None:
    sim = DeadLetterSimulation(cloud, PAYS, NEVER)
    queue_url, services = cloud.order_queue, sim._services()
    cloud.take(queue_url)
    sim.dies_again()
    [message_id] = sim._dead
    event = _Batch({"orderId": sim.order_id}, MAX_RECEIVES)
    event._record["messageId"] = message_id

    def fail(_: Any) -> None:
        raise KeyError("price")

    with pytest.raises(batch.BatchFailed):
        batch.process_batch(event, services.queues.of("orders"), fail)

    assert sim.reasons() == ["KeyError: 'price'"]
    assert sim.redrive() == 1
    records = sim._services().operations.audit.page("2026-11-21", 1000).items
    assert [message_id] in [(record.outcome or {}).get("messageIds") for record in records]
