"""The receipt as a PDF: its texts laid out."""

from __future__ import annotations

from ..domain.order import Order
from ..domain.shop import Shop
from .receipt_texts import receipt_of


def render_receipt(order: Order, shop: Shop, issued_at: str) -> bytes:
    """The receipt as a PDF: A4, its text can be copied. `issued_at` is text of `domain.clock.to_iso`.

    The same arguments give the same bytes. What no font has prints as a replacement: no text makes it raise."""
    from .receipt_layout import draw  # brings fpdf2, half a second: only where it is used

    return draw(receipt_of(order, shop, issued_at))
