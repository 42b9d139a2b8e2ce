"""Tell the customer: SMS and notices as events come in, the confirmation when the receipt lies in the bucket.

A customer gets each message once, so each is claimed before it is sent. A claim is given back where the message was
certainly not sent, and says SENT afterwards. One that never does belongs to a process that died, or to a carrier that
did not answer: the message may have been sent, and only a person may ask for it again (`resend.py`). At most once,
never twice.

Every message is tried by itself: none waits for another, for the receipt, or for an address that takes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from ..documents.ports import Documents
from ..documents.receipts import Receipts, receipt_key
from ..kit.claims import Claims, ClaimState
from ..kit.clock import from_iso, to_iso
from ..kit.errors import MalformedMessage, TemporarilyUnavailable, Undeliverable, UnknownOrder
from ..kit.mail_address import as_sent
from ..kit.ports import Clock, Log
from ..kit.wiring import Protocol
from ..orders.discrepancies import Finding, Findings, Kind
from ..orders.model import UNSUCCESSFUL, Order, Shipment, ShipmentStatus
from ..orders.ports import Orders
from .daily_limits import DailyLimits
from .occasions import CONFIRMATION, NOTICE, REMEMBERED, Occasion, all_due, claim_key, due, is_about_shipment, unsent
from .ports import Mailer, Texter

_RECEIPT = re.compile(r"receipts/([^/]+)\.pdf")
_MAIL_LINK_SECONDS = 6 * 3600
_SENDING = timedelta(seconds=10)
"""Longer than SES or SNS takes to accept a message or to be silent, and a process to write down which."""

Send = Callable[[], None]


class Messages(Protocol):
    """The words. Mails are whole MIME messages."""

    def sms_created(self, order: Order) -> str: ...
    def sms_completed(self, order: Order) -> str: ...
    def sms_failed(self, order: Order) -> str: ...
    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes: ...
    def notice(self, order: Order) -> bytes: ...
    def parcel(self, order: Order, parcel: Shipment, status: ShipmentStatus) -> bytes: ...


@dataclass(frozen=True)
class Notifications:
    orders: Orders
    documents: Documents
    receipts: Receipts
    claims: Claims
    mailer: Mailer
    texter: Texter
    messages: Messages
    findings: Findings
    limits: DailyLimits
    ask: Callable[[Order, Sequence[str]], None]
    """Puts messages into the notifications queue, by the keys of their occasions."""
    sender: str
    clock: Clock
    log: Log

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Do all that a domain event asks for, or send the messages that a `resend` names; events that ask for nothing
        are fine. An event with the time at which a person asked for it, `askedAt`, also sends what is in doubt.

        Raises MalformedMessage, UnknownOrder, TemporarilyUnavailable: what failed, after all else was done."""
        order_id, event_type, names = (event.get(name) for name in ("orderId", "eventType", "resend"))
        if not isinstance(order_id, str) or not (isinstance(event_type, str) or isinstance(names, list)):
            raise MalformedMessage("An event needs an orderId and an eventType.")
        order, asked_at = self._order(order_id), _asked_at(event)
        if isinstance(names, list):
            occasions = [occasion for occasion in all_due(order) if occasion.key in names]
            self._do_all(order, self._sending(order, occasions, asked_at))
            return
        occasions = [] if self._is_old(event) else due(order, str(event_type), _shipment(order, event))
        # The receipt comes last: to make one takes longer, and may fail for reasons of its own. It is made however
        # late: what is there already stays.
        documents = partial(self._documents, order, str(event_type))
        self._do_all(order, [*self._sending(order, occasions, asked_at), documents])

    def on_receipt(self, key: str, asked_at: str | None = None) -> bool:
        """Mail the confirmation for a receipt that arrived. False if the document is none of ours, or its order was
        called off meanwhile: then it gets a notice, and no news of success after that.

        A mail that is refused for now goes on by the notifications queue: Lambda repeats a call of S3 twice within
        minutes, and an outage may take longer."""
        match = _RECEIPT.fullmatch(key)
        order = self.orders.get(match[1]) if match else None
        receipt = self.documents.get(key) if order else None
        if order is None or receipt is None:
            self.log.warning("not_our_receipt", key=key)
            return False
        self.log.correlate(order.correlation_id)
        if order.status in UNSUCCESSFUL:
            return False
        confirmation = Occasion(CONFIRMATION)
        if confirmation.true_of(order):
            try:
                self._once(order, confirmation, self._confirmation(order, receipt), asked_at)
            except TemporarilyUnavailable as error:
                self.log.warning("mail_postponed", orderId=order.order_id, reason=type(error).__name__)
                self.ask(order, [confirmation.key])
        return True

    def _sending(self, order: Order, occasions: Iterable[Occasion], asked_at: str | None) -> list[Send]:
        return [partial(self._send, order, occasion, asked_at) for occasion in occasions]

    def _do_all(self, order: Order, actions: Iterable[Send]) -> None:
        """None keeps the next from being done. Afterwards the first trouble is raised, so that the message comes again
        and what was not done is done then; the others are logged."""
        trouble: list[Exception] = []
        for action in actions:
            try:
                action()
            except Exception as error:  # noqa: BLE001
                trouble.append(error)
        for other in trouble[1:]:
            self.log.warning("also_failed", orderId=order.order_id, reason=type(other).__name__, detail=str(other))
        if trouble:
            raise trouble[0]

    def _send(self, order: Order, occasion: Occasion, asked_at: str | None) -> None:
        self._once(order, occasion, self._written(order, occasion), asked_at)

    def _written(self, order: Order, occasion: Occasion) -> Send:
        """What sends the message, with its words: what can't be written must not be claimed."""
        if occasion.channel == "sms":
            words = {
                "sms-created": self.messages.sms_created,
                "sms-completed": self.messages.sms_completed,
                "sms-failed": self.messages.sms_failed,
            }[occasion.name](order)
            return lambda: self.texter.send(order.phone_number or "", words)
        if occasion.shipment:
            return self._mail(order, self.messages.parcel(order, occasion.shipment, occasion.shipment_status))
        if occasion.name == NOTICE:
            return self._mail(order, self.messages.notice(order))
        return self._confirmation(order, self._receipt(order))

    def _receipt(self, order: Order) -> bytes:
        """Whatever became of it before: what is there already stays."""
        self.receipts.issue(order)
        receipt = self.documents.get(receipt_key(order.order_id))
        if receipt is None:
            raise TemporarilyUnavailable("The receipt is not there yet.")
        return receipt

    def _confirmation(self, order: Order, receipt: bytes) -> Send:
        link = self.documents.link(receipt_key(order.order_id), _MAIL_LINK_SECONDS)
        return self._mail(order, self.messages.confirmation(order, receipt, link))

    def _mail(self, order: Order, message: bytes) -> Send:
        return lambda: self.mailer.send(self.sender, as_sent(order.customer_email), message)

    def _documents(self, order: Order, event_type: str) -> None:
        """For orders of the state machine a state of it does this."""
        asked = event_type == "OrderCompleted" or (event_type == "PaymentCaptured" and order.fulfilment == "manual")
        if asked and order.workflow != "stepfunctions" and order.status not in UNSUCCESSFUL:
            with self.log.step("receipt"):
                self.receipts.issue(order)

    def _once(self, order: Order, occasion: Occasion, send: Send, asked_at: str | None) -> None:
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
            self.claims.give_back(claim)
            raise
        except Undeliverable as error:
            self._refused(order, occasion, error)
            return
        self.log.info("customer_told", orderId=order.order_id, occasion=occasion.name)  # without tracking numbers
        self._settle(order, occasion)

    def _require_room(self, order: Order, occasion: Occasion) -> None:
        """Raises Undeliverable; whatever else is raised, nothing was sent yet, and the message may be tried again."""
        try:
            self.limits.require_room(order, occasion)
        except Undeliverable:
            raise
        except Exception:
            self.claims.give_back(claim_key(order, occasion))
            raise

    @property
    def _sending_since(self) -> str:
        return to_iso(from_iso(self.clock.now()) - _SENDING)

    def _wait_for_another(self, claim: str) -> None:
        """Another process may be sending it just now: this message comes again, and knows what became of that."""
        found = self.claims.look_up([claim], consistent=True).get(claim)
        if found and found.state is ClaimState.CLAIMED and found.at > self._sending_since:
            raise TemporarilyUnavailable("Another process may be sending this message.")

    def _settle(self, order: Order, occasion: Occasion) -> None:
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

    def _is_old(self, event: Mapping[str, Any]) -> bool:
        """Whether it would be told once more only because something else happened to the order, after its claim."""
        at = event.get("occurredAt")
        return at is not None and from_iso(self.clock.now()) - from_iso(_time(at, "occurredAt")) > REMEMBERED

    def _order(self, order_id: str) -> Order:
        order = self.orders.get(order_id)
        if order is None:
            raise UnknownOrder(f"No order {order_id} was ever stored.")
        return order


def _shipment(order: Order, event: Mapping[str, Any]) -> Shipment | None:
    """The one that an event about a shipment is about."""
    if not is_about_shipment(str(event["eventType"])):
        return None
    told = event.get("shipment")
    name = (told.get("carrier"), told.get("trackingNumber")) if isinstance(told, Mapping) else None
    found = next((shipment for shipment in order.shipments if shipment.name == name), None)
    if found is None:
        raise MalformedMessage("The event is about a shipment that the order does not have.")
    return found


def _asked_at(event: Mapping[str, Any]) -> str | None:
    at = event.get("askedAt")
    return None if at is None else _time(at, "askedAt")


def _time(at: Any, name: str) -> str:
    try:
        from_iso(at)
    except (TypeError, ValueError):
        raise MalformedMessage(f"An event's {name} is a time.") from None
    return str(at)
