"""Drives orders through the app's own handlers, with the events that AWS would send, by each of the three workflows.

API Gateway's event is one recorded (`recorded/place_order.json`); SQS's and S3's are made of what is really in the
emulator's queues and bucket. The bus, its rules, the topic and the queues are the emulator's; the state machine's
definition is walked here, since no function is deployed on the stand."""

from __future__ import annotations

import json
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.stand import PRODUCT, Stand
from tests.support.builders import examples
from tests.support.state_machine import Execution

_RECORDED = Path(__file__).parent / "recorded"
_PATIENCE = 20.0
TICK = {
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
"""What a scheduled function is invoked with."""
QUEUE, STEPFUNCTIONS, EVENTS = WORKFLOWS = ("queue", "stepfunctions", "events")
ACCEPT, PROCESS, NOTIFY, MAIL = STAGES = ("accept", "process_orders", "notify", "mail_receipt")
BY_RULES = ("inventory_worker", "payment_worker", "shipping_worker")
"""Functions whose queue is filled by rules of the bus."""
QUEUES = {
    PROCESS: "ORDER_QUEUE_URL",
    NOTIFY: "NOTIFICATIONS_QUEUE_URL",
    **{name: f"{name.removesuffix('_worker').upper()}_QUEUE_URL" for name in BY_RULES},
}
"""The functions that process a queue in batches."""


@dataclass
class Timing:
    """Wall and CPU seconds of each invocation of one handler."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


@dataclass
class Driver:
    """Takes orders through their functions. `stage` wraps each function's call: the ledger's."""

    stand: Stand
    stage: Callable[[str], AbstractContextManager[Any]] = nullcontext
    timings: dict[str, Timing] = field(default_factory=lambda: defaultdict(Timing))
    logged: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    answers: list[dict[str, Any]] = field(default_factory=list)
    transitions: int = 0
    """States that were entered."""
    events_put: int = 0
    """Events that another system put on the bus."""

    def whole_orders(self, number: int, *, batch: int, workflow: str = QUEUE, **changes: Any) -> list[str]:
        """Take `number` orders from where they come in to receipt and archive, those of `queue` also to their mail;
        queues are emptied in batches of `batch`. Their ids."""
        one = {QUEUE: self.accept, STEPFUNCTIONS: self._placed, EVENTS: self._announced}[workflow]
        ids = [one(**changes) for _ in range(number)]
        if workflow == STEPFUNCTIONS:
            for order_id in ids:
                self._execute(order_id)
        for consumer in {QUEUE: (PROCESS,), EVENTS: BY_RULES}.get(workflow, ()):
            self._consume(consumer, number, batch)
        self._consume(NOTIFY, number * (2 if changes.get("phoneNumber") else 1), batch)
        for order_id in ids if workflow == QUEUE else ():
            self.invoke(MAIL, s3_event(self.stand.environment["DOCUMENTS_BUCKET"], f"receipts/{order_id}.pdf"))
        return ids

    def accept(self, **changes: Any) -> str:
        """Post one order. Its id."""
        return str(self.request(api_event(**changes), 201)["orderId"])

    def invoke(self, name: str, event: Any) -> Any:
        """Call the function of that name; ACCEPT is the one behind the REST API."""
        handler = getattr(self.stand.app, "app" if name == ACCEPT else name)
        self.stand.logs.lines.clear()
        with self.stage(name), self._timed(name):
            answer = handler(event, context())
        self.logged[name] += self.stand.logs.lines
        return answer

    def _placed(self, **changes: Any) -> str:
        """The same product, by the route that starts an execution."""
        event = api_event(path="/place-order")
        wanted = {"productId": PRODUCT, "quantity": 1, "customerEmail": "customer@example.com", **changes}
        return str(self.request({**event, "body": json.dumps(wanted)}, 202)["orderId"])

    def _announced(self, **changes: Any) -> str:
        """As another system does, whose call is none of ours."""
        detail = {"orderId": str(uuid.uuid4()), **body(**changes)}
        entry = {"Source": "ecommerce.orders", "DetailType": "OrderCreated", "Detail": json.dumps(detail)}
        self.stand.plain("events").put_events(Entries=[entry])
        self.events_put += 1
        return str(detail["orderId"])

    def _execute(self, order_id: str) -> None:
        payload = {"orderId": order_id, "correlationId": str(uuid.uuid4())}
        execution = Execution(lambda _state, name, event: self.invoke(name, event), payload).run()
        if execution.status != "SUCCEEDED":
            raise RuntimeError(f"The execution ended as {execution.status} after {execution.states}.")
        self.transitions += len(execution.states)

    def request(self, event: Mapping[str, Any], status: int) -> dict[str, Any]:
        """The body that the API answers; an answer of another status is an error here."""
        answer = answered(self.invoke(ACCEPT, event), status)
        self.answers.append(answer)
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.timings[name].cpu.append(time.process_time() - cpu)
        self.timings[name].wall.append(time.perf_counter() - wall)

    def _consume(self, consumer: str, number: int, batch: int) -> None:
        """As the event source mapping would: received before the handler, deleted after it."""
        sqs, url = self.stand.plain("sqs"), self.stand.environment[QUEUES[consumer]]
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
            self.invoke(consumer, sqs_event(found))
            for message in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            left -= wanted


def body(**changes: Any) -> dict[str, Any]:
    """The contract's own example of an order, without a phone number: SMS are measured apart. Amounts are floats, as
    JSON has them."""
    return json.loads(json.dumps(examples.body(**{"phoneNumber": None, **changes}), default=float))  # type: ignore[no-any-return]


def api_event(path: str = "", **changes: Any) -> dict[str, Any]:
    """The recorded request with a key and a request id of its own; `path` is that of another route."""
    event: dict[str, Any] = json.loads((_RECORDED / "place_order.json").read_text(encoding="utf-8"))
    key = str(uuid.uuid4())
    event["headers"]["Idempotency-Key"] = key
    event["multiValueHeaders"]["Idempotency-Key"] = [key]
    event["requestContext"]["requestId"] = str(uuid.uuid4())
    event["body"] = json.dumps(body(**changes))
    if path:
        event["resource"] = event["path"] = path
        event["requestContext"]["resourcePath"] = event["requestContext"]["path"] = path
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


def s3_event(bucket: str, key: str, **more: str) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""
    return {
        "Records": [
            {
                "eventVersion": "2.3",
                "eventSource": "aws:s3",
                "eventName": "ObjectCreated:Put",
                "s3": {"bucket": {"name": bucket}, "object": {"key": key, **more}},
            }
        ]
    }


def answered(answer: dict[str, Any], status: int) -> dict[str, Any]:
    """The answer of the API's function, if it has this status; another is an error here."""
    if answer["statusCode"] != status:
        raise RuntimeError(f"The app answered {answer['statusCode']}: {answer['body']}")
    return answer


def answer_bytes(answer: Mapping[str, Any]) -> int:
    """What an answer of the API's function sends to the client."""
    headers = sum(len(name) + len(value) + 4 for name, value in answer["headers"].items())
    return len(answer["body"].encode()) + headers


def put_order(dynamodb: Any, table: str, template: Mapping[str, Any], order_id: str) -> None:
    """Store an order as the app does, by bare boto3."""
    dynamodb.put_item(
        TableName=table,
        Item={**template, "orderId": {"S": order_id}},
        ConditionExpression="attribute_not_exists(orderId)",
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )


def context() -> Any:
    return SimpleNamespace(
        function_name="orderproc-local",
        function_version="$LATEST",
        memory_limit_in_mb=512,
        aws_request_id=str(uuid.uuid4()),
        invoked_function_arn="arn:aws:lambda:us-east-1:000000000000:function:orderproc-local",
        get_remaining_time_in_millis=lambda: 29_000,
    )
