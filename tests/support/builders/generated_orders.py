"""Orders of every kind and in every state that the code can bring them to, for Hypothesis."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal

from chalicelib.kit.clock import from_millis
from chalicelib.kit.money import digits
from chalicelib.orders.model import (
    Failure,
    Line,
    Order,
    Payment,
    PaymentStatus,
    Reservation,
    Shipment,
    ShipmentStatus,
    Status,
    may_become,
    total_of,
)
from hypothesis import strategies as st

from tests.support.builders.examples import order

_TO_PAYMENT = [Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING]
_WAYS = {
    "auto": [*_TO_PAYMENT, Status.FULFILLMENT, Status.COMPLETED],
    "manual": [*_TO_PAYMENT, Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED],
}
_PAID = (Status.CONFIRMED, Status.FULFILLMENT, Status.COMPLETED)
_SHIPPABLE = (Status.FULFILLMENT, Status.COMPLETED)
_UNSUCCESSFUL = {Status.FAILED, Status.CANCELLED}
"""Ends that have a reason, and that nothing has which was shipped."""
_ENDS = _UNSUCCESSFUL | {Status.REFUNDED}
_CODES = {
    Status.FAILED: ["OUT_OF_STOCK", "CARD_DECLINED", "INVALID_ORDER", "EXPIRED"],
    Status.CANCELLED: ["CANCELLED_BY_CUSTOMER"],
}
_START = 1_795_271_425_123
"""Milliseconds since 1970: November 2026."""
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)
_PRODUCT_IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
_CARRIERS = st.sampled_from(["DHL", "UPS", "PostNL"])


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """With a history that only legal changes made, and stock, payment, error and shipments that fit to it."""
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD", "USD"]))
    lines = tuple(draw(st.lists(_lines(currency), min_size=1, max_size=5)))
    placed = order(
        order_id=str(draw(st.uuids())),
        customer_id=draw(_TEXT),
        lines=lines,
        currency=currency,
        total_amount=total_of(lines),
        created_at=from_millis(_START),
        history=(replace(order().history[0], at=from_millis(_START)),),
        order_number=draw(st.sampled_from(["", "100482", "999999999999"])),
        reference=draw(st.none() | _TEXT),
        locale=draw(st.sampled_from(["", "en", "nl"])),
        phone_number=draw(st.sampled_from([None, "+31612345678"])),
        workflow=draw(st.sampled_from(["queue", "stepfunctions", "events"])),
        fulfilment=draw(st.sampled_from(["auto", "manual"])),
        correlation_id=draw(st.sampled_from(["", str(uuid.UUID(int=7))])),
    )
    return draw(_some_way_on(placed))


@st.composite
def _lines(draw: st.DrawFn, currency: str) -> Line:
    price = Decimal(draw(st.integers(0, 99_999_999))).scaleb(-digits(currency))
    return Line(draw(_PRODUCT_IDS), draw(_TEXT), draw(st.integers(1, 10_000)), price)


@st.composite
def _some_way_on(draw: st.DrawFn, now: Order) -> Order:
    way = _WAYS[now.fulfilment]
    way = way[: draw(st.integers(0, len(way)))]
    at = _START
    for status in way:
        at += draw(st.integers(0, 100_000))
        now = _with_what_fits(now.moved(status, from_millis(at)))
    shipped = draw(_perhaps_shipped(now, from_millis(at)))
    ends = sorted(may_become(now.status) & (_ENDS - (_UNSUCCESSFUL if shipped.shipments else set())))
    end = draw(st.sampled_from([None, *ends]))
    return draw(_ended(shipped, end, from_millis(at + 1))) if end else shipped


@st.composite
def _ended(draw: st.DrawFn, now: Order, to: Status, at: str) -> Order:
    moved = now.moved(to, at)
    if to in _UNSUCCESSFUL:
        moved = replace(moved, failure=Failure(draw(st.sampled_from(_CODES[to])), draw(_TEXT)))
    return _with_what_fits(moved)


@st.composite
def _perhaps_shipped(draw: st.DrawFn, now: Order, at: str) -> Order:
    shipments: list[Shipment] = []
    if now.status not in _SHIPPABLE:
        return now
    for product_id, quantity in now.quantities().items():
        if draw(st.booleans()):
            status = draw(st.sampled_from(ShipmentStatus))
            number = f"{draw(_CARRIERS)}{len(shipments)}"
            shipments.append(Shipment(draw(_CARRIERS), number, ((product_id, quantity),), status, at))
    return replace(now, shipments=tuple(shipments))


def _with_what_fits(now: Order) -> Order:
    """Stock and payment as the steps leave them with this status."""
    if now.status is Status.PAYMENT_PROCESSING:
        return replace(now, reservation=Reservation.HELD)
    if now.status in _PAID:
        payment = now.payment or Payment(PaymentStatus.CAPTURED, "ch_1", now.total_amount, now.total_amount * 0)
        return replace(now, reservation=Reservation.COMMITTED, payment=payment)
    if now.status in _ENDS:
        back = {Reservation.HELD: Reservation.RELEASED, Reservation.COMMITTED: Reservation.RESTOCKED}
        refunded = now.payment and replace(now.payment, status=PaymentStatus.REFUNDED, refunded=now.payment.amount)
        return replace(now, reservation=back.get(now.reservation, now.reservation), payment=refunded)
    return now
