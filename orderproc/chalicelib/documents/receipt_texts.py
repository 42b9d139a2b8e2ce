"""What a receipt says, every text in characters that the fonts have. How it looks is in `receipt_layout`."""

from __future__ import annotations

from dataclasses import dataclass

from ..kit.clock import from_iso
from ..kit.money import display
from ..kit.plain_text import unlinked
from ..kit.shop import Shop
from ..orders.model import Address, Line, Order, Payment, PaymentStatus
from ..orders.product_names import full_name
from .characters import printable, unprintable

MOST_NAMED = 20
_PAID = {PaymentStatus.CAPTURED: "Paid", PaymentStatus.REFUNDED: "Refunded"}


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

    order_id: str
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
    """The receipt's texts."""
    return Receipt(
        order_id=printable(order.order_id),
        issued_at=issued_at,
        shop_name=printable(shop.name),
        shop_address=_lines(shop.address),
        shop_url=printable(shop.url),
        customer=(*_lines(order.customer_email), *_address(order.shipping_address)),
        facts=_facts(order, issued_at),
        lines=tuple(_line(line, order.currency) for line in order.lines),
        total_label=f"Total ({printable(order.currency)})",
        total=printable(display(order.total_amount, order.currency)),
    )


def unprintable_in(order: Order, shop: Shop) -> list[str]:
    """The characters of the receipt that no font has, as `U+1F9FF`: at most MOST_NAMED of them."""
    names = (text for line in order.lines for text in (full_name(line), line.product_id))
    texts = ("\n".join((order.order_id, order.customer_email, shop.name, shop.address, shop.url)), *names)
    address = order.shipping_address
    where = (address.street, address.zip_code, address.city, address.state, address.country) if address else ()
    found = set().union(*map(unprintable, (*texts, *where)))
    return [f"U+{ord(char):04X}" for char in sorted(found)][:MOST_NAMED]


def _facts(order: Order, issued_at: str) -> tuple[tuple[str, str], ...]:
    payment: Payment | None = order.payment
    facts = [
        ("Order", printable(order.order_id)),
        ("Ordered", _minute(order.created_at)),
        ("Issued", _minute(issued_at)),
        ("Status", _PAID[payment.status] if payment else "Not paid"),
    ]
    if payment and payment.reference:
        facts.append(("Payment ref.", printable(payment.reference)))
    return tuple(facts)


def _line(line: Line, currency: str) -> ReceiptLine:
    return ReceiptLine(
        name=printable(full_name(line)) or printable(line.product_id),
        product_id=printable(line.product_id),
        quantity=str(line.quantity),
        price=printable(display(line.price, currency)),
        total=printable(display(line.total, currency)),
    )


def _address(address: Address | None) -> tuple[str, ...]:
    if address is None:
        return ()
    town = " ".join(part for part in (address.zip_code, address.city) if part)
    place = ", ".join(part for part in (town, address.state) if part)
    return _lines("\n".join(map(unlinked, (address.street, place, address.country))))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(printable, text.splitlines()) if line)


def _minute(at: str) -> str:
    """`2026-11-21 14:30 UTC`: no month names, no order of day and month to guess."""
    return from_iso(at).strftime("%Y-%m-%d %H:%M UTC")
