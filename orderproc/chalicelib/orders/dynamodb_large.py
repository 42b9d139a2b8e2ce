"""Orders of more products than one transaction takes: a hundred lines may name a hundred, and the order is one more.

Their moves take two transactions. Between them the order lists the stock moves that are deferred in its attribute
`owes`, written with the first and removed with the second. While moves are deferred nothing else can be written to the
order: a writer makes them first. So a process that dies in between loses nothing:

- Taking stock may fail. The few products beyond the limit are reserved first, and their return is deferred; then all
  others are reserved together with the order's new status. If these are short, or the process died, the deferred moves
  are made.
- Giving back can't fail. The order's new status is written with most of the moves, and the others are deferred. Until
  they are made the order stays in the index of open orders, where the housekeeper finds it.

Between the two, what is reserved of the few products is more than the open reservations; it is never less, and
`available` never counts a unit twice."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ..kit.dynamodb import Item, to_dynamodb
from ..kit.errors import OutOfStock, StaleOrder
from ..kit.wiring import service
from .dynamodb_writes import MOST_MOVES, Before, Deferred, OrderWrites, StockMove, deferred_of, short
from .items import order_from_item, order_to_item, shard_of
from .model import Order

PERMISSIONS = {
    "read_again": ["dynamodb:GetItem table/orders"],
}


@service
class LargeOrders:
    writes: OrderWrites

    def make_deferred(self, order_id: str) -> Item | None:
        """The order's item as it is once no move is deferred, or None if there is no such order."""
        item = self.writes.client.get_item(
            TableName=self.writes.orders_table, Key=to_dynamodb({"orderId": order_id}), ConsistentRead=True
        ).get("Item")
        if item is None or (deferred := deferred_of(item)) is None:
            return item
        paid = {name: value for name, value in item.items() if name != "owes"}
        if not order_from_item({name: value for name, value in paid.items() if name != "openShard"}).open:
            del paid["openShard"]  # it was open for these moves alone
        self._make(paid, deferred)
        return paid

    def take(self, order: Order, before: Before, moves: Sequence[StockMove]) -> None:
        """Moves of which any may fail. Raises OutOfStock naming all that did, StaleOrder."""
        most, rest = moves[:MOST_MOVES], moves[MOST_MOVES:]
        stored = self.make_deferred(order.order_id)
        if stored is None:
            raise StaleOrder(f"{order.order_id} was never stored")
        deferred = Deferred(tuple(move.reversed() for move in rest))
        item = order_to_item(order)
        try:
            self.writes.write(deferred.on(stored), before, rest)
        except OutOfStock as error:
            # Which of the others are short, too? The order does not list these moves, so this attempt changes nothing.
            reasons = self.writes.attempt(item, before, most, deferred)
            raise OutOfStock([*short(most, reasons), *error.product_ids]) from None
        try:
            self.writes.write(item, before, most, deferred)
        except OutOfStock:
            self._make(stored, deferred)
            raise

    def give(self, order: Order, before: Before, moves: Sequence[StockMove]) -> None:
        """Moves that can't fail. Raises StaleOrder."""
        deferred = Deferred(tuple(moves[MOST_MOVES:]))
        self.make_deferred(order.order_id)
        item = order_to_item(order)
        open_item = item | to_dynamodb({"openShard": shard_of(order.order_id)})
        self.writes.write(deferred.on(open_item), before, moves[:MOST_MOVES])
        self._make(item, deferred)

    def _make(self, item: Item, deferred: Deferred) -> None:
        """Make the deferred moves and leave the order as `item`."""
        with suppress(StaleOrder):  # another process made them
            self.writes.write(item, Before.of(item), deferred.moves, deferred)
