"""What measures drive is the app as it is: its handlers, over fakes. On the emulator `make bench` drives the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chalicelib import bootstrap
from chalicelib.bootstrap import Services

from bench import afterwards, bill, chatbot_costs, contention
from bench.bill import Duration
from bench.conflicts import Conflicts
from bench.drive import ACCEPT, EVENTS, STEPFUNCTIONS, WORKFLOWS, Driver, answered, api_event, sqs_event
from bench.ledger import Ledger
from bench.stand import LogMeter, Stand
from tests.support.builders.examples import LAPTOP, SETTINGS
from tests.support.fakes.adapters import FakeAdapters


@pytest.fixture
def fakes() -> Iterator[FakeAdapters]:
    adapters = FakeAdapters()
    adapters.catalogue.put(LAPTOP, 100)
    bootstrap.use(Services(SETTINGS, adapters))
    yield adapters
    bootstrap.use(None)


@pytest.fixture
def here(fakes: FakeAdapters) -> Stand:
    import app

    environment = {"IMPORTS_QUEUE_URL": "imports", "DOCUMENTS_BUCKET": "documents"}
    return Stand(app, LogMeter(), "http://nothing.test", environment)


@pytest.fixture
def queues(here: Stand, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of the emulator's queues: every function that reads one gets all orders that there are."""
    read: list[str] = []

    def consume(driver: Driver, consumer: str, number: int, batch: int) -> None:
        read.append(consumer)
        ids = list(bootstrap.services()._a.store.orders)[:number]  # type: ignore[attr-defined]
        bodies = [json.dumps({"orderId": order_id, "correlationId": ""}) for order_id in ids]
        if consumer == "process_orders":
            messages = [{"MessageId": body, "ReceiptHandle": "", "Body": body} for body in bodies]
            driver.invoke(consumer, sqs_event(messages))

    monkeypatch.setattr(Driver, "_consume", consume)
    return read


def test_an_order_is_accepted_processed_and_mailed(here: Stand, fakes: FakeAdapters, queues: list[str]) -> None:
    driver = Driver(here)

    [order_id] = driver.whole_orders(1, batch=1)

    assert fakes.store.orders[order_id].status == "COMPLETED"
    assert queues == ["process_orders", "notify"]
    assert list(driver.timings) == [ACCEPT, "process_orders", "mail_receipt"]


def test_the_state_machine_takes_an_order_through_its_functions(
    here: Stand, fakes: FakeAdapters, queues: list[str]
) -> None:
    driver = Driver(here)

    [order_id] = driver.whole_orders(1, batch=1, workflow=STEPFUNCTIONS)

    assert fakes.store.orders[order_id].status == "COMPLETED"
    assert driver.transitions > len(driver.timings) > 5
    assert queues == ["notify"]


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_buyer_of_a_hot_product_gets_to_an_end(here: Stand, workflow: str) -> None:
    hot = [f"HOT-{workflow}"] * contention.BUYERS

    run = contention._run(here, Conflicts(), workflow, hot[0], hot)

    assert run.exact


def test_a_question_is_asked_with_the_prompt_that_a_model_would_get(here: Stand, queues: list[str]) -> None:
    driver = Driver(here)
    [order_id] = driver.whole_orders(1, batch=1, customerId="asks-much")

    def asked(question: str) -> Callable[[], object]:
        event = api_event("/chatbot")
        event["body"] = json.dumps({"query": question, "customerId": "asks-much"})
        return lambda: driver.request(event, 200)

    without, one = (
        chatbot_costs.prompt_length(asked(text)) for text in ("What can you do for me?", f"Where is order {order_id}?")
    )

    assert 1_000 < without < one
    assert bootstrap.services().customers.answer_question.model is None


def test_the_reconciler_looks_at_orders_as_soon_as_they_are_there(
    here: Stand, fakes: FakeAdapters, queues: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[Any] = []
    created_between = fakes.orders.created_between

    def seen(*times: str) -> Any:
        found = list(created_between(*times))
        looked_at.append(len(found))
        return iter(found)

    monkeypatch.setattr(afterwards, "RECONCILED", 3)
    monkeypatch.setattr(fakes.orders, "created_between", seen)
    whole_orders = Driver.whole_orders

    def later(driver: Driver, number: int, **how: Any) -> list[str]:
        fakes.clock.advance(1)
        ids = whole_orders(driver, number, **how)
        fakes.clock.advance(1)
        return ids

    monkeypatch.setattr(Driver, "whole_orders", later)

    afterwards.reconciled(here, Ledger(lambda service: None))

    assert sum(looked_at) == 3


def test_a_bill_has_what_is_no_call_of_ours(here: Stand, queues: list[str]) -> None:
    driver = Driver(here)
    driver.whole_orders(2, batch=2)
    durations = dict.fromkeys(driver.timings, Duration(512, 3.0, 1.0))

    lines = {
        (one.stage, one.price.name): one.quantity
        for one in bill.lines(driver, [], orders=2, batch=2, durations=durations)
    }

    assert lines[ACCEPT, "apigateway.request"] == 1
    assert lines["process_orders", "sqs.request"] == 1
    assert lines["process_orders", "lambda.request"] == 0.5
    assert lines[ACCEPT, bill.GB_SECOND] == pytest.approx(0.002)
    assert (EVENTS, "events.event") not in lines


def test_another_status_than_was_asked_for_ends_the_measure() -> None:
    with pytest.raises(RuntimeError, match="409"):
        answered({"statusCode": 409, "body": "no"}, 201)
