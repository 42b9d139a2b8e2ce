"""A guest who signed up since takes the order into their account."""

from __future__ import annotations

from dataclasses import replace

from ..kit.errors import NotFound, StaleOrder
from ..kit.mail_address import as_sent
from ..kit.ports import Log
from ..kit.wiring import service
from .commands import GUEST, Customer
from .latest import on_latest
from .model import Order
from .order_tokens import OrderTokens
from .ports import Orders


@service
class ClaimOrder:
    orders: Orders
    tokens: OrderTokens
    log: Log

    def __call__(self, customer: Customer, token: str) -> Order:
        """The order, from now on the customer's: its token opens it no longer. It takes the token and the verified
        address that the order was placed with. Claiming it again changes nothing.

        Raises NotFound, with the same words for everything that is not so; TemporarilyUnavailable."""
        order_id = self.tokens.order_of(token)
        order = self.orders.get(order_id) if order_id else None
        if order is None:
            raise _none()
        return on_latest(self.orders, order, lambda now: self._claimed(customer, now))

    def _claimed(self, customer: Customer, order: Order) -> Order:
        if order.owner == customer.owner:
            return order
        if order.owner != GUEST or not _is_same(customer.email, order.customer_email):
            raise _none()
        mine = replace(order, owner=customer.owner, customer_id=customer.id)
        try:
            mine = self.orders.save(mine, order.status)
        except StaleOrder:
            raise
        except Exception:
            stored = self.orders.get(order.order_id)
            if stored is None or stored.owner != customer.owner:
                raise  # else it was done all the same: only the reply was lost
            mine = stored
        self.log.info("order_claimed", orderId=order.order_id)
        return mine


def _is_same(verified: str, given: str) -> bool:
    """Whether both are one mailbox: capitals make no other, in practice. Addresses that mail is sent to are ASCII."""
    return bool(verified) and as_sent(verified).lower() == given.lower()


def _none() -> NotFound:
    return NotFound("There is no such order of yours.", "ORDER_NOT_FOUND")
