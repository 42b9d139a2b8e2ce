"""Names from right to left in mails, text messages and on the feedback page: what stands beside them stays there."""

from __future__ import annotations

from decimal import Decimal
from email import message_from_bytes, policy

import pytest
from chalicelib.kit.language import language_of
from chalicelib.kit.plain_text import isolated, one_line
from chalicelib.notifications import messages
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.model import Line, Order
from fpdf.bidi import BidiParagraph, TextDirection

from tests.support.builders.printed_orders import SHOP, paid_order

MESSAGES = ShopMessages(SHOP, "orders@shop.example.com")

COFFEE, TEA = "قهوة", "תה"


def bought(*names: str) -> Order:
    return paid_order(Line(f"P-{place}", name, 2, Decimal(10)) for place, name in enumerate(names))


def bodies(mail: bytes) -> dict[str, str]:
    parsed = message_from_bytes(mail, policy=policy.default)
    return {
        part.get_content_subtype(): part.get_content()
        for part in parsed.walk()
        if part.get_content_maintype() == "text"
    }


def seen(line: str) -> str:
    """As a mail client or a phone shows it, from left to right."""
    paragraph = BidiParagraph(line, TextDirection.LTR, preserve_bn_chars=True)
    return one_line("".join(char.character for char in paragraph.get_reordered_characters()))


def test_an_amount_follows_its_name_in_the_text_of_a_mail() -> None:
    text = bodies(MESSAGES.confirmation(bought(COFFEE, "Mug"), b"%PDF", "https://x.example"))["plain"]
    lines = [seen(line) for line in text.splitlines()]

    assert f"2 x {COFFEE[::-1]}: €20.00" in lines
    assert "  2 x Mug: €20.00" in text.splitlines()


def test_a_name_has_its_own_direction_in_html() -> None:
    html = bodies(MESSAGES.confirmation(bought(COFFEE), b"%PDF", "https://x.example"))["html"]

    assert f'<span dir="auto">{COFFEE}</span>' in html


def on_the_page(order: Order) -> str:
    return messages.what_was_bought(order, language_of("en"))


@pytest.mark.parametrize("say", [on_the_page, MESSAGES.sms_created])
def test_names_in_a_row_keep_their_order_and_their_quantities(say: object) -> None:
    shown = [seen(line) for line in say(bought(COFFEE, TEA, "Mug")).splitlines()]  # type: ignore[operator]
    coffee, tea = COFFEE[::-1], TEA[::-1]

    expected = {f"2 x {coffee}, 2 x {tea}, 2 x Mug", f"Items: x2 {coffee}, x2 {tea}, Mug x2"}
    assert expected & set(shown)


def test_latin_names_are_left_as_they_are() -> None:
    assert isolated("Mug, 2 x") == "Mug, 2 x"
    assert "\u2068" not in MESSAGES.sms_created(bought("Mug", "Crème brûlée", "東京"))


def test_what_joins_letters_is_kept_and_what_turns_them_is_not() -> None:
    assert one_line("می\u200cخواهم") == "می\u200cخواهم"
    assert one_line("a\u202eb\u2066c\u200fd") == "abcd"
