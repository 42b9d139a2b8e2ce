"""The words customers get, and that nothing they wrote can become more than words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from chalicelib.checkout.schema import BUYER
from chalicelib.kit.language import language_of
from chalicelib.kit.schemas import EMAIL
from chalicelib.kit.shop import Shop
from chalicelib.kit.validation import read
from chalicelib.notifications import wording
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.model import Address, Line, Order, Payment, PaymentStatus, Status
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.builders.printed_orders import LAPTOP, SHOP, ended_order, paid_order

SENDER = "orders@shop.example.com"
MESSAGES = ShopMessages(SHOP, SENDER)
ENGLISH = language_of("en")
LINK = "https://bucket.example.com/receipts/abc.pdf?X-Amz-Signature=1&X-Amz-Expires=2"
PDF = b"%PDF-1.7 a receipt"
CODES = (
    *("PRODUCT_NOT_FOUND", "PRICE_MISMATCH", "OUT_OF_STOCK", "CARD_DECLINED", "INSUFFICIENT_FUNDS"),
    *("PAYMENT_UNAVAILABLE", "EXPIRED"),
)


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def confirmation(order: Order, shop: Shop = SHOP) -> EmailMessage:
    return parsed(ShopMessages(shop, SENDER).confirmation(order, PDF, LINK))


def notice(order: Order) -> EmailMessage:
    return parsed(MESSAGES.notice(order))


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def bought(*names: str) -> Order:
    return paid_order(Line(f"P-{n}", name, n + 1, Decimal("10.00")) for n, name in enumerate(names))


# SMS


def test_the_sms_for_a_created_order() -> None:
    order = paid_order([replace(LAPTOP, price=Decimal("109.99")), Line("M", "Mouse", 2, Decimal("20.00"))])

    assert MESSAGES.sms_created(order).splitlines() == [
        "Order Created!",
        "Order ID: abc12345...",
        "Customer: customer123",
        "Items: Gaming Laptop, Mouse x2",
        "Total: €149.99",
        "Status: Processing",
        "Time: 2026-11-21 14:30:25 UTC",
    ]


def test_the_sms_to_somebody_we_know_nothing_of() -> None:
    order = replace(paid_order(), customer_id="", customer_email="")

    assert MESSAGES.sms_created(order).splitlines()[2] == "Customer: guest"


@pytest.mark.parametrize(
    ("customer_id", "shown"),
    [
        ("Call 0900 123 4567 to get a refund", "customer@example.com"),
        ("Call-0900-123-4567", "customer@example.com"),
        ("see evil.test", "customer@example.com"),
        ("अभी देखें उदाहरण.भारत", "customer@example.com"),
        ("+31612345678", "+31612345678"),
        ("customer@example.com", "customer@example.com"),
        ("c2a5f4d4-50b1-7034-8123-012345678901", "c2a5f4d4-50b1-7034-8123-012345678901"),
        ("K-2026 Anna", "K-2026 Anna"),
    ],
)
def test_a_customers_id_leads_nowhere_but_to_the_customer(customer_id: str, shown: str) -> None:
    order = replace(
        paid_order(), customer_id=customer_id, customer_email="customer@example.com", phone_number="+31612345678"
    )

    for sms in (MESSAGES.sms_created(order), MESSAGES.sms_failed(order)):
        assert sms.splitlines()[2] == f"Customer: {shown}"


def test_the_sms_for_a_completed_order() -> None:
    assert MESSAGES.sms_completed(paid_order()).splitlines() == [
        "Order Completed!",
        "Order ID: abc12345...",
        "Customer: customer123",
        "Items: Gaming Laptop",
        "Total: €1299.99",
        "Status: Ready for shipping",
        "Time: 2026-11-21 14:30:29 UTC",
    ]


def test_the_sms_for_a_failed_order() -> None:
    assert MESSAGES.sms_failed(ended_order(Status.FAILED, "CARD_DECLINED")).splitlines() == [
        "Order Failed!",
        "Order ID: abc12345...",
        "Customer: customer123",
        "Items: Gaming Laptop",
        "Total: €1299.99",
        "Status: Failed",
        "Reason: Your bank declined the payment.",
        "Time: 2026-11-21 14:30:29 UTC",
    ]


def test_a_long_order_makes_no_long_sms() -> None:
    order = replace(bought(*["Very long name of an article " * 9] * 100), customer_id="c" * 200)
    text = MESSAGES.sms_created(order)

    assert "Items: Very long name of an..., Very long name of an... x2, Very long name of an... x3, +97 more" in text
    assert len(text) < 320


def test_a_name_with_breaks_stays_on_its_line() -> None:
    text = MESSAGES.sms_created(bought("Mug\r\nStatus: Free\nTotal: €0"))

    assert len(text.splitlines()) == 7


@pytest.mark.parametrize("code", [*CODES, "CANCELLED_BY_CUSTOMER", "SOMETHING_NEW"])
def test_every_reason_is_short_and_speaks_no_code(code: str) -> None:
    reason = wording.explanation(ended_order(Status.FAILED, code), ENGLISH).reason

    assert len(reason) < 100
    assert "_" not in reason


# The confirmation


def test_the_confirmation_has_two_alternatives_and_the_receipt() -> None:
    message = confirmation(paid_order())

    assert message.get_content_type() == "multipart/mixed"
    alternatives, attachment = message.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == ["text/plain", "text/html"]  # type: ignore[union-attr]
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_filename() == "receipt-abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90.pdf"
    assert attachment.get_content() == PDF  # type: ignore[union-attr]


def test_the_confirmation_is_addressed_and_dated() -> None:
    message = confirmation(paid_order())

    assert message["Subject"] == "Your order abc12345 is confirmed"
    assert message["From"] == '"Corner & Co." <orders@shop.example.com>'
    assert message["To"] == "customer@example.com"
    assert message["Date"] == "Sat, 21 Nov 2026 14:30:29 +0000"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_alternatives_say_the_same(kind: str) -> None:
    text = body(confirmation(paid_order([LAPTOP, Line("M", "Żółty kubek 茶", 3, Decimal("4.20"))])), kind)

    for part in (
        *("abc12345-9f4d-4c1a-8b1e-2a4f6d7e8c90", "Gaming Laptop", "€1,299.99", "Żółty kubek 茶", "€12.60"),
        *("€1,312.59", "ready for shipping", "123 Main St", "12345 Anytown"),
        *("Keizersgracht 123", "https://shop.example.com"),
    ):
        assert part in text


def test_the_link_survives_in_both_alternatives() -> None:
    message = confirmation(paid_order())

    assert LINK in body(message, "plain")
    assert f'href="{LINK.replace("&", "&amp;")}"' in body(message, "html")


def test_a_confirmed_order_is_not_said_to_be_ready() -> None:
    order = paid_order()
    confirmed = replace(order, history=(order.history[0], replace(order.history[1], status=Status.CONFIRMED)))

    assert "confirmed and will be shipped soon" in body(confirmation(confirmed), "plain")


def test_the_message_is_seven_bit_with_short_lines() -> None:
    content = MESSAGES.confirmation(bought("名" * 500, "x" * 2000), PDF, LINK)

    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_a_shop_may_have_any_name() -> None:
    message = confirmation(paid_order(), Shop("Καφές & Łódź, 東京\r\nBcc: x@y.z", "", ""))

    assert message["From"].addresses[0].display_name == "Καφές & Łódź, 東京 Bcc: x@y.z"
    assert message["Bcc"] is None


# Nothing from outside is more than text


NASTY = "x\r\nBcc: victim@example.com\r\n\r\n<script>alert('1')</script> \"&lt; $total {{ total }} \u202egnp"


def nasty_order() -> Order:
    return replace(
        paid_order([Line("P", NASTY, 1, Decimal("10.00"), title=NASTY)]),
        customer_email=f"a@b.example\r\nBcc: victim@example.com, {NASTY}",
        customer_id=NASTY,
        shipping_address=Address(NASTY, NASTY, NASTY, NASTY, NASTY),
    )


def test_no_text_of_a_customer_becomes_a_header() -> None:
    for message in (confirmation(nasty_order()), notice(replace(nasty_order(), payment=None))):
        assert message["Bcc"] is None
        assert message["To"] == "undisclosed-recipients:;"
        assert set(message.keys()) == {
            *("Subject", "From", "To", "Date", "Auto-Submitted", "MIME-Version", "Content-Type"),
        } | ({"Content-Transfer-Encoding"} & set(message.keys()))


@given(st.from_regex(EMAIL["pattern"]))
def test_every_address_that_is_taken_is_written_to(sent: str) -> None:
    taken, errors = read({"customerEmail": sent}, BUYER)
    assume(not errors)

    assert notice(replace(nasty_order(), customer_email=taken["customerEmail"]))["To"] == taken["customerEmail"]


def test_an_international_address_of_old_is_named_in_ascii() -> None:
    assert notice(replace(nasty_order(), customer_email="kunde@müller.de"))["To"] == "kunde@xn--mller-kva.de"


def test_html_is_escaped() -> None:
    for message in (confirmation(nasty_order()), notice(nasty_order())):
        html = body(message, "html")
        assert "<script>" not in html
        assert "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &#34;&amp;lt; $total {{ total }} gnp" in html
        assert "\u202e" not in html


@pytest.mark.slow
@given(st.text(), st.emails())
@settings(max_examples=60, deadline=None)
def test_no_text_makes_it_raise(text: str, email: str) -> None:
    order = replace(nasty_order(), lines=(replace(LAPTOP, name=text),), customer_id=text)
    for recipient in (email, text, f"{text}@example.com", "a..b@example.com", "a@b..c", ".@.", "@"):
        written = replace(order, customer_email=recipient, shipping_address=Address(text, text, "", "", text))
        assert confirmation(written)["Subject"]
        assert notice(written)["Subject"]
        assert len(MESSAGES.sms_failed(written).splitlines()) <= 8


@given(st.emails())
@settings(max_examples=60, deadline=None)
def test_common_addresses_are_named(email: str) -> None:
    assert confirmation(replace(paid_order(), customer_email=email))["To"].addresses[0].addr_spec == email


# The notice


@pytest.mark.parametrize("code", CODES)
def test_a_failed_order_that_was_never_paid(code: str) -> None:
    message = notice(ended_order(Status.FAILED, code))
    text = body(message, "plain")

    assert message["Subject"] == "We could not complete your order: abc12345"
    assert "internal words" not in text
    assert "Gaming Laptop" in text
    assert "not been charged" in text or "owe us nothing" in text
    assert message.get_body(("html",)) is not None


def test_a_payment_whose_outcome_is_unknown_is_not_denied() -> None:
    text = body(notice(ended_order(Status.FAILED, "PAYMENT_UNAVAILABLE")), "plain")

    assert "not been charged" not in text
    assert "refunded automatically" in text


def test_a_cancelled_order_whose_money_is_on_its_way() -> None:
    payment = Payment(PaymentStatus.CAPTURED, "sim_1", Decimal("1299.99"), Decimal("0.00"))
    message = notice(ended_order(Status.CANCELLED, "CANCELLED_BY_CUSTOMER", payment))

    assert message["Subject"] == "Your order was cancelled: abc12345"
    assert "We are refunding €1,299.99." in body(message, "plain")


def test_a_refunded_order() -> None:
    payment = Payment(PaymentStatus.REFUNDED, "sim_1", Decimal("1299.99"), Decimal("1299.99"))
    message = notice(ended_order(Status.REFUNDED, "", payment))

    assert message["Subject"] == "Your order was refunded: abc12345"
    assert "We have refunded €1,299.99." in body(message, "plain")


def test_each_error_code_has_words_of_its_own() -> None:
    said = {wording.explanation(ended_order(Status.FAILED, code), ENGLISH).reason for code in CODES}

    assert len(said) == len(CODES)


def test_templates_leave_no_place_unfilled() -> None:
    for message in (confirmation(paid_order()), notice(ended_order(Status.FAILED, "EXPIRED"))):
        assert not set("{}%") & set(body(message, "plain"))
        assert "{{" not in body(message, "html")


def test_an_order_that_cost_nothing_thanks_for_no_payment() -> None:
    text = body(confirmation(paid_order([replace(LAPTOP, price=Decimal("0.00"))])), "plain")

    assert "payment" not in text
    assert "Your order is ready for shipping." in text
