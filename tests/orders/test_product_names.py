"""The catalogue's name of a product leads wherever customers read of it; what a request calls it is no way to write to
them from the shop's own address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from email import message_from_bytes, policy

import pytest
from chalicelib.assistant.context import facts_of
from chalicelib.bootstrap import Services
from chalicelib.documents.receipt_texts import receipt_of
from chalicelib.kit.language import language_of
from chalicelib.kit.plain_text import unlinked
from chalicelib.notifications import messages
from chalicelib.notifications.messages import ShopMessages
from chalicelib.orders.model import Address, Line, Order, ShipmentStatus, Status
from chalicelib.orders.product_names import shown_name

from tests.support.builders.examples import command
from tests.support.builders.printed_orders import SHOP, ended_order, paid_order
from tests.support.fakes.adapters import FakeAdapters

MESSAGES = ShopMessages(SHOP, "orders@shop.example.com")

LURES = [
    "http://evil.test/pay-now please click",
    "HTTPS://EVIL.TEST",
    "hxxp://evil.test",
    "pay at evil.test/pay",
    "evil.test",
    "www.evil",
    "www evil",
    "evil[.]com",
    "evil (dot) com",
    "evil{.}com",
    "evil。com",
    "evil．com",
    "evil․com",
    "ｅｖｉｌ.ｔｅｓｔ",
    "e\u200bvil\u200b.\u200btest",
    "ev\u00adil.te\u00adst",
    "пример.рф",
    "xn--e1afmkfd",
    "//evil",
    "javascript:alert(1)",
    "mailto:x",
    "write to thief@evil",
    "write to thief＠evil",
    "10.0.0.1/pay",
    "call +1 (900) 555-1234",
    "call 0900 123 4567 now",
    "call 0900–123–4567",
    "call 0\u20e39\u20e30\u20e30\u20e31\u20e32\u20e33\u20e3",
    "अभी देखें उदाहरण.भारत",
    "दुकान.कॉम",
    "கடை.இந்தியா",
    "ร้านค้า.ไทย",
    "evil\u20dd.test",
    "evil.t\u20dde\u20ddst",
    "e\u0301vil.te\u0301st",
    "ⓔⓥⓘⓛ.ⓣⓔⓢⓣ",
]
HARMLESS = [
    "Red edition",
    "4 x 2.5 kg",
    "Mug… large",
    "Size: XL",
    "Café Ελλάς, 250 g",
    "Nr. 5 (2026)",
    "C/D 100-200",
    "देखें। नीला",
]


def line(name: str, title: str = "Gaming Laptop") -> Line:
    return Line("LAPTOP001", name, 1, Decimal("10.00"), title)


@pytest.mark.parametrize("lure", LURES)
def test_what_names_an_address_or_a_number_is_not_shown(lure: str) -> None:
    assert shown_name(line(lure), 200) == "Gaming Laptop"
    assert shown_name(line(lure, title=""), 200) == "LAPTOP001"


@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_request_calls_it_follows(name: str) -> None:
    assert shown_name(line(name), 200) == f"Gaming Laptop ({name})"
    assert shown_name(line(name, title=""), 200) == name


@pytest.mark.parametrize("name", ["", " ", "gaming laptop", "Gaming\tLaptop", "\u202e"])
def test_the_same_name_is_not_said_twice(name: str) -> None:
    assert shown_name(line(name), 200) == "Gaming Laptop"


def test_the_catalogue_may_call_a_product_by_an_address() -> None:
    assert shown_name(line("", title="booking.com voucher"), 200) == "booking.com voucher"


@pytest.mark.parametrize("product_id", ["evil.test", "www.evil.com-pay", "evil.test.pay-now", "Call-0900-123-4567"])
def test_an_id_that_the_catalogue_does_not_know_is_no_link_either(product_id: str) -> None:
    assert shown_name(Line(product_id, "", 1, Decimal(1)), 200) == "a product"


def test_control_characters_and_breaks_are_taken_out() -> None:
    assert shown_name(line("Red\r\nStatus: Free\x07"), 200) == "Gaming Laptop (Red Status: Free)"


def test_it_is_cut_to_its_place() -> None:
    assert shown_name(line("Very red edition"), 24, "...") == "Gaming Laptop (Very r..."


def test_a_street_stays_readable_and_is_no_link() -> None:
    assert unlinked("Av.Paulista 1, St.Gallen") == "Av. Paulista 1, St. Gallen"
    assert unlinked("http://evil.test/pay www.evil.test a@evil.test") == (
        "http evil. test/pay . evil. test a @ evil. test"
    )
    assert unlinked("123 Main St. 5.a") == "123 Main St. 5.a"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("उदाहरण.भारत 1", "उदाहरण. भारत 1"),
        ("evil\u20dd.test", "evil\u20dd. test"),
        ("evil.t\u20ddest", "evil. t\u20ddest"),
        ("evil\u200d.\u200dtest", "evil\u200d. \u200dtest"),
        ("evil．test", "evil． test"),
        ("ⓔⓥⓘⓛ.ⓣⓔⓢⓣ", "ⓔⓥⓘⓛ. ⓣⓔⓢⓣ"),
        ("a＠evil", "a @ evil"),
    ],
)
def test_a_street_is_no_link_in_any_script(sent: str, shown: str) -> None:
    assert unlinked(sent) == shown


def shipment(order: Order) -> bytes:
    from chalicelib.orders.model import Shipment

    shipment = Shipment("DHL", "1", (("LAPTOP001", 1),), ShipmentStatus.SHIPPED, order.updated_at)
    return MESSAGES.shipment(order, shipment, ShipmentStatus.SHIPPED)


def _plain(mail: bytes) -> str:
    found = message_from_bytes(mail, policy=policy.default)
    bodies = (found.get_body((kind,)) for kind in ("plain", "html"))  # type: ignore[attr-defined]
    return str(found["Subject"]) + "".join(str(part.get_content()) for part in bodies)


OUT: dict[str, Callable[[Order], str]] = {
    "SMS created": MESSAGES.sms_created,
    "SMS completed": MESSAGES.sms_completed,
    "SMS failed": MESSAGES.sms_failed,
    "confirmation": lambda o: _plain(MESSAGES.confirmation(o, b"", "https://l.test")),
    "notice": lambda o: _plain(MESSAGES.notice(o)),
    "parcel": lambda o: _plain(shipment(o)),
    "feedback page": lambda o: messages.what_was_bought(o, language_of("en")),
    "receipt": lambda o: str(receipt_of(o, SHOP, o.updated_at)),
    "chatbot": lambda o: str(facts_of(o).items),
}


@pytest.mark.parametrize("way", OUT)
@pytest.mark.parametrize("title", ["Gaming Laptop", ""])
def test_no_way_out_carries_what_was_put_into_a_request(way: str, title: str) -> None:
    lure = "http://evil.test/pay"
    order = paid_order([line(lure, title)])
    order = replace(order, customer_id=lure, shipping_address=Address(lure, lure, lure, lure, lure))
    if way in ("SMS failed", "notice"):
        order = replace(order, history=ended_order(Status.FAILED, "CARD_DECLINED").history)

    said = OUT[way](order)

    assert "evil.test" not in said
    assert (title or "LAPTOP001") in said


@pytest.mark.parametrize("called", ["Cheap thing", "", "http://evil.test"])
def test_the_catalogue_is_asked_once_and_its_name_is_kept_with_the_order(
    services: Services, adapters: FakeAdapters, called: str
) -> None:
    lines = (Line("LAPTOP001", called, 1, Decimal("1299.99")),)
    order = services.workflow.steps.run_all(services.orders.accept(command(lines=lines)).order_id)

    [stored] = adapters.orders.get(order.order_id).lines
    assert (stored.name, stored.title) == (called or "Gaming Laptop", "Gaming Laptop")
