"""The ports of orders. `dynamodb.py` and the other adapters implement these on AWS, `tests/support` in memory
with the same semantics; `tests/contract` holds both to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..kit.page import ListPosition, Page
from ..kit.wiring import Protocol
from .events import DomainEvent
from .model import Order, Status


class OrderLists(Protocol):
    """Those orders that can't be read are left out and reported."""

    def by_owner(self, owner: str, customer_id: str | None, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        """The owner's orders (of one customer, where given), newest first. Eventually consistent."""

    def newest_ids(self, owner: str, customer_id: str | None) -> tuple[list[str], bool]:
        """The ids of the owner's orders (of one customer, where given), newest first, as many thousands as one read
        can tell of; and whether these are all. Eventually consistent."""

    def newest_open(self, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        """Open orders, newest first, those of one millisecond by their ids. Eventually consistent."""

    def open_before(self, created_before: str, first_shard: int = 0) -> Iterator[Order]:
        """All open orders created before that time, read page by page as they are asked for, oldest first within a
        shard, beginning at that shard (modulo their number). Eventually consistent."""

    def by_day(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        """Orders created on that day (`2026-11-21`), newest first, those of one millisecond by their ids. Eventually
        consistent."""

    def positions_between(self, start: str, end: str) -> list[ListPosition] | None:
        """Of all orders created from `start` to before `end`, newest first; None in a shop that has more orders than
        one read can tell of. Eventually consistent."""

    def at(self, places: Sequence[ListPosition]) -> Page[Order]:
        """The orders that stand there."""

    def pages_between(self, start: str, end: str, after: ListPosition | None = None) -> Iterator[Page[Order]]:
        """All orders created from `start` to before `end`, oldest first, those of one millisecond by their ids, in
        pages that are read as they are asked for; with `after`, those behind that place. Eventually consistent."""

    def created_between(self, start: str, end: str) -> Iterator[Order]:
        """All orders created from `start` to before `end`, oldest first, read page by page as they are asked for.
        Eventually consistent."""


class Orders(OrderLists, Protocol):
    """Orders, with the inventory they move: what must change together is one call here.

    Of several orders those that can't be read are left out and reported; one that is asked for itself raises Damaged.
    What could not be read back is not written: every write raises ValueError for it."""

    def add(self, order: Order) -> Order | None:
        """Store a new order. None when stored; else the order that was there already, untouched."""

    def get(self, order_id: str) -> Order | None:
        """The order as last written (strongly consistent), or None."""

    def save(self, order: Order, expected: Status) -> Order:
        """Replace the order if it still has the status `expected` and the revision that `order` was made from.

        Returns it as stored: a write that leaves the status as it is counts up the revision. Raises StaleOrder,
        as do all that follow."""

    def reserve(self, order: Order, expected: Status) -> Order:
        """`save`, and for every product `available -q, reserved +q`, all or nothing.

        Raises OutOfStock naming the products that are short."""

    # Each of these requires the reservation that it starts from: HELD, HELD, COMMITTED.

    def commit(self, order: Order, expected: Status) -> Order:
        """`save`, and `reserved -q`: the units left the shelf."""

    def release(self, order: Order, expected: Status) -> Order:
        """`save`, and `available +q, reserved -q`: a held reservation is released."""

    def restock(self, order: Order, expected: Status) -> Order:
        """`save`, and `available +q`: committed units back on the shelf."""


class NumberLeases(Protocol):
    def lease(self, count: int) -> int:
        """The first of so many numbers in a row that no other lease has, higher than all of those before. Raises what
        the SDK raises: then some may be lost."""


class HandOver(Protocol):
    def hand_over(self, order: Order) -> None:
        """Give an accepted order to the driver of its workflow. Raises TemporarilyUnavailable."""


class Events(Protocol):
    def publish(self, events: Sequence[DomainEvent]) -> None:
        """To the bus and to the topic, all of them, at least once each. Raises TemporarilyUnavailable."""
