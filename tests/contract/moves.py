"""Products, orders and what becomes of them, in a sentence each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from chalicelib.orders.model import HistoryRow, Line, Order, Reservation, Status

from tests.contract.adapters import Storage, order, unique
from tests.support.builders.examples import MOUSE

LATER = "2026-11-21T14:30:26.000Z"


def stocked(storage: Storage, *units: int) -> list[str]:
    """New products, so many units of each."""
    ids = [unique("product") for _ in units]
    for product_id, available in zip(ids, units, strict=True):
        storage.catalogue.put(replace(MOUSE, product_id=product_id), available)
    return ids


def placed(storage: Storage, *quantities: tuple[str, int]) -> Order:
    """A stored PENDING order of these products and quantities."""
    lines = tuple(Line(product_id, "", quantity, Decimal("20.00")) for product_id, quantity in quantities)
    new = order(lines=lines, total_amount=Decimal("20.00") * sum(q for _, q in quantities))
    storage.orders.add(new)
    return new


def reserved(pending: Order) -> Order:
    history = (*pending.history, *(HistoryRow(s, LATER) for s in (Status.VALIDATING, Status.INVENTORY_CHECK)))
    moved = replace(pending, history=history).moved(Status.PAYMENT_PROCESSING, LATER)
    return replace(moved, reservation=Reservation.HELD)


def completed(held: Order) -> Order:
    moved = held.moved(Status.FULFILLMENT, LATER).moved(Status.COMPLETED, LATER)
    return replace(moved, reservation=Reservation.COMMITTED)


def cancelled(held: Order, reservation: Reservation) -> Order:
    return replace(held.moved(Status.CANCELLED, LATER), reservation=reservation)


def stock(storage: Storage, *product_ids: str) -> list[tuple[int, int]]:
    """(available, reserved) of each."""
    found = storage.catalogue.stock(product_ids)
    return [(found[p].available, found[p].reserved) for p in product_ids]
