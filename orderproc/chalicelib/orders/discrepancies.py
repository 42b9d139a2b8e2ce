"""Where orders, payments, stock and documents disagree: what reconciliation finds, and what others report to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from ..kit.wiring import Protocol, dataclass


class Findings(Protocol):
    """What the reconciler found, and how far it came."""

    def all(self) -> Iterator[Finding]:
        """Those that hold, and for a week those that were repaired. A DAMAGED_ITEM is listed for a day: if it is still
        damaged then, the next to read it adds it again."""

    def put(self, finding: Finding) -> None: ...

    def add(self, finding: Finding) -> bool:
        """As `put`, but False, and nothing written, if it is listed already."""

    def remove(self, finding: Finding) -> None: ...

    def checkpoint(self) -> Checkpoint | None: ...

    def save(self, checkpoint: Checkpoint) -> None:
        """Unless another came further."""


class Kind(StrEnum):
    """A kind of discrepancy. The comment says what is wrong."""

    CAPTURED_NOT_REFUNDED = "CAPTURED_NOT_REFUNDED"  # it ended unsuccessfully, and we keep money for it
    FINISHED_UNPAID = "FINISHED_UNPAID"  # it succeeded, and we do not have its total
    RECEIPT_MISSING = "RECEIPT_MISSING"  # it succeeded, and its receipt or archive entry is not there
    RESERVED_MISMATCH = "RESERVED_MISMATCH"  # a product's `reserved` is not what open orders hold of it
    STUCK = "STUCK"  # it did not end, or was not finalised, within its time limit
    NEEDS_ATTENTION = "NEEDS_ATTENTION"  # it is marked for staff to look at
    MAIL_MISSING = "MAIL_MISSING"  # its confirmation or notice was never sent, nor tried
    MESSAGE_NOT_SENT = "MESSAGE_NOT_SENT"  # a message was refused for good, or may not have been sent
    DAMAGED_ORDER = "DAMAGED_ORDER"  # what is stored of it can't be read
    DAMAGED_ITEM = "DAMAGED_ITEM"  # the same of another stored item: a product's stock, a cart, a payment


_SUBJECTS = {Kind.RESERVED_MISMATCH: "productId", Kind.DAMAGED_ITEM: "item"}
"""Of those that are not about an order."""
Details = Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """One discrepancy. `subject` is an order's id, a product's, or a damaged item's kind and key.

    `repaired` says that what was wrong was done."""

    kind: Kind
    subject: str
    details: Details
    found_at: str
    last_seen_at: str
    repaired: bool = False

    @property
    def key(self) -> tuple[Kind, str]:
        return self.kind, self.subject

    @property
    def subject_is(self) -> str:
        """What the subject is, as answers call it."""
        return _SUBJECTS.get(self.kind, "orderId")


@dataclass(frozen=True)
class Checkpoint:
    """Every order created before `up_to` was looked at once; `at` is when the last run ended."""

    up_to: str
    at: str
