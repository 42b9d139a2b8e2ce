"""Read orders, as far as the caller may see them."""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.errors import Damaged, NotFound
from ..kit.page import Page
from ..kit.wiring import service
from .model import Order, Status
from .paginate import READ_LIMIT, UNDER_WAY, Filling, filled
from .ports import Orders
from .viewers import Viewer


@service
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
        """For staff, of any owner. Raises NotFound, Damaged."""
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
        """Newest first. A page is full unless the list ends, or `status` is so rare among the owner's orders that the
        work for one answer ends before. `next` is the place of one of the owner's own orders: callers can read it in
        their cursor."""

        def wanted(order: Order) -> bool:
            return order.status is status and viewer.may_see(order)

        viewer = Viewer(owner, customer_id)
        filling = Filling(limit, wanted if status else None)
        if status in UNDER_WAY:
            # The open orders are of all owners. Where they are few, one read finds them even behind thousands of this
            # owner's; where they are many, how far to read must not depend on the others.
            few = self.orders.newest_open(READ_LIMIT, after)
            if few.next is None:
                filling.take(few)
                return filling.page(ended=True)
        return filled(filling, lambda size, place: self.orders.by_owner(owner, customer_id, size, place), after)
