"""Each message is sent or refused by itself, and what became of it is known."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.claims import ClaimState
from chalicelib.kit.errors import TemporarilyUnavailable, Undeliverable
from chalicelib.orders.discrepancies import Kind
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order

from tests.notifications.delivered import EMAIL, PHONE, arrive, ended, mails, refuse, tell, texts
from tests.support.builders.discrepancies import listed
from tests.support.fakes.adapters import FakeAdapters


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
    send, adapters.texter.send = adapters.texter.send, refuse

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
    adapters.texter.send = refuse
    adapters.mailer.send = _no_such_glyph

    with pytest.raises(TemporarilyUnavailable):
        services.customers.notifications.on_event({"orderId": order.order_id, "eventType": "OrderFailed"})

    assert "also_failed" in [record.getMessage() for record in caplog.records]


def test_a_message_that_was_sent_is_remembered_as_sent(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services)
    tell(services, order)
    arrive(services, order)

    assert {claim.state for claim in adapters.claims.look_up(adapters.claims.claimed).values()} == {ClaimState.SENT}
    assert len(adapters.claims.claimed) == 3
    assert listed(adapters) == {}


def test_that_it_cannot_be_noted_as_sent_does_not_send_it_again(services: Services, adapters: FakeAdapters) -> None:
    order = ended(services, payment_method="pm_card_chargeDeclined")
    adapters.claims.sent = refuse

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


def _is_no_address(*_: object) -> None:
    raise Undeliverable("SES: Missing final '@domain'")


def _no_such_glyph(*_: object) -> None:
    raise ValueError("no such glyph")
