"""What may be said about an order, made from the order. The order itself goes no further than here."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ..kit.money import display
from ..kit.plain_text import cut
from ..orders.model import UNSUCCESSFUL, Order, Status, may_become
from ..orders.product_names import shown_name
from .context import OrderFacts

_NAME_LENGTH = 80


def facts_of(order: Order) -> OrderFacts:
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
        shipments=tuple(
            replace(one, carrier=cut(one.carrier, _NAME_LENGTH), tracking_number=cut(one.tracking_number, _NAME_LENGTH))
            for one in order.shipments
        ),
        failure=(order.failure.code if order.failure else "OTHER") if order.status is Status.FAILED else "",
        may_cancel=Status.CANCELLED in may_become(order.status) and not order.shipments,
        has_receipt=was_successful(order) and (None if order.status in UNSUCCESSFUL else True),
        owed_back=_shown(paid - refunded, order.currency) if order.status in UNSUCCESSFUL else "",
        left_to_ship=0 if order.status in UNSUCCESSFUL else sum(ordered.values()) - sum(shipped.values()),
    )


def _shown(amount: Decimal, currency: str) -> str:
    return display(amount, currency) if amount else ""


def was_successful(order: Order) -> bool:
    """As receipts are issued (documents/receipts.py)."""
    return bool(order.reached(Status.CONFIRMED) or order.reached(Status.COMPLETED))
