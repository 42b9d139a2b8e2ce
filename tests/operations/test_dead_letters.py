"""Dead letters: seen with their reasons, and left in place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.kit.errors import InvalidRequest
from chalicelib.kit.redaction import MASK
from chalicelib.operations.dead_letter_reasons import DIED
from chalicelib.operations.dead_letters import DeadLetters
from chalicelib.operations.ports import Reason

from tests.reliability.faults import Died
from tests.support.builders.dead_letters import (
    DLQ,
    MAIL_DLQ,
    NAMES,
    ORDERS,
    given_up,
    put,
)
from tests.support.builders.examples import NOW, SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs


@pytest.mark.parametrize("name", ["orders", "orders-dlq", ORDERS, DLQ])
def test_a_queue_is_called_by_any_of_its_names(dead: DeadLetters, name: str) -> None:
    assert dead.place(name).url == ORDERS


def test_full_names_are_those_of_the_stage() -> None:
    from chalicelib.operations.dead_letter_places import place_called, places

    base = "https://sqs.eu-central-1.amazonaws.com/123456789012/orderproc-prod"
    known = places("prod", {"orders": f"{base}-orders", "payment": f"{base}-payment"})

    assert place_called("orderproc-prod-payment-dlq", known).name == "payment"
    assert place_called("orderproc-prod-mail-dlq", known).dead_letters_url == f"{base}-mail-dlq"
    assert place_called("import-files", known).functions == (
        "orderproc-prod-import_orders",
        "orderproc-prod-import_products",
    )


@pytest.mark.parametrize("name", ["", "Orders", "order", "https://sqs.test/other", "orders-dlq-dlq"])
def test_of_an_unknown_queue_those_that_there_are_are_named(dead: DeadLetters, name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        dead.place(name)

    [error] = refused.value.errors
    assert error.field == "queue"
    assert all(known in error.message for known in NAMES)


def test_depths_are_told_of_all(dead: DeadLetters, sqs: FakeSqs) -> None:
    put(sqs, 2, ORDERS)
    put(sqs, 3)
    sqs.receive_message(QueueUrl=ORDERS)
    sqs.put(MAIL_DLQ, given_up())

    rows = {place.name: (depth, lost) for place, depth, lost in dead.depths()}

    assert list(rows) == NAMES
    assert (rows["orders"][0].waiting, rows["orders"][0].in_flight, rows["orders"][1].waiting) == (1, 1, 3)
    assert (rows["mail"][0].waiting, rows["mail"][1].waiting) == (0, 1)


# Looking


def test_a_look_shows_all_and_leaves_all_where_others_see_them(dead: DeadLetters, sqs: FakeSqs) -> None:
    ids = put(sqs, 25)

    seen = dead.peek("orders", 100)

    assert sorted(letter.message_id for letter in seen) == ids
    assert sqs.visible(DLQ) == ids
    assert [letter.order_id for letter in seen] == [f"o-{n}" for n in range(25)]


@pytest.mark.parametrize("limit", [1, 10, 13])
def test_a_look_takes_no_more_than_it_shows(dead: DeadLetters, sqs: FakeSqs, limit: int) -> None:
    put(sqs, 25)

    assert len(dead.peek("orders", limit)) == limit
    assert sum(message.receives for message in sqs.queues[DLQ]) == limit


def test_who_dies_while_looking_hides_nothing_for_long(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    ids = put(sqs, 3)

    def die(*_: Any) -> None:
        raise Died

    adapters.dead_letter_queues.__dict__["make_visible"] = die
    with pytest.raises(Died):
        dead.peek("orders", 100)

    adapters.clock.advance(20)
    assert sqs.visible(DLQ) == ids


def test_a_look_at_all_shows_something_of_each(dead: DeadLetters, sqs: FakeSqs) -> None:
    put(sqs, 50)
    put(sqs, 2, f"{SETTINGS.payment_queue_url}-dlq")
    sqs.put(MAIL_DLQ, given_up())

    seen = [letter.place.name for letter in dead.peek(None, 20)]

    assert {name: seen.count(name) for name in set(seen)} == {"orders": 17, "payment": 2, "mail": 1}


def test_a_look_at_nothing_shows_nothing(dead: DeadLetters) -> None:
    assert dead.peek(None, 20) == []


def test_a_look_at_many_goes_on_to_the_last_however_slowly_they_come(dead: DeadLetters, sqs: FakeSqs) -> None:
    ids = put(sqs, 1000)
    sqs.seconds_per_call = 1

    seen = dead.peek("orders", 1000, seconds=120)

    assert sorted(letter.message_id for letter in seen) == ids
    assert seen.complete
    assert sqs.visible(DLQ) == ids


@pytest.mark.parametrize(
    ("count", "limit", "complete"), [(25, 25, True), (25, 100, True), (25, 24, False), (0, 9, True)]
)
def test_a_look_says_whether_it_showed_all(
    dead: DeadLetters, sqs: FakeSqs, count: int, limit: int, complete: bool
) -> None:
    put(sqs, count)

    seen = dead.peek("orders", limit)

    assert (len(seen), seen.complete) == (min(count, limit), complete)


def test_a_look_ends_in_time_and_says_so(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    ids = put(sqs, 1500)
    put(sqs, 3, f"{SETTINGS.payment_queue_url}-dlq")
    sqs.seconds_per_call = 3
    began = adapters.clock.moment

    seen = dead.peek(None, 1000)

    assert (adapters.clock.moment - began).total_seconds() < 25
    assert not seen.complete
    assert sqs.visible(DLQ) == ids


# Reasons


def test_the_reason_is_what_the_consumer_wrote_down(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    [message_id] = put(sqs, 1)
    adapters.reasons.keep("orders", Reason(message_id, "KeyError: 'price'", "o-0", NOW, "c-1"))

    [letter] = dead.peek("orders", 1)

    assert letter.reason == "KeyError: 'price'"


@pytest.mark.parametrize(
    ("url", "text", "attributes", "reason"),
    [
        (DLQ, '{"orderId": "o-1"}', {}, DIED),
        (DLQ, "no JSON", {}, DIED),
        (
            f"{SETTINGS.inventory_queue_url}-dlq",
            '{"detail": {"OrderId": "o-1"}}',
            {
                "ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"},
                "ERROR_MESSAGE": {"DataType": "String", "StringValue": "not for a@b.test"},
            },
            f"EventBridge could not deliver it: NO_PERMISSIONS: not for {MASK}",
        ),
        (MAIL_DLQ, given_up(), {}, f"MessageRejected: {MASK} is not verified"),
        (MAIL_DLQ, given_up(responsePayload=None), {}, "Lambda gave up after all of its tries."),
        (
            MAIL_DLQ,
            given_up(requestContext={"condition": "EventAgeExceeded"}, responsePayload=[]),
            {},
            "Lambda gave up: the event grew too old before a call succeeded.",
        ),
        (MAIL_DLQ, given_up(requestContext="?", responsePayload={}), {}, DIED),
    ],
)
def test_where_nobody_wrote_one_down_it_is_what_is_known(
    dead: DeadLetters, sqs: FakeSqs, url: str, text: str, attributes: Any, reason: str
) -> None:
    sqs.put(url, text, attributes)

    [letter] = dead.peek(url, 1)

    assert letter.reason == reason


@pytest.mark.parametrize(
    "text",
    ['{"orderId": "o-1"}', '{"detail": {"orderId": "o-1"}}', '{"detail": {"OrderId": "o-1"}}', given_up()],
    ids=lambda text: text[:30],
)
def test_the_order_is_found_wherever_it_is_named(dead: DeadLetters, sqs: FakeSqs, text: str) -> None:
    sqs.put(DLQ, text)

    assert dead.peek("orders", 1)[0].order_id == "o-1"


@pytest.mark.parametrize("text", ["[]", "7", "x", '{"orderId": 7}', '{"detail": []}', given_up(key="reports/x.json")])
def test_a_message_may_name_no_order(dead: DeadLetters, sqs: FakeSqs, text: str) -> None:
    sqs.put(DLQ, text)

    assert dead.peek("orders", 1)[0].order_id is None


def test_a_payload_names_nobody(dead: DeadLetters, sqs: FakeSqs) -> None:
    sqs.put(DLQ, json.dumps({"detail": body(items=[], totalAmount=1)}))

    [letter] = dead.peek("orders", 1)

    assert letter.payload["detail"]["customerEmail"] == MASK
    assert letter.payload["detail"]["customerId"] == "customer123"
