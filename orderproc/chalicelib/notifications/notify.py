"""Notify the customer: SMS and notices as events come in, the confirmation when the receipt is in the bucket.

Every message is sent independently: none waits for another, for the receipt, or for an address that refuses mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..documents.ports import Documents
from ..documents.receipts import Receipts
from ..kit.clock import from_iso
from ..kit.errors import MalformedMessage, TemporarilyUnavailable
from ..kit.jsonio import at
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.latest import stored_order
from ..orders.model import UNSUCCESSFUL, Order, Shipment
from ..orders.ports import Orders
from .occasions import CONFIRMATION, REMEMBERED, Occasion, all_due, due, is_about_shipment
from .send_once import Send, SendOnce
from .write import WriteMessage

_RECEIPT = re.compile(r"receipts/([^/]+)\.pdf")


@service
class Notifications:
    orders: Orders
    documents: Documents
    receipts: Receipts
    write: WriteMessage
    send_once: SendOnce
    ask: Callable[[Order, Sequence[str]], None]
    """Puts messages into the notifications queue, by the keys of their occasions."""
    clock: Clock
    log: Log

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Do all that a domain event asks for, or send the messages that a `resend` names; events that ask for nothing
        are fine. An event with the time at which a person asked for it, `askedAt`, also sends what is in doubt.

        Raises MalformedMessage, UnknownOrder, TemporarilyUnavailable: what failed, after all else was done."""
        order_id, event_type, names = (event.get(name) for name in ("orderId", "eventType", "resend"))
        if not isinstance(order_id, str) or not (isinstance(event_type, str) or isinstance(names, list)):
            raise MalformedMessage("An event needs an orderId and an eventType.")
        order, asked_at = stored_order(self.orders, order_id), _asked_at(event)
        if isinstance(names, list):
            occasions = [occasion for occasion in all_due(order) if occasion.key in names]
            if event.get("again") is True and asked_at:  # sent or not: another message, once for each time of asking
                occasions, asked_at = [replace(one, again=asked_at) for one in occasions], None
            self._do_all(order, self._sending(order, occasions, asked_at))
            return
        occasions = [] if self._is_old(event) else due(order, str(event_type), _shipment(order, event))
        # The receipt comes last: to make one takes longer, and may fail for reasons of its own. It is made however
        # late: what is there already stays.
        documents = partial(self._documents, order, str(event_type))
        self._do_all(order, [*self._sending(order, occasions, asked_at), documents])

    def on_receipt(self, key: str, asked_at: str | None = None) -> bool:
        """Mail the confirmation for a receipt that arrived. False if the document is none of ours, or its order was
        failed or cancelled meanwhile: then it gets a notice, and no news of success after that.

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
                self.send_once(order, confirmation, self.write.confirmation(order, receipt), asked_at)
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
        self.send_once(order, occasion, self.write(order, occasion), asked_at)  # what can't be written is not claimed

    def _documents(self, order: Order, event_type: str) -> None:
        """For orders of the state machine a state of it does this."""
        asked = event_type == "OrderCompleted" or (event_type == "PaymentCaptured" and order.fulfilment == "manual")
        if asked and order.workflow != "stepfunctions" and order.status not in UNSUCCESSFUL:
            with self.log.step("receipt"):
                self.receipts.issue(order)

    def _is_old(self, event: Mapping[str, Any]) -> bool:
        """Whether its claim may have expired: the message could go out a second time because of another event."""
        at = event.get("occurredAt")
        return at is not None and from_iso(self.clock.now()) - from_iso(_time(at, "occurredAt")) > REMEMBERED


def _shipment(order: Order, event: Mapping[str, Any]) -> Shipment | None:
    """The one that an event about a shipment is about."""
    if not is_about_shipment(str(event["eventType"])):
        return None
    name = at(event, "shipment", "carrier"), at(event, "shipment", "trackingNumber")
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
