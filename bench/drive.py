"""Drives orders through the app's own handlers, with the events that AWS would send.

API Gateway's event is one recorded (`recorded/place_order.json`); SQS's and S3's are made of what really lies in the
emulator's queues and bucket."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.stand import PRICE, PRODUCT, Stand

_RECORDED = Path(__file__).parent / "recorded"
_PATIENCE = 20.0
_TICK = {
    "version": "0",
    "id": "1",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "000000000000",
    "time": "2026-11-21T14:00:00Z",
    "region": "us-east-1",
    "resources": [],
    "detail": {},
}
ACCEPT, PROCESS, NOTIFY, MAIL = "accept", "process_orders", "notify", "mail_receipt"
STAGES = (ACCEPT, PROCESS, NOTIFY, MAIL)
RECONCILE, COUNT, PUBLISH = "reconciler", "count_orders", "publish_metrics"
"""Not on an order's way: look at many afterwards."""
ALL = (*STAGES, RECONCILE, COUNT, PUBLISH)


@dataclass
class Timing:
    """Wall and CPU seconds of each invocation of one handler."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


@dataclass
class Driver:
    """Takes orders through the stages. `stage` wraps each handler's call: the ledger's."""

    stand: Stand
    stage: Callable[[str], AbstractContextManager[None]]
    timings: dict[str, Timing] = field(default_factory=lambda: {name: Timing() for name in ALL})
    answers: list[dict[str, Any]] = field(default_factory=list)
    logged: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in ALL})

    def whole_orders(self, number: int, *, batch: int, **changes: Any) -> list[str]:
        """Take `number` orders from acceptance to mail, queues emptied in batches of `batch`. Their ids."""
        ids = [self.accept(**changes)["orderId"] for _ in range(number)]
        for messages in self._batches("ORDER_QUEUE_URL", number, batch):
            self._invoke(PROCESS, self.stand.app.process_orders, sqs_event(messages))
        told = number * (2 if changes.get("phoneNumber") else 1)
        for messages in self._batches("NOTIFICATIONS_QUEUE_URL", told, batch):
            self._invoke(NOTIFY, self.stand.app.notify, sqs_event(messages))
        for order_id in ids:
            event = s3_event(self.stand.environment["DOCUMENTS_BUCKET"], f"receipts/{order_id}.pdf")
            self._invoke(MAIL, self.stand.app.mail_receipt, event)
        return ids

    def accept(self, **changes: Any) -> dict[str, Any]:
        """Post one order. The answer's body; an answer other than 201 is an error here."""
        answer = self._invoke(ACCEPT, self.stand.app.app, api_event(**changes))
        if answer["statusCode"] != 201:
            raise RuntimeError(f"The app answered {answer['statusCode']}: {answer['body']}")
        self.answers.append(answer)
        body: dict[str, Any] = json.loads(answer["body"])
        return body

    def inspect(self) -> None:
        """One run of the reconciler."""
        self._invoke(RECONCILE, self.stand.app.reconciler, dict(_TICK))

    def count(self, records: Sequence[Mapping[str, Any]]) -> None:
        """One batch of the orders table's stream."""
        self._invoke(COUNT, self.stand.app.count_orders, {"Records": list(records)})

    def publish(self) -> None:
        """One run of the job that adds counters up and tells CloudWatch."""
        self._invoke(PUBLISH, self.stand.app.publish_metrics, dict(_TICK))

    def _invoke(self, name: str, handler: Callable[[Any, Any], Any], event: dict[str, Any]) -> Any:
        self.stand.logs.lines.clear()
        with self.stage(name), self._timed(name):
            answer = handler(event, context())
        self.logged[name] += self.stand.logs.lines
        return answer

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.timings[name].cpu.append(time.process_time() - cpu)
        self.timings[name].wall.append(time.perf_counter() - wall)

    def _batches(self, url_name: str, number: int, batch: int) -> Iterator[list[dict[str, Any]]]:
        """As the event source mapping would read them: received before the handler, deleted after it."""
        sqs, url = self.stand.plain("sqs"), self.stand.environment[url_name]
        left, deadline = number, time.monotonic() + _PATIENCE
        while left:
            wanted = min(batch, left)
            found: list[dict[str, Any]] = []
            while len(found) < wanted:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Only {number - left + len(found)} of {number} messages came out of {url}.")
                answer = sqs.receive_message(
                    QueueUrl=url, MaxNumberOfMessages=wanted - len(found), AttributeNames=["All"], WaitTimeSeconds=1
                )
                found += answer.get("Messages", [])
            yield found
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            left -= wanted


def body(**changes: Any) -> dict[str, Any]:
    """The contract's own example of an order, without a phone number: SMS are measured apart."""
    price = float(PRICE)
    return {
        "customerId": "customer123",
        "customerEmail": "customer@example.com",
        "items": [{"productId": PRODUCT, "name": "Gaming Laptop", "quantity": 1, "price": price}],
        "totalAmount": price,
        "currency": "EUR",
        "paymentMethod": "pm_card_visa",
        "shippingAddress": {
            "street": "123 Main St",
            "city": "Anytown",
            "state": "CA",
            "zipCode": "12345",
            "country": "USA",
        },
        **changes,
    }


def api_event(**changes: Any) -> dict[str, Any]:
    """The recorded request with a key and a request id of its own."""
    event: dict[str, Any] = json.loads((_RECORDED / "place_order.json").read_text(encoding="utf-8"))
    key = str(uuid.uuid4())
    event["headers"]["Idempotency-Key"] = key
    event["multiValueHeaders"]["Idempotency-Key"] = [key]
    event["requestContext"]["requestId"] = str(uuid.uuid4())
    event["body"] = json.dumps(body(**changes))
    return event


def sqs_event(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {
        "Records": [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {"ApproximateReceiveCount": "1"}),
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:orderproc",
                "awsRegion": "us-east-1",
            }
            for message in messages
        ]
    }


def s3_event(bucket: str, key: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""
    return {
        "Records": [
            {
                "eventVersion": "2.3",
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": bucket}, "object": {"key": key}},
            }
        ]
    }


def answer_bytes(answer: Mapping[str, Any]) -> int:
    """What an answer of the API's function sends to the client."""
    headers = sum(len(name) + len(value) + 4 for name, value in answer["headers"].items())
    return len(answer["body"].encode()) + headers


def context() -> Any:
    return SimpleNamespace(
        function_name="orderproc-local",
        function_version="$LATEST",
        memory_limit_in_mb=512,
        aws_request_id=str(uuid.uuid4()),
        invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:orderproc-local",
        get_remaining_time_in_millis=lambda: 29_000,
    )
