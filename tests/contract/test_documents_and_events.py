"""Documents, hand-over and events: what leaves for other services arrives there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import requests
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.events import DomainEvent, events_of
from chalicelib.orders.model import Failure, Status

from tests.contract.adapters import MiniStackDestinations, order, unique
from tests.contract.engines import client
from tests.contract.threads import concurrently
from tests.support.fakes.adapters import FakeEvents

Destinations = Any  # FakeDestinations or MiniStackDestinations


def test_a_document_that_is_put_replaces_the_one_before(destinations: Any) -> None:
    key = f"ended/{unique('order')}.json"

    for content in (b"first", b"second"):
        destinations.documents.put(key, content, "application/json")

    assert destinations.documents.get(key) == b"second"


def test_a_document_is_stored_and_read_byte_by_byte(destinations: Destinations) -> None:
    key = f"receipts/{unique('order')}.pdf"

    assert destinations.documents.add(key, b"%PDF \x00\xff", "application/pdf")

    assert destinations.documents.exists(key)
    assert destinations.documents.get(key) == b"%PDF \x00\xff"


def test_a_document_that_is_there_stays_as_it_is(destinations: Destinations) -> None:
    key = f"receipts/{unique('order')}.pdf"
    destinations.documents.add(key, b"first", "application/pdf")

    assert not destinations.documents.add(key, b"second", "application/pdf")

    assert destinations.documents.get(key) == b"first"


def test_of_ten_who_add_one_document_at_once_one_does(destinations: Destinations) -> None:
    key = f"receipts/{unique('order')}.pdf"

    added = concurrently(10, lambda n: destinations.documents.add(key, str(n).encode(), "text/plain"))

    assert added.count(True) == 1
    assert destinations.documents.get(key) == str(added.index(True)).encode()


def test_a_document_that_is_not_there_is_none(destinations: Destinations) -> None:
    assert destinations.documents.get("receipts/none.pdf") is None
    assert not destinations.documents.exists("receipts/none.pdf")


def test_a_link_names_the_document_and_expires(destinations: Destinations) -> None:
    link = destinations.documents.link("receipts/one.pdf", 900, "receipt-1.pdf")

    assert "receipts/one.pdf" in link
    assert "receipt-1.pdf" in link
    assert "900" in link


def test_who_has_a_link_can_read_without_credentials_and_nobody_can_alter_it(ministack: str) -> None:
    documents = MiniStackDestinations(ministack).documents
    documents.add("receipts/mine.pdf", b"mine", "application/pdf")
    documents.add("receipts/other.pdf", b"other", "application/pdf")
    link = documents.link("receipts/mine.pdf", 60, "receipt-1.pdf")

    read = requests.get(link, timeout=5)
    altered = requests.get(link.replace("mine.pdf", "other.pdf"), timeout=5)
    renamed = requests.get(link.replace("receipt-1.pdf", "receipt-1.exe"), timeout=5)

    assert (read.status_code, read.content, read.headers["Content-Type"]) == (200, b"mine", "application/pdf")
    assert read.headers["Content-Disposition"] == 'attachment; filename="receipt-1.pdf"'
    assert (altered.status_code, renamed.status_code) == (403, 403)


def test_an_order_handed_over_arrives_once(destinations: Destinations) -> None:
    placed = order(correlation_id="corr-1")

    destinations.hand_over.hand_over(placed)

    assert destinations.handed_over() == [placed.order_id]


def test_a_queue_that_does_not_take_the_order_is_temporarily_unavailable(ministack: str) -> None:
    destinations = MiniStackDestinations(ministack)
    nowhere = replace(destinations.hand_over, queue_url=f"{ministack}/000000000000/no-such-queue")

    with pytest.raises(TemporarilyUnavailable):
        nowhere.hand_over(order())


def test_a_queue_that_can_not_be_reached_is_temporarily_unavailable(ministack: str) -> None:
    destinations = MiniStackDestinations(ministack)
    down = replace(destinations.hand_over, client=client("sqs", "http://127.0.0.1:9", tries=1))

    with pytest.raises(TemporarilyUnavailable):
        down.hand_over(order())


def test_events_arrive_at_the_bus_and_at_the_topic_with_all_they_say(destinations: Destinations) -> None:
    destinations.events.publish([])  # makes what listens
    events = _events()

    destinations.events.publish(events)

    expected = [_as_json(event.detail) for event in events]
    assert sorted(map(_as_json, destinations.on_the_bus()), key=_type) == sorted(expected, key=_type)
    assert sorted(map(_as_json, destinations.on_the_topic()), key=_type) == sorted(expected, key=_type)


def test_no_events_are_no_call(destinations: Destinations) -> None:
    destinations.events.publish([])

    assert destinations.on_the_bus() == []
    assert destinations.on_the_topic() == []


def test_the_fakes_say_which_events_there_were() -> None:
    fake = FakeEvents()

    fake.publish(_events())

    assert fake.types == ["OrderPlaced", "OrderFailed"]


def test_a_topic_that_is_not_there_is_an_error_and_not_forgotten(ministack: str) -> None:
    events = MiniStackDestinations(ministack).events
    nowhere = replace(events, topic_arn=f"{events.topic_arn}-none")

    with pytest.raises(Exception, match="NotFound"):
        nowhere.publish(_events())


def _events() -> Sequence[DomainEvent]:
    failed = order().failed(Failure("EXPIRED", "Zu spät: Ζωή 東京."), "2026-11-21T14:31:00.000Z")
    assert failed.status is Status.FAILED
    return events_of(failed)


def _type(detail: dict[str, Any]) -> str:
    return str(detail["eventType"])


def _as_json(value: Any) -> Any:
    """Amounts as a JSON reader without decimals has them."""
    if isinstance(value, dict):
        return {name: _as_json(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value
