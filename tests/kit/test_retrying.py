"""Every writer that others can get in the way of pauses, tries again, and gives up in time. Over a client that answers
as AWS does: the emulator knows no conflicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.checkout.dynamodb import DynamoCarts
from chalicelib.imports.dynamodb import DynamoImports
from chalicelib.imports.model import ImportStatus
from chalicelib.imports.sqs import SqsManyHandOvers, SqsRowMessages
from chalicelib.inventory.dynamodb import DynamoCatalogue
from chalicelib.kit.aws import is_temporary
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.kit.errors import Conflict, TemporarilyUnavailable
from chalicelib.kit.retrying import Backoff
from chalicelib.orders.dynamodb import DynamoOrders
from chalicelib.orders.eventbridge import AwsEvents
from chalicelib.orders.events import DomainEvent, events_of
from chalicelib.orders.model import Status

from tests.support.builders.examples import MOUSE, order
from tests.support.fakes.link_secrets import pseudonyms


@dataclass
class Time:
    """Passes only in pauses; chance is at its greatest."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def backoff(self, **changes: Any) -> Backoff:
        return replace(Backoff(pause=self.pause, chance=lambda: 1.0, clock=lambda: self.now), **changes)


@dataclass
class Client:
    """Answers each call with the next of what was said, and then always as if all went well."""

    said: list[Any]
    calls: list[tuple[str, Any]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**request: Any) -> Any:
            self.calls.append((name, request))
            if name == "get_item":
                return {}
            answer = self.said.pop(0) if self.said else {}
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def writes(self) -> int:
        return len([name for name, _ in self.calls if name != "get_item"])


def refused(code: str, *reasons: str) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    if reasons:
        answer["CancellationReasons"] = [{"Code": reason} for reason in reasons]
    return ClientError(answer, "Write")


def cancelled(*reasons: str) -> ClientError:
    return refused("TransactionCanceledException", *reasons)


MET = refused("TransactionConflictException")
CONFLICT = cancelled("None", "TransactionConflict")
CONDITION = refused("ConditionalCheckFailedException")
NO_END = 1000
"""More conflicts than there is time for."""


@pytest.fixture
def time() -> Time:
    return Time()


def test_pauses_double_up_to_the_longest_until_the_time_is_up(time: Time) -> None:
    turns = list(time.backoff(seconds=2.0, first=0.1, longest=0.5).turns())

    assert time.pauses == [0.1, 0.2, 0.4, 0.5, 0.5, 0.5]
    assert turns == list(range(7))


def test_each_pause_is_of_any_length_up_to_its_longest(time: Time) -> None:
    chances = iter([0.0, 0.5, 1.0])

    turns = time.backoff(seconds=0.5, first=0.1, chance=lambda: next(chances)).turns()

    assert len(list(turns)) == 4
    assert time.pauses == [0.0, 0.1, 0.4]


def test_slow_calls_use_up_the_time_as_pauses_do(time: Time) -> None:
    for turn in time.backoff(seconds=4.0).turns():
        time.now += 1.5
        last = turn

    assert last == 2


def test_however_slow_the_first_call_was_there_is_another(time: Time) -> None:
    tried = 0
    for _ in time.backoff(seconds=4.0).turns():
        time.now += 30.0
        tried += 1

    assert tried == 2


Act = Callable[[Client, Backoff], Any]


def put(client: Client, backoff: Backoff) -> Any:
    return DynamoCatalogue(client, "products", "inventory", backoff=backoff).put(MOUSE, 5)  # type: ignore[arg-type]


def put_as_of(client: Client, backoff: Backoff) -> Any:
    return DynamoCatalogue(client, "products", "inventory", backoff=backoff).put(MOUSE, 5, "2026")  # type: ignore[arg-type]


def add(client: Client, backoff: Backoff) -> Any:
    return DynamoOrders(client, "orders", "inventory", backoff=backoff).add(order())  # type: ignore[arg-type]


def save(client: Client, backoff: Backoff) -> Any:
    return DynamoOrders(client, "orders", "inventory", backoff=backoff).save(order(), Status.PENDING)  # type: ignore[arg-type]


def reserve(client: Client, backoff: Backoff) -> Any:
    return DynamoOrders(client, "orders", "inventory", backoff=backoff).reserve(order(), Status.PENDING)  # type: ignore[arg-type]


def carts(client: Client, backoff: Backoff) -> DynamoCarts:
    return DynamoCarts(client, "carts", "claims", lambda: 1.0, backoff=backoff)  # type: ignore[arg-type]


def imports(client: Client, backoff: Backoff) -> DynamoImports:
    return DynamoImports(client, "operations", lambda: 1.0, backoff=backoff)  # type: ignore[arg-type]


WRITERS: dict[str, tuple[Exception, Act]] = {
    "put a product": (CONFLICT, put),
    "put a row's product": (CONFLICT, put_as_of),
    "add an order": (MET, add),
    "save an order": (MET, save),
    "reserve": (CONFLICT, reserve),
    "put into a cart": (MET, lambda c, b: carts(c, b).put("ada", "MOUSE001", 1, "EUR")),
    "remove from a cart": (MET, lambda c, b: carts(c, b).remove("ada", "MOUSE001")),
    "clear a cart": (MET, lambda c, b: carts(c, b).clear("ada")),
    "remove what was bought": (CONFLICT, lambda c, b: carts(c, b).remove_bought(order())),
    "an import was cut": (MET, lambda c, b: imports(c, b).sent("a")),
    "an import ends": (MET, lambda c, b: imports(c, b).end("a", ImportStatus.DONE, "now")),
    "a chunk is counted": (CONFLICT, lambda c, b: imports(c, b).add("a", 1, {"accepted": 2})),
}
each_writer = pytest.mark.parametrize(("met", "act"), WRITERS.values(), ids=WRITERS)


@each_writer
def test_a_writer_that_met_others_tries_again_after_a_pause(met: Exception, act: Act, time: Time) -> None:
    client = Client([met, met])

    act(client, time.backoff())

    assert client.writes() == 3
    assert time.pauses == [0.02, 0.04]


@each_writer
def test_a_writer_that_meets_others_all_the_time_gives_up_in_time(met: Exception, act: Act, time: Time) -> None:
    with pytest.raises(TemporarilyUnavailable):
        act(Client([met] * NO_END), time.backoff())

    assert 4.0 <= time.now < 5.0


@each_writer
@pytest.mark.parametrize("wrong", [refused("ValidationException"), cancelled("ValidationError", "TransactionConflict")])
def test_what_is_wrong_with_a_write_itself_is_not_repeated(
    met: Exception, act: Act, wrong: ClientError, time: Time
) -> None:
    client = Client([wrong])

    with pytest.raises((ClientError, Conflict)):
        act(client, time.backoff())

    assert client.writes() == 1


@each_writer
def test_a_throttled_call_is_not_repeated_beyond_the_three_tries_of_the_sdk(
    met: Exception, act: Act, time: Time
) -> None:
    client = Client([refused("ThrottlingException")])

    with pytest.raises(ClientError) as raised:
        act(client, time.backoff())

    assert is_temporary(raised.value)
    assert client.writes() == 1


def test_a_transaction_throttled_for_one_of_its_items_is_repeated(time: Time) -> None:
    client = Client([cancelled("None", "ThrottlingError")])

    put(client, time.backoff())

    assert client.writes() == 2


def test_stock_that_met_a_transaction_is_changed_by_the_next_try(time: Time) -> None:
    answer = {"Attributes": to_dynamodb({"available": 7})}
    client = Client([MET, answer])

    assert DynamoCatalogue(client, "p", "i", backoff=time.backoff()).change_stock("MOUSE001", 2) == 7  # type: ignore[arg-type]


def test_stock_that_is_short_is_so_at_once(time: Time) -> None:
    client = Client([MET, CONDITION])

    assert DynamoCatalogue(client, "p", "i", backoff=time.backoff()).change_stock("MOUSE001", -2) is None  # type: ignore[arg-type]
    assert client.writes() == 2


def test_a_chunk_that_was_counted_before_is_not_counted_again(time: Time) -> None:
    client = Client([CONFLICT, cancelled("ConditionalCheckFailed", "None")])

    imports(client, time.backoff()).add("a", 1, {"accepted": 2})

    assert client.writes() == 2


def test_a_cart_that_others_change_is_read_again_after_a_pause(time: Time) -> None:
    client = Client([CONDITION] * 3)  # neither changed nor begun: it was removed in between

    assert carts(client, time.backoff()).put("ada", "MOUSE001", 1, "EUR") is None
    assert time.pauses == [0.02]


def test_what_was_bought_is_taken_out_of_a_cart_that_changed_meanwhile(time: Time) -> None:
    client = Client([cancelled("None", "ConditionalCheckFailed")])

    carts(client, time.backoff()).remove_bought(order())

    assert client.writes() == 2
    assert time.pauses == [0.02]


def placed() -> DomainEvent:
    return events_of(order())[0]


def publisher(bus: Client, topic: Client, backoff: Backoff) -> AwsEvents:
    return AwsEvents(bus, topic, "default", "arn:topic", pseudonyms(), backoff)


def test_only_events_that_were_not_taken_are_published_again_and_after_a_pause(time: Time) -> None:
    one, two = placed(), placed()
    bus = Client([{"Entries": [{"ErrorCode": "ThrottlingException"}, {}]}, {"Entries": [{}]}])
    topic = Client([{"Failed": [{"Id": "1"}]}])

    publisher(bus, topic, time.backoff()).publish([one, two])

    [_, again] = topic.calls
    assert [entry["Message"] for entry in again[1]["PublishBatchRequestEntries"]] == [
        topic.calls[0][1]["PublishBatchRequestEntries"][1]["Message"]
    ]
    assert [len(request["Entries"]) for _, request in bus.calls] == [2, 1]
    assert time.pauses == [0.02, 0.02]


def test_events_that_are_never_taken_are_an_error_in_time(time: Time) -> None:
    bus = Client([{"Entries": [{"ErrorCode": "InternalFailure"}]}] * NO_END)

    with pytest.raises(TemporarilyUnavailable):
        publisher(bus, Client([]), time.backoff()).publish([placed()])

    assert 4.0 <= time.now < 5.0


def test_messages_that_were_not_taken_are_sent_again_after_a_pause(time: Time) -> None:
    sqs = Client([{"Failed": [{"Id": "1"}]}])

    SqsRowMessages(sqs, "url", time.backoff()).send(["a", "b", "c"])

    assert [entry["MessageBody"] for entry in sqs.calls[1][1]["Entries"]] == ["b"]
    assert time.pauses == [0.02]


def test_orders_that_the_queue_does_not_take_in_time_are_named(time: Time) -> None:
    one, two = order(), order()
    sqs = Client([{"Failed": [{"Id": "1"}]}, *[{"Failed": [{"Id": "0"}]}] * NO_END])

    assert SqsManyHandOvers(sqs, "url", time.backoff()).hand_over([one, two]) == [two]
    assert 4.0 <= time.now < 5.0
