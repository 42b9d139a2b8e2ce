"""What customers are told: once per occasion, and again only if it was certainly not sent."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.claims import ClaimState
from chalicelib.kit.errors import MalformedMessage, TemporarilyUnavailable, Undeliverable
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order

from tests.support.builders.discrepancies import listed
from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters

PHONE, EMAIL = "+31612345678", "customer@example.com"


def ended(services: Services, **changes: object) -> Order:
    return services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)


def tell(services: Services, order: Order) -> None:
    """Deliver all the order's events."""
    for event in events_of(order):
        services.customers.notifications.on_event(event.detail)


def arrive(services: Services, order: Order) -> bool:
    """The receipt arrived in the bucket."""
    return services.customers.notifications.on_receipt(f"receipts/{order.order_id}.pdf")


def texts(adapters: FakeAdapters) -> list[tuple[str, str]]:
    return adapters.texter.sent


def mails(adapters: FakeAdapters) -> list[tuple[str, str]]:
    return [(recipient, message.decode().split()[0]) for recipient, message in adapters.mailer.sent]


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
    send, adapters.mailer.send = adapters.mailer.send, _refuse

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


# Each message by itself.


def test_a_number_that_takes_no_sms_keeps_no_mail_back_is_not_tried_again_and_shown_to_staff_without_its_digits(
    services: Services, adapters: FakeAdapters
) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    tried: list[str] = []

    def opted_out(phone_number: str, text: str) -> None:
        tried.append(text)
        raise Undeliverable(f"SNS: {phone_number} opted out.")

    adapters.texter.send = opted_out
    tell(services, order)
    tell(services, order)

    assert mails(adapters) == [(EMAIL, "notice")]
    assert tried == ["created", "failed"]
    refused = "refused: Undeliverable: SNS: [personal] opted out."
    finding = listed(adapters)[Kind.MESSAGE_NOT_SENT, order.order_id]
    assert finding.details == {"status": "FAILED", "sms-created": refused, "sms-failed": refused}


def test_an_address_that_takes_no_mail_keeps_no_sms_back(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    adapters.mailer.send = _is_no_address

    tell(services, order)

    assert texts(adapters) == [(PHONE, "created"), (PHONE, "failed")]
    assert list(listed(adapters)) == [(Kind.MESSAGE_NOT_SENT, order.order_id)]


def test_a_confirmation_that_will_never_be_delivered_does_not_come_back(
    services: Services, adapters: FakeAdapters
) -> None:
    order = ended(services)
    tell(services, order)
    adapters.mailer.send = _is_no_address

    assert arrive(services, order)

    assert listed(adapters)[Kind.MESSAGE_NOT_SENT, order.order_id].details["mail-confirmation"].startswith("refused")


def test_sms_that_are_refused_for_now_come_back_alone(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    failed = next(event.detail for event in events_of(order) if event.type == "OrderFailed")
    send, adapters.texter.send = adapters.texter.send, _refuse

    with pytest.raises(TemporarilyUnavailable):
        services.customers.notifications.on_event(failed)
    assert mails(adapters) == [(EMAIL, "notice")]
    adapters.texter.send = send
    services.customers.notifications.on_event(failed)

    assert (texts(adapters), mails(adapters)) == ([(PHONE, "failed")], [(EMAIL, "notice")])


def test_a_receipt_that_cannot_be_made_keeps_no_sms_back(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services)
    object.__setattr__(services.workflow.receipts, "render", _no_such_glyph)

    for _ in range(2):
        with pytest.raises(ValueError, match="glyph"):
            tell_all(services, order)

    assert texts(adapters) == [(PHONE, "created"), (PHONE, "completed")]


def test_words_that_cannot_be_written_are_not_claimed(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services)
    adapters.messages.sms_created = _no_such_glyph

    with pytest.raises(ValueError, match="glyph"):
        tell_all(services, order)

    assert adapters.claims.claimed == {f"{order.order_id}#sms-completed"}


def test_of_several_troubles_the_first_is_raised_and_the_others_are_logged(
    services: Services, adapters: FakeAdapters, caplog: pytest.LogCaptureFixture
) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    adapters.texter.send = _refuse
    adapters.mailer.send = _no_such_glyph

    with pytest.raises(TemporarilyUnavailable):
        services.customers.notifications.on_event({"orderId": order.order_id, "eventType": "OrderFailed"})

    assert "also_failed" in [record.getMessage() for record in caplog.records]


# What is known of each message.


def test_a_message_that_was_sent_is_remembered_as_sent(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services)
    tell(services, order)
    arrive(services, order)

    assert {claim.state for claim in adapters.claims.look_up(adapters.claims.claimed).values()} == {ClaimState.SENT}
    assert len(adapters.claims.claimed) == 3
    assert listed(adapters) == {}


def test_that_it_cannot_be_noted_as_sent_does_not_send_it_again(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    adapters.claims.sent = _refuse

    tell(services, order)
    adapters.clock.advance(11)
    tell(services, order)

    assert mails(adapters) == [(EMAIL, "notice")]
    assert texts(adapters) == [(PHONE, "created"), (PHONE, "failed")]


def test_a_message_that_may_have_been_sent_is_shown_to_staff_when_its_event_comes_again(
    services: Services, adapters: FakeAdapters
) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    adapters.claims.claim(f"{order.order_id}#mail-notice")  # and then the process died
    begun = adapters.clock.now()
    adapters.clock.advance(10)

    tell(services, order)

    finding = listed(adapters)[Kind.MESSAGE_NOT_SENT, order.order_id]
    assert finding.details == {
        "status": "FAILED",
        "mail-notice": f"may not have been sent: begun at {begun[:19]}.000Z",
    }
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


def tell_all(services: Services, order: Order) -> None:
    """Deliver all the order's events, whatever becomes of them."""
    trouble = []
    for event in events_of(order):
        try:
            services.customers.notifications.on_event(event.detail)
        except Exception as error:  # noqa: BLE001
            trouble.append(error)
    if trouble:
        raise trouble[0]


def _refuse(*_: object) -> None:
    raise TemporarilyUnavailable("refused")


def _is_no_address(*_: object) -> None:
    raise Undeliverable("SES: Missing final '@domain'")


def _no_such_glyph(*_: object) -> None:
    raise ValueError("no such glyph")
