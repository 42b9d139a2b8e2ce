"""Messages that may not have been sent are sent once more for each time that staff ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.fulfilment.carrier_report import Report
from chalicelib.kit.errors import Conflict, MalformedMessage, TemporarilyUnavailable
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order, ShipmentStatus

from tests.support.builders import discrepancies as inspected
from tests.support.builders.discrepancies import NONE, later, listed
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

QUEUE = SETTINGS.notifications_queue_url
EMAIL = "customer@example.com"


def declined(services: Services) -> Order:
    return services.workflow.steps.run_all(
        services.orders.accept(command(payment_method="pm_card_chargeDeclined")).order_id
    )


def claimed(adapters: FakeAdapters, order: Order, *occasions: str) -> None:
    """The process died between claiming and sending."""
    for occasion in occasions:
        adapters.claims.claim(f"{order.order_id}#{occasion}")
    adapters.clock.advance(200)


def asked(adapters: FakeAdapters) -> list[dict[str, Any]]:
    """What is in the queue of notifications."""
    return [json.loads(body) for body in adapters.dead_sqs.bodies(QUEUE)]


def work(services: Services, adapters: FakeAdapters) -> None:
    for body in asked(adapters):
        services.customers.notifications.on_event(body)


def sent(adapters: FakeAdapters) -> list[str]:
    texts = [text for _, text in adapters.texter.sent]
    return sorted([*texts, *(message.decode().split()[0] for _, message in adapters.mailer.sent)])


def test_what_is_in_doubt_is_sent_when_staff_ask_and_nothing_else(services: Services, adapters: FakeAdapters) -> None:
    order = declined(services)
    claimed(adapters, order, "sms-failed", "mail-notice")
    for event in events_of(order):
        services.customers.notifications.on_event(event.detail)
    assert sent(adapters) == ["created"]

    assert services.operations.resend_messages("anna", order) == ["sms-failed", "mail-notice"]
    work(services, adapters)

    assert sent(adapters) == ["created", "failed", "notice"]


def test_asking_is_on_record(services: Services, adapters: FakeAdapters) -> None:
    order = declined(services)
    claimed(adapters, order, "mail-notice")

    services.operations.resend_messages("anna", order)

    [record] = services.operations.audit.page(adapters.clock.now()[:10], 10).items
    assert (record.who, record.action, record.details) == (
        "anna",
        "resend",
        {"orderId": order.order_id, "messages": ["mail-notice"]},
    )
    assert record.outcome == {"done": True}


def test_a_request_that_comes_twice_sends_once(services: Services, adapters: FakeAdapters) -> None:
    order = declined(services)
    claimed(adapters, order, "mail-notice")
    services.operations.resend_messages("anna", order)

    for _ in range(3):
        work(services, adapters)

    assert sent(adapters) == ["notice"]


def test_two_who_ask_at_once_have_it_sent_once(services: Services, adapters: FakeAdapters) -> None:
    order = declined(services)
    claimed(adapters, order, "mail-notice")
    services.operations.resend_messages("anna", order)
    adapters.clock.advance(1)
    services.operations.resend_messages("ben", order)

    work(services, adapters)

    assert sent(adapters) == ["notice"]


def test_a_request_during_which_the_process_died_is_in_doubt_again_and_waits_for_another(
    services: Services, adapters: FakeAdapters
) -> None:
    order = declined(services)
    claimed(adapters, order, "mail-notice")
    services.operations.resend_messages("anna", order)
    [request] = asked(adapters)
    adapters.claims.claim(f"{order.order_id}#mail-notice", request["askedAt"])  # and then it died
    adapters.clock.advance(600)

    work(services, adapters)
    assert sent(adapters) == []

    services.operations.resend_messages("anna", order)
    work(services, adapters)
    assert sent(adapters) == ["notice"]


@pytest.mark.parametrize("how", ["sent", "never begun", "just begun"])
def test_there_is_nothing_to_ask_for_where_nothing_is_in_doubt(
    services: Services, adapters: FakeAdapters, how: str
) -> None:
    order = declined(services)
    if how == "sent":
        inspected.tell(services, order)
        adapters.clock.advance(200)
    if how == "just begun":
        adapters.claims.claim(f"{order.order_id}#mail-notice")

    with pytest.raises(Conflict):
        services.operations.resend_messages("anna", order)

    assert asked(adapters) == []


def test_what_was_sent_is_not_sent_again_for_any_request(services: Services, adapters: FakeAdapters) -> None:
    order = declined(services)
    inspected.tell(services, order)
    before = sent(adapters)
    adapters.clock.advance(200)

    names = ["sms-created", "sms-failed", "mail-notice", "mail-confirmation", "sms-completed", "nonsense"]
    services.customers.notifications.on_event(
        {"orderId": order.order_id, "resend": names, "askedAt": adapters.clock.now()}
    )

    assert sent(adapters) == before


def test_what_was_refused_for_good_can_be_asked_for_once_the_cause_is_gone(
    services: Services, adapters: FakeAdapters
) -> None:
    order = declined(services)
    adapters.claims.refused(f"{order.order_id}#sms-failed", "opted out")
    adapters.clock.advance(200)

    services.operations.resend_messages("anna", order)
    work(services, adapters)

    assert sent(adapters) == ["failed"]


def test_the_mail_of_a_shipment_that_is_in_doubt_is_shown_and_sent(services: Services, adapters: FakeAdapters) -> None:
    order = services.workflow.ship.ship(inspected.finished(services), "DHL", "JD1", None)
    before = sent(adapters)
    claimed(adapters, order, "mail-shipped-DHL-JD1")
    shipped = next(event.detail for event in events_of(order) if event.type == "OrderShipped")
    services.customers.notifications.on_event(shipped)
    assert "mail-shipped-DHL-JD1" in listed(adapters)[Kind.MESSAGE_NOT_SENT, order.order_id].details

    services.operations.resend_messages("anna", order)
    work(services, adapters)

    assert sent(adapters) == sorted([*before, "shipped"])


def test_what_is_no_longer_true_is_not_sent_late(services: Services, adapters: FakeAdapters) -> None:
    order = services.workflow.ship.ship(inspected.finished(services), "DHL", "JD1", None)
    services.workflow.ship.report(Report("DHL", "JD1", ShipmentStatus.LOST, "2026-11-21T15:00:00.000Z"))
    claimed(adapters, order, "mail-lost-DHL-JD1")
    lost = adapters.orders.get(order.order_id)
    services.operations.resend_messages("anna", lost)
    services.workflow.ship.report(Report("DHL", "JD1", ShipmentStatus.DELIVERED, "2026-11-21T16:00:00.000Z"))
    before = sent(adapters)

    work(services, adapters)

    assert sent(adapters) == before


def test_a_confirmation_in_doubt_is_sent_with_its_receipt(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.in_doubt(services, adapters)
    adapters.clock.advance(200)

    services.operations.resend_messages("anna", order)
    work(services, adapters)

    assert [to for to, message in adapters.mailer.sent if message.startswith(b"confirmation")] == [EMAIL]


def test_a_confirmation_whose_receipt_is_gone_is_sent_with_a_new_one(
    services: Services, adapters: FakeAdapters
) -> None:
    order = inspected.in_doubt(services, adapters)
    adapters.documents.files.clear()
    adapters.clock.advance(200)

    services.operations.resend_messages("anna", order)
    work(services, adapters)

    assert f"receipts/{order.order_id}.pdf" in adapters.documents.files
    assert len(adapters.mailer.sent) == 1


def test_the_finding_disappears_once_it_was_sent(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.in_doubt(services, adapters)
    later(adapters)
    assert services.operations.reconciliation() == {**NONE, Kind.MESSAGE_NOT_SENT: 1}
    services.operations.resend_messages("anna", order)
    work(services, adapters)

    assert services.operations.reconciliation() == NONE
    assert listed(adapters) == {}


def test_while_the_queue_takes_nothing_staff_are_told_so(services: Services, adapters: FakeAdapters) -> None:
    order = declined(services)
    claimed(adapters, order, "mail-notice")

    def refuses(QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in Entries]}

    adapters.dead_sqs.send_message_batch = refuses

    with pytest.raises(TemporarilyUnavailable):
        services.operations.resend_messages("anna", order)


@pytest.mark.parametrize(
    "body", [{"resend": "mail-notice"}, {"resend": None}, {"resend": [], "askedAt": "now"}], ids=str
)
def test_a_request_that_cannot_be_read_is_malformed(services: Services, body: dict[str, Any]) -> None:
    order = declined(services)

    with pytest.raises(MalformedMessage):
        services.customers.notifications.on_event({"orderId": order.order_id, **body})


# Redriven by staff


def given_up(order: Order) -> str:
    function = "arn:aws:lambda:us-east-1:000000000000:function:orderproc-test-mail_receipt:$LATEST"
    records = [{"s3": {"object": {"key": f"receipts/{order.order_id}.pdf"}}}]
    return json.dumps({"requestContext": {"functionArn": function}, "requestPayload": {"Records": records}})


def redriven_mails(services: Services, adapters: FakeAdapters, **how: Any) -> None:
    services.operations.dead_letters.redrive("anna", "mail", **how)
    for _, _, payload in adapters.functions.invoked:
        for record in json.loads(payload)["Records"]:
            services.customers.notifications.on_receipt(record["s3"]["object"]["key"], record.get("askedAt"))


def test_what_redrives_itself_sends_nothing_that_is_in_doubt(services: Services, adapters: FakeAdapters) -> None:
    order = inspected.in_doubt(services, adapters)
    adapters.dead_sqs.put("https://sqs.test/mail-dlq", given_up(order))
    adapters.clock.advance(200)

    redriven_mails(services, adapters)

    assert adapters.mailer.sent == []
    assert list(listed(adapters)) == [(Kind.MESSAGE_NOT_SENT, order.order_id)]


@pytest.mark.parametrize("text", ["no JSON", "[]", "7"])
def test_a_message_that_is_no_event_is_redriven_as_it_is(services: Services, adapters: FakeAdapters, text: str) -> None:
    adapters.dead_sqs.put(f"{QUEUE}-dlq", text)

    services.operations.dead_letters.redrive("anna", "notifications", resend=True)

    assert adapters.dead_sqs.bodies(QUEUE) == [text]


def test_messages_of_other_queues_stay_as_they_are(services: Services, adapters: FakeAdapters) -> None:
    adapters.dead_sqs.put("https://sqs.test/orders-dlq", '{"orderId":"o-1"}')

    services.operations.dead_letters.redrive("anna", "orders", resend=True)

    assert adapters.dead_sqs.bodies("https://sqs.test/orders") == ['{"orderId":"o-1"}']
