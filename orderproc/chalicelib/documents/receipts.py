"""The documents of a successful order: its receipt, and its entry in the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..kit.errors import NotFound
from ..kit.wiring import service
from ..orders.model import UNSUCCESSFUL, Duty, Order
from ..orders.views import order_view
from .ports import Documents

_LINK_SECONDS = 900
NO_RECEIPT = "NoReceipt"
"""The mark of an order whose documents could not be written in all the time there was."""


def receipt_key(order_id: str) -> str:
    return f"receipts/{order_id}.pdf"


def file_name(order: Order) -> str:
    """What a downloaded receipt is called."""
    return f"receipt-{order.order_id}.pdf"


def archive_key(order: Order) -> str:
    """By the day the order was placed: `orders/2026/11/21/<orderId>.json`."""
    year, month, day = order.created_at[:10].split("-")
    return f"orders/{year}/{month}/{day}/{order.order_id}.json"


@service
class Receipts:
    documents: Documents
    render: Callable[[Order, str], bytes]
    """The PDF of an order, dated by the second argument."""
    dump: Callable[[Any], bytes]

    def issue(self, order: Order) -> bool:
        """Store receipt and archive entry, each once. False, and nothing stored, for an order that is not successful.

        The document's own key is the claim: the store takes the first and refuses the second. The archive entry comes
        last, so that where it is the receipt is, too: the reconciler lists one day's entries and knows of both."""
        if order.succeeded_at is None or order.status in UNSUCCESSFUL:
            return False
        self.documents.add(receipt_key(order.order_id), self.render(order, order.succeeded_at), "application/pdf")
        self.documents.add(archive_key(order), self.dump(order_view(order)), "application/json")
        return True

    def link(self, order: Order) -> tuple[str, timedelta]:
        """A link to the receipt, and how long it is good. Raises NotFound until there is one."""
        key = receipt_key(order.order_id)
        if not self.documents.exists(key):
            raise NotFound("There is no receipt for this order yet.", "RECEIPT_NOT_FOUND")
        return self.documents.link(key, _LINK_SECONDS, file_name(order)), timedelta(seconds=_LINK_SECONDS)


def with_receipt(order: Order) -> Order:
    """The order whose documents were written, or are not due any more."""
    if Duty.RECEIPT not in order.duties and order.attention != NO_RECEIPT:
        return order
    attention = "" if order.attention == NO_RECEIPT else order.attention
    return replace(order, duties=order.duties - {Duty.RECEIPT}, attention=attention).without_mark_if_closed()
