"""Take and give back money. The ledger is written before each call of the gateway and after it, and the gateway's
idempotency keys derive from the order, so that whoever continues after a crash repeats the same call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..domain.errors import GatewayTimeout
from ..domain.order import Order, Status
from ..domain.payments import EntryStatus, GatewayAnswer, LedgerEntry, Operation, gateway_key
from .ports import Clock, Gateway, Ledger, T

TRIES = 2
"""Calls of the gateway in one go; the queue brings the order back for more, later."""


@dataclass(frozen=True)
class Payments:
    ledger: Ledger
    gateway: Gateway
    clock: Clock
    pause: Callable[[float], None] = time.sleep

    def capture(self, order: Order) -> LedgerEntry:
        """Take the order's total, once, however often this is called. The entry is SUCCEEDED or DECLINED, or
        ABANDONED if the order was called off meanwhile: then nothing is kept. Raises GatewayTimeout."""
        entry = self._intended(order, Operation.CAPTURE)
        if entry.status is not EntryStatus.INTENT:
            return entry
        key = gateway_key(order.order_id, Operation.CAPTURE)
        answer = self._ask(lambda: self.gateway.capture(key, order.total_amount, order.currency, order.payment_method))
        settled = self._outcome(entry, answer)
        if self.ledger.settle(settled):
            return settled
        return self._ledger_now(order, Operation.CAPTURE)

    def give_back(self, order: Order) -> tuple[LedgerEntry | None, bool]:
        """Make sure that an order that was called off keeps no money.

        Returns the refund's entry, if there was anything to refund, and whether that is final: as long as another
        process may still be waiting for the gateway's answer it is not. Raises GatewayTimeout."""
        capture = self.ledger.get(order.order_id, Operation.CAPTURE) or self._barred(order)
        if capture is None or capture.status is EntryStatus.DECLINED:
            return None, True
        if capture.status is not EntryStatus.SUCCEEDED:
            capture = self._unresolved(capture)
            if capture.status is EntryStatus.ABANDONED:
                return None, False
            if capture.status is EntryStatus.DECLINED:
                return None, True
        return self._refund(order, capture), True

    def _barred(self, order: Order) -> LedgerEntry | None:
        """Keep whoever read the order before it was called off, and is about to charge it, from doing so: he finds the
        capture abandoned. None if that worked, or if nobody can be that far; else the entry that was quicker."""
        if order.reached(Status.PAYMENT_PROCESSING) is None:
            return None
        return self.ledger.intend(self._entry(order, Operation.CAPTURE, EntryStatus.ABANDONED))

    def _unresolved(self, capture: LedgerEntry) -> LedgerEntry:
        """What became of a capture whose answer nobody wrote down."""
        answer = self._ask(lambda: self.gateway.find(gateway_key(capture.order_id, Operation.CAPTURE)))
        if answer is None:
            abandoned = replace(capture, status=EntryStatus.ABANDONED, at=self.clock.now())
            if capture.status is EntryStatus.INTENT and not self.ledger.settle(abandoned):
                # The other process wrote the answer between our look and our write.
                return self.ledger.get(capture.order_id, Operation.CAPTURE) or abandoned
            return abandoned
        found = self._outcome(capture, answer)
        self.ledger.correct(found)
        return found

    def _refund(self, order: Order, capture: LedgerEntry) -> LedgerEntry:
        entry = self._intended(order, Operation.REFUND)
        if entry.status is not EntryStatus.INTENT:
            return entry
        key = gateway_key(order.order_id, Operation.REFUND)
        answer = self._ask(lambda: self.gateway.refund(key, capture.reference, capture.amount, capture.currency))
        settled = self._outcome(entry, answer)
        self.ledger.settle(settled)
        return settled

    def _intended(self, order: Order, operation: Operation) -> LedgerEntry:
        intent = self._entry(order, operation, EntryStatus.INTENT)
        return self.ledger.intend(intent) or intent

    def _entry(self, order: Order, operation: Operation, status: EntryStatus) -> LedgerEntry:
        return LedgerEntry(
            order.order_id,
            operation,
            status,
            order.total_amount,
            order.currency,
            self.clock.now(),
        )

    def _outcome(self, entry: LedgerEntry, answer: GatewayAnswer) -> LedgerEntry:
        status = EntryStatus.SUCCEEDED if answer.approved else EntryStatus.DECLINED
        return replace(
            entry,
            status=status,
            at=self.clock.now(),
            reference=answer.reference,
            code=answer.code,
            message=answer.message,
        )

    def _ledger_now(self, order: Order, operation: Operation) -> LedgerEntry:
        entry = self.ledger.get(order.order_id, operation)
        if entry is None:
            raise GatewayTimeout("The ledger lost an entry that was written; nothing is assumed.")
        return entry

    def _ask(self, call: Callable[[], T]) -> T:
        for attempt in range(1, TRIES):
            try:
                return call()
            except GatewayTimeout:
                self.pause(0.1 * attempt)
        return call()
