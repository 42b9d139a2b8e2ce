"""Orders of more products than one transaction takes: a hundred lines may name a hundred, and the order is one more.

Their moves take two transactions, and between them the order itself says what it still *owes* to the stock: in the
attribute `owes`, written with the first and removed with the second. While an order owes, nothing else can be written
to it; whoever wants to pays first. So a process that dies in between leaves a debt, never a loss:

- Taking may fail, so its debt is to give back what was taken ahead. The few products beyond the limit are taken first,
  then all others together with the order's new status. If these are short or nobody comes back, the debt is paid.
- Giving back can't fail, so its debt is to go on with it: the order's new status is written with most of the moves,
  the rest follow. Until then the order stays in the index of open orders, where the housekeeper finds it.

Between the two, what is reserved of the few products is more than the open reservations; it is never less, and
`available` never counts a piece twice."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from ..kit.dynamodb import Item, to_dynamodb
from ..kit.errors import OutOfStock, StaleOrder
from ..kit.wiring import service
from .dynamodb_writes import MOST_MOVES, Before, Debt, OrderWrites, StockMove, debt_of, short
from .items import order_from_item, order_to_item, shard_of
from .model import Order

PERMISSIONS = {
    "read_again": ["dynamodb:GetItem table/orders"],
}


@service
class LargeOrders:
    writes: OrderWrites

    def pay_debt(self, order_id: str) -> Item | None:
        """The order's item as it is once it owes nothing, or None if there is no such order."""
        item = self.writes.client.get_item(
            TableName=self.writes.orders_table, Key=to_dynamodb({"orderId": order_id}), ConsistentRead=True
        ).get("Item")
        if item is None or (debt := debt_of(item)) is None:
            return item
        paid = {name: value for name, value in item.items() if name != "owes"}
        if not order_from_item({name: value for name, value in paid.items() if name != "openShard"}).open:
            del paid["openShard"]  # it was open for its debt alone
        self._pay(paid, debt)
        return paid

    def take(self, order: Order, before: Before, moves: Sequence[StockMove]) -> None:
        """Moves of which any may fail. Raises OutOfStock naming all that did, StaleOrder."""
        most, rest = moves[:MOST_MOVES], moves[MOST_MOVES:]
        stored = self.pay_debt(order.order_id)
        if stored is None:
            raise StaleOrder(f"{order.order_id} was never stored")
        debt = Debt(tuple(move.reversed() for move in rest))
        item = order_to_item(order)
        try:
            self.writes.write(debt.on(stored), before, rest)
        except OutOfStock as error:
            # Which of the others are short, too? The order does not owe this debt, so nothing can come of this attempt.
            reasons = self.writes.attempt(item, before, most, debt)
            raise OutOfStock([*short(most, reasons), *error.product_ids]) from None
        try:
            self.writes.write(item, before, most, debt)
        except OutOfStock:
            self._pay(stored, debt)
            raise

    def give(self, order: Order, before: Before, moves: Sequence[StockMove]) -> None:
        """Moves that can't fail. Raises StaleOrder."""
        debt = Debt(tuple(moves[MOST_MOVES:]))
        self.pay_debt(order.order_id)
        item = order_to_item(order)
        open_item = item | to_dynamodb({"openShard": shard_of(order.order_id)})
        self.writes.write(debt.on(open_item), before, moves[:MOST_MOVES])
        self._pay(item, debt)

    def _pay(self, item: Item, debt: Debt) -> None:
        """Make the moves owed and leave the order as `item`."""
        with suppress(StaleOrder):  # somebody else paid
            self.writes.write(item, Before.of(item), debt.moves, debt)
