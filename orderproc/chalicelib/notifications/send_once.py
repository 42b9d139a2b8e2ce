"""Sends a message to a customer once.

Each is claimed before it is sent. A claim is released where the message was certainly not sent, and says SENT
afterwards. One that never does belongs to a process that died, or to a carrier that did not answer: the message may
have been sent, and only a person may ask for it again (`operations/resend.py`). At most once, never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from ..kit.claims import Claims, ClaimState
from ..kit.clock import from_iso, to_iso
from ..kit.errors import TemporarilyUnavailable, Undeliverable
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.discrepancies import Finding, Findings, Kind
from ..orders.model import Order
from .daily_limits import DailyLimits
from .occasions import Occasion, all_due, claim_key, unsent

_SENDING = timedelta(seconds=10)
"""Longer than SES or SNS takes to accept a message or to be silent, and a process to write down which."""

Send = Callable[[], None]


@service
class SendOnce:
    claims: Claims
    limits: DailyLimits
    findings: Findings
    clock: Clock
    log: Log

    def __call__(self, order: Order, occasion: Occasion, send: Send, asked_at: str | None) -> None:
        """With `asked_at`, the time at which a person asked for it, also a message that may have been sent. Raises
        TemporarilyUnavailable: nothing was sent, or another process may be sending it."""
        claim = claim_key(order, occasion)
        if not self.claims.claim(claim, asked_at):
            self._note_unsent(order)
            self._wait_for_another(claim)
            return
        try:
            with self.log.step(occasion.channel):
                self._require_room(order, occasion)
                send()
        except TemporarilyUnavailable:
            self.claims.release(claim)
            raise
        except Undeliverable as error:
            self._refused(order, occasion, error)
            return
        self.log.info("customer_notified", orderId=order.order_id, occasion=occasion.name)  # without tracking numbers
        self._note_sent(order, occasion)

    def _require_room(self, order: Order, occasion: Occasion) -> None:
        """Raises Undeliverable; with any other error, nothing was sent yet, and the message may be tried again."""
        try:
            self.limits.require_room(order, occasion)
        except Undeliverable:
            raise
        except Exception:
            self.claims.release(claim_key(order, occasion))
            raise

    @property
    def _sending_since(self) -> str:
        return to_iso(from_iso(self.clock.now()) - _SENDING)

    def _wait_for_another(self, claim: str) -> None:
        """Another process may be sending it just now: this message comes again, and knows what became of that."""
        found = self.claims.look_up([claim], consistent=True).get(claim)
        if found and found.state is ClaimState.CLAIMED and found.at > self._sending_since:
            raise TemporarilyUnavailable("Another process may be sending this message.")

    def _note_sent(self, order: Order, occasion: Occasion) -> None:
        try:
            self.claims.sent(claim_key(order, occasion))
        except Exception as error:  # noqa: BLE001
            # It was sent, and an error now would have the message tried again in vain. The reconciler lists it.
            reason = type(error).__name__
            self.log.warning("sending_not_noted", orderId=order.order_id, occasion=occasion.name, reason=reason)

    def _refused(self, order: Order, occasion: Occasion, error: Undeliverable) -> None:
        from ..kit.redaction import reason_of  # only what fails pays for it

        reason = reason_of(error, {"phoneNumber": order.phone_number, "customerEmail": order.customer_email})
        self.claims.refused(claim_key(order, occasion), reason)
        self.log.warning("message_refused", orderId=order.order_id, occasion=occasion.name, reason=reason)
        self._note_unsent(order)

    def _note_unsent(self, order: Order) -> None:
        """Staff see it at once, also of an order that the reconciler looked at long ago; it strikes what holds no
        more."""
        claims = self.claims.look_up([claim_key(order, occasion) for occasion in all_due(order)], consistent=True)
        if messages := unsent(order, claims, self._sending_since):
            now = self.clock.now()
            details = {"status": order.status.value, **messages}
            self.findings.put(Finding(Kind.MESSAGE_NOT_SENT, order.order_id, details, now, now))
