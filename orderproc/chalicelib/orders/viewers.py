"""Who may see which orders, and a store for those who may see one order only."""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.page import Page
from ..kit.wiring import dataclass
from .commands import is_customer
from .model import Order


@dataclass(frozen=True)
class Viewer:
    """`owner` as orders have it. `customer_id` narrows what is seen to one customer's orders."""

    owner: str
    customer_id: str | None = None

    @property
    def one_person(self) -> bool:
        """All that is seen is one customer's, so `my latest order` means something."""
        return self.customer_id is not None or is_customer(self.owner)

    def may_see(self, order: Order) -> bool:
        return order.owner == self.owner and self.customer_id in (None, order.customer_id)


@dataclass(frozen=True)
class OneOrder:
    """Reads like a store that holds this order and no other. A guest's token opens one order, but all guests share one
    owner: so their questions never reach the shop's store."""

    order: Order

    def get(self, order_id: str) -> Order | None:
        return self.order if order_id == self.order.order_id else None

    def by_owner(
        self,
        owner: str,
        customer_id: str | None,
        limit: int,
        after: Mapping[str, str] | None,  # noqa: ARG002 - there is one page
    ) -> Page[Order]:
        return Page(self._of(owner, customer_id)[:limit], None)

    def newest_ids(self, owner: str, customer_id: str | None) -> tuple[list[str], bool]:
        return [order.order_id for order in self._of(owner, customer_id)], True

    def _of(self, owner: str, customer_id: str | None) -> list[Order]:
        return [self.order] if Viewer(owner, customer_id).may_see(self.order) else []
