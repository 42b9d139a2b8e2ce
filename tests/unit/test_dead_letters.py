"""Dead letters: seen with their reasons and left in place, sent back, or away for good with a record of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.domain.errors import InvalidRequest, TemporarilyUnavailable
from chalicelib.services.dead_letter_reasons import DIED
from chalicelib.services.dead_letters import DeadLetters
from chalicelib.services.masking import MASK
from chalicelib.services.ports import AuditRecord, Reason

from tests.examples import NOW, SETTINGS, body
from tests.fakes import FakeAdapters
from tests.fakes_dead_letters import FakeSqs
from tests.reliability.faults import Died

ORDERS = SETTINGS.order_queue_url
DLQ = f"{ORDERS}-dlq"
MAIL_DLQ = "https://sqs.test/mail-dlq"
IMPORT_FILES_DLQ = "https://sqs.test/import-files-dlq"
METRICS_DLQ = "https://sqs.test/metrics-dlq"
NAMES = ["orders", "notifications", "inventory", "payment", "shipping", "imports", "mail", "import-files", "metrics"]
MAIL = "orderproc-test-mail_receipt"


def given_up(function: str = MAIL, key: str = "receipts/o-1.pdf", **more: Any) -> str:
    """What Lambda sends of a call that it gave up on."""
    record = {
        "version": "1.0",
        "requestContext": {
            "functionArn": f"arn:aws:lambda:us-east-1:000000000000:function:{function}:$LATEST",
            "condition": "RetriesExhausted",
        },
        "requestPayload": {"Records": [{"s3": {"object": {"key": key}}}]},
        "responsePayload": {"errorType": "MessageRejected", "errorMessage": "a@b.test is not verified"},
        **more,
    }
    return json.dumps(record)


@pytest.fixture
def sqs(adapters: FakeAdapters) -> FakeSqs:
    found: FakeSqs = adapters.dead_sqs
    return found


@pytest.fixture
def dead(services: Services) -> DeadLetters:
    return services.dead_letters


def bodies(count: int) -> list[str]:
    return [json.dumps({"orderId": f"o-{n}"}) for n in range(count)]


def put(sqs: FakeSqs, count: int, url: str = DLQ) -> list[str]:
    return [sqs.put(url, text) for text in bodies(count)]


# Names


@pytest.mark.parametrize("name", ["orders", "orders-dlq", ORDERS, DLQ])
def test_a_queue_is_called_by_any_of_its_names(dead: DeadLetters, name: str) -> None:
    assert dead.place(name).url == ORDERS


def test_full_names_are_those_of_the_stage() -> None:
    from chalicelib.services.dead_letter_places import place_called, places

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

    adapters.dead_letter_queues.__dict__["give_back"] = die
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


# Back to work


def test_all_go_back_to_their_queue_with_what_they_carried(dead: DeadLetters, sqs: FakeSqs) -> None:
    attributes = {"tenant": {"DataType": "String", "StringValue": "one"}}
    ids = [sqs.put(DLQ, text, attributes, trace="Root=1") for text in bodies(25)]

    done = dead.redrive("anna", "orders")

    assert (done.redriven, done.left, done.not_found, done.refused) == (25, 0, [], {})
    assert sqs.bodies(ORDERS) == bodies(25)
    assert all(m.attributes == attributes and m.trace == "Root=1" for m in sqs.queues[ORDERS])
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

    assert sqs.queues[ORDERS][0].attributes == {"mine": told}


def test_what_there_is_no_time_for_is_left(dead: DeadLetters, sqs: FakeSqs) -> None:
    put(sqs, 100)
    sqs.seconds_per_call = 4

    done = dead.redrive("anna", "orders", seconds=15)

    assert (done.redriven, done.left) == (40, 60)
    assert len(sqs.visible(DLQ)) == 60


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


def stream_batch(condition: str = "RetryAttemptsExhausted") -> str:
    """What Lambda sends of a stream: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html"""
    return json.dumps(
        {
            "requestContext": {
                "requestId": "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
                "functionArn": "arn:aws:lambda:us-east-2:123456789012:function:orderproc-test-count_orders",
                "condition": condition,
                "approximateInvokeCount": 1,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": "2026-11-21T00:13:49.717Z",
            "DDBStreamBatchInfo": {
                "shardId": "shardId-00000001573689847184-864758bb",
                "startSequenceNumber": "800000000003126276362",
                "endSequenceNumber": "800000000003126276362",
                "approximateArrivalOfFirstRecord": "2026-11-21T00:13:19Z",
                "approximateArrivalOfLastRecord": "2026-11-21T00:13:20Z",
                "batchSize": 3,
                "streamArn": "arn:aws:dynamodb:us-east-2:123456789012:table/orders/stream/2026-11-14T00:04:06.388",
            },
        }
    )


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
    assert dead.discard("anna", "metrics", [message_id], "rebuilt") == (1, [])


# Away


def test_what_is_discarded_is_gone_and_on_record(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    ids = put(sqs, 3)
    personal = sqs.put(DLQ, json.dumps({"orderId": "o-9", "customerEmail": "a@b.test"}))

    done = dead.discard("anna", "orders", [personal, ids[1], "nobody"], "Test messages of ours.")

    assert done == (2, ["nobody"])
    assert sqs.visible(DLQ) == [ids[0], ids[2]]
    [record] = adapters.audit_records.all
    assert (record.who, record.action, record.details["reason"]) == ("anna", "discard", "Test messages of ours.")
    assert {copy["messageId"] for copy in record.details["messages"]} == {personal, ids[1]}
    assert '"orderId":"o-9"' in str(record.details["messages"])
    assert "a@b.test" not in str(record.details)
    assert record.outcome == {"discarded": 2, "notFound": ["nobody"]}


def test_a_hundred_large_messages_fit_into_their_record(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    ids = [sqs.put(DLQ, json.dumps({"note": "東" * 60_000})) for _ in range(100)]

    dead.discard("anna", "orders", ids, "Nobody needs them.", seconds=60)

    assert len(json.dumps(adapters.audit_records.all[0].details, ensure_ascii=False).encode()) < 400_000


def test_what_can_not_be_recorded_is_not_discarded(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    ids = put(sqs, 3)

    def refuse(record: AuditRecord) -> None:
        raise TemporarilyUnavailable

    adapters.audit_records.put = refuse

    with pytest.raises(TemporarilyUnavailable):
        dead.discard("anna", "orders", ids, "Nobody needs them.")
    with pytest.raises(TemporarilyUnavailable):
        dead.redrive("anna", "orders")

    assert sqs.visible(DLQ) == ids


def test_what_could_not_be_deleted_is_not_called_discarded(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    ids = put(sqs, 2)
    delete = sqs.delete_message_batch
    sqs.delete_message_batch = lambda QueueUrl, Entries: delete(QueueUrl, Entries[:1])  # type: ignore[method-assign]  # noqa: N803

    with pytest.raises(TemporarilyUnavailable):
        dead.discard("anna", "orders", ids, "Nobody needs them.")

    assert sqs.visible(DLQ) == ids[1:]
    assert adapters.audit_records.all[0].outcome["discarded"] == 1


# On record


def test_a_redrive_is_on_record_before_anything_is_moved(
    dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters
) -> None:
    ids = put(sqs, 2)
    send = sqs.send_message_batch

    def look(**more: Any) -> Any:
        [record] = adapters.audit_records.all
        assert (record.action, record.details, record.outcome) == (
            "redrive",
            {"queue": "orders", "messageIds": "all"},
            None,
        )
        return send(**more)

    sqs.send_message_batch = look  # type: ignore[method-assign]

    dead.redrive("anna", "orders")

    [record] = adapters.audit_records.all
    assert record.outcome == {"redriven": 2, "messageIds": ids, "refused": {}, "left": 0, "notFound": []}


def test_a_redrive_cut_off_by_sqs_says_how_far_it_came(dead: DeadLetters, sqs: FakeSqs, adapters: FakeAdapters) -> None:
    put(sqs, 20)
    send, calls = sqs.send_message_batch, []

    def once(**more: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise TemporarilyUnavailable("not now")
        return send(**more)

    sqs.send_message_batch = once  # type: ignore[method-assign]

    with pytest.raises(TemporarilyUnavailable):
        dead.redrive("anna", "orders")

    outcome = adapters.audit_records.all[0].outcome
    assert (outcome["redriven"], outcome["error"]) == (10, "TemporarilyUnavailable: not now")
    adapters.clock.advance(60)
    assert len(sqs.visible(DLQ)) == 10
