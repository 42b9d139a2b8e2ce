"""The published JSON Schemas of events, their examples in docs/guide, and the events as published, compared with
each other. Consumers must accept unknown fields; we must not send undocumented ones."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from chalicelib.kit.errors import MalformedMessage
from chalicelib.kit.jsonio import dumps, loads
from chalicelib.kit.money import digits
from chalicelib.kit.schemas import MAX_LINES, ORDER_ID
from chalicelib.orders import events
from chalicelib.orders.eventbridge import AwsEvents
from chalicelib.orders.events import events_of
from chalicelib.orders.items import order_from_item, order_to_item
from chalicelib.orders.model import Line, Order, Status, total_of
from chalicelib.orders.order_created import announced_order
from chalicelib.orders.schema import FLAT_ORDER, ORDER_REQUEST
from hypothesis import Phase, find, given, settings

from infra.paths import ROOT
from tests.reliability.outage import Listener
from tests.support.builders.examples import SETTINGS, order
from tests.support.builders.generated_orders import orders
from tests.support.fakes.link_secrets import pseudonyms

SCHEMAS = {path.stem: path for path in sorted((ROOT / "docs/schemas/events").glob("*.json"))}
INCOMING = "OrderCreated"
OUTGOING = [name for name in SCHEMAS if name != INCOMING]
DOCUMENT = "\n".join((ROOT / "docs/guide" / name).read_text("utf-8") for name in ("events.md", "bus-orders.md"))
MOST_BYTES = 256 * 1024
"""Of a call of either service, with all its entries."""

every_event = pytest.mark.parametrize("name", OUTGOING)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def closed(schema: Any) -> Any:
    """With no fields but those it names."""
    if isinstance(schema, list):
        return [closed(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {name: closed(inner) for name, inner in schema.items()}
    return {**inside, "additionalProperties": False} if isinstance(schema.get("properties"), dict) else inside


@cache
def producers(name: str) -> Any:
    """A judge of what we send."""
    return jsonschema_rs.Draft202012Validator(closed(read(SCHEMAS[name])), validate_formats=True)


@cache
def listeners(name: str) -> Any:
    return jsonschema_rs.Draft202012Validator(read(SCHEMAS[name]), validate_formats=True)


def assert_as_published(name: str, detail: Any) -> None:
    assert name in OUTGOING, f"{name} is documented nowhere"
    assert [f"{e.instance_path}: {e.message}" for e in producers(name).iter_errors(detail)] == []
    assert detail["eventType"] == name


def examples(heading: str) -> list[Any]:
    """All JSON in the section, each as a listener would read it."""
    section = re.search(rf"^(#+) {heading}\n(.*?)(?=^#+ |\Z)", DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    assert section, heading
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", section[2], flags=re.DOTALL)]


# What goes out


@given(orders())
def test_whatever_becomes_of_an_order_its_events_are_as_published(placed: Order) -> None:
    for event in events_of(placed):
        assert_as_published(event.type, json.loads(dumps(event.detail)))


@given(orders())
def test_an_order_that_was_stored_tells_the_same_as_before_to_the_letter(placed: Order) -> None:
    stored = order_from_item(order_to_item(placed))

    assert [dumps(event.detail) for event in events_of(stored)] == [dumps(event.detail) for event in events_of(placed)]


@given(orders())
def test_amounts_are_json_numbers_with_the_currencys_digits(placed: Order) -> None:
    for event in events_of(placed):
        text = dumps(event.detail)
        written = re.findall(r'"(?:price|totalAmount)":([^,}]+)', text)

        assert len(written) == 1 + len(placed.lines)
        for number in written:
            assert re.fullmatch(r"\d+(\.\d+)?", number)
            assert len(number.partition(".")[2]) == digits(placed.currency)
        assert loads(text)["totalAmount"] == placed.total_amount


@every_event
def test_there_are_orders_that_bring_it(name: str) -> None:
    """Else the generated orders would hold its schema to nothing."""
    few = settings(max_examples=500, phases=[Phase.generate], database=None, deadline=None)

    assert find(orders(), lambda placed: name in {event.type for event in events_of(placed)}, settings=few)


class Recorded(Listener):
    """Keeps the calls as they were made."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.calls: list[dict[str, Any]] = []

    def put_events(self, **call: Any) -> dict[str, Any]:
        self.calls.append(call)
        return super().put_events(**call)

    def publish_batch(self, **call: Any) -> dict[str, Any]:
        self.calls.append(call)
        return super().publish_batch(**call)


def published(placed: Sequence[Order]) -> tuple[Recorded, Recorded]:
    """The calls that the real adapter makes, of the bus and of the topic."""
    bus, topic = Recorded(None), Recorded(None)
    adapter = AwsEvents(bus, topic, SETTINGS.event_bus, SETTINGS.topic_arn, pseudonyms())
    adapter.publish([event for one in placed for event in events_of(one)])
    return bus, topic


@given(orders())
def test_the_bus_gets_each_event_in_its_envelope(placed: Order) -> None:
    bus, _ = published([placed])

    for entry in [entry for call in bus.calls for entry in call["Entries"]]:
        assert_as_published(entry["DetailType"], json.loads(entry["Detail"]))
        assert (entry["Source"], entry["EventBusName"], entry["Resources"]) == (
            "orderproc",
            SETTINGS.event_bus,
            [SETTINGS.topic_arn],
        )


@given(orders())
def test_the_topics_body_is_the_buses_detail(placed: Order) -> None:
    bus, topic = published([placed])

    assert topic.heard == bus.heard
    assert {call["TopicArn"] for call in topic.calls} == {SETTINGS.topic_arn}
    assert all(
        entry.keys() == {"Id", "Message", "MessageAttributes"}
        for call in topic.calls
        for entry in call["PublishBatchRequestEntries"]
    )


@given(orders())
def test_the_topics_attributes_say_what_the_body_says(placed: Order) -> None:
    _, topic = published([placed])

    for entry in [entry for call in topic.calls for entry in call["PublishBatchRequestEntries"]]:
        detail = json.loads(entry["Message"])
        said = {name: value["StringValue"] for name, value in entry["MessageAttributes"].items()}
        assert said == {
            **{name: detail[name] for name in ("eventType", "status", "workflow", "fulfilment")},
            "hasPhoneNumber": json.dumps(detail["hasPhoneNumber"]),
        }


def test_the_events_of_the_largest_order_fit_into_a_call() -> None:
    lines = tuple(Line(f"P{n:063d}", "", 10_000, Decimal("99.99")) for n in range(MAX_LINES))
    largest = order(lines=lines, total_amount=total_of(lines), customer_id="東" * 128)

    bus, _ = published([largest] * 10)

    (call,) = bus.calls
    assert len(call["Entries"]) == 10
    assert sum(len(entry["Detail"].encode()) for entry in call["Entries"]) < MOST_BYTES


# What the document says


def test_the_document_has_exactly_the_events_that_there_are() -> None:
    section = DOCUMENT.partition("\n## Each event with an example\n")[2].partition("\n## ")[0]
    table = DOCUMENT.partition("\n## The events\n")[2].partition("\n## ")[0]

    assert sorted(re.findall(r"^### (\w+)$", section, flags=re.MULTILINE)) == sorted(OUTGOING)
    assert sorted(re.findall(r"^\| \[(\w+)\]", table, flags=re.MULTILINE)) == sorted(OUTGOING)


@every_event
def test_its_example_is_one_that_we_could_have_sent(name: str) -> None:
    (example,) = examples(name)

    assert_as_published(name, example)


@every_event
def test_its_example_has_the_id_that_this_event_of_this_order_has(name: str) -> None:
    (example,) = examples(name)

    if "shipment" not in example:
        assert example["eventId"] == str(uuid.uuid5(events._NAMESPACE, f"{example['orderId']}:{name}"))


def test_the_envelope_carries_an_event_and_the_policies_would_let_one_through() -> None:
    envelope, rule, policy = examples("Subscribe")

    assert_as_published(envelope["detail-type"], envelope["detail"])
    assert rule.keys() <= envelope.keys()
    assert rule["resources"] == envelope["resources"]
    assert set(rule["detail"]["error"]["code"]) == {"CARD_DECLINED", "INSUFFICIENT_FUNDS"}
    assert set(policy["eventType"]) <= set(OUTGOING)
    assert set(policy["status"]) <= {status.value for status in Status}


# What the schemas say


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_is_named_after_its_event(name: str) -> None:
    schema = read(SCHEMAS[name])

    assert jsonschema_rs.meta.is_valid(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (schema["$id"], schema["title"]) == (f"urn:orderproc:events:{name}:{events.SCHEMA_VERSION}", name)
    assert schema["description"]


@every_event
def test_listeners_take_what_a_newer_version_adds(name: str) -> None:
    (example,) = examples(name)
    newer = json.loads(json.dumps(example).replace('"items": [{', '"giftWrap": true, "items": [{"weight": 1, '))

    assert newer != example
    assert listeners(name).is_valid(newer)
    assert not producers(name).is_valid(newer)


@every_event
def test_every_field_is_required_but_an_error_where_there_may_be_none(name: str) -> None:
    schema = read(SCHEMAS[name])

    optional = schema["properties"].keys() - schema["required"]
    assert optional == ({"error"} if name == "OrderRefunded" else set())


@every_event
def test_what_all_events_have_is_described_alike(name: str) -> None:
    common, mine = (read(SCHEMAS[n])["properties"] for n in ("OrderPlaced", name))

    for field in common.keys() - {"eventType", "status"}:
        assert mine[field] == common[field], field


# What comes in


def tolerant(schema: Any) -> Any:
    """As an event is read: with any other fields, which are left out."""
    if isinstance(schema, list):
        return [tolerant(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: True if name == "additionalProperties" and inner is False else tolerant(inner)
        for name, inner in schema.items()
        if name != "examples"
    }


@pytest.mark.parametrize(
    ("form", "id_field", "judged_by"),
    [("full", "orderId", ORDER_REQUEST), ("flat", "OrderId", FLAT_ORDER)],
)
def test_an_incoming_order_is_published_as_it_is_judged(form: str, id_field: str, judged_by: Any) -> None:
    stated, judged = read(SCHEMAS[INCOMING])["$defs"][form], tolerant(judged_by)

    assert stated["properties"].pop(id_field)["pattern"] == ORDER_ID["pattern"]
    assert stated["properties"] == judged["properties"]
    assert sorted(stated["required"]) == sorted([id_field, *judged["required"]])


def taken(detail: Any) -> Any:
    return announced_order({"detail": detail}, owner="p-shop", default_currency="EUR", correlation_id="corr-1")


@pytest.mark.parametrize("example", range(3))
def test_the_examples_of_incoming_orders_are_taken(example: int) -> None:
    shown = examples("Two forms")
    detail = shown[example]

    assert len(shown) == 3
    assert listeners(INCOMING).is_valid(detail)
    assert not taken(loads(dumps(detail))).errors


@pytest.mark.parametrize(
    "change",
    [{"Quantity": "1"}, {"Quantity": 0}, {"Price": "1200"}, {"OrderId": "a b"}, {"Currency": "euro"}],
    ids=str,
)
def test_what_the_schema_refuses_is_no_order(change: dict[str, Any]) -> None:
    detail = {"OrderId": "12345", "Product": "Laptop", "Quantity": 1, "Price": 1200, **change}

    assert not listeners(INCOMING).is_valid(detail)
    try:
        assert taken(detail).errors
    except MalformedMessage:
        assert "OrderId" in change
