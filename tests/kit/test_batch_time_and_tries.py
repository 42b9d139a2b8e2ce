"""A batch against time and against what kills: it stops by itself, returns the rest unharmed, counts the tries that
were begun, and begins last what is most likely to be the end of the process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from chalicelib.kit.errors import PASSING, TemporarilyUnavailable
from chalicelib.kit.sqs_batch import BatchDelayed, BatchFailed, Message, Queue, each_record, process_batch

from tests.support.builders.examples import MAX_RECEIVES
from tests.support.fakes.adapters import FakeQueue
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.dead_letters import FakeTries

FEWEST_TRIES = MAX_RECEIVES - 2
"""The first receive is not counted, and one may be wasted."""
SECONDS = 60
SILENT = 10.4
"""Seconds until a client gives up on a service that does not answer."""


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Context:
    """Lambda's, of a function that has been running since the clock stood at `began`."""

    clock: FakeClock
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        self._began = self.clock.moment

    def get_remaining_time_in_millis(self) -> float:
        return 1000 * self.seconds - (self.clock.moment - self._began).total_seconds() * 1000


@dataclass
class Event:
    records: list[dict[str, Any]]
    context: Any = None

    def to_dict(self) -> dict[str, Any]:
        return {"Records": self.records}


def record(name: str, receives: int = 1, *, redriven: bool = False) -> dict[str, Any]:
    mark = {"redriven": {"dataType": "Number", "stringValue": "1"}} if redriven else {}
    return {
        "messageId": name,
        "receiptHandle": f"r-{name}",
        "body": json.dumps({"orderId": name}),
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": mark,
    }


def records(names: str, receives: int = 1) -> list[dict[str, Any]]:
    return [record(name, receives) for name in names]


@dataclass
class Shop:
    """A consumer with everything around it."""

    clock: FakeClock = field(default_factory=FakeClock)
    sqs: FakeQueue = field(default_factory=FakeQueue)
    tries: FakeTries = field(default_factory=FakeTries)
    begun: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    deleted_before: dict[str, list[str]] = field(default_factory=dict)
    """What was deleted when a message was begun."""
    kept: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Why messages were given up, and whether that may pass."""

    def work(
        self,
        found: list[dict[str, Any]],
        act: Callable[[Message], None] = lambda message: None,
        seconds: float | None = SECONDS,
    ) -> None:
        context = None if seconds is None else Context(self.clock, seconds)
        queue = Queue(
            self.sqs,
            "u",
            2,
            self._keep,
            begun=partial(self.tries.begun, "orders"),
            begin=partial(self.tries.begin, "orders"),
        )
        process_batch(Event(found, context), queue, partial(self._noted, act))

    def takes(self, seconds: float) -> Callable[[Message], None]:
        return lambda message: self.clock.advance(seconds)

    def silent(self, message: Message) -> None:
        self.clock.advance(SILENT)
        raise TemporarilyUnavailable("not now")

    def _keep(self, message_id: str, error: Exception, body: Any, correlation_id: str, passes: bool) -> None:
        self.kept[message_id] = type(error).__name__, passes

    def _noted(self, act: Callable[[Message], None], message: Message) -> None:
        name = message.text("orderId")
        self.begun.append(name)
        self.messages[name] = message
        self.deleted_before[name] = list(self.sqs.deleted)
        act(message)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_ten_messages_against_a_silent_dependency_end_before_the_function_does(shop: Shop) -> None:
    began = shop.clock.moment

    with pytest.raises(BatchFailed, match="4 of 10 messages failed, 6 not begun"):
        shop.work(records("abcdefghij"), shop.silent)

    assert (shop.clock.moment - began).total_seconds() <= SECONDS - SILENT
    assert shop.begun == list("abcd")
    assert all(shop.sqs.hidden[f"r-{name}"] > 0 for name in "abcd")
    assert {shop.sqs.hidden[f"r-{name}"] for name in "efghij"} == {0}
    assert shop.tries.counted == {}  # the rest lost no try


def test_what_was_done_in_time_is_deleted_and_the_rest_comes_back(shop: Shop) -> None:
    with pytest.raises(BatchFailed, match="0 of 10 messages failed, 6 not begun"):
        shop.work(records("abcdefghij"), shop.takes(SILENT))

    assert shop.sqs.deleted == [f"r-{name}" for name in "abcd"]
    assert set(shop.sqs.hidden) == {f"r-{name}" for name in "efghij"}


def test_none_is_begun_that_may_take_as_long_as_the_slowest_so_far(shop: Shop) -> None:
    with pytest.raises(BatchFailed, match="2 not begun"):
        shop.work(records("abc"), shop.takes(26))

    assert shop.begun == ["a"]


def test_the_first_is_begun_however_late_it_is(shop: Shop) -> None:
    shop.work(records("a"), seconds=0.5)

    assert shop.begun == ["a"]


def test_without_a_known_end_all_are_worked_off(shop: Shop) -> None:
    shop.work(records("abc"), shop.takes(1000), seconds=None)

    assert shop.begun == list("abc")
    assert shop.messages["c"].seconds_left() == float("inf")


def test_a_message_knows_how_long_its_work_may_take(shop: Shop) -> None:
    left: list[float] = []

    def act(message: Message) -> None:
        left.append(message.seconds_left())
        shop.clock.advance(5)

    shop.work(records("ab"), act)

    assert left == [pytest.approx(50, abs=0.5), pytest.approx(45, abs=0.5)]


def test_a_last_receive_needs_twice_the_time_and_else_says_why_it_is_given_up(shop: Shop) -> None:
    shop.tries.counted = {("orders", "last"): FEWEST_TRIES}
    with pytest.raises(BatchFailed, match="1 not begun"):
        shop.work([record("new"), record("last", MAX_RECEIVES)], shop.takes(21))

    assert shop.begun == ["new"]
    assert shop.kept == {"last": ("TemporarilyUnavailable", True)}


def test_a_batch_that_was_not_received_before_and_succeeds_costs_no_call(shop: Shop) -> None:
    shop.work(records("abc"))

    assert (shop.sqs.deleted, shop.sqs.hidden, shop.tries.counted) == ([], {}, {})


def test_what_is_done_is_deleted_before_a_message_is_begun_that_came_before(shop: Shop) -> None:
    shop.work([*records("ab", receives=2), record("c")])

    assert shop.begun == ["a", "b", "c"]
    assert shop.deleted_before == {"a": [], "b": ["r-a"], "c": ["r-a"]}


def test_what_failed_is_hidden_before_a_message_is_begun_that_came_before(shop: Shop) -> None:
    hidden: list[int] = []

    def act(message: Message) -> None:
        if message.text("orderId") == "a":
            raise TemporarilyUnavailable("not now")
        hidden.append(shop.sqs.hidden["r-a"])

    with pytest.raises(BatchFailed):
        shop.work(records("ab", receives=3), act)

    assert 9 <= hidden[0] <= 18


def test_what_was_never_begun_comes_first_and_what_was_begun_most_often_last(shop: Shop) -> None:
    shop.tries.counted = {("orders", "killer"): 3, ("orders", "other"): 1}

    shop.work([record("killer", 4), record("other", 3), record("new"), record("waiting", 3)])

    assert shop.begun == ["waiting", "new", "other", "killer"]
    assert shop.deleted_before["killer"] == ["r-waiting", "r-new", "r-other"]


def test_a_redriven_message_comes_after_those_that_were_never_given_up(shop: Shop) -> None:
    shop.work([record("redriven", redriven=True), record("new")])

    assert shop.begun == ["new", "redriven"]
    assert shop.deleted_before["redriven"] == ["r-new"]


def test_a_message_knows_whether_it_came_before(shop: Shop) -> None:
    shop.work([record("new"), record("second", 2), record("redriven", redriven=True)])

    assert {name: m.again for name, m in shop.messages.items()} == {"new": False, "second": True, "redriven": True}


def test_the_process_that_dies_leaves_nine_deleted_and_its_try_counted(shop: Shop) -> None:
    def act(message: Message) -> None:
        if message.text("orderId") == "c":
            raise Killed

    shop.tries.counted = {("orders", "c"): 1}
    with pytest.raises(Killed):
        shop.work(records("abcdefghij", receives=3), act)

    assert shop.sqs.deleted == [f"r-{name}" for name in "abdefghij"]
    assert shop.tries.counted["orders", "c"] == 2


def test_what_a_killed_process_held_comes_back_as_soon_as_it_is_over_for_certain(shop: Shop) -> None:
    def act(message: Message) -> None:
        raise Killed

    with pytest.raises(Killed):
        shop.work(records("ab", receives=2), act)

    assert set(shop.sqs.hidden) == {"r-a", "r-b"}
    assert all(SECONDS < seconds < SECONDS + 10 for seconds in shop.sqs.hidden.values())


def last_tries(shop: Shop, receives: list[int]) -> list[bool]:
    """Of one message that fails each time."""
    found = []
    for number in receives:
        with pytest.raises(BatchFailed):
            shop.work([record("a", number)], shop.silent)
        found.append(shop.messages["a"].last_try)
    return found


def test_the_last_try_is_known_to_be_the_last(shop: Shop) -> None:
    expected = [False] * (MAX_RECEIVES - 1) + [True]

    assert last_tries(shop, list(range(1, MAX_RECEIVES + 1))) == expected


@pytest.mark.parametrize("begun", range(FEWEST_TRIES + 1))
def test_a_receive_is_no_try(shop: Shop, begun: int) -> None:
    """Its neighbours killed the process, or the time was over, each time but these."""
    shop.tries.counted = {("orders", "a"): begun} if begun else {}

    assert last_tries(shop, [MAX_RECEIVES]) == [begun + 1 >= FEWEST_TRIES]


def test_tries_that_can_not_be_counted_keep_no_message_from_its_work(shop: Shop) -> None:
    def down(*_: Any) -> Any:
        raise ConnectionError

    shop.tries.begin = shop.tries.begun = down  # type: ignore[method-assign]

    shop.work(records("ab", receives=MAX_RECEIVES))

    assert shop.begun == ["a", "b"]
    assert not shop.messages["a"].last_try  # of which nothing is known


# Events of S3.


def passes(error: Exception) -> bool:
    return isinstance(error, PASSING)


def test_objects_that_there_is_no_time_for_are_left_to_the_repetition_of_the_event(shop: Shop) -> None:
    seen: list[Any] = []

    def act(found: Any) -> None:
        seen.append(found)
        shop.clock.advance(SILENT)

    with pytest.raises(BatchDelayed, match="6 of 10 objects failed"):
        each_record(Event(records("abcdefghij"), Context(shop.clock)), act, passes)

    assert len(seen) == 4


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([TemporarilyUnavailable("a")], BatchDelayed),
        ([TemporarilyUnavailable("a"), KeyError("b")], BatchFailed),
        ([KeyError("b"), TemporarilyUnavailable("a")], BatchFailed),
    ],
    ids=str,
)
def test_an_event_says_by_the_name_of_its_error_whether_the_cause_may_pass(
    errors: list[Exception], kind: type[Exception]
) -> None:
    left = list(errors)

    def act(_: Any) -> None:
        raise left.pop(0)

    with pytest.raises(BatchFailed) as raised:
        each_record(Event(records("ab"[: len(errors)])), act, passes)

    assert raised.type is kind
