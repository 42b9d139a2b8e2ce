"""What a text message costs: in segments, which depend on the alphabet."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.kit.language import language_of
from chalicelib.kit.locales import LOCALES
from chalicelib.notifications.messages import ShopMessages
from chalicelib.notifications.sms import _BASIC, _EXTENDED, MOST_SEGMENTS, in_gsm, segments
from chalicelib.notifications.wording import CODES
from chalicelib.orders.model import Address, Line, Order, Shipment, ShipmentStatus, Status
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders.printed_orders import SHOP, ended_order, paid_order

MESSAGES = ShopMessages(SHOP, "orders@shop.example.com")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("é" * 160, 1),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ç" * 134, 2),
        ("ç" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_carriers_count_them(text: str, count: int) -> None:
    assert segments(text) == count


def test_the_alphabet_has_its_size() -> None:
    assert (len(_BASIC), len(_EXTENDED)) == (127, 9)  # without the escape


@pytest.mark.parametrize(
    ("text", "plainer"),
    [
        ("Crème brûlée, Muñoz, Ångström, Weiß", "Crème brulée, Muñoz, Ångström, Weiß"),
        ("Żółta łódź", "Zolta lodz"),
        ("l’été – « 5\u202f000 » …", 'l\'été - " 5 000 " ...'),
        ("5\xa0€", "5 €"),
        ("Чай – l’été", "Чай – l’été"),
        ("東京…", "東京…"),
        ("ﬁn", "ﬁn"),
    ],
)
def test_marks_are_left_out_only_where_the_whole_then_fits_the_alphabet(text: str, plainer: str) -> None:
    assert in_gsm(text) == plainer


@pytest.mark.parametrize("locale", LOCALES)
def test_our_own_words_need_no_mark_left_out(locale: str) -> None:
    """But for quotes and spaces."""
    language = language_of(locale)
    reasons = [f"reason.{code}" for code in (*CODES, "OTHER") if code != "CANCELLED_BY_CUSTOMER"]
    words = [
        re.sub("’", "'", language.texts[key]) for key in language.texts if key.startswith("sms.") or key in reasons
    ]

    assert [text for text in words if not (_BASIC | _EXTENDED).issuperset(text.replace("\xa0", " "))] == []


def said(order: Order, locale: str) -> list[str]:
    failed = ended_order(Status.FAILED, "INSUFFICIENT_FUNDS")
    shipped = Shipment("DHL", "9" * 60, (), ShipmentStatus.SHIPPED, order.created_at)
    order = replace(order, locale=locale, order_number="123456789012")
    return [
        MESSAGES.sms_created(order),
        MESSAGES.sms_completed(order),
        MESSAGES.sms_completed(replace(order, shipments=(shipped,))),
        *(
            MESSAGES.sms_failed(replace(order, history=failed.history, failure=replace(failed.failure, code=code)))  # type: ignore[type-var]
            for code in CODES
        ),
    ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("letter", ["x", "€", "ç", "東", "😀", "ق", "\ud800"])
def test_no_order_makes_a_longer_message_than_we_pay_for(locale: str, letter: str) -> None:
    lines = tuple(Line(f"P-{n}", letter * 200, 99999, Decimal("9999.99")) for n in range(5))
    order = replace(
        paid_order(),
        lines=lines,
        customer_id=letter * 200,
        currency="UAH",
        total_amount=Decimal("999999999.99"),
        shipping_address=Address("x", "y", "", "1234", "NL"),
    )

    assert max(map(segments, said(order, locale))) <= MOST_SEGMENTS


@pytest.mark.slow
@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(LOCALES))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_a_longer_message(name: str, customer: str, locale: str) -> None:
    order = replace(paid_order([Line("P", name, 2, Decimal("1.00"))]), customer_id=customer, customer_email="")

    assert max(map(segments, said(order, locale))) <= MOST_SEGMENTS


@pytest.mark.parametrize("locale", LOCALES)
def test_a_common_order_costs_two_segments(locale: str) -> None:
    order = replace(paid_order(), locale=locale, order_number="100482", currency="EUR")

    assert segments(MESSAGES.sms_created(order)) == 2
