"""The orders table's stream, as Lambda hands it over (tests/events/dynamodb_stream.json: one order of the workflow
`queue`, from its placing to its completion)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from chalice.test import Client

from tests.support.api.gateway import recorded
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import counted

HOUR = "2026-11-21T12"


@pytest.fixture
def event() -> Any:
    return recorded("dynamodb_stream")


def test_a_batch_of_the_stream_is_counted(client: Client, adapters: FakeAdapters, event: Any) -> None:
    client.lambda_.invoke("count_orders", event)

    found = counted(adapters.counter_pages)[HOUR]
    assert {name: number for name, number in found.items() if not name.startswith("time/")} == {
        "completed": 1,
        "placed": 1,
        "placed/queue": 1,
        "revenue/EUR": Decimal("1299.99"),
        "sold": 1,
        "sold/EUR": 1,
        "value/EUR": Decimal("1299.99"),
    }
    assert {name.split("/")[1] for name in found if name.startswith("time/")} == {
        *("fulfillment", "inventory_check", "payment_processing", "pending", "total", "validating"),
    }


def test_what_the_mappings_filter_keeps_back_changes_nothing(
    client: Client, adapters: FakeAdapters, event: Any
) -> None:
    client.lambda_.invoke("count_orders", event)
    all_of_it, adapters.counter_pages.pages = adapters.counter_pages.pages, {}
    placed, _, completed = event["Records"]

    client.lambda_.invoke("count_orders", {"Records": [placed, completed]})

    assert adapters.counter_pages.pages == all_of_it


def test_a_record_that_cannot_be_read_is_named_without_what_stood_in_it(
    client: Client, adapters: FakeAdapters, event: Any, lines: Callable[[], list[Any]]
) -> None:
    placed, _, completed = event["Records"]
    del completed["dynamodb"]["NewImage"]["history"]

    client.lambda_.invoke("count_orders", event)

    assert counted(adapters.counter_pages)[HOUR]["placed"] == 1
    [line] = [line for line in lines() if line["message"] == "record_unreadable"]
    assert line["sequenceNumber"] == completed["dynamodb"]["SequenceNumber"]
    assert line["orderId"] == completed["dynamodb"]["Keys"]["orderId"]["S"]
    assert placed["dynamodb"]["NewImage"]["email"]["S"] not in str(lines())


DAMAGES: dict[str, tuple[str, Any]] = {
    "no time": ("createdAt", {"S": "yesterday"}),
    "a time of another form": ("createdAt", {"S": "2026-1-1T1:2:3.4Z"}),
    "a number": ("createdAt", {"N": "12"}),
    "a time at the end of all": ("createdAt", {"S": "9999-12-31T23:59:59.999Z"}),
    "no currency": ("currency", {"S": "???"}),
    "no address that can be archived": ("email", {"B": "AAAA"}),
    "an error of one part": ("error", {"L": [{"S": "A"}]}),
}


@pytest.mark.parametrize(("name", "value"), DAMAGES.values(), ids=DAMAGES)
def test_an_order_that_is_damaged_keeps_no_other_of_its_batch_from_being_counted(
    client: Client, adapters: FakeAdapters, event: Any, lines: Callable[[], list[Any]], name: str, value: Any
) -> None:
    damaged = recorded("dynamodb_stream")["Records"]
    for n, record in enumerate(damaged):
        record["dynamodb"]["Keys"]["orderId"] = record["dynamodb"]["NewImage"]["orderId"] = {"S": "damaged"}
        record["dynamodb"]["SequenceNumber"] = f"9{n}"
        for image in ("OldImage", "NewImage"):
            if image in record["dynamodb"]:
                record["dynamodb"][image][name] = value

    client.lambda_.invoke("count_orders", {"Records": [*damaged, *event["Records"]]})

    found = counted(adapters.counter_pages)
    assert (found[HOUR]["placed"], found[HOUR]["completed"], list(found)) == (1, 1, [HOUR])
    unreadable = [line for line in lines() if line["message"] == "record_unreadable"]
    assert {line["orderId"] for line in unreadable} == {"damaged"}


def test_one_line_says_what_was_counted(client: Client, event: Any, lines: Callable[[], list[Any]]) -> None:
    client.lambda_.invoke("count_orders", event)

    [line] = lines()
    assert (line["message"], line["changes"], line["facts"]) == ("orders_counted", 2, 3)


def test_no_records_are_no_work(client: Client, lines: Callable[[], list[Any]]) -> None:
    client.lambda_.invoke("count_orders", {"Records": []})

    assert lines() == []
