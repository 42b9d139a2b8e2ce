"""Mails and text messages in words that tests can count."""

from __future__ import annotations

from chalicelib.orders.model import Order, Shipment, ShipmentStatus


class TerseMessages:
    """Words that name the order and the occasion, and nothing else."""

    def sms_created(self, order: Order) -> str:
        return f"{order.order_id} sms-created"

    def sms_completed(self, order: Order) -> str:
        return f"{order.order_id} sms-completed"

    def sms_failed(self, order: Order) -> str:
        return f"{order.order_id} sms-failed"

    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes:
        return f"Subject: news\r\n\r\n{order.order_id} mail-confirmation".encode()

    def notice(self, order: Order) -> bytes:
        return f"Subject: news\r\n\r\n{order.order_id} mail-notice".encode()

    def shipment(self, order: Order, shipment: Shipment, status: ShipmentStatus) -> bytes:
        occasion = f"mail-{status.value.lower()}-{shipment.carrier}-{shipment.tracking_number}"
        return f"Subject: news\r\n\r\n{order.order_id} {occasion}".encode()


def who_and_what(text: str) -> tuple[str, str]:
    """The order's id and the occasion, of a mail or an SMS in terse words."""
    order_id, occasion = text.split()[-2:]
    return order_id, occasion
