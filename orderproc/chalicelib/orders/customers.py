"""Who buys: customers as their orders tell of them.

A customer is an owner with an id of a customer: an account, a partner's customer, or a guest, whose id is the e-mail
address. Such ids are compared without case. What names a customer in an address of the API is the id of any of their
orders: it says nothing about the person, needs no secret, and outlives none of their data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice

from ..kit.chunks import chunks
from ..kit.errors import Conflict, NotFound
from ..kit.page import ListPosition, Page
from ..kit.wiring import dataclass, service
from .filters import Filters
from .model import Order
from .paginate import READ_LIMIT, Filling, position_after
from .ports import Orders
from .search import SearchOrders, upper_bound
from .search_index import OrderIndex
from .search_tokens import normalised

MOST_SUMMED = 1_000
"""Of a customer's orders, the newest."""
_READS = 5


@dataclass(frozen=True)
class CustomerKey:
    owner: str
    customer_id: str

    def is_of(self, order: Order) -> bool:
        return key_of(order) == self


@dataclass(frozen=True)
class Worth:
    """What a customer's orders come to. `complete` is False if there are more than were summed, the newest."""

    orders: int
    complete: bool
    spent: Mapping[str, Decimal]
    """By currency: captured and not given back."""
    first_order_at: str
    last_order_at: str


@dataclass(frozen=True)
class CustomerDetails:
    newest: Order
    worth: Worth
    orders: Page[Order]


@service
class Customers:
    search: SearchOrders
    orders: Orders
    index: OrderIndex | None

    def page(self, limit: int, after: Mapping[str, str] | None, filters: Filters) -> Page[Order]:
        """Customers with an order that is wanted, each by the newest of these, newest first. A page is full unless the
        list ends, or the work for one answer ends before. Raises Conflict without an index."""
        index = self._needed()
        shown: dict[CustomerKey, Order] = {}
        position = dict(after) if after else None
        for _ in range(_READS):
            found = self.search(READ_LIMIT, position, filters)
            for order in found.items:
                key = key_of(order)
                if key in shown or (after and self._shown_before(index, key, filters, after)):
                    continue
                if len(shown) == limit:
                    return Page(list(shown.values()), position)
                shown[key] = order
                position = {"day": order.created_at[:10], **position_after((order.created_at, order.order_id))}
            position = found.next
            if position is None:
                break
        return Page(list(shown.values()), position)

    def details(self, customer: str, limit: int, after: Mapping[str, str] | None) -> CustomerDetails:
        """`customer` is the id of one of their orders, or their own. Raises NotFound, Damaged, Conflict."""
        index = self._needed()
        key = self._key(index, customer)
        summed = list(islice(index.newest(normalised(key.customer_id)), MOST_SUMMED + 1))
        mine = [order for order in self._at(summed[:MOST_SUMMED]) if key.is_of(order)]
        if not mine:
            raise _none()
        places = index.newest(normalised(key.customer_id), upper_bound(after, ""))
        page = self.search.read(Filling(limit, key.is_of, shows_damaged=True, likely=True), places)
        return CustomerDetails(mine[0], _worth(mine, complete=len(summed) <= MOST_SUMMED), page)

    def _key(self, index: OrderIndex, customer: str) -> CustomerKey:
        order = self.orders.get(customer)
        if order is None:
            own = (one for one in self._at(index.newest(normalised(customer))) if _has_id(one, customer))
            order = next(own, None)
        if order is None:
            raise _none()
        return key_of(order)

    def _shown_before(self, index: OrderIndex, key: CustomerKey, filters: Filters, after: Mapping[str, str]) -> bool:
        """Whether an order of the customer that is wanted stands on a page before."""
        first = upper_bound(after, "") or ("", "")
        places = (place for place in index.newest(normalised(key.customer_id), None, first[0][:23]) if place >= first)
        return any(key.is_of(order) and filters.wanted(order) for order in self._at(islice(places, READ_LIMIT)))

    def _at(self, places: Iterator[ListPosition] | list[ListPosition]) -> Iterator[Order]:
        for some in chunks(islice(places, MOST_SUMMED), READ_LIMIT):
            yield from self.orders.at(some).items

    def _needed(self) -> OrderIndex:
        if self.index is None:
            raise Conflict("Customers are found by the search, which is switched off (ORDER_SEARCH).", "SEARCH_OFF")
        return self.index


def key_of(order: Order) -> CustomerKey:
    return CustomerKey(order.owner, normalised(order.customer_id))


def _has_id(order: Order, customer_id: str) -> bool:
    return normalised(order.customer_id) == normalised(customer_id)


def _worth(orders: list[Order], *, complete: bool) -> Worth:
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for order in orders:
        if order.payment:
            spent[order.currency] += order.payment.amount - order.payment.refunded
    return Worth(len(orders), complete, dict(spent), orders[-1].created_at, orders[0].created_at)


def _none() -> NotFound:
    return NotFound("There is no such customer.", "CUSTOMER_NOT_FOUND")
