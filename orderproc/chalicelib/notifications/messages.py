"""The words that customers get, in the order's language: SMS and mails. Mails are whole MIME messages, ready to send.

All text from customers is put into one line and cut before it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from ..kit.clock import from_iso
from ..kit.language import Language, language_of
from ..kit.plain_text import cut, isolated, lures, one_line, unlinked
from ..kit.shop import Shop
from ..orders.model import Address, Line, Order, Shipment, ShipmentStatus, Status
from ..orders.product_names import shown_id, shown_name
from ..orders.tracking import tracking_url
from ..orders.written import address_lines, shown_reference
from . import wording
from .mail import Letter, compose
from .sms import MOST_SEGMENTS, in_gsm, segments

_NAME_LENGTH = 120
_NOTICE_ITEMS = 5
_SHIPMENT_ITEMS = 20
_PAGE_ITEMS = 3
_PAGE_NAME_LENGTH = 60


class _Room(NamedTuple):
    """How much of an SMS an order's own texts may take, in items and characters."""

    items: int
    name: int
    customer: int


_ROOMS = (_Room(3, 24, 40), _Room(2, 20, 30), _Room(1, 20, 20), _Room(1, 10, 10), _Room(0, 0, 0))
"""The first one with which the message is no longer than MOST_SEGMENTS; the last one leaves such texts out."""


@dataclass(frozen=True, slots=True)
class ShopMessages:
    """What one shop says to its customers."""

    shop: Shop
    sender: str
    feedback_link: Callable[[Order], str] = lambda _: ""
    """Where the order's customer may judge it; empty if there is no such place."""

    def sms_created(self, order: Order) -> str:
        """For an order just accepted: at most MOST_SEGMENTS, however large the order. So are the others."""
        language = self._language(order)
        return _sms(order, language, "created", order.created_at, [language.say("sms.status.created")])

    def sms_completed(self, order: Order) -> str:
        """For an order that is done on our side, with the link to follow its last shipment if it has one."""
        language = self._language(order)
        at = order.reached(Status.COMPLETED) or order.updated_at
        status = language.say("sms.status.shipped" if order.shipments else "sms.status.completed")
        link = tracking_url(order.shipments[-1], order.shipping_address) if order.shipments else None
        track = language.say("sms.track", url=link) if link else ""
        return _sms(order, language, "completed", at, [status], track)

    def sms_failed(self, order: Order) -> str:
        """For an order that failed, with the reason in a sentence."""
        language = self._language(order)
        reason = language.say("sms.reason", reason=wording.explanation(order, language).reason)
        return _sms(order, language, "failed", order.updated_at, [language.say("sms.status.failed"), reason])

    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes:
        """The mail for a successful order, with its receipt attached as `receipt-<orderId>.pdf` and linked."""
        language = self._language(order)
        total = language.money(order.total_amount, order.currency)
        state = language.say("confirmation.ready" if order.reached(Status.COMPLETED) else "confirmation.confirmed")
        paid = [language.say("confirmation.paid", total=total)] if order.total_amount else []
        letter = Letter(
            template="confirmation",
            language=language,
            subject=language.say("confirmation.subject", order=order_name(order)),
            title=language.say("confirmation.title"),
            preview=f"{state} {language.say('confirmation.attached')}",
            texts={"news": " ".join([*paid, state]), "total": total, "currency": order.currency, "link": link},
            facts=[*_facts(order, language), *_delivery(order.shipping_address, language)],
            lines=[_bought(line, order.currency, language) for line in order.lines],
            feedback_link=self.feedback_link(order),
        )
        message = compose(letter, self.shop, self.sender, order.customer_email, order.updated_at)
        name = f"receipt-{one_line(order.order_id)}.pdf"
        message.add_attachment(receipt, maintype="application", subtype="pdf", filename=name)
        return message.as_bytes()

    def notice(self, order: Order) -> bytes:
        """The mail for an order that failed, was cancelled or refunded: why, what of the money, what to do."""
        language = self._language(order)
        explanation = wording.explanation(order, language)
        title = wording.title(order, language)
        items = [f"{language.number(n.quantity)} x {_name(n, language)}" for n in order.lines[:_NOTICE_ITEMS]]
        letter = Letter(
            template="notice",
            language=language,
            subject=language.say("notice.subject", title=title, order=order_name(order)),
            title=title,
            preview=explanation.reason,
            texts={
                "reason": explanation.reason,
                "money": wording.money(order, language),
                "advice": explanation.advice,
            },
            facts=[
                *_facts(order, language),
                (language.say("label.items"), _counted(items, len(order.lines), language)),
                (language.say("label.total"), language.money(order.total_amount, order.currency)),
            ],
        )
        return compose(letter, self.shop, self.sender, order.customer_email, order.updated_at).as_bytes()

    def shipment(self, order: Order, shipment: Shipment, status: ShipmentStatus) -> bytes:
        """The mail about one shipment: that it was shipped, arrived, or was lost."""
        language = self._language(order)
        carrier, number = cut(shipment.carrier, _NAME_LENGTH), one_line(shipment.tracking_number)
        at = shipment.shipped_at if status is ShipmentStatus.SHIPPED else shipment.at
        filled = {"carrier": carrier, "at": language.moment(at)}
        title = language.say(f"shipment.{status}.title")
        is_last = status is ShipmentStatus.DELIVERED and order.all_delivered
        letter = Letter(
            template="shipment",
            language=language,
            subject=language.say("shipment.subject", title=title, order=order_name(order)),
            title=title,
            preview=f"{carrier} {number}",
            texts={
                "news": language.say(f"shipment.{status}.news", **filled),
                "advice": language.say(f"shipment.{status}.advice", **filled),
                "link": tracking_url(shipment, order.shipping_address) or "",
            },
            facts=[
                (language.say("label.carrier"), carrier),
                (language.say("label.tracking_number"), number),
                (language.say("label.contents"), _contents(order, shipment, language)),
                *_delivery(order.shipping_address, language),
                *_facts(order, language),
            ],
            feedback_link=self.feedback_link(order) if is_last and not order.feedback else "",
        )
        return compose(letter, self.shop, self.sender, order.customer_email, at).as_bytes()

    def _language(self, order: Order) -> Language:
        return language_of(order.locale or self.shop.locale)


def _sms(order: Order, language: Language, what: str, at: str, news: list[str], track: str = "") -> str:
    said = [*news, track] if track else news
    for rest, room in [*((said, room) for room in _ROOMS), (news, _ROOMS[-1])]:
        text = in_gsm("\n".join(_sms_lines(order, language, what, at, rest, room)))
        if segments(text) <= MOST_SEGMENTS:
            break
    return text


def _sms_lines(order: Order, language: Language, what: str, at: str, rest: list[str], room: _Room) -> Iterable[str]:
    yield language.say(f"sms.{what}")
    yield language.say("sms.id", id=short_id(order))
    if order.order_number:
        yield language.say("sms.number", number=order.order_number)
    if room.customer:
        yield language.say("sms.customer", customer=cut(_customer(order, language), room.customer, ellipsis="..."))
    if room.items:
        items = [_sms_item(line, room.name, language) for line in order.lines[: room.items]]
        yield language.say("sms.items", items=_counted(items, len(order.lines), language))
    yield language.say("sms.total", total=language.money(order.total_amount, order.currency, grouped=False))
    yield from rest
    yield language.say("sms.time", time=from_iso(at).strftime(language.say("sms.clock")))


def _sms_item(line: Line, length: int, language: Language) -> str:
    # The ellipsis character is not in the GSM alphabet: one of it would halve what fits into an SMS.
    name = shown_name(line, length, ellipsis="...", unnamed=language.say("unnamed"))
    return f"{name} x{line.quantity}" if line.quantity > 1 else name


def _customer(order: Order, language: Language) -> str:
    """As the sender calls them, unless by an address or a phone number that is not the customer's own."""
    own = order.customer_id in (order.customer_email, order.phone_number) or not lures(order.customer_id)
    return (order.customer_id if own else "") or order.customer_email or language.say("sms.guest")


def what_was_bought(order: Order, language: Language) -> str:
    """`Gaming Laptop, 2 x Mug, +3 more`, in a line or two."""
    unnamed, lines = language.say("unnamed"), order.lines[:_PAGE_ITEMS]
    names = [shown_name(line, _PAGE_NAME_LENGTH, unnamed=unnamed) for line in lines]
    units = [f"{n.quantity} x {name}" if n.quantity > 1 else name for n, name in zip(lines, names, strict=True)]
    return _counted(units, len(order.lines), language)


def order_name(order: Order) -> str:
    """What people call the order by: its number, of orders of before there were any a part of its id."""
    return order.order_number or short_id(order)


def short_id(order: Order) -> str:
    return one_line(order.order_id)[:8]


def _counted(names: list[str], total: int, language: Language) -> str:
    """`Gaming Laptop, Mug x2, +3 more`: the first of `total` names."""
    more = total - len(names)
    shown = list(map(isolated, names))
    return ", ".join([*shown, language.say("more", count=language.number(more))] if more > 0 else shown)


def _name(line: Line, language: Language) -> str:
    return shown_name(line, _NAME_LENGTH, unnamed=language.say("unnamed"))


def _bought(line: Line, currency: str, language: Language) -> tuple[str, str, str]:
    return _name(line, language), language.number(line.quantity), language.money(line.total, currency)


def _contents(order: Order, shipment: Shipment, language: Language) -> str:
    names = {line.product_id: _name(line, language) for line in order.lines}
    unnamed = language.say("unnamed")
    inside = [
        f"{language.number(quantity)} x {names.get(product) or shown_id(product, unnamed)}"
        for product, quantity in shipment.items[:_SHIPMENT_ITEMS]
    ]
    return _counted(inside, len(shipment.items), language)


def _facts(order: Order, language: Language) -> list[tuple[str, str]]:
    facts = (
        ("order_number", order.order_number),
        ("order_id", one_line(order.order_id)),
        ("reference", shown_reference(order)),
        ("ordered", language.moment(order.created_at)),
    )
    return [(language.say(f"label.{name}"), value) for name, value in facts if value]


def _delivery(address: Address | None, language: Language) -> list[tuple[str, str]]:
    if address is None:
        return []
    parts = (cut(unlinked(part), _NAME_LENGTH) for part in address_lines(address, language))
    return [(language.say("label.ship_to"), "\n".join(filter(None, parts)))]
