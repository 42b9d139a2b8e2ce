"""The three workflows: how each takes an order from where it comes in to its receipt, through the app's own handlers.

The bus, its rules, the topic and the queues are the emulator's. The state machine's definition is walked here, since
no function is deployed on the stand."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench.drive import ACCEPT, NOTIFY, PROCESS, Driver, Timing, api_event, body, sqs_event
from bench.stand import PRODUCT
from tests.support.state_machine import Execution

QUEUE, STEPFUNCTIONS, EVENTS = WORKFLOWS = ("queue", "stepfunctions", "events")
_QUEUES = {
    PROCESS: "ORDER_QUEUE_URL",
    NOTIFY: "NOTIFICATIONS_QUEUE_URL",
    "inventory_worker": "INVENTORY_QUEUE_URL",
    "payment_worker": "PAYMENT_QUEUE_URL",
    "shipping_worker": "SHIPPING_QUEUE_URL",
}
"""The functions that work off a queue, in batches."""
CONSUMERS = tuple(_QUEUES)
BY_RULES = ("inventory_worker", "payment_worker", "shipping_worker")
"""Those whose queue is filled by rules of the bus."""


@dataclass
class WorkflowDriver(Driver):
    """Stages are functions here, by their names. `transitions` counts the states that were entered."""

    timings: dict[str, Timing] = field(default_factory=lambda: defaultdict(Timing))
    logged: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    transitions: int = 0
    announced: int = 0
    """Events that another system put on the bus."""

    def run(self, workflow: str, number: int, *, batch: int) -> None:
        """Take so many orders through all of it, with receipt and archive, without mail."""
        {QUEUE: self._queue, STEPFUNCTIONS: self._state_machine, EVENTS: self._events}[workflow](number, batch)
        self._work_off(NOTIFY, number, batch)

    def _queue(self, number: int, batch: int) -> None:
        for _ in range(number):
            self.accept()
        self._work_off(PROCESS, number, batch)

    def _state_machine(self, number: int, batch: int) -> None:  # noqa: ARG002 - nothing comes in batches here
        for order_id in [self._placed() for _ in range(number)]:
            payload = {"orderId": order_id, "correlationId": str(uuid.uuid4())}
            execution = Execution(lambda _state, name, event: self._function(name, event), payload).run()
            if execution.status != "SUCCEEDED":
                raise RuntimeError(f"The execution ended as {execution.status} after {execution.states}.")
            self.transitions += len(execution.states)

    def _events(self, number: int, batch: int) -> None:
        for _ in range(number):
            self._announce({"orderId": str(uuid.uuid4()), **body()})
        for consumer in BY_RULES:
            self._work_off(consumer, number, batch)

    def _placed(self) -> str:
        """The id of an order of the same product, by the route that starts an execution."""
        event = api_event()
        event["resource"] = event["path"] = event["requestContext"]["resourcePath"] = "/place-order"
        wanted = {"productId": PRODUCT, "quantity": 1, "customerEmail": "customer@example.com"}
        answer = self._invoke(ACCEPT, self.stand.app.app, {**event, "body": json.dumps(wanted)})
        if answer["statusCode"] != 202:
            raise RuntimeError(f"The app answered {answer['statusCode']}: {answer['body']}")
        self.answers.append(answer)
        return str(json.loads(answer["body"])["orderId"])

    def _announce(self, detail: dict[str, Any]) -> None:
        """As another system does, whose call is none of ours."""
        entry = {"Source": "ecommerce.orders", "DetailType": "OrderCreated", "Detail": json.dumps(detail)}
        self.stand.plain("events").put_events(Entries=[entry])
        self.announced += 1

    def _function(self, name: str, event: Any) -> Any:
        return self._invoke(name, getattr(self.stand.app, name), event)

    def _work_off(self, consumer: str, number: int, batch: int) -> None:
        for messages in self._batches(_QUEUES[consumer], number, batch):
            self._function(consumer, sqs_event(messages))
