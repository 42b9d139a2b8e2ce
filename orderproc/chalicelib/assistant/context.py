"""What an answer may be made of: all that was looked up for this caller and question, and nothing else."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from ..kit.money import display
from ..kit.wiring import dataclass
from ..orders.model import UNSUCCESSFUL, Order, Shipment, Status, may_become
from ..orders.product_names import shown_name
from ..orders.tracking import tracking_url

_NAME_LENGTH = 80


class Intent(StrEnum):
    """What the question asks for."""

    STATUS = "STATUS"  # where is my order, did you get it, why did it fail
    ITEMS = "ITEMS"  # what is in it, what did it cost
    TRACKING = "TRACKING"  # where is my package, how do I track it
    CANCEL = "CANCEL"  # how do I cancel it
    RETURN = "RETURN"  # how do I return something, how do I get my money back
    RECENT = "RECENT"  # show me my recent orders
    RECEIPT = "RECEIPT"  # where is my receipt
    GENERAL = "GENERAL"  # how does this shop work: payment, delivery, contact
    UNKNOWN = "UNKNOWN"  # none of these


@dataclass(frozen=True)
class OrderFacts:
    """What may be said about one order. No address, mail address, phone number or payment reference is in here, so none
    can be given away."""

    order_id: str
    status: str
    created_at: str
    updated_at: str
    items: tuple[tuple[str, int], ...]
    """Names and quantities."""
    total: str
    """With the currency, as people read it."""
    refunded: str
    """Likewise; empty if nothing was."""
    shipments: tuple[Shipment, ...]
    failure: str
    """The code of why it failed; empty if it did not."""
    may_cancel: bool
    has_receipt: bool | None
    """None if only the store of documents knows."""
    owed_back: str = ""
    """Money that is on its way back, likewise; empty if none is."""
    left_to_ship: int = 0
    """Units that are in no shipment yet."""
    links: tuple[str | None, ...] = ()
    """Where each of the shipments can be followed, as far as we know."""
    order_number: str = ""

    @property
    def name(self) -> str:
        """What the order is called: its number, by which people know it, and its id."""
        return f"{self.order_number} ({self.order_id})" if self.order_number else self.order_id


def facts_of(order: Order) -> OrderFacts:
    """The order itself goes no further than here."""
    paid, refunded = (order.payment.amount, order.payment.refunded) if order.payment else (Decimal(0), Decimal(0))
    ordered, shipped = order.quantities(), order.shipped_quantities()
    return OrderFacts(
        order_id=order.order_id,
        status=order.status.value,
        created_at=order.created_at,
        updated_at=order.updated_at,
        items=tuple((shown_name(line, _NAME_LENGTH), line.quantity) for line in order.lines),
        total=display(order.total_amount, order.currency),
        refunded=_shown(refunded, order.currency),
        shipments=order.shipments,
        failure=(order.failure.code if order.failure else "OTHER") if order.status is Status.FAILED else "",
        may_cancel=Status.CANCELLED in may_become(order.status) and not order.shipments,
        has_receipt=order.succeeded_at is not None and (None if order.status in UNSUCCESSFUL else True),
        owed_back=_shown(paid - refunded, order.currency) if order.status in UNSUCCESSFUL else "",
        order_number=order.order_number,
        left_to_ship=0 if order.status in UNSUCCESSFUL else sum(ordered.values()) - sum(shipped.values()),
        links=tuple(tracking_url(one, order.shipping_address) for one in order.shipments),
    )


def _shown(amount: Decimal, currency: str) -> str:
    return display(amount, currency) if amount else ""


_Order = TypeVar("_Order")


@dataclass(frozen=True)
class Found(Generic[_Order]):
    """`orders` are those that the question seems to be about, newest first, at most a handful; `others` are the
    caller's next latest, of which a model may know better."""

    orders: tuple[_Order, ...] = ()
    not_found: tuple[str, ...] = ()
    """What looked like an order's id in the question and is none that this caller may see, whether it exists or not."""
    chosen: bool = False
    """The question named none, so these are the latest that fit."""
    others: tuple[_Order, ...] = ()
    searched: int = 0
    """There are older orders, and some of `not_found` was looked for among so many of the latest only; 0: among all."""


@dataclass(frozen=True, kw_only=True)
class Context(Found[OrderFacts]):
    """`language` is a two-letter code."""

    intent: Intent
    language: str
    shop_name: str
    shop_url: str
    is_guest: bool = False
    whose: bool = False
    """It is not known whose recent orders are meant."""

    @property
    def offered(self) -> tuple[OrderFacts, ...]:
        """All orders that an answer may be about; the first of them is number 1."""
        return self.orders + self.others
