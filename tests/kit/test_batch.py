"""A batch of messages: the good ones are done, the bad ones come back later each time, none is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.sqs_batch import BatchFailed, Message, Queue, process_batch

from tests.support.builders.examples import MAX_RECEIVES, SETTINGS
from tests.support.fakes.adapters import FakeQueue


class Event:
    """What SQS sends: each body as it is if it is text, as JSON otherwise."""

    def __init__(self, *bodies: Any, tries: int = 1) -> None:
        self.records = [
            {
                "messageId": f"m{n}",
                "receiptHandle": f"r{n}",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": str(tries)},
            }
            for n, body in enumerate(bodies)
        ]

    def to_dict(self) -> dict[str, Any]:
        return {"Records": self.records}


@pytest.fixture
def sqs() -> FakeQueue:
    return FakeQueue()


@pytest.fixture
def seen() -> list[str]:
    return []


@pytest.fixture
def act(seen: list[str]) -> Callable[[Message], None]:
    """Does its work, except for orders named bad."""

    def act(message: Message) -> None:
        order_id = message.text("orderId")
        if order_id.startswith("bad"):
            raise RuntimeError("a bug")
        seen.append(order_id)

    return act


def ids(*order_ids: str) -> list[dict[str, str]]:
    return [{"orderId": order_id} for order_id in order_ids]


def queue(sqs: FakeQueue, retry_base: int = 2) -> Queue:
    return Queue(sqs, "https://sqs.test/orders", retry_base)


def test_a_good_batch_is_worked_off_and_left_to_lambda_to_delete(
    sqs: FakeQueue, seen: list[str], act: Callable[[Message], None]
) -> None:
    process_batch(Event(*ids("a", "b", "c")), queue(sqs), act)

    assert seen == ["a", "b", "c"]
    assert sqs.deleted == []


def test_among_bad_ones_the_good_are_done_and_deleted_and_the_bad_come_back(
    sqs: FakeQueue, seen: list[str], act: Callable[[Message], None]
) -> None:
    with pytest.raises(BatchFailed, match="2 of 4"):
        process_batch(Event(*ids("a", "bad-1", "b", "bad-2")), queue(sqs), act)

    assert seen == ["a", "b"]
    assert sqs.deleted == ["r0", "r2"]
    assert set(sqs.hidden) == {"r1", "r3"}


def silent(_: Message) -> None:
    """A dependency does not answer."""
    raise TemporarilyUnavailable("not now")


@pytest.mark.parametrize(("tries", "least", "most"), [(1, 1, 2), (2, 3, 6), (3, 9, 18), (5, 81, 162), (9, 200, 400)])
def test_what_fails_again_for_a_cause_that_may_pass_stays_away_longer_each_time(
    sqs: FakeQueue, tries: int, least: int, most: int
) -> None:
    with pytest.raises(BatchFailed):
        process_batch(Event(*ids(*(f"bad-{n}" for n in range(50))), tries=tries), queue(sqs), silent)

    assert all(least <= seconds <= most for seconds in sqs.hidden.values())
    assert len(set(sqs.hidden.values())) > 1  # not all at once


@pytest.mark.parametrize("tries", [1, 2, 5, 9])
def test_what_is_wrong_for_good_is_soon_given_up(sqs: FakeQueue, act: Callable[[Message], None], tries: int) -> None:
    with pytest.raises(BatchFailed):
        process_batch(Event(*ids("bad"), "no JSON", tries=tries), queue(sqs), act)

    assert all(1 <= seconds <= 2 for seconds in sqs.hidden.values())


def test_what_is_given_up_is_left_to_sqs_at_once(sqs: FakeQueue) -> None:
    with pytest.raises(BatchFailed):
        process_batch(Event(*ids("a"), tries=MAX_RECEIVES), queue(sqs), silent)

    assert sqs.hidden == {"r0": 0}


def test_the_tries_outlast_a_quarter_of_an_hour_and_not_the_housekeepers_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = Queue(None, "u", SETTINGS.retry_base, retry_most=SETTINGS.retry_most)
    pauses = range(1, MAX_RECEIVES)

    monkeypatch.setattr("random.uniform", lambda least, most: least)
    shortest = sum(waits.pause(receives, passes=True) for receives in pauses)
    monkeypatch.setattr("random.uniform", lambda least, most: most)
    longest = sum(waits.pause(receives, passes=True) for receives in pauses)

    assert shortest >= 15 * 60
    assert longest <= SETTINGS.give_up_after * 2 / 3


def test_without_a_backoff_what_failed_is_back_at_once(sqs: FakeQueue, act: Callable[[Message], None]) -> None:
    with pytest.raises(BatchFailed):
        process_batch(Event(*ids("bad")), queue(sqs, retry_base=0), act)

    assert sqs.hidden == {"r0": 0}


def test_more_good_ones_than_one_call_deletes_are_all_deleted(sqs: FakeQueue, act: Callable[[Message], None]) -> None:
    calls: list[int] = []
    delete = sqs.delete_message_batch

    def counted(QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        calls.append(len(Entries))
        return delete(QueueUrl, Entries)

    sqs.delete_message_batch = counted
    with pytest.raises(BatchFailed):
        process_batch(Event(*ids(*(f"good-{n}" for n in range(23)), "bad")), queue(sqs), act)

    assert len(set(sqs.deleted)) == 23
    assert calls == [10, 10, 3]


def test_a_delete_that_fails_keeps_nothing_from_being_hidden(sqs: FakeQueue, act: Callable[[Message], None]) -> None:
    def down(**_: Any) -> None:
        raise ConnectionError

    sqs.delete_message_batch = down

    with pytest.raises(BatchFailed, match="1 of 2"):
        process_batch(Event(*ids("a", "bad")), queue(sqs), act)

    assert set(sqs.hidden) == {"r1"}


def test_a_backoff_that_can_not_be_set_does_not_hide_what_went_wrong(
    sqs: FakeQueue, act: Callable[[Message], None]
) -> None:
    def down(**_: Any) -> None:
        raise ConnectionError

    sqs.change_message_visibility_batch = down

    with pytest.raises(BatchFailed):
        process_batch(Event(*ids("a", "bad-1", "bad-2")), queue(sqs), act)

    assert sqs.deleted == ["r0"]


class Kept:
    """What was written down: by message id, the error and the body."""

    def __init__(self) -> None:
        self.reasons: dict[str, tuple[Exception, Any]] = {}
        self.passes: dict[str, bool] = {}

    def __call__(self, message_id: str, error: Exception, body: Any, correlation_id: str, passes: bool) -> None:
        self.reasons[message_id] = error, body
        self.passes[message_id] = passes


@pytest.mark.parametrize("tries", range(1, MAX_RECEIVES + 1))
def test_why_the_last_try_failed_is_written_down(sqs: FakeQueue, act: Callable[[Message], None], tries: int) -> None:
    kept = Kept()

    with pytest.raises(BatchFailed):
        process_batch(
            Event({"orderId": "a"}, {"orderId": "bad"}, "no JSON", tries=tries), Queue(sqs, "u", 2, kept), act
        )

    assert list(kept.reasons) == (["m1", "m2"] if tries == MAX_RECEIVES else [])
    if kept.reasons:
        assert (str(kept.reasons["m1"][0]), kept.reasons["m1"][1]) == ("a bug", {"orderId": "bad"})
        assert (type(kept.reasons["m2"][0]).__name__, kept.reasons["m2"][1]) == ("MalformedMessage", {})
        assert kept.passes == {"m1": False, "m2": False}


def test_that_the_cause_may_pass_is_written_down_as_well(sqs: FakeQueue) -> None:
    kept = Kept()

    with pytest.raises(BatchFailed):
        process_batch(Event(*ids("a"), tries=MAX_RECEIVES), Queue(sqs, "u", 2, kept), silent)

    assert kept.passes == {"m0": True}


def test_what_succeeds_on_its_last_try_costs_nothing_more(sqs: FakeQueue, act: Callable[[Message], None]) -> None:
    kept = Kept()

    process_batch(Event({"orderId": "a"}, tries=MAX_RECEIVES), Queue(sqs, "u", 2, kept), act)

    assert kept.reasons == {}


def test_a_reason_that_can_not_be_kept_keeps_nothing_from_being_tried_again(
    sqs: FakeQueue, seen: list[str], act: Callable[[Message], None]
) -> None:
    def down(*_: Any) -> None:
        raise ConnectionError

    with pytest.raises(BatchFailed, match="1 of 3"):
        process_batch(Event(*ids("a", "bad", "b"), tries=MAX_RECEIVES), Queue(sqs, "u", 2, down), act)

    assert seen == ["a", "b"]
    assert sqs.deleted == ["r0", "r2"]
    assert set(sqs.hidden) == {"r1"}
