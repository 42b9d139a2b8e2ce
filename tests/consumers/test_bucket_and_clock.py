"""The documents bucket's new receipts, and the housekeeper's minute."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from chalice.test import Client
from chalicelib.access.model import KeyEnd
from chalicelib.bootstrap import Services
from chalicelib.exports.requests import export as export_request
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.sqs_batch import BatchDelayed, BatchFailed
from chalicelib.orders.model import Status

from tests.support.api.gateway import recorded, s3_event, sqs_event
from tests.support.builders.examples import MAX_RECEIVES, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters


@pytest.fixture
def receipt(services: Services) -> Callable[..., str]:
    """Take an order to its receipt, and return the order's id."""

    def issue(**changes: Any) -> str:
        order = services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)
        services.workflow.receipts.issue(order)
        return order.order_id

    return issue


def test_a_receipt_that_arrives_is_mailed(client: Client, adapters: FakeAdapters, receipt: Callable[..., str]) -> None:
    order_id = receipt()

    client.lambda_.invoke("mail_receipt", s3_event(f"receipts/{order_id}.pdf"))

    [(recipient, message)] = adapters.mailer.sent
    assert recipient == "customer@example.com"
    assert f"receipts/{order_id}.pdf".encode() in message


def test_each_record_of_an_event_is_mailed_and_none_twice(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str]
) -> None:
    keys = [f"receipts/{receipt(customer_email=f'{n}@b.cc')}.pdf" for n in range(3)]

    for _ in range(2):
        client.lambda_.invoke("mail_receipt", s3_event(*keys, keys[0]))

    assert [recipient for recipient, _ in adapters.mailer.sent] == ["0@b.cc", "1@b.cc", "2@b.cc"]


def test_keys_are_decoded_as_s3_encodes_them(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str], lines: Callable[[], list[Any]]
) -> None:
    order_id = receipt()
    encoded = order_id.replace("-", "%2D")

    client.lambda_.invoke("mail_receipt", s3_event(f"receipts/{encoded}.pdf", "receipts/a+b%2Bc%C3%A9.pdf"))

    assert len(adapters.mailer.sent) == 1
    assert lines()[-1]["key"] == "receipts/a b+cé.pdf"


@pytest.mark.parametrize(
    "key",
    [
        "receipts/nobody.pdf",
        "receipts/.pdf",
        "receipts/a/b.pdf",
        "orders/x.pdf",
        "receipts/x.pdf.pdf",
        "receipts/order.txt",
        "",
        "%00",
        "%FF",
    ],
)
def test_a_file_that_is_no_receipt_of_ours_is_left_alone(
    client: Client, adapters: FakeAdapters, lines: Callable[[], list[Any]], key: str
) -> None:
    client.lambda_.invoke("mail_receipt", s3_event(key))

    assert adapters.mailer.sent == []
    assert [(line["level"], line["message"]) for line in lines()] == [("WARNING", "not_our_receipt")]


def test_a_receipt_that_may_not_be_read_fails_so_that_lambda_repeats_it(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str]
) -> None:
    """Quietly done, its customer would never have a mail, and no alarm would ring."""
    event, get = s3_event(f"receipts/{receipt()}.pdf"), adapters.documents.get

    def refuse(key: str) -> bytes:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "Access Denied"}}, "GetObject")

    adapters.documents.get = refuse
    with pytest.raises(BatchFailed):
        client.lambda_.invoke("mail_receipt", event)
    assert adapters.claims.claimed == set()

    adapters.documents.get = get
    client.lambda_.invoke("mail_receipt", event)
    assert len(adapters.mailer.sent) == 1


def test_a_record_that_fails_does_not_keep_the_next_from_being_mailed(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str]
) -> None:
    send = adapters.mailer.send

    def refuse_first(sender: str, recipient: str, message: bytes) -> None:
        if recipient == "first@b.cc":
            raise TimeoutError
        send(sender, recipient, message)

    adapters.mailer.send = refuse_first
    event = s3_event(*[f"receipts/{receipt(customer_email=who)}.pdf" for who in ("first@b.cc", "next@b.cc")])
    with pytest.raises(BatchDelayed, match="1 of 2"):
        client.lambda_.invoke("mail_receipt", event)
    assert [recipient for recipient, _ in adapters.mailer.sent] == ["next@b.cc"]

    adapters.mailer.send = send
    client.lambda_.invoke("mail_receipt", event)  # as Lambda repeats it
    assert [recipient for recipient, _ in adapters.mailer.sent] == ["next@b.cc"]  # the first may have been sent


def test_a_mail_that_ses_refuses_for_now_goes_on_by_the_queue_of_notifications(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str]
) -> None:
    send = adapters.mailer.send
    event = s3_event(f"receipts/{receipt()}.pdf")

    def refuse(*_: object) -> None:
        raise TemporarilyUnavailable("SES refused the mail.")

    adapters.mailer.send = refuse
    client.lambda_.invoke("mail_receipt", event)
    bodies = adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url)
    with pytest.raises(BatchFailed):
        client.lambda_.invoke("notify", sqs_event(bodies))
    adapters.mailer.send = send
    for _ in range(2):
        client.lambda_.invoke("notify", sqs_event(bodies))

    assert [recipient for recipient, _ in adapters.mailer.sent] == ["customer@example.com"]


def test_while_the_queue_takes_no_mail_either_lambda_repeats_the_call(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TemporarilyUnavailable("not now")

    adapters.mailer.send = refuse
    adapters.dead_letter_queues = type("Queues", (), {"send": refuse})()

    with pytest.raises(BatchFailed):
        client.lambda_.invoke("mail_receipt", s3_event(f"receipts/{receipt()}.pdf"))


def test_a_record_with_a_field_missing_is_an_error_and_its_neighbour_is_mailed(
    client: Client, adapters: FakeAdapters, receipt: Callable[..., str]
) -> None:
    event = s3_event("receipts/x.pdf", "receipts/y.pdf", f"receipts/{receipt()}.pdf")
    del event["Records"][1]["s3"]["object"]["key"]

    with pytest.raises(BatchFailed):
        client.lambda_.invoke("mail_receipt", event)

    assert len(adapters.mailer.sent) == 1


def test_what_a_consumer_gave_up_while_nothing_answered_is_sent_back_and_done(
    client: Client, adapters: FakeAdapters, services: Services
) -> None:
    """Through the consumer, its reason, the job, and the consumer again, which knows that it came before."""
    order_id = services.orders.accept(command()).order_id
    given_up = sqs_event([{"orderId": order_id}], MAX_RECEIVES)
    reserve = adapters.orders.reserve

    def down(*_: Any) -> Any:
        raise TemporarilyUnavailable("not now")

    adapters.orders.reserve = down  # type: ignore[method-assign]
    with pytest.raises(BatchFailed):
        client.lambda_.invoke("process_orders", given_up)
    [record] = given_up["Records"]
    dead = adapters.dead_sqs.put(f"{SETTINGS.order_queue_url}-dlq", record["body"])
    adapters.reasons.kept["orders", dead] = replace(
        adapters.reasons.kept["orders", record["messageId"]], message_id=dead
    )
    adapters.orders.reserve = reserve  # type: ignore[method-assign]

    adapters.clock.advance(120)
    client.lambda_.invoke("redrive", recorded("schedule"))

    [sent] = adapters.dead_sqs.queues[SETTINGS.order_queue_url]
    event = sqs_event([sent.body])
    event["Records"][0]["messageAttributes"] = {
        name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
        for name, value in sent.attributes.items()
    }
    client.lambda_.invoke("process_orders", event)
    assert adapters.store.orders[order_id].status is Status.COMPLETED
    assert adapters.tries.counted["orders", event["Records"][0]["messageId"]] == 1


def test_the_housekeeper_hands_over_what_nobody_works_on(
    client: Client, adapters: FakeAdapters, services: Services
) -> None:
    order = services.orders.accept(command())
    adapters.queue.messages.clear()  # the hand-over was lost
    adapters.clock.advance(61)

    client.lambda_.invoke("housekeeper", recorded("schedule"))

    assert adapters.queue.messages == [order.order_id]


@pytest.mark.parametrize("fails", [False, True], ids=["orders-too", "orders-fail"])
def test_the_housekeeper_resumes_exports_and_ends_keys_when_orders_fail_too(
    client: Client, adapters: FakeAdapters, services: Services, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    adapters.api_keys.known("old")
    adapters.key_ends.add(KeyEnd("old", "old", adapters.clock.now()))
    asked = {"what": "orders", "from": "2026-11-01", "to": "2026-11-02", "format": "csv"}
    export = services.exports.start("staff", export_request(asked, None, adapters.clock.now()))
    adapters.export_messages.sent.clear()  # the message was lost
    adapters.clock.advance(16 * 60)
    if fails:
        monkeypatch.setattr(services.workflow, "housekeeper", Mock(side_effect=TemporarilyUnavailable("throttled")))

    with pytest.raises(TemporarilyUnavailable) if fails else nullcontext():
        client.lambda_.invoke("housekeeper", recorded("schedule"))

    assert not adapters.api_keys.keys["old"].enabled
    assert adapters.key_ends.all() == []
    assert adapters.export_messages.sent == [export.export_id]
