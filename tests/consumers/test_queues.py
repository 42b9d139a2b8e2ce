"""The queues' consumers: the good messages are done, the bad ones come back, neighbours notice nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.sqs_batch import BatchFailed
from chalicelib.orders.model import Status

from tests.support.api.gateway import received, sqs_event
from tests.support.builders.examples import MAX_RECEIVES, command
from tests.support.fakes.adapters import FakeAdapters

CONSUMERS = ["process_orders", "notify"]
POISON = {
    "no JSON": "orderId=1",
    "empty": "",
    "a list": "[]",
    "null": "null",
    "a text": '"text"',
    "a number": "7",
    "half a surrogate pair": r'{"orderId": "\ud800"}',
    "no field": "{}",
    "NaN": '{"orderId": NaN}',
    "too deep": "[" * 10_000 + "]" * 10_000,
    "no order named": {"correlationId": "c"},
    "a number for an id": {"orderId": 7, "eventType": "OrderCompleted"},
    "an empty id": {"orderId": "", "eventType": "OrderCompleted"},
    "an order never stored": {"orderId": "nobody", "eventType": "OrderCompleted"},
    "null for an id": {"orderId": None, "eventType": None},
    "a list for an id": {"orderId": ["a"], "eventType": "OrderCompleted"},
}


@pytest.fixture
def placed(services: Services) -> Callable[..., str]:
    """Accept an order and return its id."""
    return lambda **changes: services.orders.accept(command(**changes)).order_id


@pytest.fixture
def message() -> Callable[..., Any]:
    """What each consumer is sent about an order."""

    def of(order_id: str, event_type: str = "OrderCompleted") -> Any:
        return {"orderId": order_id, "correlationId": "corr-1", "eventType": event_type}

    return of


def test_a_batch_of_orders_is_worked_off(
    client: Client, adapters: FakeAdapters, placed: Callable[..., str], message: Callable[..., Any]
) -> None:
    ids = [placed() for _ in range(3)]

    client.lambda_.invoke("process_orders", sqs_event(message(order_id) for order_id in ids))

    assert {adapters.store.orders[order_id].status for order_id in ids} == {Status.COMPLETED}
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 2, 0)
    assert adapters.queue.deleted == []  # Lambda deletes what succeeded


@pytest.mark.parametrize("function", CONSUMERS)
@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
def test_poison_comes_back_and_its_neighbours_are_done_once(
    client: Client,
    adapters: FakeAdapters,
    services: Services,
    placed: Callable[..., str],
    message: Callable[..., Any],
    function: str,
    poison: Any,
) -> None:
    before, after = placed(), placed()
    if function == "notify":
        services.workflow.steps.run_all(before)
        services.workflow.steps.run_all(after)

    with pytest.raises(BatchFailed, match="1 of 3 messages failed"):
        client.lambda_.invoke(function, sqs_event([message(before), poison, message(after)]))

    assert {adapters.store.orders[order_id].status for order_id in (before, after)} == {Status.COMPLETED}
    assert adapters.queue.deleted == ["r-0", "r-2"]
    assert list(adapters.queue.hidden) == ["r-1"]
    if function == "notify":
        assert len(adapters.texter.sent) == 2


@pytest.mark.parametrize("function", CONSUMERS)
def test_poison_alone_changes_nothing(client: Client, untouched: Callable[[], bool], function: str) -> None:
    with pytest.raises(BatchFailed, match=f"{len(POISON)} of {len(POISON)}"):
        client.lambda_.invoke(function, sqs_event(POISON.values()))

    assert untouched()


@pytest.mark.parametrize(("receives", "least", "most"), [(1, 1, 2), (2, 3, 6), (3, 9, 18)])
def test_a_failed_message_waits_longer_each_time(
    client: Client,
    adapters: FakeAdapters,
    placed: Callable[..., str],
    message: Callable[..., Any],
    receives: int,
    least: int,
    most: int,
) -> None:
    order_id = placed(payment_method="pm_sim_unavailable")

    with pytest.raises(BatchFailed):
        client.lambda_.invoke("process_orders", sqs_event([message(order_id)], receives))

    assert least <= adapters.queue.hidden["r-0"] <= most


def test_the_last_try_ends_an_order_that_nobody_takes_the_money_for(
    client: Client, adapters: FakeAdapters, placed: Callable[..., str], message: Callable[..., Any]
) -> None:
    order_id = placed(payment_method="pm_sim_unavailable")
    event = sqs_event([message(order_id)])

    for receives in range(1, MAX_RECEIVES):
        with pytest.raises(BatchFailed):
            client.lambda_.invoke("process_orders", received(event, receives))
    assert adapters.store.orders[order_id].failure is None

    client.lambda_.invoke("process_orders", received(event, MAX_RECEIVES))

    failure = adapters.store.orders[order_id].failure
    assert failure is not None
    assert failure.code == "PAYMENT_UNAVAILABLE"


def test_a_completed_order_gets_its_documents_and_an_sms(
    client: Client, adapters: FakeAdapters, services: Services, placed: Callable[..., str], message: Callable[..., Any]
) -> None:
    order_id = placed()
    services.workflow.steps.run_all(order_id)

    client.lambda_.invoke("notify", sqs_event([message(order_id, "OrderPlaced"), message(order_id)]))

    assert set(adapters.documents.files) == {f"receipts/{order_id}.pdf", f"orders/2026/11/21/{order_id}.json"}
    assert adapters.texter.sent == [("+31612345678", "created"), ("+31612345678", "completed")]
