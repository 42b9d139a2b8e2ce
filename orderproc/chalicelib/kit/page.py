"""A page of a list."""

from __future__ import annotations

from typing import Generic, TypeVar

from .errors import Damaged
from .wiring import dataclass

T = TypeVar("T")
ListPosition = tuple[str, str]
"""createdAt and orderId: an order's place in a list."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list, and where the next begins (None at the end). The cursor is opaque and unsigned here."""

    items: list[T]
    next: dict[str, str] | None
    damaged: tuple[Damaged, ...] = ()
    """What of the page can't be read, and is not among its items."""
    places: tuple[ListPosition, ...] = ()
    """Of a list of orders: the place of each entry, in the list's order, damaged ones included."""
