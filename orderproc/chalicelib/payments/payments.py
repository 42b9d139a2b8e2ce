"""Capture and refund money. The ledger is written before each call of the gateway and after it, and the gateway's
idempotency keys derive from the order, so that a process which continues after a crash repeats the same call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from ..kit.errors import AlreadyRefunded, GatewayTimeout, RefundNotDue, Rejected
from ..kit.ports import Clock
from ..kit.wiring import dataclass, service
from ..orders.model import Order, Status
from .model import EntryStatus, GatewayAnswer, LedgerEntry, Operation, gateway_key
from .ports import Gateway, Ledger

T = TypeVar("T")


@dataclass(frozen=True)
class RefundResult:
    """The `refund`, where there was something to refund, and the capture's reference. It is not `final` as long as
    another process may still be waiting for the gateway's answer."""

    final: bool
    refund: LedgerEntry | None = None
    captured_as: str = ""


@service
class Payments:
    ledger: Ledger
    gateway: Gateway
    clock: Clock
    pause: Callable[[float], None]

    def capture(self, order: Order) -> LedgerEntry:
        """Take the order's total, once, however often this is called. The entry is SUCCEEDED or DECLINED, or
        ABANDONED if the order failed or was cancelled meanwhile: then nothing is kept. Raises GatewayTimeout.

        After a restore an idempotency key, or a cart's version, may lead to the id of an order that is gone and was
        paid. Raises Rejected where that payment is of another amount: the order must fail, and it goes back."""
        entry = self._captured(order)
        if entry.status is EntryStatus.SUCCEEDED and (entry.amount, entry.currency) != (
            order.total_amount,
            order.currency,
        ):
            words = "An earlier payment under this order's id was of another amount, and goes back: please order again."
            raise Rejected("PRICE_MISMATCH", words)
        return entry

    def _captured(self, order: Order) -> LedgerEntry:
        intent = self._entry(order, Operation.CAPTURE, EntryStatus.INTENT)
        entry = self.ledger.intend(intent) or intent
        if entry.status is EntryStatus.SUCCEEDED:
            self.refuse_if_refunded(order)
        if entry.status is not EntryStatus.INTENT:
            return entry
        key = gateway_key(order.order_id, Operation.CAPTURE)
        answer = self._ask(lambda: self.gateway.capture(key, order.total_amount, order.currency, order.payment_method))
        return self._recorded(entry, answer)

    def refuse_if_refunded(self, order: Order) -> None:
        """Before a step relies on a payment that was captured earlier. Raises AlreadyRefunded."""
        if self.ledger.get(order.order_id, Operation.REFUND):
            raise AlreadyRefunded(f"The money of {order.order_id} went back, or is going back.")

    def refund(self, order: Order, *, again: bool = False) -> RefundResult:
        """Refund what was captured of a stored, unsuccessful order. With `again` a refund that the gateway refused is
        requested again, under a new key.

        Raises RefundNotDue, and GatewayTimeout."""
        if not order.unsuccessful:
            raise RefundNotDue(f"{order.order_id} is {order.status}.")
        capture = self.ledger.get(order.order_id, Operation.CAPTURE) or self._barred(order)
        if capture is None or capture.status is EntryStatus.DECLINED:
            return RefundResult(final=True)
        if capture.status is not EntryStatus.SUCCEEDED:
            capture = self._unresolved(capture)
            if capture.status is not EntryStatus.SUCCEEDED:
                return RefundResult(final=capture.status is EntryStatus.DECLINED)
        return RefundResult(True, self._refunded(order, capture, again), capture.reference)

    def _barred(self, order: Order) -> LedgerEntry | None:
        """Keep a process that read the order before it ended, and is about to charge it, from doing so: it finds the
        capture abandoned. None if that worked, or if no process can be that far; else the entry that was quicker."""
        if order.reached(Status.PAYMENT_PROCESSING) is None:
            return None
        return self.ledger.intend(self._entry(order, Operation.CAPTURE, EntryStatus.ABANDONED))

    def _unresolved(self, capture: LedgerEntry) -> LedgerEntry:
        """What became of a capture whose answer was not written down."""
        answer = self._ask(lambda: self.gateway.find(gateway_key(capture.order_id, Operation.CAPTURE)))
        if answer is None:
            abandoned = replace(capture, status=EntryStatus.ABANDONED, at=self.clock.now())
            if capture.status is EntryStatus.INTENT and not self.ledger.record_outcome(abandoned):
                # The other process wrote the answer between our look and our write.
                return self.ledger.get(capture.order_id, Operation.CAPTURE) or abandoned
            return abandoned
        found = self._outcome(capture, answer)
        self.ledger.correct(found)
        return found

    def _refunded(self, order: Order, capture: LedgerEntry, again: bool) -> LedgerEntry:
        due = self._entry(order, Operation.REFUND, EntryStatus.INTENT)
        intent = replace(due, amount=capture.amount, currency=capture.currency)
        entry = self.ledger.intend(intent) or intent
        if entry.status is EntryStatus.DECLINED and again:
            entry = self._asked_again(entry)
        if entry.status is not EntryStatus.INTENT:
            return entry
        key = gateway_key(order.order_id, Operation.REFUND, entry.attempt)
        answer = self._ask(lambda: self.gateway.refund(key, capture.reference, capture.amount, capture.currency))
        return self._recorded(entry, answer)

    def _asked_again(self, refused: LedgerEntry) -> LedgerEntry:
        clean = replace(refused, status=EntryStatus.INTENT, reference="", code="", message="")
        intent = replace(clean, at=self.clock.now(), attempt=refused.attempt + 1)
        if self.ledger.reopen(intent):
            return intent
        return self.ledger.get(refused.order_id, refused.operation) or refused  # another asked at the same time

    def _entry(self, order: Order, operation: Operation, status: EntryStatus) -> LedgerEntry:
        now = self.clock.now()
        return LedgerEntry(order.order_id, operation, status, order.total_amount, order.currency, now)

    def _outcome(self, entry: LedgerEntry, answer: GatewayAnswer) -> LedgerEntry:
        status = EntryStatus.SUCCEEDED if answer.approved else EntryStatus.DECLINED
        said = replace(entry, reference=answer.reference, code=answer.code, message=answer.message)
        moved = answer.amount if answer.approved and answer.amount != entry.amount else entry.amount
        return replace(said, status=status, amount=moved, at=self.clock.now())

    def _recorded(self, entry: LedgerEntry, answer: GatewayAnswer) -> LedgerEntry:
        """The entry as it ended; as another process ended it, if that was faster."""
        outcome = self._outcome(entry, answer)
        if self.ledger.record_outcome(outcome):
            return outcome
        now = self.ledger.get(entry.order_id, entry.operation)
        if now is None:
            raise GatewayTimeout("The ledger lost an entry that was written; nothing is assumed.")
        return now

    def _ask(self, call: Callable[[], T]) -> T:
        """Once more if there was no answer; the queue brings the order back for more, later."""
        try:
            return call()
        except GatewayTimeout:
            self.pause(0.1)
            return call()
