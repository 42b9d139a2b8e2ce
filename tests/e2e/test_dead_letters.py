"""What was given up on, on the deployed stack: seen with its reason, repaired, sent back and completed; or discarded.
By staff over the API, by an operator from a terminal, and by nobody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from typing import Any

import pytest

from infra.paths import ROOT
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for, mails_about, placed

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
WORKED = ["orders", "notifications", "inventory", "payment", "shipping", "imports", "exports"]
INVOKED = [("mail", "mail_receipt"), ("import-files", "import_orders"), ("import-files", "import_products")]
NAMES = [*WORKED, "mail", "import-files"]
PATIENCE = 60
"""Seconds for all tries with their pauses, on a machine that has other things to do."""
A_REST = 120
"""Seconds in which what was given up is old enough to go back by itself, and goes."""
SCHEDULE = (ROOT / "tests" / "events" / "schedule.json").read_bytes()


def url_of(shop: Shop, queue: str) -> str:
    name = f"orderproc-{shop.described['stage']}-{queue}"
    return str(shop.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])


def send(shop: Shop, queue: str, body: Any, attributes: Any = None) -> str:
    text = body if isinstance(body, str) else json.dumps(body)
    sent = {"QueueUrl": url_of(shop, queue), "MessageBody": text, "MessageAttributes": attributes or {}}
    return str(shop.client("sqs").send_message(**sent)["MessageId"])


def delayed(shop: Shop, function: str) -> dict[str, Any]:
    """A call about nothing, as Lambda gives it up when it failed for a cause that may pass."""
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:orderproc-{shop.described['stage']}-{function}"
    return {
        "requestContext": {"functionArn": f"{arn}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": {"Records": []},
        "responsePayload": {"errorType": "BatchDelayed", "errorMessage": "1 of 1 objects failed"},
    }


def letters(shop: Shop, queue: str) -> list[dict[str, Any]]:
    answer = shop.staff("GET", f"/admin/dead-letters?queue={queue}&limit=100")
    assert answer.ok, answer.text
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


def dead(shop: Shop, queue: str, mark: str) -> dict[str, Any]:
    """The dead letter that says `mark`, once there is one."""

    def look() -> list[dict[str, Any]]:
        return [letter for letter in letters(shop, queue) if mark in json.dumps(letter)]

    return until(look, bool, PATIENCE)[0]


def act(shop: Shop, action: str, **sent: Any) -> dict[str, Any]:
    answer = shop.staff("POST", f"/admin/dead-letters/{action}", sent)
    assert answer.ok, answer.text
    done: dict[str, Any] = answer.json()
    return done


def on_record(shop: Shop, message_id: str) -> list[dict[str, Any]]:
    """What was done with a message, newest first."""
    records = shop.staff("GET", "/admin/audit?limit=100").json()["records"]
    return [record for record in records if message_id in json.dumps(record)]


def test_an_order_that_broke_on_a_damaged_product_completes_once_it_is_repaired_and_it_is_sent_back(shop: Shop) -> None:
    good, damaged = shop.new_product(9), shop.new_product(9)
    table, key = shop.described["resources"]["products_table"], {"productId": {"S": damaged}}
    shop.client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE price")

    first = placed(shop, body_for(good))["orderId"]
    broken = placed(shop, body_for(damaged))["orderId"]
    second = placed(shop, body_for(good))["orderId"]
    letter = dead(shop, "orders", broken)
    for order_id in (first, second):
        assert shop.partner.ended(f"/orders/{order_id}", 30)["status"] == "COMPLETED"
    assert (letter["orderId"], letter["deadLetterQueue"]) == (broken, f"orderproc-{shop.described['stage']}-orders-dlq")
    assert letter["reason"] == f"Damaged: The product {damaged} is damaged: KeyError('price'). Put it again."
    assert letter["receiveCount"] > 4

    repaired = shop.staff("PUT", f"/products/{damaged}", {"name": "Test product", "price": 25.0, "currency": "EUR"})
    done = act(shop, "redrive", queue="orders", messageIds=[letter["messageId"]])

    assert repaired.ok
    assert (done["redriven"], done["notFound"]) == (1, [])
    assert shop.partner.ended(f"/orders/{broken}", 30)["status"] == "COMPLETED"
    assert (shop.stock(good), shop.stock(damaged)) == ((7, 0), (8, 0))
    for order_id in (first, broken, second):
        assert len(until(lambda order_id=order_id: mails_about(shop, order_id))) == 1
    [record] = on_record(shop, letter["messageId"])
    assert (record["action"], record["outcome"]["redriven"]) == ("redrive", 1)


def test_what_nobody_needs_is_discarded_with_a_reason_and_a_record(shop: Shop) -> None:
    mark = str(uuid.uuid4())
    send(shop, "orders", {"orderIdentifier": mark, "customerEmail": "somebody@example.com"})
    letter = dead(shop, "orders", mark)
    assert letter["reason"] == "MalformedMessage: The message has no orderId."
    assert letter["payload"]["customerEmail"] == "[personal]"

    done = act(shop, "discard", queue="orders", messageIds=[letter["messageId"]], reason="A test message, ticket 4711")

    assert done == {"discarded": 1, "notFound": [], "complete": True}
    assert [found for found in letters(shop, "orders") if mark in json.dumps(found)] == []
    [record] = on_record(shop, letter["messageId"])
    assert (record["action"], record["details"]["reason"]) == ("discard", "A test message, ticket 4711")
    assert mark in json.dumps(record["details"]["messages"])
    assert "somebody@" not in json.dumps(record)


@pytest.fixture(scope="module")
def poison(shop: Shop) -> dict[str, tuple[str, str]]:
    """For each queue the mark and the id of a dead letter that was sent back: all at once, as each dies for a while."""
    sent = {queue: str(uuid.uuid4()) for queue in WORKED}
    ids = {queue: send(shop, f"{queue}-dlq", f"no JSON: {mark}") for queue, mark in sent.items()}
    for queue, mark in sent.items():
        before = dead(shop, queue, mark)
        assert before["reason"].startswith("The function died")  # nobody wrote one down
        done = act(shop, "redrive", queue=before["deadLetterQueue"], messageIds=[ids[queue]])
        assert done["redriven"] == 1
    return {queue: (sent[queue], ids[queue]) for queue in WORKED}


@pytest.mark.parametrize("queue", WORKED)
def test_poison_of_any_queue_dies_again_when_sent_back_and_says_why(
    shop: Shop, poison: dict[str, tuple[str, str]], queue: str
) -> None:
    mark, at_first = poison[queue]

    after = dead(shop, queue, mark)

    assert after["messageId"] != at_first
    assert after["reason"].startswith("MalformedMessage: ")
    done = act(shop, "discard", queue=queue, messageIds=[after["messageId"]], reason="A test")
    assert done["discarded"] == 1


@pytest.mark.parametrize(("queue", "function"), INVOKED)
def test_a_call_that_lambda_gave_up_on_is_made_again(shop: Shop, queue: str, function: str) -> None:
    order_id = placed(shop, body_for(shop.new_product(1)))["orderId"]
    assert shop.partner.ended(f"/orders/{order_id}")["status"] == "COMPLETED"
    until(lambda: mails_about(shop, order_id))
    receipt = {"s3": {"bucket": {"name": "documents"}, "object": {"key": f"receipts/{order_id}.pdf"}}}
    arn = f"arn:aws:lambda:us-east-1:000000000000:function:orderproc-{shop.described['stage']}-{function}"
    record = {
        "requestContext": {"functionArn": f"{arn}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": {"Records": [receipt] if queue == "mail" else []},
        "responsePayload": {"errorType": "BatchFailed", "errorMessage": "1 of 1 objects failed"},
    }
    message_id = send(shop, f"{queue}-dlq", record)
    assert dead(shop, queue, message_id)["reason"] == "BatchFailed: 1 of 1 objects failed"

    done = act(shop, "redrive", queue=queue, messageIds=[message_id])

    assert (done["redriven"], done["refused"]) == (1, [])
    assert [letter for letter in letters(shop, queue) if letter["messageId"] == message_id] == []
    assert len(mails_about(shop, order_id)) == 1


def test_what_may_pass_goes_back_by_itself_and_what_is_wrong_in_itself_does_not(shop: Shop) -> None:
    """Events that EventBridge could not deliver, and calls that were delayed."""
    left = send(shop, "orders", left_mark := f"no JSON: {uuid.uuid4()}")
    marks = {queue: f"no JSON: {uuid.uuid4()}" for queue in WORKED}
    code = {"ERROR_CODE": {"DataType": "String", "StringValue": "NO_PERMISSIONS"}}
    ids = {queue: send(shop, f"{queue}-dlq", mark, code) for queue, mark in marks.items()}
    calls = [send(shop, f"{queue}-dlq", delayed(shop, function)) for queue, function in INVOKED]
    dead(shop, "orders", left_mark)

    def still_there() -> set[str]:
        answer = shop.client("lambda").invoke(
            FunctionName=f"orderproc-{shop.described['stage']}-redrive", Payload=SCHEDULE
        )
        assert "FunctionError" not in answer
        found = {letter["messageId"] for queue in NAMES for letter in letters(shop, queue)}
        return found & {*ids.values(), *calls}

    until(still_there, lambda found: not found, A_REST)

    assert [letter["messageId"] for letter in letters(shop, "orders") if left_mark in json.dumps(letter)] == [left]
    for queue, mark in marks.items():
        [record] = on_record(shop, ids[queue])
        assert (record["who"], record["action"]) == ("system", "redrive")
        again = dead(shop, queue, mark)  # with a reason now, and for staff to discard
        assert again["reason"].startswith("MalformedMessage: ")
        act(shop, "discard", queue=queue, messageIds=[again["messageId"]], reason="A test")


def test_a_message_whose_order_is_done_can_be_sent_back_twice(shop: Shop) -> None:
    product = shop.new_product(5)
    order_id = placed(shop, body_for(product))["orderId"]
    ended = shop.partner.ended(f"/orders/{order_id}")
    until(lambda: mails_about(shop, order_id))

    ids = [send(shop, "orders-dlq", {"orderId": order_id}) for _ in range(2)]
    assert act(shop, "redrive", queue="orders", messageIds=ids)["redriven"] == 2
    until(lambda: depth(shop, "orders"), lambda row: row["messages"] + row["inFlight"] == 0, 30)

    assert shop.partner("GET", f"/orders/{order_id}").json() == ended
    assert shop.stock(product) == (4, 0)
    assert len(mails_about(shop, order_id)) == 1


def depth(shop: Shop, queue: str) -> dict[str, Any]:
    rows = shop.staff("GET", "/admin/queues").json()["queues"]
    return next(row for row in rows if row["name"] == queue)


def test_depths_count_what_is_dead(shop: Shop) -> None:
    before = depth(shop, "shipping")
    message_id = send(shop, "shipping-dlq", "no JSON")

    assert depth(shop, "shipping")["deadLetters"] == before["deadLetters"] + 1
    act(shop, "discard", queue="shipping", messageIds=[message_id], reason="A test")
    assert depth(shop, "shipping")["deadLetters"] == before["deadLetters"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/admin/queues"),
        ("GET", "/admin/dead-letters"),
        ("GET", "/admin/audit"),
        ("POST", "/admin/dead-letters/redrive"),
        ("POST", "/admin/dead-letters/discard"),
    ],
)
def test_nobody_else_may(shop: Shop, method: str, path: str) -> None:
    body = {"queue": "orders"} if method == "POST" else None

    assert shop.call(method, path, body).status_code == 401
    assert shop.partner(method, path, body).status_code == 401
    assert shop.signed_in("customer")(method, path, body).status_code == 403


def test_an_operator_does_the_same_from_a_terminal(shop: Shop) -> None:
    mark = str(uuid.uuid4())
    message_id = send(shop, "payment-dlq", {"note": mark})

    listed = command(shop, "list", "payment", "--json")
    refused = command(shop, "redrive", "nowhere")
    discarded = command(shop, "discard", "payment", message_id, "--reason", "A test")
    audited = command(shop, "audit")

    assert mark in [letter["payload"].get("note") for letter in json.loads(listed.stdout)["messages"]]
    assert (refused.returncode, refused.stderr.startswith("Queue must be one of orders, ")) == (1, True)
    assert (discarded.returncode, discarded.stdout) == (0, "1 discarded; a copy is in the audit record.\n")
    assert "arn:aws:iam::000000000000:root" in audited.stdout


def command(shop: Shop, *arguments: str) -> subprocess.CompletedProcess[str]:
    described = shop.described
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "AWS_ENDPOINT_URL": described["endpoint_url"],
        "AWS_ACCESS_KEY_ID": described["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": described["secret_access_key"],
        "AWS_DEFAULT_REGION": described["region"],
    }
    line = [sys.executable, "-m", "infra.ops.dead_letters", described["stage"], *arguments]
    return subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60)
