"""The ports of carts: what their adapters implement."""

from __future__ import annotations

from collections.abc import Iterator

from ..kit.wiring import Protocol
from ..orders.model import Order
from .model import QuietCart, StoredCart
from .rules import Refusal


class Carts(Protocol):
    """One cart per customer: units per product, all in one currency. Untouched for 30 days it is empty.

    A cart that was emptied and is filled again is another cart: versions tell them apart."""

    def get(self, customer_id: str) -> StoredCart:
        """As last written. Lines that can't be read are left out."""

    def put(self, customer_id: str, product_id: str, quantity: int, currency: str) -> Refusal | None:
        """Set one line and leave the others, whichever device changes them at the same time. The first line's currency
        is the cart's. None if it was done. Raises TemporarilyUnavailable if the cart changes all the time."""

    def remove(self, customer_id: str, product_id: str) -> None: ...

    def clear(self, customer_id: str) -> None: ...

    def quiet(self, since: str, until: str) -> Iterator[QuietCart]:
        """Carts with something in them that were last touched from `since` to `until`, both included and to the
        second, read page by page as they are asked for. Eventually consistent. A purchase is no touch."""

    def remove_bought(self, order: Order) -> None:
        """Take what the order bought out of the version of the cart that it bought, once however often and late this
        is called.

        Lines put in since then stay, and so do units added to its lines. Raises TemporarilyUnavailable if the cart
        changes all the time."""
