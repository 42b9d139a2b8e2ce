"""The order: its parts, its statuses, and the only changes of status there are (contract §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from ..kit.errors import IllegalTransition
from ..kit.text import clean
from ..kit.wiring import dataclass


class Status(StrEnum):
    """The state of an order. The comment is what it means to the customer."""

    PENDING = "PENDING"  # we have your order and will not lose it
    VALIDATING = "VALIDATING"  # we are checking products and prices
    INVENTORY_CHECK = "INVENTORY_CHECK"  # we are looking for your things on the shelf
    PAYMENT_PROCESSING = "PAYMENT_PROCESSING"  # your things are reserved; we are taking the payment
    CONFIRMED = "CONFIRMED"  # paid; our staff will ship it
    FULFILLMENT = "FULFILLMENT"  # paid; your things are being packed
    COMPLETED = "COMPLETED"  # everything on our side is done: ready for shipping, or shipped
    FAILED = "FAILED"  # it could not be done; you have not paid, or have your money back
    CANCELLED = "CANCELLED"  # cancelled; you have not paid, or have your money back
    REFUNDED = "REFUNDED"  # you have all your money back


_NEXT: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.VALIDATING, Status.FAILED, Status.CANCELLED}),
    Status.VALIDATING: frozenset({Status.INVENTORY_CHECK, Status.FAILED, Status.CANCELLED}),
    Status.INVENTORY_CHECK: frozenset({Status.PAYMENT_PROCESSING, Status.FAILED, Status.CANCELLED}),
    Status.PAYMENT_PROCESSING: frozenset({Status.CONFIRMED, Status.FULFILLMENT, Status.FAILED, Status.CANCELLED}),
    Status.CONFIRMED: frozenset({Status.FULFILLMENT, Status.CANCELLED, Status.REFUNDED}),
    Status.FULFILLMENT: frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED}),
    Status.COMPLETED: frozenset({Status.CANCELLED, Status.REFUNDED}),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.REFUNDED: frozenset(),
}

UNSUCCESSFUL = frozenset({Status.FAILED, Status.CANCELLED, Status.REFUNDED})
"""Ends that are worth nothing: captured minus refunded must be 0, and no stock may be held."""
PROCESSING_DONE = UNSUCCESSFUL | {Status.COMPLETED, Status.CONFIRMED}
"""The driver has nothing left to do here; CONFIRMED waits for staff to ship it. See `Order.processing_done`."""


class Reservation(StrEnum):
    """What the order holds in the inventory. Each is reached at most once per order."""

    NONE = "NONE"  # nothing was reserved
    HELD = "HELD"  # counted in `reserved`
    COMMITTED = "COMMITTED"  # left the shelf: neither available nor reserved
    RELEASED = "RELEASED"  # put back from HELD, or cancelled before anything was held
    RESTOCKED = "RESTOCKED"  # put back from COMMITTED


class Duty(StrEnum):
    """What is left to do for an order that ended. Doing it removes its duty, and no other."""

    REFUND = "refund"  # money may have been captured that must go back
    CART = "cart"  # what was bought must leave the cart
    RECEIPT = "receipt"  # its documents must be written
    STOCK = "stock"  # stock updates beyond the transaction limit were deferred


ALL_EVENTS = ("*",)
"""As `Order.unpublished`: every event of the order."""


class PaymentStatus(StrEnum):
    """The order's own short view of its ledger."""

    CAPTURED = "CAPTURED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True)
class Line:
    """One line: `price` is per unit, in the order's currency and digits."""

    product_id: str
    name: str
    quantity: int
    price: Decimal
    title: str = ""
    """What the catalogue calls it, once it was asked. `name` is what the order's sender does, and may say anything."""

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True)
class Address:
    """`country` is ISO 3166-1 alpha-2; in orders of before, as it was written. What is not known is empty."""

    street: str
    city: str
    state: str
    zip_code: str
    country: str
    name: str = ""
    company: str = ""
    street2: str = ""


@dataclass(frozen=True)
class HistoryRow:
    """One change: the status reached, when (ISO, milliseconds), and a sentence where there is something to say."""

    status: Status
    at: str
    detail: str = ""


@dataclass(frozen=True)
class Payment:
    status: PaymentStatus
    reference: str
    amount: Decimal
    refunded: Decimal


class ShipmentStatus(StrEnum):
    """Where a shipment is."""

    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    LOST = "LOST"


@dataclass(frozen=True)
class Shipment:
    """One shipment: what is in it (units per product), and where it is since when (`at`)."""

    carrier: str
    tracking_number: str
    items: tuple[tuple[str, int], ...]
    status: ShipmentStatus
    at: str
    handed_over_at: str = ""
    """When it was shipped, once `at` says something else."""

    @property
    def shipped_at(self) -> str:
        return self.handed_over_at or self.at

    @property
    def name(self) -> tuple[str, str]:
        """What tells it from all other shipments."""
        return self.carrier, self.tracking_number

    def is_called(self, carrier: str, tracking_number: str) -> bool:
        """Whether these, trimmed, are its names: its own were not trimmed before they were stored, once."""
        return (clean(self.carrier), clean(self.tracking_number)) == (carrier, tracking_number)

    def reported(self, status: ShipmentStatus, at: str) -> Shipment:
        """What the shipment is after one more report of what was seen at that time.

        Of its arrival and its loss the later counts, of two at the same time the arrival; that it was shipped we know.
        So reports may come in any order, and as often as they like."""
        if status is ShipmentStatus.SHIPPED:
            return self
        if self.status is not ShipmentStatus.SHIPPED and _weight(status, at) <= _weight(self.status, self.at):
            return self
        return replace(self, status=status, at=at, handed_over_at=self.shipped_at)


def _weight(status: ShipmentStatus, at: str) -> tuple[str, bool]:
    return at, status is ShipmentStatus.DELIVERED


@dataclass(frozen=True)
class Feedback:
    """What the customer thought of it: 1 (bad) to 5."""

    score: int
    comment: str
    at: str
    mark: str = ""
    """Tells it from another of the same words at the same time: its writer recognises it by this."""


@dataclass(frozen=True)
class Failure:
    """Why an order ended badly: `code` is one of the contract's error codes, `message` is for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Order:
    """An order as stored. Immutable: every change makes a new one, and the store compares statuses when it saves."""

    order_id: str
    owner: str
    customer_id: str
    customer_email: str
    lines: tuple[Line, ...]
    currency: str
    total_amount: Decimal
    created_at: str
    history: tuple[HistoryRow, ...]
    payment_method: str
    phone_number: str | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    order_number: str = ""
    """6 to 12 digits, for people; empty for orders of before there were any."""
    reference: str | None = None
    """The caller's own number of the order."""
    note: str | None = None
    """What the customer wants staff to know."""
    metadata: tuple[tuple[str, str], ...] = ()
    """Names and values of the caller's own, in the order in which they were sent."""
    locale: str = ""
    """The language of mails, text messages and receipt, one of LOCALES; empty, in orders of before, is the shop's."""
    workflow: str = "queue"
    fulfilment: str = "auto"
    reservation: Reservation = Reservation.NONE
    payment: Payment | None = None
    failure: Failure | None = None
    correlation_id: str = ""
    fingerprint: bytes = b""
    duties: frozenset[Duty] = frozenset()
    """What is left to do once it ended, beside publishing."""
    unpublished: tuple[str, ...] = ()
    """Keys of events that are still to be published, or ALL_EVENTS. While a driver holds the order, its message or
    execution publishes these."""
    handovers: int = 0
    """How often it was handed over again: an execution's name can't be used twice."""
    tries: int = 0
    """How often the housekeeper tried to help it in this status."""
    retry_at: str = ""
    """When it tries again, once it tried and nothing came of it."""
    shipments: tuple[Shipment, ...] = ()
    feedback: Feedback | None = None
    from_cart: bool = False
    """Placed by `/checkout`: what was bought leaves the cart once it is paid."""
    cart_version: str = ""
    """The version of the cart that was bought (`domain.cart`), empty for orders from before carts had any."""
    tags: tuple[str, ...] = ()
    """Staff's own, each once, in alphabetical order."""
    attention: str = ""
    """Why staff must look at it, empty if they need not."""
    revision: int = 0
    """Counts the writes that left the status as it was, so that none of them is lost to another."""

    @property
    def status(self) -> Status:
        return self.history[-1].status

    @property
    def updated_at(self) -> str:
        return self.history[-1].at

    @property
    def processing_done(self) -> bool:
        """Nothing is left to do for the driver: the order ended, or staff are shipping it shipment by shipment."""
        return self.status in PROCESSING_DONE or (self.status is Status.FULFILLMENT and self.fulfilment == "manual")

    @property
    def open(self) -> bool:
        """Something is still to be done: a step, a duty, events to publish. The housekeeper reads these."""
        return not self.processing_done or bool(self.duties or self.unpublished)

    @property
    def unsuccessful(self) -> bool:
        """Ended, or certain to end, without being worth anything: no step may take it further, and its money may go
        back. Stock that was put back, or will never be held, is the mark of one that did not end yet."""
        return self.status in UNSUCCESSFUL or self.reservation in (Reservation.RELEASED, Reservation.RESTOCKED)

    def without_mark_if_closed(self) -> Order:
        """A closed order has nothing that staff would have to look at."""
        return self if self.open else replace(self, attention="")

    @property
    def all_delivered(self) -> bool:
        """Every unit is in some shipment, and every shipment arrived."""
        arrived = all(shipment.status is ShipmentStatus.DELIVERED for shipment in self.shipments)
        return arrived and self.shipped_quantities() == self.quantities()

    def moved(self, to: Status, at: str, detail: str = "") -> Order:
        """The order one status further. Raises IllegalTransition where the contract knows no such change."""
        if to not in _NEXT[self.status]:
            raise IllegalTransition(f"{self.order_id}: {self.status} → {to}")
        # A clock that steps back must not put history out of order.
        return replace(
            self, history=(*self.history, HistoryRow(to, max(at, self.updated_at), detail)), tries=0, retry_at=""
        )

    def shipped_quantities(self) -> dict[str, int]:
        """Units per product that are in some shipment."""
        shipped: dict[str, int] = {}
        for shipment in self.shipments:
            for product_id, quantity in shipment.items:
                shipped[product_id] = shipped.get(product_id, 0) + quantity
        return shipped

    def failed(self, failure: Failure, at: str) -> Order:
        return replace(self.moved(Status.FAILED, at, failure.message), failure=failure)

    def reached(self, status: Status) -> str | None:
        """When the order got to `status`, or None if it never did."""
        return next((row.at for row in self.history if row.status is status), None)

    @property
    def succeeded_at(self) -> str | None:
        """When it was first CONFIRMED or COMPLETED, so was paid: the date of its receipt. It may be cancelled since."""
        return self.reached(Status.CONFIRMED) or self.reached(Status.COMPLETED)

    def quantities(self) -> dict[str, int]:
        """Units per product with equal lines merged, sorted by product: what one inventory transaction touches."""
        merged: dict[str, int] = {}
        for line in self.lines:
            merged[line.product_id] = merged.get(line.product_id, 0) + line.quantity
        return dict(sorted(merged.items()))


def may_become(status: Status) -> frozenset[Status]:
    """The statuses that can follow `status`."""
    return _NEXT[status]


def total_of(lines: Iterable[Line]) -> Decimal:
    """The sum of the lines, exact."""
    return sum((line.total for line in lines), Decimal(0))
