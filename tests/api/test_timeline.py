"""An order's timeline, staff's notes, and the confirmation once more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalice.test import Client
from chalicelib.access.roles import Role
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import Order

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

ME = "c2a5f4d4-50b1-70ee-8a3c-0f6f7d1f9a52"
MINE = {"userId": ME, "email": "anna@shop.example"}


@pytest.fixture
def order(services: Services, adapters: FakeAdapters) -> Order:
    """Paid, with its confirmation sent, waiting to be shipped."""
    adapters.staff_users.known(ME, Role.ADMIN, email="anna@shop.example")
    accepted = services.orders.accept(command(fulfilment="manual"))
    adapters.clock.advance(1)
    confirmed = services.workflow.steps.run_all(accepted.order_id)
    services.workflow.receipts.issue(confirmed)
    services.customers.notifications.on_receipt(f"receipts/{confirmed.order_id}.pdf")
    adapters.clock.advance(60)
    return confirmed


def timeline(api: Gateway, order: Order) -> list[Any]:
    answer = api.get(f"/admin/orders/{order.order_id}/timeline", groups="viewer")
    assert answer.status == 200, answer.text
    found: list[Any] = answer.json["entries"]
    return found


def note(api: Gateway, order: Order, text: Any, groups: str = "support", **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.post(f"/admin/orders/{order.order_id}/notes", {"text": text}, groups=groups, headers=sent)


def of_kind(entries: list[Any], kind: str) -> list[Any]:
    return [entry for entry in entries if entry["kind"] == kind]


def test_everything_that_happened_is_in_it_in_order(api: Gateway, adapters: FakeAdapters, order: Order) -> None:
    note(api, order, "Wants it on Friday.")
    adapters.clock.advance(60)
    api.post(f"/admin/orders/{order.order_id}/ship", {"carrier": "DHL", "trackingNumber": "1"}, groups="warehouse")
    adapters.clock.advance(60)
    api.post(f"/admin/orders/{order.order_id}/deliver", {}, groups="warehouse")

    entries = timeline(api, order)

    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    assert [entry["what"] for entry in of_kind(entries, "status")] == [
        *("PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "CONFIRMED"),
        *("FULFILLMENT", "COMPLETED"),
    ]
    [capture] = of_kind(entries, "payment")
    assert (capture["what"], capture["outcome"], capture["amount"]) == ("capture", "SUCCEEDED", order.total_amount)
    assert [(entry["what"], entry["detail"]) for entry in of_kind(entries, "shipment")] == [
        ("SHIPPED", "DHL 1"),
        ("DELIVERED", "DHL 1"),
    ]
    assert [(entry["what"], entry["outcome"]) for entry in of_kind(entries, "message")] == [
        ("mail-confirmation", "SENT")
    ]
    assert [(entry["detail"], entry["by"]) for entry in of_kind(entries, "note")] == [("Wants it on Friday.", MINE)]
    assert [(entry["what"], entry["outcome"], entry["by"]) for entry in of_kind(entries, "change")] == [
        ("add_note", "DONE", MINE),
        ("ship", "DONE", MINE),
        ("deliver", "DONE", MINE),
    ]
    assert all(entry["by"] is None for entry in entries if entry["kind"] not in ("note", "change"))


def test_a_refund_and_what_failed_are_in_it(api: Gateway, adapters: FakeAdapters, order: Order) -> None:
    api.post(f"/admin/orders/{order.order_id}/cancel", groups="support")
    adapters.clock.advance(60)
    api.post(f"/admin/orders/{order.order_id}/ship", {"carrier": "DHL", "trackingNumber": "1"}, groups="admin")

    entries = timeline(api, order)

    assert [entry["what"] for entry in of_kind(entries, "payment")] == ["capture", "refund"]
    assert of_kind(entries, "status")[-1]["what"] == "CANCELLED"
    cancelled, shipped = of_kind(entries, "change")
    assert (cancelled["outcome"], shipped["outcome"]) == ("DONE", "FAILED")
    assert "can't be shipped" in shipped["detail"]
    # It was sent while it was true, and stays known although the order was cancelled since.
    assert [entry["what"] for entry in of_kind(entries, "message")] == ["mail-confirmation"]


def test_feedback_is_in_it(api: Gateway, services: Services, order: Order) -> None:
    services.customers.give_feedback(order, 4, "Fine.")

    [given] = of_kind(timeline(api, order), "feedback")

    assert (given["what"], given["detail"]) == ("4", "Fine.")


def test_who_is_gone_or_was_no_user_is_named_by_id(
    api: Gateway, services: Services, adapters: FakeAdapters, order: Order
) -> None:
    del adapters.staff_users.users[ME]
    note(api, order, "By somebody who left.")
    with services.operations.audit.of("arn:aws:iam::1:user/ops", "mend", orderId=order.order_id):
        pass

    named = {entry["what"]: entry["by"] for entry in timeline(api, order) if entry["by"]}
    assert named == {
        "note": {"userId": ME, "email": None},
        "add_note": {"userId": ME, "email": None},
        "mend": {"userId": "arn:aws:iam::1:user/ops", "email": None},
    }


def test_it_can_be_read_while_the_user_pool_does_not_answer(api: Gateway, adapters: FakeAdapters, order: Order) -> None:
    note(api, order, "Hm.")

    def down(user_id: str) -> None:
        raise TemporarilyUnavailable("no answer")

    adapters.staff_users.get = down  # type: ignore[method-assign, assignment]

    assert of_kind(timeline(api, order), "note")[0]["by"] == {"userId": ME, "email": None}


def test_an_order_that_is_not_there_has_none(api: Gateway) -> None:
    refused(api.get("/admin/orders/00000000-0000-4000-8000-000000000000/timeline", groups="viewer"), status=404)


def test_a_note_may_have_lines_and_is_for_staff_alone(api: Gateway, order: Order) -> None:
    added = note(api, order, "Two\r\nlines <b>bold</b>")

    assert (added.status, added.json["text"]) == (201, "Two\nlines <b>bold</b>")
    assert added.json["by"]["userId"] == ME
    assert "bold" not in api.get(f"/orders/{order.order_id}", key="one").text


def test_a_note_with_a_key_is_added_once(api: Gateway, adapters: FakeAdapters, order: Order) -> None:
    first = note(api, order, "Once.", Idempotency_Key="k1")
    adapters.clock.advance(5)
    again = note(api, order, "Once.", Idempotency_Key="k1")
    other = note(api, order, "Another.", Idempotency_Key="k1")
    without = [note(api, order, "Twice.").status for _ in range(2)]

    assert (first.status, again.status, again.json) == (201, 201, first.json)
    refused(other, status=422)
    assert without == [201, 201]
    assert [entry["detail"] for entry in of_kind(timeline(api, order), "note")] == ["Once.", "Twice.", "Twice."]


def test_the_audit_trail_says_who_added_a_note_and_not_what_it_says(
    api: Gateway, adapters: FakeAdapters, order: Order
) -> None:
    note(api, order, "Her mother is ill.")

    [record] = adapters.audit_records.all
    assert (record.action, record.who, record.details["orderId"]) == ("add_note", ME, order.order_id)
    assert "mother" not in repr(record)


@pytest.mark.parametrize("text", ["", " ", None, 5, "a" * 2001, "a\x00b"])
def test_a_note_says_something(api: Gateway, adapters: FakeAdapters, order: Order, text: Any) -> None:
    refused(note(api, order, text), "text")
    assert not adapters.notes.kept


def resend(api: Gateway, order: Order, sent: Any) -> Answer:
    return api.post(f"/admin/orders/{order.order_id}/resend", sent, groups="support")


def asked(adapters: FakeAdapters) -> list[str]:
    return adapters.dead_sqs.bodies(SETTINGS.notifications_queue_url)


def test_a_confirmation_that_was_sent_is_sent_once_more_for_each_time_of_asking(
    api: Gateway, services: Services, adapters: FakeAdapters, order: Order
) -> None:
    assert len(adapters.mailer.sent) == 1

    answer = resend(api, order, {"what": "confirmation"})
    for body in asked(adapters) * 2:  # the queue may deliver it twice
        services.customers.notifications.on_event(json.loads(body))

    assert (answer.status, answer.json["messages"]) == (202, ["mail-confirmation"])
    assert len(adapters.mailer.sent) == 2
    assert adapters.mailer.sent[0] == adapters.mailer.sent[1]
    assert [(entry["what"], entry["outcome"]) for entry in of_kind(timeline(api, order), "message")] == [
        ("mail-confirmation", "SENT"),
        ("mail-confirmation", "SENT"),
    ]


def test_a_double_click_is_one_mail_and_a_minute_later_another(
    api: Gateway, services: Services, adapters: FakeAdapters, order: Order
) -> None:
    for _ in range(2):
        resend(api, order, {"what": "confirmation"})
    adapters.clock.advance(60)
    resend(api, order, {"what": "confirmation"})

    for body in asked(adapters):
        services.customers.notifications.on_event(json.loads(body))

    assert len(adapters.mailer.sent) == 3


def test_an_order_without_a_confirmation_has_none_to_send(api: Gateway, services: Services) -> None:
    pending = services.orders.accept(command())

    answer = resend(api, pending, {"what": "confirmation"})

    refused(answer, status=409)
    assert answer.json["code"] == "NOTHING_TO_RESEND"


def test_without_saying_what_only_what_was_not_sent_is_sent(api: Gateway, order: Order) -> None:
    assert resend(api, order, {}).json["code"] == "NOTHING_TO_RESEND"
    assert resend(api, order, None).json["code"] == "NOTHING_TO_RESEND"
    refused(resend(api, order, {"what": "everything"}), "what")


def test_the_queues_consumer_takes_it(client: Client, adapters: FakeAdapters, api: Gateway, order: Order) -> None:
    resend(api, order, {"what": "confirmation"})
    [body] = asked(adapters)

    event = client.events.generate_sqs_event([body], queue_name="orderproc-test-notifications")
    client.lambda_.invoke("notify", event)

    assert len(adapters.mailer.sent) == 2
