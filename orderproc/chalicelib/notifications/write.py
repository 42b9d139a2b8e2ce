"""A message to a customer, ready to be sent: its words, its documents, and how it goes out."""

from __future__ import annotations

from ..documents.ports import Documents
from ..documents.receipts import Receipts, file_name, receipt_key
from ..kit.errors import TemporarilyUnavailable
from ..kit.mail_address import as_sent
from ..kit.wiring import Protocol, service
from ..orders.model import Order, Shipment, ShipmentStatus
from .occasions import NOTICE, Occasion
from .ports import Mailer, Texter
from .send_once import Send

_MAIL_LINK_SECONDS = 6 * 3600


class Messages(Protocol):
    """The words. Mails are whole MIME messages."""

    def sms_created(self, order: Order) -> str: ...
    def sms_completed(self, order: Order) -> str: ...
    def sms_failed(self, order: Order) -> str: ...
    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes: ...
    def notice(self, order: Order) -> bytes: ...
    def shipment(self, order: Order, shipment: Shipment, status: ShipmentStatus) -> bytes: ...


@service
class WriteMessage:
    messages: Messages
    documents: Documents
    receipts: Receipts
    mailer: Mailer
    texter: Texter
    sender: str

    def __call__(self, order: Order, occasion: Occasion) -> Send:
        """What sends the message, with its words: what can't be written must not be claimed."""
        if occasion.channel == "sms":
            words = {
                "sms-created": self.messages.sms_created,
                "sms-completed": self.messages.sms_completed,
                "sms-failed": self.messages.sms_failed,
            }[occasion.name](order)
            return lambda: self.texter.send(order.phone_number or "", words)
        if occasion.shipment:
            return self._mail(order, self.messages.shipment(order, occasion.shipment, occasion.shipment_status))
        if occasion.name == NOTICE:
            return self._mail(order, self.messages.notice(order))
        return self.confirmation(order, self._receipt(order))

    def _receipt(self, order: Order) -> bytes:
        """Also if it was written before: what is there already stays."""
        self.receipts.issue(order)
        receipt = self.documents.get(receipt_key(order.order_id))
        if receipt is None:
            raise TemporarilyUnavailable("The receipt is not there yet.")
        return receipt

    def confirmation(self, order: Order, receipt: bytes) -> Send:
        link = self.documents.link(receipt_key(order.order_id), _MAIL_LINK_SECONDS, file_name(order))
        return self._mail(order, self.messages.confirmation(order, receipt, link))

    def _mail(self, order: Order, message: bytes) -> Send:
        return lambda: self.mailer.send(self.sender, as_sent(order.customer_email), message)
