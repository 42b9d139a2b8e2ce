"""Staff's view of what was given up on: queues, dead letters, the audit trail; and consumers that say why."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.bootstrap import Services
from chalicelib.kit.sqs_batch import BatchFailed

from tests.support.api.gateway import Gateway, s3_event, sqs_event
from tests.support.api.refusals import SECRET, refused
from tests.support.builders import discrepancies as inspected
from tests.support.builders.examples import MAX_RECEIVES, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.dead_letters import FakeSqs

DLQ = f"{SETTINGS.order_queue_url}-dlq"
REDRIVE, DISCARD = "/admin/dead-letters/redrive", "/admin/dead-letters/discard"
GOOD = {
    REDRIVE: {"queue": "orders"},
    DISCARD: {"queue": "orders", "messageIds": ["5fea7756-0ea4-451a-a703-a558b933e274"], "reason": "A test."},
}
CONSUMERS = {
    "process_orders": "orders",
    "notify": "notifications",
    "inventory_worker": "inventory",
    "payment_worker": "payment",
    "shipping_worker": "shipping",
    "import_rows": "imports",
    "write_export": "exports",
}


@pytest.fixture
def staff(api: Gateway) -> Callable[..., Any]:
    """Calls as staff; returns the answer's body."""

    def call(method: str, path: str, sent: Any = None) -> Any:
        answer = api.call(method, path, sent, groups="admin")
        assert answer.status == 200, answer.text
        return answer.json

    return call


def test_staff_who_redrive_a_mail_in_doubt_have_it_sent_once(
    client: Client, services: Services, adapters: FakeAdapters, sqs: FakeSqs, staff: Callable[..., Any]
) -> None:
    order = inspected.in_doubt(services, adapters)
    function = "arn:aws:lambda:us-east-1:000000000000:function:orderproc-test-mail_receipt:$LATEST"
    event = s3_event(f"receipts/{order.order_id}.pdf")
    call = {"requestContext": {"functionArn": function}, "requestPayload": event}
    sqs.put(f"{SETTINGS.order_queue_url.removesuffix('orders')}mail-dlq", json.dumps(call))
    adapters.clock.advance(200)

    assert staff("POST", REDRIVE, {"queue": "mail"})["redriven"] == 1
    [(_, _, payload)] = adapters.functions.invoked
    for _ in range(3):
        client.lambda_.invoke("mail_receipt", json.loads(payload))

    assert len(adapters.mailer.sent) == 1


def test_staff_who_redrive_notifications_in_doubt_have_them_sent_once(
    client: Client, services: Services, adapters: FakeAdapters, sqs: FakeSqs, staff: Callable[..., Any]
) -> None:
    order = services.workflow.steps.run_all(services.orders.accept(command()).order_id)
    adapters.claims.claim(f"{order.order_id}#sms-completed")
    adapters.clock.advance(200)
    sqs.put(
        f"{SETTINGS.notifications_queue_url}-dlq",
        json.dumps({"orderId": order.order_id, "eventType": "OrderCompleted"}),
    )

    assert staff("POST", REDRIVE, {"queue": "notifications"})["redriven"] == 1
    for _ in range(3):
        client.lambda_.invoke("notify", sqs_event(sqs.bodies(SETTINGS.notifications_queue_url)))

    assert len(adapters.texter.sent) == 1


def test_queues_are_listed_with_their_depths(staff: Callable[..., Any], sqs: FakeSqs) -> None:
    sqs.put(SETTINGS.order_queue_url, "{}")
    sqs.put(DLQ, "{}")

    queues = staff("GET", "/admin/queues")["queues"]

    assert [queue["name"] for queue in queues] == [*CONSUMERS.values(), "mail", "import-files", "metrics", "search"]
    assert queues[0] == {
        "name": "orders",
        "deadLetterQueue": "orders-dlq",
        "messages": 1,
        "inFlight": 0,
        "delayed": 0,
        "deadLetters": 1,
    }


def test_a_look_a_redrive_and_the_record_of_it(staff: Callable[..., Any], sqs: FakeSqs) -> None:
    message_id = sqs.put(DLQ, json.dumps({"orderId": "o-1", "customerEmail": "a@b.test"}))

    [seen] = staff("GET", "/admin/dead-letters?queue=orders")["messages"]
    done = staff("POST", REDRIVE, {"queue": seen["queue"], "messageIds": [seen["messageId"]]})
    [record] = staff("GET", "/admin/audit")["records"]

    assert (seen["messageId"], seen["orderId"], seen["receiveCount"]) == (message_id, "o-1", 1)
    assert seen["payload"] == {"orderId": "o-1", "customerEmail": "[personal]"}
    assert done == {"redriven": 1, "left": 0, "notFound": [], "refused": [], "complete": True}
    assert (record["action"], record["details"]) == ("redrive", {"queue": "orders", "messageIds": [message_id]})
    assert record["outcome"]["redriven"] == 1
    assert len(record["who"]) > 10


def test_a_message_that_is_not_wanted_is_discarded(staff: Callable[..., Any], sqs: FakeSqs) -> None:
    message_id = sqs.put(DLQ, "no JSON")

    done = staff("POST", DISCARD, {"queue": "orders", "messageIds": [message_id, "gone"], "reason": "  A test.  "})

    assert done == {"discarded": 1, "notFound": ["gone"], "complete": True}
    assert sqs.bodies(DLQ) == []
    assert staff("GET", "/admin/audit")["records"][0]["details"]["reason"] == "A test."


def test_what_can_not_be_put_back_is_said(staff: Callable[..., Any], sqs: FakeSqs) -> None:
    message_id = sqs.put("https://sqs.test/mail-dlq", "no call")

    done = staff("POST", REDRIVE, {"queue": "mail"})

    assert (done["redriven"], done["left"], done["refused"][0]["messageId"]) == (0, 1, message_id)


@pytest.mark.parametrize("queue", ["", "nowhere", f"x{SECRET}", "%00"])
def test_an_unknown_queue_is_refused_with_those_that_there_are(api: Gateway, queue: str) -> None:
    looked = api.get(f"/admin/dead-letters?queue={queue}", groups="admin")
    redriven = api.post(REDRIVE, {"queue": queue}, groups="admin")

    for answer in (looked, redriven):
        refused(answer, "queue")
        assert "orders, notifications, inventory" in answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("path", "changes", "field"),
    [
        (REDRIVE, {"messageIds": []}, "messageIds"),
        (REDRIVE, {"messageIds": "all"}, "messageIds"),
        (REDRIVE, {"messageIds": ["x"] * 101}, "messageIds"),
        (REDRIVE, {"messageIds": [f"{SECRET} x"]}, "messageIds[0]"),
        (REDRIVE, {"reason": SECRET}, "reason"),
        (REDRIVE, {"queue": None}, "queue"),
        (DISCARD, {"messageIds": None}, "messageIds"),
        (DISCARD, {"messageIds": []}, "messageIds"),
        (DISCARD, {"reason": "ab"}, "reason"),
        (DISCARD, {"reason": " ab\u200b\u3000"}, "reason"),
        (DISCARD, {"reason": SECRET * 100}, "reason"),
        (DISCARD, {"reason": f"a\n{SECRET}"}, "reason"),
        (DISCARD, {"reason": None}, "reason"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_and_nothing_done(
    api: Gateway, adapters: FakeAdapters, sqs: FakeSqs, path: str, changes: dict[str, Any], field: str
) -> None:
    sqs.put(DLQ, "{}")
    sent = {name: value for name, value in {**GOOD[path], **changes}.items() if value is not None}

    refused(api.post(path, sent, groups="admin"), field)

    assert sqs.visible(DLQ)
    assert adapters.audit_records.all == []


@pytest.mark.parametrize("path", [REDRIVE, DISCARD])
def test_all_that_is_missing_is_named(api: Gateway, path: str) -> None:
    refused(api.post(path, {}, groups="admin"), *(["queue"] if path == REDRIVE else GOOD[DISCARD]))


@pytest.mark.parametrize("day", ["", "today", "2026-13-01", "2026-02-30", "2026-1-1", "20261121", "%D9%A32026-11-21"])
def test_a_day_must_be_one_of_the_calendar(api: Gateway, day: str) -> None:
    refused(api.get(f"/admin/audit?day={day}", groups="admin"), "day")


def test_the_records_of_a_day_have_pages(
    api: Gateway, staff: Callable[..., Any], adapters: FakeAdapters, sqs: FakeSqs
) -> None:
    for _ in range(3):
        adapters.clock.advance(1)
        staff("POST", REDRIVE, {"queue": "orders"})

    first = staff("GET", "/admin/audit?day=2026-11-21&limit=2")
    second = staff("GET", f"/admin/audit?day=2026-11-21&limit=2&cursor={first['nextCursor']}")

    assert [len(page["records"]) for page in (first, second)] == [2, 1]
    assert second["nextCursor"] is None
    assert staff("GET", "/admin/audit?day=2026-11-20")["records"] == []
    refused(api.get(f"/admin/audit?day=2026-11-20&cursor={first['nextCursor']}", groups="admin"), "cursor")


@pytest.mark.parametrize(
    ("path", "sent", "action"),
    [
        ("/products/LAPTOP001/stock", {"delta": 2, "reason": "Delivery"}, "change_stock"),
        ("/admin/orders/{order_id}/cancel", None, "cancel"),
        ("/admin/orders/{order_id}/ship", {"carrier": "DHL", "trackingNumber": "T1"}, "ship"),
    ],
)
def test_what_staff_change_by_hand_is_on_record(
    api: Gateway, staff: Callable[..., Any], services: Services, path: str, sent: Any, action: str
) -> None:
    order_id = services.orders.accept(command()).order_id
    services.workflow.steps.run_all(order_id)

    staff("POST", path.format(order_id=order_id), sent)

    [record] = staff("GET", "/admin/audit")["records"]
    assert record["action"] == action
    assert record["details"].get("orderId", record["details"].get("productId")) in (order_id, "LAPTOP001")
    assert "error" not in record["outcome"]


def test_what_staff_may_not_change_leaves_its_refusal_on_record(api: Gateway, staff: Callable[..., Any]) -> None:
    refused(api.post("/products/LAPTOP001/stock", {"delta": -99, "reason": "x"}, groups="admin"), status=409)

    assert staff("GET", "/admin/audit")["records"][0]["outcome"]["error"].startswith("Conflict: ")


@pytest.mark.parametrize(("function", "queue"), CONSUMERS.items())
def test_a_consumer_that_gives_up_says_why(client: Client, adapters: FakeAdapters, function: str, queue: str) -> None:
    event = sqs_event(["no JSON of a@b.test"], receives=MAX_RECEIVES)

    with pytest.raises(BatchFailed):
        client.lambda_.invoke(function, event)

    [(name, message_id)] = adapters.reasons.kept
    kept = adapters.reasons.kept[name, message_id]
    assert (name, message_id) == (queue, event["Records"][0]["messageId"])
    assert kept.text.startswith("MalformedMessage: ")
    assert "a@b" not in kept.text
