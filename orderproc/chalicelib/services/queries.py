"""Read orders, as far as the caller may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.errors import Damaged, NotFound
from ..domain.order import Order, Status
from .ports import Orders, Page

_ROUNDS = 5
"""Pages read for one answer when a status is asked for: an answer's cost is bounded, the next cursor goes on."""


@dataclass(frozen=True)
class OrderQueries:
    orders: Orders

    def get(self, owner: str, order_id: str) -> Order:
        """Raises NotFound, with the same words, for an order that is not there and for one that is another's, and
        Damaged for one of the owner's own that can't be read."""
        try:
            order = self.orders.get(order_id)
        except Damaged as error:
            if error.owner != owner:
                raise NotFound("There is no such order.", "ORDER_NOT_FOUND") from None
            raise
        if order is None or order.owner != owner:
            raise NotFound("There is no such order.", "ORDER_NOT_FOUND")
        return order

    def any(self, order_id: str) -> Order:
        """For staff, whoever owns it. Raises NotFound, Damaged."""
        order = self.orders.get(order_id)
        if order is None:
            raise NotFound("There is no such order.", "ORDER_NOT_FOUND")
        return order

    def page(
        self,
        owner: str,
        limit: int,
        after: Mapping[str, str] | None = None,
        customer_id: str | None = None,
        status: Status | None = None,
    ) -> Page[Order]:
        """Newest first. With `status` a page may be shorter than `limit` although more follow."""
        found: list[Order] = []
        for _ in range(_ROUNDS if status else 1):
            page = self.orders.by_owner(owner, customer_id, limit - len(found), after)
            found += [order for order in page.items if status in (None, order.status)]
            after = page.next
            if after is None or len(found) >= limit:
                break
        return Page(found, dict(after) if after else None)
