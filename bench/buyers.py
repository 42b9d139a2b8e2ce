"""One buyer's order, stored and then processed by a workflow's own functions, each message delivered as often as its
queue would."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.kit.errors import OrderProcError
from chalicelib.orders.model import Line

from bench.drive import EVENTS, QUEUE, STEPFUNCTIONS
from bench.stand import PRICE, Stand
from tests.support.builders import examples
from tests.support.state_machine import Execution

MAX_DELIVERIES = 3
"""As the queues do, before they give a message up."""

Step = Callable[[bool], Any]
"""One message's work, which knows whether it is the last try."""


def stored(workflow: str, product_id: str) -> str:
    """The id of an order of one unit, accepted but handed over to no driver."""
    from chalicelib import bootstrap

    lines = (Line(product_id, "Gaming Laptop", 1, PRICE),)
    wanted = examples.command(owner="p-bench", lines=lines, phone_number=None, correlation_id="", workflow=workflow)
    services = bootstrap.services()
    order = services.orders.new(wanted, str(uuid.uuid4()))
    services.workflow.steps.orders.add(order)
    return order.order_id


def processed(here: Stand, workflow: str, order_id: str) -> int:
    """The most deliveries that a message of the order needed; 0 if one failed until it was given up."""
    most = 0
    for step in _STEPS[workflow](here, order_id):
        delivery = _delivered(step)
        if not delivery:
            return 0
        most = max(most, delivery)
    return most


def end_of(order_id: str) -> str:
    """COMPLETED, or the error's code."""
    from chalicelib import bootstrap

    order = bootstrap.services().workflow.steps.orders.get(order_id)
    if order is None:
        return "LOST"
    return order.failure.code if order.failure else order.status.value


def _delivered(step: Step) -> int:
    for delivery in range(1, MAX_DELIVERIES + 1):
        try:
            step(delivery == MAX_DELIVERIES)
        except OrderProcError:
            continue
        return delivery
    return 0


def _by_queue(_here: Stand, order_id: str) -> Iterator[Step]:
    from chalicelib import bootstrap

    yield lambda last: bootstrap.services().workflow.steps.run_all(order_id, last_try=last)


def _by_state_machine(here: Stand, order_id: str) -> Iterator[Step]:
    """The machine's own retries are its deliveries."""
    payload = {"orderId": order_id, "correlationId": ""}
    yield lambda _last: Execution(lambda _s, name, event: getattr(here.app, name)(event, None), payload).run()


def _by_events(_here: Stand, order_id: str) -> Iterator[Step]:
    """A message that its rule would not have brought is none: an order that failed goes no further."""
    from chalicelib import bootstrap

    steps, message = bootstrap.services().workflow.event_steps, {"orderId": order_id}
    yield lambda _last: steps.take_stock(message)
    if end_of(order_id) == "PAYMENT_PROCESSING":
        yield lambda last: steps.take_payment(message, last)
        yield lambda _last: steps.make_ready(message)


_STEPS: dict[str, Callable[[Stand, str], Iterator[Step]]] = {
    QUEUE: _by_queue,
    STEPFUNCTIONS: _by_state_machine,
    EVENTS: _by_events,
}
