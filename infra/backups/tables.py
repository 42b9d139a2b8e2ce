"""What a restoration does to each of a stage's tables.

Tables that say what *we* did and promised are set back: they become what they were, item by item. Tables that say what
happened outside (money moved, mails sent, numbers given) keep what is newer, since the outside is not set back: an
order that is open again finds its capture in the ledger and is not charged twice, and no mail goes out a second time.
What is missing from these is put back. `search` is in no backup: it is made again from the orders."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

Item = dict[str, Any]
"""In DynamoDB's typed form."""
_NUMBERS = {"scope": {"S": "order-numbers"}, "item": {"S": "next"}}
_CLOCKS_DIFFER = timedelta(minutes=1)
_GAP = 1_000_000
"""Numbers that may have been given since the moment, and must not be given again."""


def _always(_live: Item, _moment: str) -> bool:
    return True


def _never(_live: Item, _moment: str) -> bool:
    return False


def _entered_since(live: Item, moment: str) -> bool:
    """An entry of the ledger says when it was last written, by the clock of the function that wrote it, a moment before
    the table had it. One without a time is damaged."""
    about_then = datetime.fromisoformat(moment) - _CLOCKS_DIFFER
    return str(live.get("at", {}).get("S", "")) > about_then.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _as_it_was(item: Item) -> Item:
    return item


def _with_a_gap(item: Item) -> Item:
    if any(item.get(name) != value for name, value in _NUMBERS.items()):
        return item
    return {**item, "next": {"N": str(int(item["next"]["N"]) + _GAP)}}


class Table(NamedTuple):
    """`keeps` judges an item that is not as it was at the moment (ISO 8601): whether it stays. One that was not there
    at the moment stays if `adds`. `put` makes what is written of an item that is missing now."""

    name: str
    output: str
    key: tuple[str, ...]
    keeps: Callable[[Item, str], bool] = _never
    adds: bool = False
    put: Callable[[Item], Item] = _as_it_was

    def key_of(self, item: Mapping[str, Any]) -> Item:
        """As DynamoDB's calls take it."""
        return {name: item[name] for name in self.key}


TABLES = (
    Table("orders", "OrdersTableName", ("orderId",)),
    Table("products", "ProductsTableName", ("productId",)),
    Table("inventory", "InventoryTableName", ("productId",)),
    Table("carts", "CartsTableName", ("customerId",)),
    Table("metrics", "MetricsTableName", ("bucket", "part")),
    Table("payments", "PaymentsTableName", ("orderId", "operation"), _entered_since, adds=True),
    Table("gateway", "GatewayTableName", ("key",), _always, adds=True),
    Table("claims", "ClaimsTableName", ("claim",), _always, adds=True),
    Table("operations", "OperationsTableName", ("scope", "item"), _always, adds=True, put=_with_a_gap),
)
"""In the order in which they are set back."""
