"""A whole shop: every way in, and all that goes out."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import Any

from chalice.test import Client
from chalicelib.bootstrap.hand_overs import ByWorkflow
from chalicelib.kit.jsonio import dumps, loads
from chalicelib.kit.sqs_batch import BatchFailed
from chalicelib.workflow.events import HandOverByEvents
from chalicelib.workflow.hand_over import SqsHandOver, StepFunctionsHandOver

from tests.reliability.bus import order_created
from tests.support.api.gateway import Gateway, received, s3_event, sqs_event
from tests.support.api.journey import Aws, Journey
from tests.support.builders.examples import MAX_RECEIVES, SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.state_machine import Execution


class Cloud(Aws):
    """And Step Functions."""

    def __init__(self) -> None:
        super().__init__()
        self.executions: list[dict[str, str]] = []

    def start_execution(self, **execution: str) -> None:
        self.executions.append(execution)


class Shop:
    """All ways in, and in `went_out` all that others get to see: queue messages, events, executions and logs, but not
    the messages to the customer and the documents, which are the owner's."""

    def __init__(self, api: Gateway, client: Client, adapters: FakeAdapters, logged: io.StringIO) -> None:
        self.api, self._client, self.adapters, self._logged = api, client, adapters, logged
        journey = Journey(api, client, adapters)
        cloud = self._cloud = Cloud()
        vars(journey.aws).update(vars(cloud))  # one set of lists for both
        self._journey = journey
        adapters.hand_over = ByWorkflow(
            {
                "queue": SqsHandOver(cloud, SETTINGS.order_queue_url).hand_over,
                "stepfunctions": StepFunctionsHandOver(cloud, SETTINGS.state_machine_arn).hand_over,
                "events": HandOverByEvents(SqsHandOver(cloud, SETTINGS.inventory_queue_url).hand_over, adapters.events),
            }
        )
        self.states: list[Any] = []

    @property
    def went_out(self) -> str:
        cloud = self._cloud
        return "\n".join(
            [
                *cloud.order_messages,
                *cloud.published,
                dumps(cloud.on_bus),
                dumps(cloud.executions),
                dumps(self.states),
                *self.adapters.queue.messages,
                self._logged.getvalue(),
            ]
        )

    @property
    def events(self) -> list[Any]:
        return [loads(entry["Detail"]) for entry in self._cloud.on_bus]

    def announce(self, detail: Any) -> None:
        self._invoke("inventory_worker", order_created(detail))

    def process_batch(self) -> None:
        """All that waits, in each workflow, and what it brings."""
        self._invoke("process_orders", *self._cloud.order_messages)
        for execution in self._cloud.executions:
            self.states.append(Execution(self._step, json.loads(execution["input"])).run().data)
        for worker, event_type in (("payment_worker", "InventoryReserved"), ("shipping_worker", "PaymentCaptured")):
            found = [e for e in self.events if (e["eventType"], e["workflow"]) == (event_type, "events")]
            self._invoke(worker, *({"detail-type": event_type, "detail": event} for event in found))
        self._invoke("notify", *self._cloud.published)
        if receipts := [key for key in self.adapters.documents.files if key.startswith("receipts/")]:
            self._client.lambda_.invoke("mail_receipt", s3_event(*receipts))

    def _invoke(self, function: str, *bodies: Any) -> None:
        with suppress(BatchFailed):
            self._client.lambda_.invoke(function, received(sqs_event(bodies), MAX_RECEIVES))

    def _step(self, _state: str, function: str, payload: Any) -> Any:
        return self._client.lambda_.invoke(function, payload).payload
