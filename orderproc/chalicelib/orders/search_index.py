"""The index that orders are searched by, and how it is kept: from the orders' stream, and made anew.

An order's entries are its tokens with its time and id. One of them, the id's, also lists the others: it is what the
index knows of the order. Three rules keep old images from replacing newer ones, tokens that no longer hold from
staying, and a process that dies anywhere from leaving either:

1. A new order's tokens are stored first and its list last, if it has none. So where there is a list, its tokens are
   there.
2. An order that has a list changes in one transaction of the list and the tokens that come and go, on condition that
   the list is as it was read. What it becomes is read from the order itself after the list was, never taken from an
   image: of two writers the later one has seen at least what the earlier one saw, and the other one starts again.
3. What a writer may have stored before it found a list is among the tokens that it removes, if they don't hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..kit.errors import Damaged, TemporarilyUnavailable
from ..kit.page import ListPosition
from ..kit.ports import Log
from ..kit.wiring import Protocol, dataclass, service
from .model import Order
from .ports import Orders
from .search_tokens import tokens_of

Tokens = frozenset[str]
_NONE: Tokens = frozenset()


@dataclass(frozen=True)
class Indexed:
    """An order's place in lists, and what it is found by."""

    place: ListPosition
    tokens: Tokens


class OrderIndex(Protocol):
    def add(self, new: Sequence[Indexed]) -> list[Indexed]:
        """Store orders that the index does not know, each at most once in a call. Returns those that it knew: some of
        their new tokens may be stored by then. Raises TemporarilyUnavailable, as do all that write."""

    def known(self, places: Sequence[ListPosition]) -> dict[ListPosition, Tokens]:
        """What the index has of these orders, as last written; orders that it does not know are left out."""

    def change(self, place: ListPosition, before: Tokens | None, after: Tokens, stale: Tokens = frozenset()) -> bool:
        """Replace what the index has of the order, and remove stale tokens, all of it or nothing; False if what it has
        is not `before` (None: nothing). Without tokens the order is forgotten, and for some days known as such. At most
        MOST_CHANGES tokens may come and go."""

    def few(self, text: str, most: int) -> list[ListPosition] | None:
        """Places of orders with a token that begins with the text, some of them twice; None if there are more than
        `most`. Eventually consistent, as are all that find."""

    def tokens(self, text: str, most: int) -> list[str] | None:
        """The tokens that begin with the text; None if there are more than `most`."""

    def newest(self, token: str, before: ListPosition | None = None, since: str = "") -> Iterator[ListPosition]:
        """Orders with exactly that token, newest first, read page by page as they are asked for: placed before that
        place, and not before that time."""

    def progress(self) -> Mapping[str, str]:
        """What was noted of a rebuild, or nothing."""

    def note_progress(self, progress: Mapping[str, str]) -> None:
        """Instead of what was noted before."""


MOST_CHANGES = 99
"""Tokens in one transaction: DynamoDB takes 100 items, and one is the list."""


@dataclass(frozen=True)
class OrderChange:
    """What a record of the stream says. `before` and `after` are None where there was no order, or it can't be read."""

    place: ListPosition
    before: Tokens | None
    after: Tokens | None
    is_new: bool = False
    is_gone: bool = False

    def then(self, later: OrderChange) -> OrderChange:
        """Both as one."""
        return replace(later, before=self.before, is_new=self.is_new or later.is_new)


@service
class IndexOrders:
    index: OrderIndex
    orders: Orders
    log: Log
    turns: Callable[[], Iterable[object]]
    """How often, and how far apart, to try to change what others change, too."""

    def __call__(self, changes: Iterable[OrderChange]) -> int:
        """Returns how many orders were indexed anew or changed. The same changes again do no harm.

        Raises TemporarilyUnavailable, and what the stores raise."""
        merged: dict[ListPosition, OrderChange] = {}
        for change in changes:
            known = merged.get(change.place)
            merged[change.place] = known.then(change) if known else change
        added = self.fill([Indexed(one.place, one.after) for one in merged.values() if one.is_new and one.after])
        changed = [one for one in merged.values() if _differs(one)]
        for one in changed:
            self.refresh(one.place, (one.before or _NONE) | (one.after or _NONE))
        if added or changed:
            self.log.info("orders_indexed", added=added, changed=len(changed))
        return added + len(changed)

    def fill(self, new: Sequence[Indexed]) -> int:
        """Orders that the index most likely does not know yet; returns how many it did not."""
        had = self.index.add(new) if new else []
        for one in had:
            self.refresh(one.place, one.tokens)
        return len(new) - len(had)

    def compare(self, orders: Sequence[Order]) -> int:
        """Index those orders that are not as they must be; returns how many were not."""
        wanted = {place_of(order): tokens_of(order) for order in orders}
        known = self.index.known(list(wanted))
        missing = [Indexed(place, tokens) for place, tokens in wanted.items() if place not in known]
        wrong = [place for place, tokens in wanted.items() if known.get(place, tokens) != tokens]
        self.fill(missing)
        for place in wrong:
            self.refresh(place)
        return len(missing) + len(wrong)

    def refresh(self, place: ListPosition, perhaps: Tokens = _NONE) -> None:
        """Make the index say of the order what the order says now. `perhaps` are tokens that may be stored although
        the index's list does not have them. An order that can't be read stays as it is."""
        for _ in self.turns():
            known = self.index.known([place]).get(place)
            try:
                order = self.orders.get(place[1])
            except Damaged as error:
                self.log.warning("order_not_indexed", orderId=place[1], reason=str(error))
                return
            if self._replaced(place, known, tokens_of(order) if order else _NONE, perhaps):
                return
        raise TemporarilyUnavailable(f"Others index the order {place[1]} all the time.")

    def _replaced(self, place: ListPosition, known: Tokens | None, wanted: Tokens, perhaps: Tokens) -> bool:
        """Whether the index is as wanted by now. In steps that each fit into a transaction, and leave a true list."""
        stale = perhaps - wanted - (known or _NONE)
        while known is None or known != wanted or stale:
            some = frozenset(sorted((known or _NONE) ^ wanted | stale)[:MOST_CHANGES])
            after = (known or _NONE) - (some - wanted) | (some & wanted)
            if not self.index.change(place, known, after, some & stale):
                return False
            known, stale = after, stale - some
        return True


def place_of(order: Order) -> ListPosition:
    return order.created_at, order.order_id


def _differs(change: OrderChange) -> bool:
    """Whether an order that was there before must be looked at. One that can't be read stays as it is."""
    if change.is_gone:
        return True
    return not change.is_new and change.after is not None and change.before != change.after
