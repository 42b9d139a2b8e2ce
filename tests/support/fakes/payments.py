"""The ledger in memory, and a gateway that does as payment methods say."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from decimal import Decimal

from chalicelib.kit.errors import GatewayTimeout
from chalicelib.payments.model import EntryStatus, GatewayAnswer, LedgerEntry, Operation


class FakeLedger:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.entries: dict[tuple[str, Operation], LedgerEntry] = {}

    def intend(self, entry: LedgerEntry) -> LedgerEntry | None:
        with self._lock:
            existing = self.entries.get((entry.order_id, entry.operation))
            if existing is None:
                self.entries[entry.order_id, entry.operation] = entry
            return existing

    def record_outcome(self, entry: LedgerEntry) -> bool:
        with self._lock:
            existing = self.entries.get((entry.order_id, entry.operation))
            intent = existing is not None and existing.status is EntryStatus.INTENT
            if existing is None or not intent or existing.attempt != entry.attempt:
                return existing == entry
            self.entries[entry.order_id, entry.operation] = entry
            return True

    def get(self, order_id: str, operation: Operation) -> LedgerEntry | None:
        return self.entries.get((order_id, operation))

    def look_up(self, keys: Sequence[tuple[str, Operation]]) -> dict[tuple[str, Operation], LedgerEntry]:
        return {key: self.entries[key] for key in keys if key in self.entries}

    def correct(self, entry: LedgerEntry) -> None:
        self.entries[entry.order_id, entry.operation] = entry

    def reopen(self, intent: LedgerEntry) -> bool:
        with self._lock:
            existing = self.entries.get((intent.order_id, intent.operation))
            declined = existing is not None and existing.status is EntryStatus.DECLINED
            if existing is None or not declined or existing.attempt != intent.attempt - 1:
                return existing == intent
            self.entries[intent.order_id, intent.operation] = intent
            return True


class FakeGateway:
    """Follows the payment method as the simulated gateway does, and keeps what it did by key."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.done: dict[str, GatewayAnswer] = {}
        self.attempted: set[str] = set()

    def capture(self, key: str, amount: Decimal, currency: str, payment_method: str) -> GatewayAnswer:
        if payment_method == "pm_sim_unavailable":
            raise GatewayTimeout("no answer")
        if payment_method == "pm_sim_timeoutOnce" and key not in self.attempted:
            self.attempted.add(key)
            raise GatewayTimeout("no answer, this once")
        declines = {
            "pm_card_chargeDeclined": "CARD_DECLINED",
            "pm_card_chargeDeclinedInsufficientFunds": "INSUFFICIENT_FUNDS",
        }
        code = declines.get(payment_method, "")
        with self._lock:
            return self.done.setdefault(key, GatewayAnswer(not code, f"ch_{key}", amount, code, code))

    def refund(self, key: str, reference: str, amount: Decimal, currency: str) -> GatewayAnswer:
        with self._lock:
            return self.done.setdefault(key, GatewayAnswer(True, f"re_{key}", amount))

    def find(self, key: str) -> GatewayAnswer | None:
        return self.done.get(key)
