"""The ports of payments: what their adapters implement."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..kit.wiring import Protocol
from .model import GatewayAnswer, LedgerEntry, Operation


class Ledger(Protocol):
    """Payments as we know them: written before and after each call of the gateway."""

    def intend(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Store it if this operation has no entry yet: None when stored, else the entry that is there."""

    def record_outcome(self, entry: LedgerEntry) -> bool:
        """Replace an INTENT by how it ended. False, and nothing written, if it is no INTENT any more."""

    def get(self, order_id: str, operation: Operation) -> LedgerEntry | None: ...

    def look_up(self, keys: Sequence[tuple[str, Operation]]) -> dict[tuple[str, Operation], LedgerEntry]:
        """Those of the entries that there are, as they were a moment ago: half the price of `get`."""

    def correct(self, entry: LedgerEntry) -> None:
        """Write how an ABANDONED operation turned out after all."""

    def reopen(self, intent: LedgerEntry) -> bool:
        """Replace a DECLINED operation by the INTENT of its next attempt. False, and nothing written, if it is not the
        attempt before that was DECLINED."""


class Gateway(Protocol):
    """A payment provider. Every call may raise GatewayTimeout: it may or may not have acted; the same key is safe."""

    def capture(self, key: str, amount: Decimal, currency: str, payment_method: str) -> GatewayAnswer: ...

    def refund(self, key: str, reference: str, amount: Decimal, currency: str) -> GatewayAnswer: ...

    def find(self, key: str) -> GatewayAnswer | None:
        """What became of the call with this key; None if it never arrived."""
