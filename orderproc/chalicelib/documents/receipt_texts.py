"""What a receipt says, every text in characters that the fonts have. How it looks is in `receipt_layout`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..kit.language import Language, language_of
from ..kit.plain_text import unlinked
from ..kit.shop import Shop
from ..kit.wiring import dataclass
from ..orders.model import Line, Order, PaymentStatus
from ..orders.product_names import full_name
from ..orders.written import address_lines, shown_reference
from .characters import printable, unprintable

MOST_NAMED = 20
_PAID = {PaymentStatus.CAPTURED: "paid", PaymentStatus.REFUNDED: "refunded"}


@dataclass(frozen=True)
class Words:
    """What every receipt in one language says. `page` has places for `page` and `pages`."""

    title: str
    customer: str
    item: str
    columns: tuple[str, str, str]
    page: str


@dataclass(frozen=True)
class ReceiptLine:
    """One row of the table; amounts are ready to print."""

    name: str
    product_id: str
    quantity: str
    price: str
    total: str


@dataclass(frozen=True)
class Receipt:
    """All that gets printed, every text in characters that the fonts have (`printable`)."""

    language: str
    words: Words
    document: str
    order: str
    issued_at: str
    shop_name: str
    shop_address: tuple[str, ...]
    shop_url: str
    customer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    lines: tuple[ReceiptLine, ...]
    total_label: str
    total: str


def receipt_of(order: Order, shop: Shop, issued_at: str) -> Receipt:
    """The receipt's texts, in the order's language."""
    language = _language(order, shop)
    name = order.order_number or order.order_id
    return Receipt(
        language=language.code,
        words=_words(language),
        document=printable(language.say("receipt.document", order=name)),
        order=printable(language.say("receipt.order", order=name)),
        issued_at=issued_at,
        shop_name=printable(shop.name),
        shop_address=_lines(shop.address),
        shop_url=printable(shop.url),
        customer=_printed([*_address(order, language), order.customer_email]),
        facts=_facts(order, issued_at, language),
        lines=tuple(_line(line, order.currency, language) for line in order.lines),
        total_label=printable(language.say("label.total_in", currency=order.currency)),
        total=printable(language.money(order.total_amount, order.currency)),
    )


def unprintable_in(order: Order, shop: Shop) -> list[str]:
    """The characters of the receipt that no font has, as `U+1F9FF`: at most MOST_NAMED of them."""
    names = (text for line in order.lines for text in (full_name(line), line.product_id))
    texts = (order.order_id, shown_reference(order), order.customer_email, shop.name, shop.address, shop.url)
    found = set().union(*map(unprintable, (*texts, *names, *_address(order, _language(order, shop)))))
    return [f"U+{ord(char):04X}" for char in sorted(found)][:MOST_NAMED]


def _language(order: Order, shop: Shop) -> Language:
    return language_of(order.locale or shop.locale)


@cache
def _words(language: Language) -> Words:
    def said(name: str) -> str:
        return printable(language.say(name))

    columns = said("label.quantity"), said("label.unit_price"), said("label.amount")
    return Words(said("receipt.title"), said("label.customer"), said("label.item"), columns, said("receipt.page"))


def _facts(order: Order, issued_at: str, language: Language) -> tuple[tuple[str, str], ...]:
    payment = order.payment
    facts = (
        ("order_number", order.order_number),
        ("order_id", order.order_id),
        ("reference", shown_reference(order)),
        ("ordered", language.moment(order.created_at)),
        ("issued", language.moment(issued_at)),
        ("status", language.say(f"receipt.{_PAID[payment.status] if payment else 'not_paid'}")),
        ("payment_reference", payment.reference if payment else ""),
    )
    return tuple((printable(language.say(f"label.{name}")), printable(value)) for name, value in facts if value)


def _line(line: Line, currency: str, language: Language) -> ReceiptLine:
    return ReceiptLine(
        name=printable(full_name(line, language.say("unnamed"))) or printable(line.product_id),
        product_id=printable(line.product_id),
        quantity=printable(language.number(line.quantity)),
        price=printable(language.money(line.price, currency)),
        total=printable(language.money(line.total, currency)),
    )


def _address(order: Order, language: Language) -> list[str]:
    """Whom the receipt is for: the billing address, if it is another than that of the shipment."""
    address = order.billing_address or order.shipping_address
    return list(map(unlinked, address_lines(address, language))) if address else []


def _printed(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(printable, texts)))


def _lines(text: str) -> tuple[str, ...]:
    return _printed(text.splitlines())
