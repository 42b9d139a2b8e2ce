"""What customers are told of their shipments: one mail for each shipment and occasion, about that very shipment."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.fulfilment.carrier_report import Report
from chalicelib.kit.errors import MalformedMessage
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.events import DomainEvent
from chalicelib.orders.model import Line, Order, Shipment, ShipmentStatus

from tests.support.builders.examples import command
from tests.support.builders.printed_orders import LAPTOP, SHOP, paid_order
from tests.support.fakes.adapters import FakeAdapters

SHIPPED, DELIVERED, LOST = ShipmentStatus
EARLIER, LATER = "2026-11-21T08:00:00.000Z", "2026-11-21T09:00:00.000Z"
DAY = 24 * 3600


def shipped(services: Services, *numbers: str, **changes: Any) -> Order:
    order = services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)
    for number in numbers:
        order = services.workflow.ship.ship(order, "DHL", number, None)
    return order


def report(services: Services, number: str, status: ShipmentStatus, at: str = LATER) -> None:
    services.workflow.ship.report(Report("DHL", number, status, at))


def tell(services: Services, events: list[DomainEvent]) -> None:
    for event in events:
        services.customers.notifications.on_event(event.detail)


def mails(adapters: FakeAdapters) -> list[str]:
    return [message.decode() for _, message in adapters.mailer.sent]


def test_each_occasion_is_one_mail_however_often_it_is_told(services: Services, adapters: FakeAdapters) -> None:
    shipped(services, "JD1")
    tell(services, adapters.events.published)
    report(services, "JD1", DELIVERED)

    tell(services, adapters.events.published * 2)

    assert mails(adapters) == ["shipped DHL JD1", "delivered DHL JD1"]
    assert {recipient for recipient, _ in adapters.mailer.sent} == {"customer@example.com"}
    assert len(adapters.texter.sent) == 2  # created and completed: of shipments there is no SMS


def test_each_shipment_of_an_order_has_mails_of_its_own(services: Services, adapters: FakeAdapters) -> None:
    lines = (Line("LAPTOP001", "", 3, Decimal("1299.99")),)
    order = shipped(services, lines=lines, total_amount=lines[0].total)
    for carrier, number in (("DHL", "1"), ("DHL", "2"), ("UPS", "1")):
        order = services.workflow.ship.ship(order, carrier, number, {"LAPTOP001": 1})
    for number in ("1", "2"):
        report(services, number, DELIVERED)

    tell(services, adapters.events.published)

    assert sorted(mails(adapters)) == [
        "delivered DHL 1",
        "delivered DHL 2",
        "shipped DHL 1",
        "shipped DHL 2",
        "shipped UPS 1",
    ]


def test_what_is_no_longer_true_is_not_told(services: Services, adapters: FakeAdapters) -> None:
    shipped(services, "JD1")
    report(services, "JD1", LOST, EARLIER)
    report(services, "JD1", DELIVERED, LATER)

    tell(services, [*reversed(adapters.events.published)])

    assert sorted(mails(adapters)) == ["delivered DHL JD1", "shipped DHL JD1"]


@pytest.mark.parametrize("shipment", [None, "JD1", {}, {"carrier": "DHL", "trackingNumber": "JD9"}], ids=str)
def test_an_event_about_no_shipment_of_the_order_is_a_dead_letter(services: Services, shipment: Any) -> None:
    order = shipped(services, "JD1")

    with pytest.raises(MalformedMessage):
        services.customers.notifications.on_event(
            {"orderId": order.order_id, "eventType": "ShipmentLost", "shipment": shipment, "occurredAt": LATER}
        )


@pytest.mark.parametrize("at", ["yesterday", 7, ["2026"]], ids=str)
def test_an_event_of_no_time_is_a_dead_letter(services: Services, at: Any) -> None:
    order = shipped(services)

    with pytest.raises(MalformedMessage):
        services.customers.notifications.on_event(
            {"orderId": order.order_id, "eventType": "OrderPlaced", "occurredAt": at}
        )


def test_a_shipment_that_arrives_after_claims_expired_repeats_no_old_news(
    services: Services, adapters: FakeAdapters
) -> None:
    order = shipped(services, "JD1")
    tell(services, adapters.events.published)
    sms, told = list(adapters.texter.sent), len(adapters.events.published)
    adapters.clock.advance(31 * DAY)
    adapters.claims.until.clear()

    services.workflow.ship.deliver(order, None)
    repeated = adapters.events.published[told:]
    tell(services, repeated)

    assert [event.type for event in repeated] == ["ShipmentDelivered"]
    assert adapters.texter.sent == sms
    assert mails(adapters) == ["shipped DHL JD1", "delivered DHL JD1"]


# The words

SHIPMENT = Shipment("DHL", "00340434161094042557", (("LAPTOP001", 1), ("GONE", 2)), LOST, LATER, EARLIER)


def mail(status: ShipmentStatus, **changes: Any) -> EmailMessage:
    order = paid_order([replace(LAPTOP, product_id="LAPTOP001")])
    content = ShopMessages(SHOP, "orders@shop.example.com").shipment(order, replace(SHIPMENT, **changes), status)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


TITLES = {
    SHIPPED: "Your package is on its way",
    DELIVERED: "Your package has arrived",
    LOST: "Your package was lost",
}


@pytest.mark.parametrize("status", ShipmentStatus)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail_names_carrier_number_and_what_is_in_the_shipment(status: ShipmentStatus, kind: str) -> None:
    message = mail(status)

    assert str(message["Subject"]) == f"{TITLES[status]}: abc12345"
    for part in ("DHL", "00340434161094042557", "1 x Gaming Laptop, 2 x GONE", TITLES[status]):
        assert part in body(message, kind)


@pytest.mark.parametrize(("status", "at"), [(SHIPPED, "08:00"), (DELIVERED, "09:00"), (LOST, "09:00")])
def test_a_mail_says_when_that_was(status: ShipmentStatus, at: str) -> None:
    assert f"on 21 November 2026 at {at} UTC" in body(mail(status), "plain")


def test_what_staff_typed_stays_words() -> None:
    message = mail(SHIPPED, carrier="<b>{at} {{ title }}</b>", tracking_number="<script>{carrier}")

    assert "<script>" not in body(message, "html")
    assert "<b>{at} {{ title }}</b>" in body(message, "plain")
    assert "<script>{carrier}" in body(message, "plain")
