"""What was given up for a cause that passed goes back by itself: a probe first, the rest when it went through, never
what is wrong in itself, and none for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.tries import as_attribute, times_redriven
from chalicelib.operations.ports import Reason
from chalicelib.operations.redrive_what_passed import CALLS, MANY, MOST_TIMES, PROBE

from tests.support.builders.dead_letters import (
    DLQ,
    IMPORT_FILES_DLQ,
    MAIL_DLQ,
    METRICS_DLQ,
    ORDERS,
    given_up,
    stream_batch,
)
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs

WORKED = ["orders", "notifications", "inventory", "payment", "shipping", "imports", "exports"]


@dataclass
class Shop:
    services: Services
    adapters: FakeAdapters
    sqs: FakeSqs

    def dies(self, *, passes: bool | None = True, queue: str = "orders", times: int | None = None) -> str:
        """A message that was given up just now, its reason written down unless `passes` is None. Its id."""
        attributes = None if times is None else as_attribute(times)
        message_id = self.sqs.put(f"https://sqs.test/{queue}-dlq", '{"orderId": "o-1"}', attributes)
        if passes is not None:
            now = self.adapters.clock.now()
            self.adapters.reasons.keep(queue, Reason(message_id, "Whatever", "o-1", now, "", passes))
        return message_id

    def run(self, minutes: float = 2) -> dict[str, int]:
        self.adapters.clock.advance(60 * minutes)
        return self.services.operations.redrive_what_passed()

    def consumed(self, *, begun: int) -> None:
        """By the consumer of `orders`, who begins each message so often."""
        for message in self.sqs.queues.pop(ORDERS, []):
            for _ in range(begun):
                self.adapters.tries.begin("orders", message.message_id)


@pytest.fixture
def shop(services: Services, adapters: FakeAdapters, sqs: FakeSqs) -> Shop:
    return Shop(services, adapters, sqs)


@pytest.mark.parametrize("queue", WORKED)
def test_what_was_given_up_for_a_cause_that_may_pass_goes_back(shop: Shop, queue: str) -> None:
    shop.dies(queue=queue)

    assert shop.run() == {queue: 1}

    [message] = shop.sqs.queues[f"https://sqs.test/{queue}"]
    assert times_redriven(message.attributes) == 1
    assert shop.sqs.bodies(f"https://sqs.test/{queue}-dlq") == []


def test_what_is_wrong_in_itself_is_left_to_staff(shop: Shop) -> None:
    left = shop.dies(passes=False)

    for _ in range(10):
        assert shop.run(600) == {}

    assert shop.sqs.visible(DLQ) == [left]
    assert shop.adapters.audit_records.all == []


def test_a_probe_goes_first_and_the_rest_once_it_went_through(shop: Shop) -> None:
    for _ in range(50):
        shop.dies()

    assert shop.run() == {"orders": PROBE}
    shop.consumed(begun=1)
    assert shop.run() == {"orders": 50 - PROBE}


def test_while_the_probe_waits_nothing_is_added(shop: Shop) -> None:
    for _ in range(50):
        shop.dies()
    shop.run()

    assert shop.run() == {}


@pytest.mark.parametrize("begun", [2, 5])
def test_while_probes_fail_no_more_than_a_few_go(shop: Shop, begun: int) -> None:
    for _ in range(50):
        shop.dies()

    for _ in range(5):
        assert shop.run() == {"orders": PROBE}
        shop.consumed(begun=begun)


def test_the_success_of_another_day_is_no_probe(shop: Shop) -> None:
    shop.dies()
    shop.run()
    shop.consumed(begun=1)
    shop.adapters.clock.advance(24 * 3600)
    for _ in range(50):
        shop.dies()

    assert shop.run() == {"orders": PROBE}


def test_a_run_ends(shop: Shop) -> None:
    for _ in range(MANY + 100):
        shop.dies()
    shop.run()
    shop.consumed(begun=1)

    assert shop.run() == {"orders": MANY}


def test_each_redrive_waits_longer_and_after_some_it_is_left_to_staff(shop: Shop) -> None:
    shop.dies()
    waited = []
    for times in range(MOST_TIMES):
        minutes = 0
        while not shop.run(1):
            minutes += 1
        waited.append(minutes + 1)
        shop.consumed(begun=9)
        shop.dies(times=times + 1)

    assert waited == [4**n for n in range(MOST_TIMES)]
    assert shop.run(30 * 24 * 60) == {}


def test_the_least_redriven_go_first(shop: Shop) -> None:
    for times in (3, 2, 1, 0, 0):
        shop.dies(times=times)

    shop.run(24 * 60)

    assert sorted(times_redriven(m.attributes) for m in shop.sqs.queues[ORDERS]) == [1, 1, 2]


def test_it_is_on_record_as_done_by_the_system(shop: Shop) -> None:
    message_id = shop.dies()

    shop.run()

    [record] = shop.adapters.audit_records.all
    assert (record.who, record.action, record.details["messageIds"]) == ("system", "redrive", [message_id])
    assert record.outcome["redriven"] == 1


@pytest.mark.parametrize(("begun", "goes"), [(0, True), (4, True), (5, False), (9, False)])
def test_what_no_consumer_explained_goes_back_unless_it_was_begun_often(shop: Shop, begun: int, goes: bool) -> None:
    """Its function did not run, or could write nothing down; or it died of the message each time."""
    message_id = shop.dies(passes=None)
    for _ in range(begun):
        shop.adapters.tries.begin("orders", message_id)

    assert shop.run(31) == ({"orders": 1} if goes else {})


def test_what_is_new_and_was_not_explained_is_none_of_its_business(shop: Shop) -> None:
    shop.dies(passes=None)

    assert shop.run(29) == {}


def test_what_eventbridge_could_not_deliver_goes_back(shop: Shop) -> None:
    said = {"DataType": "String", "StringValue": "NO_PERMISSIONS"}
    shop.sqs.put(DLQ, "{}", {"ERROR_CODE": said})

    assert shop.run() == {"orders": 1}


def test_a_message_without_room_for_the_mark_stays(shop: Shop) -> None:
    said = {"DataType": "String", "StringValue": "x"}
    shop.sqs.put(DLQ, "{}", {"ERROR_CODE": said, **{f"a{n}": said for n in range(9)}})

    assert shop.run() == {}


@pytest.mark.parametrize(("url", "queue"), [(MAIL_DLQ, "mail"), (IMPORT_FILES_DLQ, "import-files")])
@pytest.mark.parametrize(
    ("more", "goes"),
    [
        ({"responsePayload": {"errorType": "BatchDelayed", "errorMessage": "1 of 1 objects failed"}}, True),
        ({"responsePayload": {"errorType": "BatchFailed", "errorMessage": "1 of 1 objects failed"}}, False),
        ({"responsePayload": None}, False),
        ({}, False),
    ],
    ids=str,
)
def test_a_call_that_was_delayed_is_made_again(
    shop: Shop, url: str, queue: str, more: dict[str, Any], goes: bool
) -> None:
    function = "mail_receipt" if queue == "mail" else "import_orders"
    shop.sqs.put(url, given_up(f"orderproc-test-{function}", **more))

    assert shop.run() == ({queue: 1} if goes else {})

    assert [json.loads(call[2])["redriven"] for call in shop.adapters.functions.invoked] == ([1] if goes else [])


def test_a_call_that_lambda_never_got_to_make_is_made(shop: Shop) -> None:
    letter = json.loads(given_up())
    letter["requestContext"]["condition"] = "EventAgeExceeded"
    del letter["responsePayload"]
    shop.sqs.put(MAIL_DLQ, json.dumps(letter))

    assert shop.run() == {"mail": 1}


def test_calls_are_made_again_a_few_at_a_time_and_not_for_ever(shop: Shop) -> None:
    delayed = {"responsePayload": {"errorType": "BatchDelayed", "errorMessage": "no"}}
    for _ in range(CALLS + 10):
        shop.sqs.put(MAIL_DLQ, given_up(**delayed))
    worn = given_up(requestPayload={"Records": [], "redriven": MOST_TIMES}, **delayed)
    shop.sqs.put(MAIL_DLQ, worn)

    assert [shop.run().get("mail", 0) for _ in range(3)] == [CALLS, 10, 0]
    assert shop.sqs.bodies(MAIL_DLQ) == [worn]


def test_what_was_not_counted_is_left_alone(shop: Shop) -> None:
    shop.sqs.put(METRICS_DLQ, stream_batch())

    assert shop.run(31) == {}


def test_a_queue_that_does_not_answer_keeps_none_of_the_others_waiting_and_rings(shop: Shop) -> None:
    shop.dies(queue="imports")
    attributes = shop.sqs.get_queue_attributes

    def not_the_first(**asked: Any) -> Any:
        if asked["QueueUrl"] == DLQ:
            raise TemporarilyUnavailable("not now")
        return attributes(**asked)

    shop.sqs.get_queue_attributes = not_the_first  # type: ignore[method-assign]

    with pytest.raises(TemporarilyUnavailable):
        shop.run()

    assert len(shop.sqs.queues["https://sqs.test/imports"]) == 1


def test_without_dead_letters_it_asks_each_queue_once(shop: Shop) -> None:
    asked: list[str] = []
    attributes = shop.sqs.get_queue_attributes

    def counted(**named: Any) -> Any:
        asked.append(named["QueueUrl"])
        return attributes(**named)

    shop.sqs.get_queue_attributes = counted  # type: ignore[method-assign]

    assert shop.run() == {}
    assert len(asked) == len(set(asked)) == len(WORKED) + 2
