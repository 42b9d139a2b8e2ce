"""Shops to ask questions in: one customer with an order in every state there is, and others whose orders nobody may
hear of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

from chalicelib.bootstrap import Services
from chalicelib.orders.model import (
    Failure,
    HistoryRow,
    Line,
    Order,
    Payment,
    PaymentStatus,
    Shipment,
    ShipmentStatus,
    Status,
)

from tests.support.builders.examples import SETTINGS, order
from tests.support.fakes.adapters import FakeAdapters

PARTNER, CUSTOMER = "p-one", "anne"
MOUSE, LAPTOP = (
    Line("MOUSE001", "Mouse", 2, Decimal("20.00")),
    Line("LAPTOP001", "Gaming Laptop", 1, Decimal("1299.99")),
)
_SHIPPED_AT, _ARRIVED_AT = "2026-11-20T08:15:00.000Z", "2026-11-21T11:45:00.000Z"


def _order_id(name: str, n: int) -> str:
    """Looks like those that we make, and says what it is: `0000c0de` is hex, as every id's first part."""
    return f"{name}-{n:04x}-4000-8000-{n:012x}"


def _placed(
    name: str, day: int, statuses: str, lines: tuple[Line, ...] = (MOUSE,), currency: str = "EUR", **changes: object
) -> Order:
    at = f"2026-11-{day:02d}T09:30:00.000Z"
    history = tuple(
        HistoryRow(Status(status), f"2026-11-{day:02d}T09:3{n}:00.000Z") for n, status in enumerate(statuses.split())
    )
    total = sum((line.total for line in lines), Decimal(0))
    made = order(
        order_id=_order_id(name, day),
        owner=PARTNER,
        customer_id=CUSTOMER,
        customer_email="anne.secret@example.com",
        lines=lines,
        currency=currency,
        total_amount=total,
        created_at=at,
        history=history,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def _paid(amount: str, refunded: str = "0.00") -> Payment:
    status = PaymentStatus.REFUNDED if amount == refunded else PaymentStatus.CAPTURED
    return Payment(status, "ch_secret_reference", Decimal(amount), Decimal(refunded))


def _shipment(number: str, units: int, status: ShipmentStatus = ShipmentStatus.SHIPPED) -> Shipment:
    at = _SHIPPED_AT if status is ShipmentStatus.SHIPPED else _ARRIVED_AT
    return Shipment("PostNL", number, (("MOUSE001", units),), status, at)


_SOLD = "PENDING PAYMENT_PROCESSING FULFILLMENT COMPLETED"
ORDERS = {
    made.order_id.split("-")[0]: made
    for made in (
        _placed("0e4d1a60", 21, "PENDING"),
        _placed("0a11da7e", 20, "PENDING VALIDATING INVENTORY_CHECK PAYMENT_PROCESSING"),
        _placed("00c0f1ed", 19, "PENDING CONFIRMED", (LAPTOP, MOUSE), fulfilment="manual", payment=_paid("1339.99")),
        _placed(
            "09a77ed1",
            18,
            "PENDING CONFIRMED FULFILLMENT",
            fulfilment="manual",
            payment=_paid("40.00"),
            shipments=(_shipment("3SPART001", 1),),
        ),
        _placed("05417ed1", 17, _SOLD, payment=_paid("40.00"), shipments=(_shipment("3SWAY001", 2),)),
        _placed(
            "0de11ce0",
            16,
            _SOLD,
            payment=_paid("40.00"),
            shipments=(_shipment("3SHOME001", 2, ShipmentStatus.DELIVERED),),
        ),
        _placed(
            "0105700e",
            15,
            _SOLD,
            payment=_paid("40.00"),
            shipments=(_shipment("3SGONE001", 2, ShipmentStatus.LOST),),
        ),
        _placed("0c033e7e", 14, _SOLD, (LAPTOP,), payment=_paid("1299.99")),
        _placed("0ff70c40", 13, "PENDING FAILED", failure=Failure("OUT_OF_STOCK", "Not enough stock of MOUSE001.")),
        _placed("0decc11e", 12, "PENDING FAILED", failure=Failure("CARD_DECLINED", "do_not_honor")),
        _placed(
            "0ca9ce11",
            11,
            "PENDING CONFIRMED CANCELLED",
            failure=Failure("CANCELLED_BY_CUSTOMER", "x"),
            payment=_paid("40.00", "40.00"),
        ),
        _placed("00cebac1", 10, "PENDING CONFIRMED CANCELLED", payment=_paid("40.00", "10.00")),
        _placed("04ef04de", 9, f"{_SOLD} REFUNDED", payment=_paid("40.00", "40.00")),
        _placed(
            "02b0c5e5",
            8,
            _SOLD,
            payment=_paid("40.00", "15.00"),
            shipments=(
                _shipment("3SONE001", 1, ShipmentStatus.DELIVERED),
                _shipment("3STWO002", 1),
            ),
        ),
        replace(_placed("0b05b05b", 7, _SOLD, payment=_paid("40.00")), order_id="bus-12345"),
    )
}
"""The customer's, by the start of their ids, newest first: received, being paid, confirmed, partly shipped, shipped,
delivered, lost, ready for shipping, out of stock, declined, cancelled, cancelled with money owed, refunded, in two
shipments with some money back, and one that came over the bus."""

_THEIRS = replace(
    _placed("0f0e1611", 22, _SOLD, (Line("WATCH001", "Secret Watch", 1, Decimal("777.77")),), payment=_paid("777.77")),
    shipments=(replace(_shipment("3SSECRET1", 1), items=(("WATCH001", 1),)),),
)
FOREIGN = (
    replace(_THEIRS, owner="p-two"),
    replace(_THEIRS, order_id=_order_id("0f0e1612", 2), customer_id="ben"),
    replace(_THEIRS, order_id=_order_id("0f0e1613", 3), owner="c-ben", customer_id="ben"),
)
"""Another partner's, of a customer with the same name; another customer's of the same partner; a signed-in person's."""
SECRETS = ("Watch", "777", "3SSECRET1", "secret", "0f0e161", "customer@", "+31", "Main St", "ch_")
"""What nobody may hear, of these or of their own orders."""


def whole_id(start: str) -> str:
    return ORDERS[start].order_id if start in ORDERS else start


def shop(owner: str = PARTNER) -> tuple[Services, FakeAdapters]:
    """All of these in one store, the customer's as orders of that owner."""
    fakes = FakeAdapters()
    fakes.store.orders.update(_stored(owner))
    return Services(SETTINGS, fakes), fakes


@cache
def _stored(owner: str) -> dict[str, Order]:
    """Judged by the store once, for thousands of shops."""
    fakes = FakeAdapters()
    for made in (*(replace(made, owner=owner) for made in ORDERS.values()), *FOREIGN):
        fakes.orders.add(made)
    return fakes.store.orders
