"""What contradicts itself: an order against its payments, documents and age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .order import CALLED_OFF, Order


class Kind(StrEnum):
    """A way to contradict oneself. The comment is what is wrong."""

    PAID_BUT_WORTHLESS = "PAID_BUT_WORTHLESS"  # it was called off, and we keep money for it
    FINISHED_UNPAID = "FINISHED_UNPAID"  # it succeeded, and we do not have its total
    RECEIPT_MISSING = "RECEIPT_MISSING"  # it succeeded, and its receipt or archive entry is not there
    RESERVED_MISMATCH = "RESERVED_MISMATCH"  # a product's `reserved` is not what open orders hold of it
    STUCK = "STUCK"  # it did not end, or was not settled, in all the time there was
    NEEDS_ATTENTION = "NEEDS_ATTENTION"  # it is marked for staff to look at
    MAIL_MISSING = "MAIL_MISSING"  # its confirmation or notice was never sent, nor tried
    MESSAGE_NOT_SENT = "MESSAGE_NOT_SENT"  # a message was refused for good, or may not have been sent
    DAMAGED_ORDER = "DAMAGED_ORDER"  # what is stored of it can't be read
    DAMAGED_ITEM = "DAMAGED_ITEM"  # the same of another stored item: a product's stock, a cart, a payment


MENDABLE = frozenset({Kind.PAID_BUT_WORTHLESS, Kind.RECEIPT_MISSING, Kind.MAIL_MISSING})
"""What can be put right without a person, by doing again what each does once at most."""
DAMAGED = frozenset({Kind.DAMAGED_ORDER, Kind.DAMAGED_ITEM})
NOT_OF_ORDERS = frozenset({Kind.RESERVED_MISMATCH, Kind.DAMAGED_ITEM})
"""Their subject is no order's id."""

Details = Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """One contradiction. `subject` is an order's id, a product's, or a damaged item's kind and key.

    `mended` says that what was wrong was done."""

    kind: Kind
    subject: str
    details: Details
    found_at: str
    last_seen_at: str
    mended: bool = False

    @property
    def key(self) -> tuple[Kind, str]:
        return self.kind, self.subject


@dataclass(frozen=True)
class Checkpoint:
    """Every order created before `up_to` was looked at once; `at` is when the last run ended."""

    up_to: str
    at: str


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
    return order.driven and order.status not in CALLED_OFF


def stuck(order: Order, too_old: str) -> bool:
    """Whether nobody will take it any further: it should have ended, or been settled, before `too_old`."""
    if order.driven:
        return order.open and order.updated_at < too_old
    return order.created_at < too_old


def contradictions(order: Order, evidence: Evidence, too_old: str) -> dict[Kind, Details]:
    """All that is wrong with the order, with what staff need to judge it.

    An order that was called off and is still open is being settled: its money is not judged yet."""
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
    elif order.status in CALLED_OFF and not order.open and kept > 0:
        found[Kind.PAID_BUT_WORTHLESS] = money
    return found | _messages(order, evidence)


def _messages(order: Order, evidence: Evidence) -> dict[Kind, Details]:
    found: dict[Kind, Details] = {}
    if evidence.unsent:
        found[Kind.MESSAGE_NOT_SENT] = {"status": order.status.value, **evidence.unsent}
    # While it is open its events may not be out yet; a missing receipt brings its mail when it is written.
    if evidence.untried and evidence.archived and not order.open:
        found[Kind.MAIL_MISSING] = {"status": order.status.value, "messages": ", ".join(evidence.untried)}
    return found
