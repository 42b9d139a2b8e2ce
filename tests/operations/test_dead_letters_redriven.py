"""Dead letters: sent back to work."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.kit.tries import as_attribute
from chalicelib.operations.dead_letters import DeadLetters

from tests.support.builders.dead_letters import (
    DLQ,
    IMPORT_FILES_DLQ,
    MAIL,
    MAIL_DLQ,
    METRICS_DLQ,
    ORDERS,
    bodies,
    given_up,
    put,
    stream_batch,
)
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs


def test_all_go_back_to_their_queue_with_what_they_carried(dead: DeadLetters, sqs: FakeSqs) -> None:
    attributes = {"tenant": {"DataType": "String", "StringValue": "one"}}
    ids = [sqs.put(DLQ, text, attributes, trace="Root=1") for text in bodies(25)]

    done = dead.redrive("anna", "orders")

    assert (done.redriven, done.left, done.not_found, done.refused) == (25, 0, [], {})
    assert sqs.bodies(ORDERS) == bodies(25)
    assert all(m.attributes.items() >= attributes.items() and m.trace == "Root=1" for m in sqs.queues[ORDERS])
    assert all(m.message_id not in ids and m.receives == 0 for m in sqs.queues[ORDERS])  # new, with all its tries


def test_some_go_back_and_the_others_stay_for_everybody_to_see(dead: DeadLetters, sqs: FakeSqs) -> None:
    ids = put(sqs, 25)
    chosen = [ids[23], ids[4]]

    done = dead.redrive("anna", "orders", [*chosen, "nobody", chosen[0]])

    assert (done.redriven, done.left, done.not_found) == (2, 23, ["nobody"])
    assert sorted(sqs.bodies(ORDERS)) == sorted([bodies(25)[23], bodies(25)[4]])
    assert sqs.visible(DLQ) == [i for i in ids if i not in chosen]


def test_what_eventbridge_said_of_it_is_not_said_again(dead: DeadLetters, sqs: FakeSqs) -> None:
    told = {"DataType": "String", "StringValue": "x"}
    sqs.put(DLQ, "{}", {"ERROR_CODE": told, "ERROR_MESSAGE": told, "RULE_ARN": told, "mine": told})

    dead.redrive("anna", "orders")

    assert sqs.queues[ORDERS][0].attributes == {"mine": told, **as_attribute(0)}


def test_what_staff_redrive_is_marked_so_that_it_has_all_its_redrives_by_itself_again(
    dead: DeadLetters, sqs: FakeSqs
) -> None:
    sqs.put(DLQ, "{}", as_attribute(6))

    dead.redrive("anna", "orders")

    assert sqs.queues[ORDERS][0].attributes == as_attribute(0)


def test_a_message_without_room_for_the_mark_goes_back_without_it(dead: DeadLetters, sqs: FakeSqs) -> None:
    full = {f"a{n}": {"DataType": "String", "StringValue": "x"} for n in range(10)}
    sqs.put(DLQ, "{}", full)

    assert dead.redrive("anna", "orders").redriven == 1
    assert sqs.queues[ORDERS][0].attributes == full


def test_what_there_is_no_time_for_is_left(dead: DeadLetters, sqs: FakeSqs) -> None:
    put(sqs, 100)
    sqs.seconds_per_call = 4

    done = dead.redrive("anna", "orders", seconds=15)

    assert (done.redriven, done.left) == (40, 60)
    assert len(sqs.visible(DLQ)) == 60


def test_the_last_of_many_is_found_however_slowly_they_come(dead: DeadLetters, sqs: FakeSqs) -> None:
    """What was looked at first must not come round again before the end of the queue was seen."""
    ids = put(sqs, 1500)
    sqs.seconds_per_call = 1

    done = dead.redrive("anna", "orders", [ids[-1]], seconds=600)

    assert (done.redriven, done.left, done.not_found, done.complete) == (1, 1499, [], True)
    assert sqs.visible(DLQ) == ids[:-1]


def test_what_there_was_no_time_to_look_for_is_not_called_missing_for_certain(dead: DeadLetters, sqs: FakeSqs) -> None:
    ids = put(sqs, 1500)
    sqs.seconds_per_call = 1

    done = dead.redrive("anna", "orders", [ids[0], ids[-1]])
    gone = dead.discard("anna", "orders", ["gone"], "Nobody needs it.", seconds=600)

    assert (done.redriven, done.not_found, done.complete) == (1, [ids[-1]], False)
    assert gone == (0, ["gone"], True)


def test_a_queue_that_was_looked_through_in_time_is_so_even_if_it_was_empty(dead: DeadLetters, sqs: FakeSqs) -> None:
    assert dead.redrive("anna", "orders").complete
    assert dead.redrive("anna", "orders", ["nobody"]).complete


def test_what_fails_again_meanwhile_is_not_sent_round_and_round(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    """A consumer may give up on it within seconds."""
    put(sqs, 30)
    receive = sqs.receive_message

    def and_a_consumer_fails(**more: Any) -> Any:
        sqs.queues.setdefault(DLQ, []).extend(sqs.queues.pop(ORDERS, []))
        return receive(**more)

    sqs.receive_message = and_a_consumer_fails  # type: ignore[method-assign]

    done = dead.redrive("anna", "orders")

    assert done.redriven == 30
    assert len(sqs.queues[DLQ]) == 30 - len(sqs.queues.get(ORDERS, []))


def test_what_the_queue_does_not_take_stays(dead: DeadLetters, sqs: FakeSqs) -> None:
    good, bad = put(sqs, 2)
    send = sqs.send_message_batch

    def but_one(QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        done = send(QueueUrl, Entries[:1])
        return {**done, "Failed": [{"Id": entry["Id"], "Code": "InvalidMessageContents"} for entry in Entries[1:]]}

    sqs.send_message_batch = but_one  # type: ignore[method-assign]

    done = dead.redrive("anna", "orders")

    assert (done.redriven, done.left, done.refused) == (1, 1, {bad: "InvalidMessageContents"})
    assert sqs.visible(DLQ) == [bad]
    assert good not in sqs.visible(DLQ)


def test_large_messages_go_in_batches_that_sqs_takes(dead: DeadLetters, sqs: FakeSqs) -> None:
    for _ in range(5):
        sqs.put(DLQ, json.dumps({"x": "x" * 100_000}))

    assert dead.redrive("anna", "orders").redriven == 5


def test_a_call_that_lambda_gave_up_on_is_made_again(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    sqs.put(MAIL_DLQ, given_up())

    done = dead.redrive("anna", "mail")

    assert (done.redriven, done.left) == (1, 0)
    event = {"Records": [{"s3": {"object": {"key": "receipts/o-1.pdf"}}}]}
    [(function, kind, payload)] = adapters.functions.invoked
    assert (function, kind, json.loads(payload)) == (MAIL, "Event", event)


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "{}",
        "[]",
        given_up("orderproc-test-housekeeper"),
        given_up("orderproc-prod-mail_receipt"),
        given_up(""),
        given_up(requestContext=[]),
    ],
    ids=lambda text: text[-60:],
)
def test_what_is_no_call_of_these_functions_stays(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters, text: str
) -> None:
    message_id = sqs.put(MAIL_DLQ, text)

    done = dead.redrive("anna", "mail")

    assert (done.redriven, done.left, list(done.refused)) == (0, 1, [message_id])
    assert adapters.functions.invoked == []


def test_files_are_cut_again_by_the_function_that_gave_up(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    for function in ("import_orders", "import_products"):
        sqs.put(IMPORT_FILES_DLQ, given_up(f"orderproc-test-{function}"))

    assert dead.redrive("anna", "import-files").redriven == 2
    assert [call[0].rpartition("-")[2] for call in adapters.functions.invoked] == ["import_orders", "import_products"]


@pytest.mark.parametrize("condition", ["RetryAttemptsExhausted", "MaxRecordAgeExceeded", "SomethingNew"])
def test_of_changes_that_were_not_counted_it_is_said_how_many_and_of_when(
    dead: DeadLetters, sqs: FakeSqs, condition: str
) -> None:
    sqs.put(METRICS_DLQ, stream_batch(condition))

    [letter] = dead.peek("metrics", 10)

    assert letter.reason.startswith("Lambda gave up")
    assert letter.reason.endswith(
        "3 changes of orders, from 2026-11-21T00:13:19Z to 2026-11-21T00:13:20Z, are not counted."
    )


def test_changes_that_were_not_counted_are_rebuilt_and_never_sent_back(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    message_id = sqs.put(METRICS_DLQ, stream_batch())

    done = dead.redrive("anna", "metrics")

    assert (done.redriven, done.left, adapters.functions.invoked) == (0, 1, [])
    assert "make metrics" in done.refused[message_id]
    assert dead.discard("anna", "metrics", [message_id], "rebuilt") == (1, [], True)
