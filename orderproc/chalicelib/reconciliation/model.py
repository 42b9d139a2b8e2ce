"""Discrepancies: between an order and its payments, documents and age."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal

from ..kit.wiring import dataclass
from ..orders.discrepancies import Details, Kind
from ..orders.model import UNSUCCESSFUL, Order

REPAIRABLE = frozenset({Kind.CAPTURED_NOT_REFUNDED, Kind.RECEIPT_MISSING, Kind.MAIL_MISSING})
"""What can be put right without a person, by doing again what each does once at most."""

DAMAGED = frozenset({Kind.DAMAGED_ORDER, Kind.DAMAGED_ITEM})

NOT_OF_ORDERS = frozenset({Kind.RESERVED_MISMATCH, Kind.DAMAGED_ITEM})
"""Their subject is no order's id."""


@dataclass(frozen=True)
class Evidence:
    """What others know of an order: the ledger, in the order's currency, the bucket, and the claims of its messages."""

    captured: Decimal
    refunded: Decimal
    archived: bool
    unsent: Details = field(default_factory=dict)
    untried: tuple[str, ...] = ()


def is_success(order: Order) -> bool:
    """Worth its total: nothing is left to do but to ship it."""
    return order.processing_done and order.status not in UNSUCCESSFUL


def stuck(order: Order, too_old: str) -> bool:
    """Whether nothing will process it any further: it should have ended, or been finalised, before `too_old`."""
    if order.processing_done:
        return order.open and order.updated_at < too_old
    return order.created_at < too_old


def discrepancies(order: Order, evidence: Evidence, too_old: str) -> dict[Kind, Details]:
    """All that is wrong with the order, with what staff need to judge it.

    An unsuccessful order that is still open is being finalised: its money is not judged yet."""
    found: dict[Kind, Details] = {}
    if order.attention:
        found[Kind.NEEDS_ATTENTION] = {"status": order.status.value, "reason": order.attention}
    elif stuck(order, too_old):
        found[Kind.STUCK] = {"status": order.status.value, "since": order.updated_at, "workflow": order.workflow}
    kept = evidence.captured - evidence.refunded
    money = {
        "status": order.status.value,
        "captured": str(evidence.captured),
        "refunded": str(evidence.refunded),
        "total": str(order.total_amount),
        "currency": order.currency,
    }
    if is_success(order):
        if kept != order.total_amount:
            found[Kind.FINISHED_UNPAID] = money
        if not evidence.archived:
            found[Kind.RECEIPT_MISSING] = {"status": order.status.value}
    elif order.status in UNSUCCESSFUL and not order.open and kept > 0:
        found[Kind.CAPTURED_NOT_REFUNDED] = money
    return found | _messages(order, evidence)


def _messages(order: Order, evidence: Evidence) -> dict[Kind, Details]:
    found: dict[Kind, Details] = {}
    if evidence.unsent:
        found[Kind.MESSAGE_NOT_SENT] = {"status": order.status.value, **evidence.unsent}
    # While it is open its events may not be out yet; a missing receipt brings its mail when it is written.
    if evidence.untried and evidence.archived and not order.open:
        found[Kind.MAIL_MISSING] = {"status": order.status.value, "messages": ", ".join(evidence.untried)}
    return found
