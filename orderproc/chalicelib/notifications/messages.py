"""The words that customers get: SMS and mails. Mails are whole MIME messages, ready to send.

Whatever came from a customer is put into one line and cut before it is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..kit.clock import from_iso
from ..kit.money import display
from ..kit.plain_text import cut, isolated, lures, one_line, unlinked
from ..kit.shop import Shop
from ..orders.model import Address, Line, Order, Shipment, ShipmentStatus, Status
from ..orders.product_names import shown_id, shown_name
from . import wording
from .mail import Letter, compose

_NAME_LENGTH = 120
_SMS_NAME_LENGTH = 24
_SMS_CUSTOMER_LENGTH = 40
_SMS_ITEMS = 3
_NOTICE_ITEMS = 5
_SHIPMENT_ITEMS = 20
_PAGE_ITEMS = 3
_PAGE_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class ShopMessages:
    """What one shop says to its customers."""

    shop: Shop
    sender: str
    feedback_link: Callable[[Order], str] = lambda _: ""
    """Where the order's customer may judge it; empty if there is no such place."""

    def sms_created(self, order: Order) -> str:
        """For an order just accepted: at most about 300 characters, whatever the order holds."""
        return _sms("Created", order, order.created_at, "Status: Processing")

    def sms_completed(self, order: Order) -> str:
        """For an order that is done on our side."""
        at = order.reached(Status.COMPLETED) or order.updated_at
        return _sms("Completed", order, at, "Status: Ready for shipping")

    def sms_failed(self, order: Order) -> str:
        """For an order that failed, with the reason in a sentence."""
        reason = f"Reason: {wording.explanation(order).reason}"
        return _sms("Failed", order, order.updated_at, "Status: Failed", reason)

    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes:
        """The mail for a successful order, with its receipt attached as `receipt-<orderId>.pdf` and linked."""
        state = "ready for shipping" if order.reached(Status.COMPLETED) else "confirmed and will be shipped soon"
        letter = Letter(
            template="confirmation",
            subject=f"Your order {short_id(order)} is confirmed",
            texts={
                "title": "Thank you for your order",
                "preview": f"Your order is {state}. Your receipt is attached.",
                "total": display(order.total_amount, order.currency),
                "currency": order.currency,
                "state": state,
                "link": link,
            },
            facts=[*_facts(order), *_delivery(order.shipping_address)],
            lines=[(_name(n), str(n.quantity), display(n.total, order.currency)) for n in order.lines],
            feedback_link=self.feedback_link(order),
        )
        message = compose(letter, self.shop, self.sender, order.customer_email, order.updated_at)
        name = f"receipt-{one_line(order.order_id)}.pdf"
        message.add_attachment(receipt, maintype="application", subtype="pdf", filename=name)
        return message.as_bytes()

    def notice(self, order: Order) -> bytes:
        """The mail for an order that failed, was cancelled or refunded: why, what of the money, what to do."""
        explanation = wording.explanation(order)
        title = wording.title(order)
        letter = Letter(
            template="notice",
            subject=f"{title}: {short_id(order)}",
            texts={
                "title": title,
                "preview": explanation.reason,
                "reason": explanation.reason,
                "money": wording.money(order),
                "advice": explanation.advice,
            },
            facts=[
                *_facts(order),
                ("Items", _counted([f"{n.quantity} x {_name(n)}" for n in order.lines], _NOTICE_ITEMS)),
                ("Total", display(order.total_amount, order.currency)),
            ],
        )
        return compose(letter, self.shop, self.sender, order.customer_email, order.updated_at).as_bytes()

    def shipment(self, order: Order, shipment: Shipment, status: ShipmentStatus) -> bytes:
        """The mail about one shipment: that it was shipped, arrived, or was lost."""
        words = wording.SHIPMENTS[status]
        carrier = cut(shipment.carrier, _NAME_LENGTH)
        at = shipment.shipped_at if status is ShipmentStatus.SHIPPED else shipment.at
        filled = {"carrier": carrier, "at": f"{from_iso(at):%Y-%m-%d %H:%M} UTC"}
        names = {line.product_id: _name(line) for line in order.lines}
        inside = [f"{quantity} x {names.get(product) or shown_id(product)}" for product, quantity in shipment.items]
        is_last = status is ShipmentStatus.DELIVERED and order.all_delivered
        letter = Letter(
            template="parcel",
            subject=f"{words.title}: {short_id(order)}",
            texts={
                "title": words.title,
                "preview": f"{carrier} {one_line(shipment.tracking_number)}",
                "news": words.news.format(**filled),
                "advice": words.advice.format(**filled),
            },
            facts=[
                ("Carrier", carrier),
                ("Tracking number", one_line(shipment.tracking_number)),
                ("In the parcel", _counted(inside, _SHIPMENT_ITEMS)),
                *_delivery(order.shipping_address),
                *_facts(order),
            ],
            feedback_link=self.feedback_link(order) if is_last and not order.feedback else "",
        )
        return compose(letter, self.shop, self.sender, order.customer_email, at).as_bytes()


def _sms(what: str, order: Order, at: str, *rest: str) -> str:
    lines = (
        f"Order {what}!",
        f"Order ID: {short_id(order)}...",
        f"Customer: {cut(_customer(order), _SMS_CUSTOMER_LENGTH, ellipsis='...')}",
        f"Items: {_counted([_sms_item(line) for line in order.lines], _SMS_ITEMS)}",
        f"Total: {display(order.total_amount, order.currency)}",
        *rest,
        f"Time: {from_iso(at):%Y-%m-%d %H:%M:%S} UTC",
    )
    return "\n".join(lines)


def _sms_item(line: Line) -> str:
    # The ellipsis character is not in the GSM alphabet: one of it would halve what fits into an SMS.
    name = shown_name(line, _SMS_NAME_LENGTH, ellipsis="...")
    return f"{name} x{line.quantity}" if line.quantity > 1 else name


def _customer(order: Order) -> str:
    """As the sender calls them, unless by an address or a phone number that is not the customer's own."""
    own = order.customer_id in (order.customer_email, order.phone_number) or not lures(order.customer_id)
    return (order.customer_id if own else "") or order.customer_email or "guest"


def what_was_bought(order: Order) -> str:
    """`Gaming Laptop, 2 x Mug, +3 more`, in a line or two."""
    names = [shown_name(line, _PAGE_NAME_LENGTH) for line in order.lines]
    units = [f"{n.quantity} x {name}" if n.quantity > 1 else name for n, name in zip(order.lines, names, strict=True)]
    return _counted(units, _PAGE_ITEMS)


def short_id(order: Order) -> str:
    """What people call the order by."""
    return one_line(order.order_id)[:8]


def _counted(names: list[str], limit: int) -> str:
    """`Gaming Laptop, Mug x2, +3 more`: at most `limit` names."""
    more = len(names) - limit
    shown = list(map(isolated, names[:limit]))
    return ", ".join([*shown, f"+{more} more"] if more > 0 else shown)


def _name(line: Line) -> str:
    return shown_name(line, _NAME_LENGTH)


def _facts(order: Order) -> list[tuple[str, str]]:
    return [
        ("Order", one_line(order.order_id)),
        ("Ordered", f"{from_iso(order.created_at):%Y-%m-%d %H:%M} UTC"),
    ]


def _delivery(address: Address | None) -> list[tuple[str, str]]:
    if address is None:
        return []
    town = " ".join(filter(None, (address.zip_code, address.city)))
    parts = (address.street, town, address.state, address.country)
    return [("Ship to", ", ".join(filter(None, (cut(unlinked(part), _NAME_LENGTH) for part in parts))))]
