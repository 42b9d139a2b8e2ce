"""The receipt in the order's language."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from chalicelib.documents.pdf import render_receipt
from chalicelib.kit.locales import LOCALES
from chalicelib.orders.model import Address, Line, Order
from pypdf import PdfReader

from tests.support.builders.printed_orders import ENDED_AT, LAPTOP, SHOP, paid_order
from tests.support.fakes.log import FakeLog

HOME = Address("Kerkstraat 5", "Utrecht", "", "3511 AB", "NL", "Anna de Vries", "Vries & Zn", "2 hoog")
SAID = {
    "en": ("Receipt", "Order number", "Unit price", "Total (EUR)", "€6,243.99", "Paid", "Page 1 of 1", "Netherlands"),
    "nl": ("Bon", "Bestelnummer", "Stukprijs", "Totaal (EUR)", "€ 6.243,99", "Betaald", "Pagina 1 van 1", "Nederland"),
    "de": ("Beleg", "Bestellnummer", "Einzelpreis", "Summe (EUR)", "6.243,99 €", "Bezahlt", "Seite 1 von 1"),
    "fr": ("Reçu", "N° de commande", "Prix unitaire", "6 243,99 €", "Payé", "Page 1 sur 1", "Pays-Bas"),
    "es": ("Recibo", "N.º de pedido", "Precio unitario", "6243,99 €", "Pagado", "Página 1 de 1", "Países Bajos"),
}


def order(locale: str, **changes: Any) -> Order:
    lines = [LAPTOP, Line("MUG", "Mug", 1200, Decimal("4.12"))]
    told = replace(paid_order(lines), locale=locale, order_number="100482", reference="PO-7", shipping_address=HOME)
    return replace(told, **changes)


def read(told: Order, **changes: Any) -> PdfReader:
    return PdfReader(BytesIO(render_receipt(told, replace(SHOP, **changes), ENDED_AT, FakeLog())))


def text_of(document: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in document.pages)


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_in_the_orders_language(locale: str) -> None:
    document = read(order(locale))
    text = text_of(document)

    assert [part for part in SAID[locale] if part not in text] == []
    for part in ("100482", "abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90", "PO-7", "Anna de Vries", "Vries & Zn", "2 hoog"):
        assert part in text
    assert document.root_object["/Lang"] == locale
    assert document.metadata is not None
    assert document.metadata.title == f"{SAID[locale][0]} 100482"


def test_an_order_without_a_language_is_in_the_shops() -> None:
    assert "Einzelpreis" in text_of(read(order(""), locale="de"))
    assert "Stukprijs" in text_of(read(order("nl"), locale="de"))


def test_an_order_of_before_goes_by_its_id() -> None:
    document = read(order("nl", order_number="", reference=None))

    assert "Bestelnummer" not in text_of(document)
    assert document.metadata is not None
    assert document.metadata.title == "Bon abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90"


def test_it_is_made_out_to_the_billing_address() -> None:
    text = text_of(read(order("nl", billing_address=replace(HOME, name="Accounts Payable", street="Hoofdweg 1"))))

    assert "Accounts Payable" in text
    assert "Kerkstraat 5" not in text


@pytest.mark.parametrize("locale", LOCALES)
def test_the_same_order_gives_the_same_bytes(locale: str) -> None:
    first, again = (render_receipt(order(locale), SHOP, ENDED_AT, FakeLog()) for _ in range(2))

    assert first == again
