"""Orders as lines of a file: for spreadsheets, and for programs.

The columns are documented in docs/guide/exports.md. New ones are added at the end: scripts count on the places of the
others."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any

from ..kit.jsonio import dumps
from ..kit.spreadsheets import BYTE_ORDER_MARK, safe
from ..orders.model import Address, Order
from ..orders.views import staff_view
from .model import Format

_LONGEST_CELL = 32_000
"""Characters: Excel cuts a cell at 32,767, and silently."""
_NOWHERE = Address("", "", "", "", "")

_COLUMNS: dict[str, Callable[[Order], Any]] = {
    "orderNumber": lambda o: o.order_number,
    "orderId": lambda o: o.order_id,
    "reference": lambda o: o.reference,
    "createdAt": lambda o: o.created_at,
    "updatedAt": lambda o: o.updated_at,
    "status": lambda o: o.status.value,
    "error": lambda o: o.failure.code if o.failure else "",
    "owner": lambda o: o.owner,
    "customerId": lambda o: o.customer_id,
    "customerEmail": lambda o: o.customer_email,
    "phoneNumber": lambda o: o.phone_number,
    "currency": lambda o: o.currency,
    "totalAmount": lambda o: o.total_amount,
    "paymentStatus": lambda o: o.payment.status.value if o.payment else "",
    "paymentReference": lambda o: o.payment.reference if o.payment else "",
    "paidAmount": lambda o: o.payment.amount if o.payment else "",
    "refundedAmount": lambda o: o.payment.refunded if o.payment else "",
    "units": lambda o: sum(line.quantity for line in o.lines),
    "items": lambda o: "; ".join(f"{n.quantity} x {n.product_id} {n.name}".rstrip() for n in o.lines),
    "shippingName": lambda o: _place(o).name,
    "shippingCompany": lambda o: _place(o).company,
    "shippingStreet": lambda o: _place(o).street,
    "shippingStreet2": lambda o: _place(o).street2,
    "shippingZipCode": lambda o: _place(o).zip_code,
    "shippingCity": lambda o: _place(o).city,
    "shippingState": lambda o: _place(o).state,
    "shippingCountry": lambda o: _place(o).country,
    "trackingNumbers": lambda o: "; ".join(f"{s.carrier} {s.tracking_number}" for s in o.shipments),
    "note": lambda o: o.note,
    "metadata": lambda o: json.dumps(dict(o.metadata), ensure_ascii=False) if o.metadata else "",
    "fulfilment": lambda o: o.fulfilment,
    "workflow": lambda o: o.workflow,
}
COLUMNS = tuple(_COLUMNS)


def head(of: Format) -> bytes:
    """What stands before the first order."""
    return BYTE_ORDER_MARK + _csv([COLUMNS]) if of is Format.CSV else b""


def lines(of: Format, orders: Iterable[Order]) -> bytes:
    """A line for each order."""
    if of is Format.CSV:
        return _csv([_cell(value(order)) for value in _COLUMNS.values()] for order in orders)
    return b"".join(dumps(staff_view(order)).encode() + b"\n" for order in orders)


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    shown = safe(value)
    return shown if len(shown) <= _LONGEST_CELL else f"{shown[:_LONGEST_CELL]}…"


def _place(order: Order) -> Address:
    return order.shipping_address or _NOWHERE
