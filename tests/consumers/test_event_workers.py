"""The consumers of the workflow `events`: bodies are events of the bus; the good ones are done, the bad come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services
from chalicelib.kit.sqs_batch import BatchFailed
from chalicelib.orders.model import Status

from tests.consumers.test_queues import POISON
from tests.reliability.bus import order_created
from tests.support.api.gateway import received, sqs_event
from tests.support.builders.examples import MAX_RECEIVES
from tests.support.fakes.adapters import FakeAdapters

WORKERS = ["inventory_worker", "payment_worker", "shipping_worker"]
FLAT = {"OrderId": "12345", "Product": "Mouse", "Quantity": 1, "Price": 20}
MALFORMED = {
    **{name: body for name, body in POISON.items() if name != "an order never stored"},
    "an event without a detail": {**order_created({}), "detail": None},
    "an event that names no order": order_created({"Product": "Mouse"}),
    "an event of an order never stored": {**order_created({"orderId": "nobody"}), "detail-type": "InventoryReserved"},
}


def announced(order_id: str, **changes: Any) -> dict[str, Any]:
    return order_created({**FLAT, "OrderId": order_id, **changes})


def status_of(adapters: FakeAdapters, order_id: str) -> Status:
    return adapters.store.orders[order_id].status


def test_an_announced_order_goes_through_the_three_of_them(client: Client, adapters: FakeAdapters) -> None:
    client.lambda_.invoke("inventory_worker", sqs_event([announced("12345")]))
    reached = [status_of(adapters, "12345")]
    for worker in ("payment_worker", "shipping_worker"):
        event = {"id": "e-1", "detail-type": "…", "detail": {"orderId": "12345"}}
        client.lambda_.invoke(worker, sqs_event([event]))
        reached.append(status_of(adapters, "12345"))

    assert reached == [Status.PAYMENT_PROCESSING, Status.FULFILLMENT, Status.COMPLETED]
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted"]


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize("poison", MALFORMED.values(), ids=MALFORMED.keys())
def test_poison_comes_back_and_its_neighbours_are_done(
    client: Client, adapters: FakeAdapters, services: Services, worker: str, poison: Any
) -> None:
    neighbours = [announced(order_id) for order_id in ("before", "after")]
    if worker != "inventory_worker":
        for event in neighbours:
            services.workflow.event_steps.take_stock(event)
        neighbours = [{"detail": {"orderId": order_id}} for order_id in ("before", "after")]
    if worker == "shipping_worker":
        for event in neighbours:
            services.workflow.event_steps.take_payment(event)

    with pytest.raises(BatchFailed, match="1 of 3 messages failed"):
        client.lambda_.invoke(worker, sqs_event([neighbours[0], poison, neighbours[1]]))

    done = {"inventory_worker": Status.PAYMENT_PROCESSING, "payment_worker": Status.FULFILLMENT}
    assert {status_of(adapters, order_id) for order_id in ("before", "after")} == {done.get(worker, Status.COMPLETED)}
    assert adapters.queue.deleted == ["r-0", "r-2"]
    assert list(adapters.queue.hidden) == ["r-1"]


def test_the_last_try_ends_an_order_that_nobody_takes_the_money_for(
    client: Client, adapters: FakeAdapters, services: Services
) -> None:
    services.workflow.event_steps.take_stock(announced("1", PaymentMethod="pm_sim_unavailable"))
    event = sqs_event([{"detail": {"orderId": "1"}}])

    for receives in range(1, MAX_RECEIVES):
        with pytest.raises(BatchFailed):
            client.lambda_.invoke("payment_worker", received(event, receives))
    assert adapters.store.orders["1"].failure is None

    client.lambda_.invoke("payment_worker", received(event, MAX_RECEIVES))

    failure = adapters.store.orders["1"].failure
    assert failure is not None
    assert failure.code == "PAYMENT_UNAVAILABLE"


def test_a_dead_letter_says_why_and_tells_nothing_of_a_person(client: Client, lines: Callable[[], list[Any]]) -> None:
    nameless = order_created(
        {"Product": "Mouse", "CustomerEmail": "someone@example.com", "PhoneNumber": "+31612345678"}
    )

    with pytest.raises(BatchFailed):
        client.lambda_.invoke("inventory_worker", sqs_event([nameless]))

    (line,) = [line for line in lines() if line["message"] == "message_failed"]
    assert line["reason"] == "MalformedMessage"
    assert "The event names no order" in str(line)
    assert "someone" not in str(line)
    assert "+316" not in str(line)
