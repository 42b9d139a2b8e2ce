"""The default bus in memory: the template's own rules bring what was published to the queues of the workflow `events`,
at least once each and in any order, and each queue has its consumer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.bootstrap import Services
from chalicelib.kit import sqs_batch as batch
from chalicelib.kit.jsonio import dumps
from chalicelib.orders.events import DomainEvent

from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type
from tests.reliability.queues import SimulatedQueue
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters

_RULES = of_type(load(TEMPLATES / "resources.yaml"), "AWS::Events::Rule")
_TOO_OFTEN = 2000
"""Events about a handful of orders, each publishing tried dozens of times: beyond that they go round in circles."""

Act = Callable[[Services, batch.Message], Any]


@dataclass
class Consumer:
    """One of the three, with the queue that it works off."""

    role: str
    queue: SimulatedQueue
    messages: Callable[[Services], batch.Queue]
    act: Act

    def process_batch(self, services: Services, records: Any) -> None:
        """One invocation."""
        batch.process_batch(records, self.messages(services), lambda message: self.act(services, message))


def _take_stock(services: Services, message: batch.Message) -> None:
    services.workflow.event_steps.take_stock(message.body, message.again)


def _take_payment(services: Services, message: batch.Message) -> None:
    services.workflow.event_steps.take_payment(message.body, message.last_try, message.again)


def _make_ready(services: Services, message: batch.Message) -> None:
    services.workflow.event_steps.make_ready(message.body, message.again)


class Bus:
    """What is put on it reaches the queues when `route` is called. With `disorder` all arrives twice and backwards."""

    def __init__(self, fakes: FakeAdapters, *, disorder: bool = False) -> None:
        self._fakes, self._disorder = fakes, disorder
        self._routed = 0
        inventory, payment, shipping = (SimulatedQueue(fakes.clock) for _ in range(3))
        self.consumers = [
            Consumer("inventory", inventory, lambda s: s.queues.of("inventory"), _take_stock),
            Consumer("payment", payment, lambda s: s.queues.of("payment"), _take_payment),
            Consumer("shipping", shipping, lambda s: s.queues.of("shipping"), _make_ready),
        ]
        self.queues = {consumer.role: consumer.queue for consumer in self.consumers}
        self.urls = {
            SETTINGS.inventory_queue_url: inventory,
            SETTINGS.payment_queue_url: payment,
            SETTINGS.shipping_queue_url: shipping,
        }

    @property
    def inventory(self) -> SimulatedQueue:
        return self.queues["inventory"]

    def route(self) -> None:
        """Bring what was published since the last time to the queues whose rules match."""
        published = self._fakes.events.published[self._routed :]
        self._routed += len(published)
        assert self._routed < _TOO_OFTEN, "events go round in circles"
        events = [_envelope(event) for event in published]
        for event in [*reversed(events), *reversed(events)] if self._disorder else events:
            self.put(event)

    def put(self, event: Mapping[str, Any]) -> None:
        """Any event, of whoever."""
        for queue in self._matching(event):
            queue.send(dumps(event))

    def lose_all(self) -> None:
        """What is on the bus, and in the queues."""
        self._routed = len(self._fakes.events.published)
        for queue in self.queues.values():
            queue.messages.clear()

    def come_late(self) -> None:
        """Everything that was ever on the bus, once more."""
        for event in list(self._fakes.events.published):
            self.put(_envelope(event))

    def _matching(self, event: Mapping[str, Any]) -> Iterator[SimulatedQueue]:
        for rule in _RULES.values():
            if _matches(event, rule["EventPattern"]):
                for target in rule["Targets"]:
                    yield self.queues[target["Id"]]


def order_created(detail: Mapping[str, Any]) -> dict[str, Any]:
    """As another system puts it on the bus."""
    return _on_the_bus("ecommerce.orders", "OrderCreated", [], detail)


def _envelope(event: DomainEvent) -> dict[str, Any]:
    return _on_the_bus("orderproc", event.type, [SETTINGS.topic_arn], event.detail)


def _on_the_bus(source: str, detail_type: str, resources: list[str], detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": "000000000000",
        "time": "2026-11-21T14:30:25Z",
        "region": "us-east-1",
        "resources": resources,
        "detail": detail,
    }


def _matches(value: Any, pattern: Any) -> bool:
    """As far as the template's patterns go: names of fields, and lists of which one value must be there."""
    if isinstance(pattern, dict) and pattern == {"Ref": "OrdersTopic"}:
        return bool(value == SETTINGS.topic_arn)
    if isinstance(pattern, dict):
        return all(name in value and _matches(value[name], inner) for name, inner in pattern.items())
    values = value if isinstance(value, list) else [value]
    return any(_matches(v, p) if isinstance(p, dict) else v == p for v in values for p in pattern)
