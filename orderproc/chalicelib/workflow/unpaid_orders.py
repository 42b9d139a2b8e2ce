"""How much stock one customer, signed in or a guest with one e-mail address, can hold without paying: orders whose
payment does not answer keep theirs while it is tried again, for minutes, and any number of them could be placed.

Looked at only when a payment did not answer, so that an order which is paid costs nothing more. Partners answer for
their customers: what they place in an outage is all tried again."""

from __future__ import annotations

from datetime import timedelta

from ..kit.clock import from_iso, to_iso
from ..orders.commands import GUEST, is_customer
from ..orders.model import Order, Reservation, Status
from ..orders.ports import Orders

MOST_UNPAID = 3
"""Orders of one customer that wait at the same time for payments that do not answer: the oldest ones."""
_GIVEN_UP = timedelta(days=1)
"""Long after it no order waits any more."""
_PAGE, _MOST_PAGES = 50, 4


def waits_in_vain(orders: Orders, order: Order) -> bool:
    """Whether the order may not wait any longer for a payment that does not answer: MOST_UNPAID older ones of its
    customer do so."""
    if order.owner != GUEST and not is_customer(order.owner):
        return False
    waiting, oldest = 0, to_iso(from_iso(order.created_at) - _GIVEN_UP)
    position: dict[str, str] | None = {"createdAt": order.created_at, "orderId": order.order_id}
    for _ in range(_MOST_PAGES):
        page = orders.by_owner(order.owner, order.customer_id, _PAGE, position)
        held = (order for order in page.items if order.reservation is Reservation.HELD)
        waiting += sum(order.status is Status.PAYMENT_PROCESSING for order in held)
        if waiting >= MOST_UNPAID:
            return True
        position = page.next
        if position is None or position["createdAt"] < oldest:
            return False
    return True  # hundreds of orders in a day are no person's shopping
