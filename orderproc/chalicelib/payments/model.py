"""The ledger of payments, and what a gateway says."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from ..kit.wiring import dataclass


class Operation(StrEnum):
    """The two things we ask of a gateway so far; each at most once per order."""

    CAPTURE = "capture"
    REFUND = "refund"


class EntryStatus(StrEnum):
    INTENT = "INTENT"  # written before the gateway is called: it may or may not have acted
    SUCCEEDED = "SUCCEEDED"
    DECLINED = "DECLINED"
    ABANDONED = "ABANDONED"  # the order failed or was cancelled before an answer came; if one comes, it is refunded


@dataclass(frozen=True)
class LedgerEntry:
    """One operation on one order. `at` is when it was last written."""

    order_id: str
    operation: Operation
    status: EntryStatus
    amount: Decimal
    currency: str
    at: str
    reference: str = ""
    code: str = ""
    message: str = ""
    attempt: int = 1
    """How often it was asked for under a new key, after the gateway had refused."""


@dataclass(frozen=True)
class GatewayAnswer:
    """What the gateway did: `approved` with its `reference`, or declined with one of the contract's error codes."""

    approved: bool
    reference: str
    amount: Decimal
    code: str = ""
    message: str = ""


def gateway_key(order_id: str, operation: Operation, attempt: int = 1) -> str:
    """The idempotency key of a gateway call: derived, so that every retry, by whichever process, uses the same one."""
    return f"{order_id}:{operation}" if attempt == 1 else f"{order_id}:{operation}:{attempt}"
