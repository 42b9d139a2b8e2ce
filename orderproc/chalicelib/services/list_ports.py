"""What lists need of the outside world: pages, and the ways in which orders are listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..domain.errors import Damaged
from ..domain.order import Order
from ..wiring import Protocol

T = TypeVar("T")

Place = tuple[str, str]
"""createdAt and orderId: where an order stands in a list."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, and where the next begins (None at the end). The cursor is opaque and unsigned here."""

    items: list[T]
    next: dict[str, str] | None
    damaged: tuple[Damaged, ...] = ()
    """What of the page can't be read, and is not among its items."""
    places: tuple[Place, ...] = ()
    """Of a list of orders: where each of its entries stands, in the list's order, the damaged ones among them."""


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

    def places_between(self, start: str, end: str) -> list[Place] | None:
        """Of all orders created from `start` to before `end`, newest first; None in a shop that has more orders than
        one read can tell of. Eventually consistent."""

    def at(self, places: Sequence[Place]) -> Page[Order]:
        """The orders that stand there."""

    def created_between(self, start: str, end: str) -> Iterator[Order]:
        """All orders created from `start` to before `end`, oldest first, read page by page as they are asked for.
        Eventually consistent."""
