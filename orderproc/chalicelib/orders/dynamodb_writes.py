"""The conditional writes of an order, alone or in one transaction with the stock that it moves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of, reasons_of
from ..kit.dynamodb import Item, from_dynamodb, to_dynamodb
from ..kit.errors import OutOfStock, StaleOrder
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import dataclass, service
from .model import Order, Reservation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_MOVES = 99
"""Products in one transaction: DynamoDB takes 100 items, and one of them is the order."""

PERMISSIONS = {
    "put": ["dynamodb:PutItem table/orders"],
    "move_stock": ["dynamodb:UpdateItem table/inventory"],
}


@dataclass(frozen=True)
class StockMove:
    """Units added to (or, below 0, taken from) what is available and what is reserved of one product."""

    product_id: str
    available: int
    reserved: int

    def reversed(self) -> StockMove:
        return StockMove(self.product_id, -self.available, -self.reserved)


@dataclass(frozen=True)
class Before:
    """What a stored order must still be for a write to replace it. `held` None: anything."""

    status: str
    revision: int = 0
    held: Reservation | None = None

    @classmethod
    def of(cls, item: Item) -> Before:
        """As the item itself says."""
        return cls(item["status"]["S"], int(from_dynamodb(item).get("revision", 0)))

    def condition(self) -> tuple[list[str], dict[str, Any]]:
        """Expressions, and the values in them; `#s` is the status."""
        parts, values = ["#s = :s"], {":s": self.status, ":r": self.revision or None, ":h": None}
        parts.append("revision = :r" if self.revision else "attribute_not_exists(revision)")
        if self.held is Reservation.NONE:
            parts.append("attribute_not_exists(stock)")
        elif self.held:
            parts.append("stock = :h")
            values[":h"] = self.held.value
        return parts, values


@dataclass(frozen=True)
class Deferred:
    """Stock moves that are still to be made for a stored order, in its attribute `owes` (see `dynamodb_large.py`).

    The token tells them from the same moves deferred another time."""

    moves: tuple[StockMove, ...]
    token: str = field(default_factory=lambda: secrets.token_hex(4))

    def on(self, item: Item) -> Item:
        """The order's item with these on it."""
        return {**item, **to_dynamodb({"owes": self.value})}

    @property
    def value(self) -> list[Any]:
        return [self.token, *([m.product_id, m.available, m.reserved] for m in self.moves)]


def deferred_of(item: Item) -> Deferred | None:
    """The moves that the order's item defers, if any."""
    if "owes" not in item:
        return None
    token, *moves = from_dynamodb({"owes": item["owes"]})["owes"]
    return Deferred(tuple(StockMove(product_id, int(a), int(r)) for product_id, a, r in moves), token)


def moves_of(order: Order, available: int, reserved: int) -> list[StockMove]:
    """The order's moves, each product once; both numbers are per unit."""
    return [StockMove(p, available * quantity, reserved * quantity) for p, quantity in order.quantities().items()]


@service
class OrderWrites:
    client: DynamoDBClient
    orders_table: str
    inventory_table: str
    backoff: Backoff = BACKOFF

    def write(
        self, item: Item, before: Before, moves: Sequence[StockMove] = (), deferred: Deferred | None = None
    ) -> None:
        """Replace the order if it is as `before` says and defers just `deferred`, and make the moves: all or nothing.

        Raises StaleOrder, OutOfStock, TemporarilyUnavailable."""
        reasons = self.attempt(item, before, moves, deferred)
        if not reasons:
            return
        if _failed(reasons[0]):
            raise StaleOrder(f"{item['orderId']['S']} is not {before.status} any more")
        raise OutOfStock(short(moves, reasons))

    def attempt(self, item: Item, before: Before, moves: Sequence[StockMove], deferred: Deferred | None) -> list[str]:
        """As `write`, but returns DynamoDB's reason for the order and for each move if a condition failed, else []."""
        put = self._put(item, before, deferred)
        if not moves:
            return self._put_alone(put)
        return self._transact([{"Put": put}, *(self._update(move) for move in moves)])

    def _put_alone(self, put: Any) -> list[str]:
        try:
            self.backoff.past_conflicts(lambda: self.client.put_item(**put))
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                return ["ConditionalCheckFailed"]
            raise
        return []

    def _put(self, item: Item, before: Before, deferred: Deferred | None) -> Any:
        parts, values = before.condition()
        parts.append("owes = :owed" if deferred else "attribute_not_exists(owes)")
        values[":owed"] = deferred.value if deferred else None
        return {
            "TableName": self.orders_table,
            "Item": item,
            "ConditionExpression": " AND ".join(parts),
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": to_dynamodb(values),
        }

    def _update(self, move: StockMove) -> Any:
        least = {":least_a": max(0, -move.available), ":least_r": max(0, -move.reserved)}
        sold = " AND attribute_not_exists(withdrawnAt)" if move.available < 0 else ""
        return {
            "Update": {
                "TableName": self.inventory_table,
                "Key": to_dynamodb({"productId": move.product_id}),
                "UpdateExpression": "SET available = available + :a, reserved = reserved + :r",
                "ConditionExpression": f"available >= :least_a AND reserved >= :least_r{sold}",
                "ExpressionAttributeValues": to_dynamodb({":a": move.available, ":r": move.reserved, **least}),
            }
        }

    def _transact(self, items: list[Any]) -> list[str]:
        """Empty when it was done; else DynamoDB's reason per item, of which at least one is a failed condition."""
        try:
            # The SDK adds a ClientRequestToken, so that its own retries apply at most once.
            self.backoff.past_conflicts(lambda: self.client.transact_write_items(TransactItems=items))
        except ClientError as error:
            if any(map(_failed, reasons := reasons_of(error))):
                return reasons
            raise
        return []


def short(moves: Sequence[StockMove], reasons: Sequence[str]) -> list[str]:
    """The products whose moves failed, of an attempt's reasons."""
    return [move.product_id for move, reason in zip(moves, reasons[1:], strict=True) if _failed(reason)]


def _failed(reason: str) -> bool:
    return reason == "ConditionalCheckFailed"
