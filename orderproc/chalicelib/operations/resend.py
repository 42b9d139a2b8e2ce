"""Send a customer the messages that may not have been sent: because staff ask for it, or because they were never tried.

The consumer of the notifications queue sends them, each once for each time of asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ..kit.claims import IN_FLIGHT, Claims
from ..kit.clock import from_iso, to_iso
from ..kit.errors import Conflict, TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.ports import Clock
from ..kit.wiring import service
from ..notifications.occasions import CONFIRMATION, all_due, claim_key, unsent
from ..orders.model import Order
from .audit import AuditTrail
from .ports import DeadLetterQueues, DeadMessage


@service
class AskForMessages:
    """Puts what is to be sent into the queue. `url` is that of the notifications queue."""

    queues: DeadLetterQueues
    url: str
    clock: Clock

    def __call__(
        self, order: Order, messages: Sequence[str], asked_at: str | None = None, *, again: bool = False
    ) -> None:
        """By the keys of their occasions. With `asked_at` also those that may have been sent, and with `again` those
        that were, too: once for each `asked_at`. Raises TemporarilyUnavailable."""
        body: dict[str, Any] = {"orderId": order.order_id, "resend": list(messages)}
        body |= {"correlationId": order.correlation_id} if order.correlation_id else {}
        body |= {"askedAt": asked_at} if asked_at else {}
        body |= {"again": True} if again else {}
        message = DeadMessage("resend", dumps(body), {}, self.clock.now(), 0, "")
        if self.queues.send(self.url, [message]).refused:
            raise TemporarilyUnavailable("The queue did not take the request: try again in a moment.")


AGAIN = "askedAt"
"""Of an audit record's details: when staff asked for a message that was sent."""


@service
class ResendMessages:
    claims: Claims
    ask: AskForMessages
    audit: AuditTrail
    clock: Clock

    def __call__(self, who: str, order: Order) -> list[str]:
        """Ask for every message of the order that is not known to have been sent, and say which. Any of them may reach
        the customer a second time. Raises Conflict if there is none, TemporarilyUnavailable."""
        now = self.clock.now()
        claims = self.claims.look_up([claim_key(order, occasion) for occasion in all_due(order)])
        too_young = to_iso(from_iso(now) - IN_FLIGHT - timedelta(seconds=1))
        messages = list(unsent(order, claims, too_young))
        if not messages:
            words = "Every message of this order was sent, is being sent, or was never begun."
            raise Conflict(words, "NOTHING_TO_RESEND")
        with self.audit.of(who, "resend", orderId=order.order_id, messages=messages):
            self.ask(order, messages, now)
        return messages

    def confirmation(self, who: str, order: Order) -> list[str]:
        """Ask for the confirmation once more, also if it was sent: the customer may have lost it. Twice within a minute
        is once. Raises Conflict for an order that has none, TemporarilyUnavailable."""
        if not any(occasion.name == CONFIRMATION for occasion in all_due(order)):
            words = "This order has no confirmation: it is not complete, or has no address to write to."
            raise Conflict(words, "NOTHING_TO_RESEND")
        asked_at = f"{self.clock.now()[:17]}00.000Z"
        with self.audit.of(who, "resend", orderId=order.order_id, messages=[CONFIRMATION], **{AGAIN: asked_at}):
            self.ask(order, [CONFIRMATION], asked_at, again=True)
        return [CONFIRMATION]
