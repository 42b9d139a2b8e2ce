"""The receipt as a PDF: its texts laid out."""

from __future__ import annotations

from ..kit.ports import Log
from ..kit.shop import Shop
from ..orders.model import Order
from .receipt_texts import receipt_of, unprintable_in


def render_receipt(order: Order, shop: Shop, issued_at: str, log: Log) -> bytes:
    """The receipt as a PDF: A4, its text can be copied. `issued_at` is text of `domain.clock.to_iso`.

    The same arguments give the same bytes. What no font has prints as a box, and is logged: no text makes it raise."""
    from .layout import draw  # brings fpdf2, half a second: only where it is used

    missing = unprintable_in(order, shop)
    if missing:
        log.warning("characters_not_printed", orderId=order.order_id, characters=" ".join(missing))
    return draw(receipt_of(order, shop, issued_at))
