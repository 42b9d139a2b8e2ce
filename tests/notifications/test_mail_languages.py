"""Mails and text messages in the order's language, with its number and the link to follow its shipments."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from chalicelib.kit.locales import LOCALES
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.model import Address, Line, Order, Payment, PaymentStatus, Shipment, ShipmentStatus, Status

from tests.support.builders.printed_orders import LAPTOP, SHOP, ended_order, paid_order

MESSAGES = ShopMessages(SHOP, "orders@shop.example.com", lambda order: "https://api.example/feedback/x")
HOME = Address("Kerkstraat 5", "Utrecht", "", "3511 AB", "NL", "Anna de Vries", "Vries & Zn", "2 hoog")
SHIPMENT = Shipment("PostNL", "3S AB 12", (("LAPTOP001", 1),), ShipmentStatus.SHIPPED, "2026-11-22T08:05:00.000Z")
LINK = "https://jouw.postnl.nl/track-and-trace/3SAB12-NL-3511AB"
DAYS = {
    "en": "22 November 2026 at 08:05 UTC",
    "nl": "22 november 2026 om 08:05 UTC",
    "de": "22. November 2026 um 08:05 UTC",
    "fr": "22 novembre 2026 à 08:05 UTC",
    "es": "22 de noviembre de 2026 a las 8:05 UTC",
}


def order(locale: str, **changes: Any) -> Order:
    lines = [LAPTOP, Line("MUG", "Mug", 12, Decimal("12.50"))]
    told = replace(paid_order(lines), locale=locale, order_number="100482", reference="PO-7", shipping_address=HOME)
    return replace(told, **changes)


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def confirmation(told: Order) -> EmailMessage:
    return parsed(MESSAGES.confirmation(told, b"%PDF", "https://x.example"))


def shipped(told: Order, shipment: Shipment = SHIPMENT) -> EmailMessage:
    return parsed(MESSAGES.shipment(told, shipment, shipment.status))


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("locale", "subject", "total", "country"),
    [
        ("en", "Your order 100482 is confirmed", "€1,449.99", "Netherlands"),
        ("nl", "Je bestelling 100482 is bevestigd", "€ 1.449,99", "Nederland"),
        ("de", "Ihre Bestellung 100482 ist bestätigt", "1.449,99 €", "Niederlande"),
        ("fr", "Votre commande 100482 est confirmée", "1 449,99 €", "Pays-Bas"),
        ("es", "Tu pedido 100482 está confirmado", "1449,99 €", "Países Bajos"),
    ],
)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_confirmation_is_in_the_orders_language(
    locale: str, subject: str, total: str, country: str, kind: str
) -> None:
    message = confirmation(order(locale))

    assert message["Subject"] == subject
    for part in (total, "100482", "PO-7", country, "Anna de Vries", "2 hoog", "abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90"):
        assert part in body(message, kind)
    assert f'<html lang="{locale}">' in body(message, "html")


@pytest.mark.parametrize("locale", ["", "nl"])
def test_an_order_without_a_language_is_in_the_shops(locale: str) -> None:
    messages = ShopMessages(replace(SHOP, locale="de"), "orders@shop.example.com")

    told = parsed(messages.notice(replace(ended_order(Status.CANCELLED), locale=locale)))

    title = {"": "Ihre Bestellung wurde storniert", "nl": "Je bestelling is geannuleerd"}[locale]
    assert told["Subject"] == f"{title}: abc12345"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("status", ShipmentStatus)
def test_a_mail_about_a_shipment_has_the_link_to_follow_it(locale: str, status: ShipmentStatus) -> None:
    message = shipped(order(locale), replace(SHIPMENT, status=status))

    assert LINK in body(message, "plain").split()
    assert f'href="{LINK}"' in body(message, "html")
    assert DAYS[locale] in body(message, "plain")
    assert "100482" in message["Subject"]


def test_of_an_unknown_carrier_the_mail_has_the_number_alone() -> None:
    message = shipped(order("en"), replace(SHIPMENT, carrier="Bicycle Bob"))

    assert "3S AB 12" in body(message, "plain")
    assert "Track your package" not in body(message, "plain") + body(message, "html")


def test_a_hostile_number_stays_within_its_link() -> None:
    message = shipped(order("en"), replace(SHIPMENT, carrier="UPS", tracking_number='"><script>alert(1)</script>'))

    assert "<script>" not in body(message, "html")
    assert 'href="https://www.ups.com/track?tracknum=%22%3E%3Cscript%3E' in body(message, "html")


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_no_template_has_english_words_of_its_own(locale: str) -> None:
    payment = Payment(PaymentStatus.CAPTURED, "sim_1", Decimal("9.00"), Decimal(0))
    failed = replace(order(locale), history=ended_order(Status.FAILED).history, failure=None, payment=payment)
    mails = [confirmation(order(locale)), parsed(MESSAGES.notice(failed)), shipped(order(locale))]

    for said in (re.sub("<style>.*?</style>|<.*?>", " ", body(m, "html"), flags=re.DOTALL) for m in mails):
        assert not re.findall(r"\b(?:the|your|and|order|with|please|out of|stars?|Qty|Amount)\b", said)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ["Order Completed!", "Order number: 100482", "Total: €1449.99", "Status: Shipped"]),
        ("nl", ["Bestelling klaar!", "Bestelnummer: 100482", "Totaal: € 1449,99", "Status: verzonden"]),
        ("de", ["Bestellung fertig!", "Bestellnummer: 100482", "Summe: 1449,99 €", "Status: verschickt"]),
        ("fr", ["Commande terminée !", "No de commande : 100482", "Total : 1449,99 €", "Statut : expédiée"]),
        ("es", ["¡Pedido listo!", "Num. de pedido: 100482", "Total: 1449,99 €", "Estado: enviado"]),
    ],
)
def test_a_text_message_is_in_the_orders_language(locale: str, said: list[str]) -> None:
    lines = MESSAGES.sms_completed(order(locale, shipments=(SHIPMENT,))).splitlines()

    assert [line for line in said if line not in lines] == []
    assert [line for line in lines if line.endswith(LINK)] != []


def test_a_text_message_about_an_unknown_carrier_has_no_link() -> None:
    sms = MESSAGES.sms_completed(order("en", shipments=(replace(SHIPMENT, carrier="Bicycle Bob"),)))

    assert "http" not in sms
    assert "Status: Shipped" in sms


@pytest.mark.parametrize("reference", ["4500012345", "2026-0001234", "PO-77", "Anna's"])
def test_a_reference_is_shown(reference: str) -> None:
    assert re.search(f"Your reference: +{reference}\\s", body(confirmation(order("en", reference=reference)), "plain"))


@pytest.mark.parametrize("reference", ["http://evil.test/pay", "call 0900 123 4567", "Call-0900-123-4567", None])
def test_a_reference_that_leads_elsewhere_is_left_out(reference: str | None) -> None:
    message = confirmation(order("en", reference=reference))

    assert "Your reference" not in body(message, "plain") + body(message, "html")


def test_no_part_of_an_address_is_markup_or_a_link() -> None:
    lure = "<b>x</b> http://evil.test"
    address = Address(lure, lure, lure, lure, lure, lure, lure, lure)

    message = confirmation(order("en", shipping_address=address))

    assert "<b>" not in body(message, "html")
    assert "evil.test" not in body(message, "html") + body(message, "plain")


def test_no_line_break_reaches_a_subject() -> None:
    told = order("en", order_number="1\r\nBcc: x@y.example")

    for message in (confirmation(told), shipped(told)):
        assert message["Bcc"] is None
        assert "\n" not in message["Subject"]
