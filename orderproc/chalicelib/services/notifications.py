"""Tell the customer: SMS and notices as events come in, the confirmation when the receipt lies in the bucket.

Nobody wants the same message twice, so each is claimed before it is sent and the claim is given back only if it was
certainly not sent. A process that dies in between leaves the claim: at most once, never twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from ..domain.clock import from_iso
from ..domain.errors import MalformedMessage, TemporarilyUnavailable, UnknownOrder
from ..domain.order import CALLED_OFF, Order, Shipment, ShipmentStatus
from .ports import Claims, Clock, Documents, Log, Mailer, Orders, Texter
from .receipts import Receipts

_RECEIPT = re.compile(r"receipts/([^/]+)\.pdf")
_MAIL_LINK_SECONDS = 6 * 3600
_OLD_NEWS = timedelta(days=28)
"""Claims are kept for 30 days: an older event is told once more only because something else happened to the order."""
_OF_PARCELS = {
    "OrderShipped": ShipmentStatus.SHIPPED,
    "ShipmentDelivered": ShipmentStatus.DELIVERED,
    "ShipmentLost": ShipmentStatus.LOST,
}


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
    sender: str
    clock: Clock
    log: Log

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Do what a domain event asks for; events that ask for nothing are fine.

        Raises MalformedMessage, UnknownOrder, TemporarilyUnavailable."""
        order_id, event_type = event.get("orderId"), event.get("eventType")
        if not isinstance(order_id, str) or not isinstance(event_type, str):
            raise MalformedMessage("An event needs an orderId and an eventType.")
        order = self._order(order_id)
        self._documents(order, event_type)  # however late: what is there already stays
        if self._is_old(event):
            return
        if event_type in _OF_PARCELS:
            self._parcel(order, event.get("shipment"), _OF_PARCELS[event_type])
        else:
            self._of_order(order, event_type)

    def on_receipt(self, key: str) -> bool:
        """Mail the confirmation for a receipt that arrived. False if the document is none of ours, or its order was
        called off meanwhile.

        Raises TemporarilyUnavailable."""
        match = _RECEIPT.fullmatch(key)
        order = self.orders.get(match[1]) if match else None
        receipt = self.documents.get(key) if order else None
        if order is None or receipt is None:
            self.log.warning("not_our_receipt", key=key)
            return False
        self.log.correlate(order.correlation_id)
        if order.status in CALLED_OFF:
            return False  # it gets a notice, and no news of success after that
        link = self.documents.link(key, _MAIL_LINK_SECONDS)
        self._mail(order, "mail-confirmation", lambda: self.messages.confirmation(order, receipt, link))
        return True

    def _of_order(self, order: Order, event_type: str) -> None:
        if event_type == "OrderPlaced":
            self._text(order, "created", self.messages.sms_created)
        elif event_type == "OrderCompleted" and order.status not in CALLED_OFF:
            self._text(order, "completed", self.messages.sms_completed)
        elif event_type == "OrderFailed":
            self._text(order, "failed", self.messages.sms_failed)
            self._notice(order)
        elif event_type in ("OrderCancelled", "OrderRefunded") and order.status in CALLED_OFF:
            self._notice(order)

    def _documents(self, order: Order, event_type: str) -> None:
        """For orders of the state machine a state of it does this."""
        due = event_type == "OrderCompleted" or (event_type == "PaymentCaptured" and order.fulfilment == "manual")
        if due and order.workflow != "stepfunctions" and order.status not in CALLED_OFF:
            with self.log.step("receipt"):
                self.receipts.issue(order)

    def _text(self, order: Order, occasion: str, words: Callable[[Order], str]) -> None:
        phone_number = order.phone_number
        if phone_number:
            self._once(order, f"sms-{occasion}", lambda: self.texter.send(phone_number, words(order)))

    def _notice(self, order: Order) -> None:
        self._mail(order, "mail-notice", lambda: self.messages.notice(order))

    def _parcel(self, order: Order, told: Any, status: ShipmentStatus) -> None:
        """Each event is about one parcel. That it arrived, or was lost, is no news once it is no longer true."""
        name = (told.get("carrier"), told.get("trackingNumber")) if isinstance(told, Mapping) else None
        parcel = next((parcel for parcel in order.shipments if parcel.name == name), None)
        if parcel is None:
            raise MalformedMessage("The event is about a parcel that the order does not have.")
        if status in (ShipmentStatus.SHIPPED, parcel.status):
            of_parcel = f"-{parcel.carrier}-{parcel.tracking_number}"
            self._mail(
                order, f"mail-{status.value.lower()}", lambda: self.messages.parcel(order, parcel, status), of_parcel
            )

    def _is_old(self, event: Mapping[str, Any]) -> bool:
        at = event.get("occurredAt")
        if at is None:
            return False
        try:
            return from_iso(self.clock.now()) - from_iso(at) > _OLD_NEWS
        except (TypeError, ValueError):
            raise MalformedMessage("An event's occurredAt is a time.") from None

    def _mail(self, order: Order, occasion: str, write: Callable[[], bytes], of_parcel: str = "") -> None:
        """Orders from outside may have no address."""
        if order.customer_email:
            message = write()
            send = self.mailer.send
            self._once(order, occasion, lambda: send(self.sender, order.customer_email, message), of_parcel)

    def _once(self, order: Order, occasion: str, act: Callable[[], None], of_parcel: str = "") -> None:
        claim = f"{order.order_id}#{occasion}{of_parcel}"  # the log does without tracking numbers
        if not self.claims.claim(claim):
            return
        try:
            with self.log.step(occasion.partition("-")[0]):
                act()
        except TemporarilyUnavailable:
            self.claims.give_back(claim)
            raise
        self.log.info("customer_told", orderId=order.order_id, occasion=occasion)

    def _order(self, order_id: str) -> Order:
        order = self.orders.get(order_id)
        if order is None:
            raise UnknownOrder(f"No order {order_id} was ever stored.")
        return order
