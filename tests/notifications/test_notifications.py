"""What customers are told: once per occasion, and again only if it was certainly not sent."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import MalformedMessage, TemporarilyUnavailable

from tests.notifications.delivered import EMAIL, PHONE, arrive, ended, mails, refuse, tell, texts
from tests.support.builders.discrepancies import listed
from tests.support.fakes.adapters import FakeAdapters


def test_a_completed_order_is_told_by_two_sms_and_has_its_receipt(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services)

    tell(services, order)

    assert texts(adapters) == [(PHONE, "created"), (PHONE, "completed")]
    assert f"receipts/{order.order_id}.pdf" in adapters.documents.files
    assert mails(adapters) == []  # that comes with the receipt's arrival


def test_the_receipts_arrival_sends_one_confirmation(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services)
    tell(services, order)

    assert [arrive(services, order) for _ in range(3)] == [True] * 3

    assert mails(adapters) == [(EMAIL, "confirmation")]


def test_an_order_from_before_international_addresses_were_kept_in_ascii_is_written_to(
    services: Services, adapters: FakeAdapters
) -> None:
    tell(services, ended(services, payment_method="pm_card_chargeDeclined", customer_email="kunde@müller.de"))

    assert mails(adapters) == [("kunde@xn--mller-kva.de", "notice")]


def test_a_failed_order_is_told_by_sms_and_one_notice(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")

    tell(services, order)

    assert texts(adapters) == [(PHONE, "created"), (PHONE, "failed")]
    assert mails(adapters) == [(EMAIL, "notice")]
    assert adapters.documents.files == {}


def test_a_cancelled_order_gets_one_notice_for_all_that_happened(services: Services, adapters: FakeAdapters) -> None:
    cancelled = services.workflow.cancel(ended(services))

    tell(services, cancelled)

    assert mails(adapters) == [(EMAIL, "notice")]


@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined"])
def test_events_delivered_again_tell_nobody_twice(services: Services, adapters: FakeAdapters, method: str) -> None:
    order = ended(services, payment_method=method)
    tell(services, order)
    told = list(texts(adapters)), mails(adapters)

    tell(services, order)
    tell(services, order)

    assert (texts(adapters), mails(adapters)) == told


def test_without_a_phone_number_there_is_no_sms(services: Services, adapters: FakeAdapters) -> None:
    tell(services, ended(services, phone_number=None))
    tell(services, ended(services, phone_number=None, payment_method="pm_card_chargeDeclined"))

    assert texts(adapters) == []


def test_an_order_cancelled_before_its_completion_was_heard_gets_no_receipt(
    services: Services, adapters: FakeAdapters
) -> None:
    completed = ended(services)
    services.workflow.cancel(completed)

    tell(services, completed)

    assert adapters.documents.files == {}
    assert (PHONE, "completed") not in texts(adapters)


def test_an_order_cancelled_after_its_receipt_was_written_is_not_confirmed(
    services: Services, adapters: FakeAdapters
) -> None:
    completed = ended(services)
    tell(services, completed)
    services.workflow.cancel(completed)

    assert not arrive(services, completed)

    assert mails(adapters) == []


def test_what_was_certainly_not_sent_is_sent_with_the_next_delivery(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    send, adapters.mailer.send = adapters.mailer.send, refuse

    with pytest.raises(TemporarilyUnavailable):
        tell(services, order)
    adapters.mailer.send = send
    tell(services, order)

    assert mails(adapters) == [(EMAIL, "notice")]
    assert texts(adapters) == [(PHONE, "created"), (PHONE, "failed")]


def test_what_may_have_been_sent_is_not_sent_again(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    send = adapters.mailer.send

    def send_and_lose_the_answer(sender: str, recipient: str, message: bytes) -> None:
        send(sender, recipient, message)
        raise TimeoutError

    adapters.mailer.send = send_and_lose_the_answer
    with pytest.raises(TimeoutError):
        tell(services, order)
    adapters.mailer.send = send
    adapters.clock.advance(11)
    tell(services, order)

    assert mails(adapters) == [(EMAIL, "notice")]


def test_a_message_that_another_process_is_sending_is_waited_for(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    claim = f"{order.order_id}#mail-notice"
    adapters.claims.claim(claim)  # by the other process

    with pytest.raises(TemporarilyUnavailable):
        tell(services, order)
    assert listed(adapters) == {}

    adapters.claims.sent(claim)
    tell(services, order)
    assert listed(adapters) == {}
    assert mails(adapters) == []


@pytest.mark.parametrize("event_type", ["OrderFailed", "OrderCancelled", "OrderRefunded"])
def test_an_order_that_is_completed_is_never_told_of_its_failure(
    services: Services, adapters: FakeAdapters, event_type: str
) -> None:
    order = ended(services)

    services.customers.notifications.on_event({"orderId": order.order_id, "eventType": event_type})

    assert (texts(adapters), mails(adapters)) == ([], [])


def test_an_order_that_failed_is_never_told_of_its_completion(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")

    services.customers.notifications.on_event({"orderId": order.order_id, "eventType": "OrderCompleted"})

    assert (texts(adapters), mails(adapters), adapters.documents.files) == ([], [], {})


def test_a_receipt_that_is_gone_again_is_not_mailed(services: Services, adapters: FakeAdapters) -> None:
    assert not arrive(services, ended(services))

    assert adapters.mailer.sent == []


@pytest.mark.parametrize(
    "event", [{}, {"orderId": "a"}, {"eventType": "OrderPlaced"}, {"orderId": 7, "eventType": "x"}]
)
def test_an_event_with_a_field_missing_is_malformed(services: Services, event: dict[str, object]) -> None:
    with pytest.raises(MalformedMessage):
        services.customers.notifications.on_event(event)


@pytest.mark.parametrize("event_type", ["InventoryReserved", "PaymentCaptured", "SomethingNew"])
def test_an_event_that_asks_for_nothing_is_fine(services: Services, adapters: FakeAdapters, event_type: str) -> None:
    order = ended(services)

    services.customers.notifications.on_event({"orderId": order.order_id, "eventType": event_type})

    assert (texts(adapters), mails(adapters), adapters.documents.files) == ([], [], {})
