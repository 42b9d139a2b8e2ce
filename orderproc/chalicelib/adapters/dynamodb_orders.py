"""Orders and the inventory they move, in DynamoDB."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from ..domain.errors import OutOfStock, StaleOrder, TemporarilyUnavailable
from ..domain.order import Order, Reservation, Status
from ..services.ports import Page, chunks
from .aws import code_of
from .items import OPEN_SHARDS, Item, customer_key, from_dynamodb, order_from_item, order_to_item, to_dynamodb

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONFLICT_TRIES = 12
"""Turns in a transaction that lost to another on the same product. A conflict is no failure of DynamoDB: on one hot
product every buyer meets several, and giving up early would send sold-out answers through the dead-letter queue."""


@dataclass(frozen=True)
class DynamoOrders:
    client: DynamoDBClient
    orders_table: str
    inventory_table: str

    def add(self, order: Order) -> Order | None:
        try:
            self.client.put_item(
                TableName=self.orders_table,
                Item=order_to_item(order),
                ConditionExpression="attribute_not_exists(orderId)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            item = cast("Item | None", error.response.get("Item"))  # absent from botocore's stubs
            return order_from_item(item) if item else self.get(order.order_id)
        return None

    def get(self, order_id: str) -> Order | None:
        key = to_dynamodb({"orderId": order_id})
        item = self.client.get_item(TableName=self.orders_table, Key=key, ConsistentRead=True).get("Item")
        return order_from_item(item) if item else None

    def save(self, order: Order, expected: Status) -> Order:
        stored = _next_revision(order, expected)
        try:
            self.client.put_item(**self._put(stored, order, expected))
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                raise StaleOrder(f"{order.order_id} is not {expected} any more") from error
            raise
        return stored

    def reserve(self, order: Order, expected: Status) -> Order:
        update = "SET available = available - :q, reserved = reserved + :q"
        return self._with_stock(order, expected, Reservation.NONE, update, "available >= :q")

    def commit(self, order: Order, expected: Status) -> Order:
        return self._with_stock(order, expected, Reservation.HELD, "SET reserved = reserved - :q", "reserved >= :q")

    def release(self, order: Order, expected: Status) -> Order:
        update = "SET available = available + :q, reserved = reserved - :q"
        return self._with_stock(order, expected, Reservation.HELD, update, "reserved >= :q")

    def restock(self, order: Order, expected: Status) -> Order:
        update = "SET available = available + :q"
        return self._with_stock(order, expected, Reservation.COMMITTED, update, "attribute_exists(productId)")

    def by_owner(self, owner: str, customer_id: str | None, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        index, name, value = (
            ("by-owner", "owner", owner)
            if customer_id is None
            else ("by-customer", "customerKey", customer_key(owner, customer_id))
        )
        request: dict[str, Any] = {
            "TableName": self.orders_table,
            "IndexName": index,
            "KeyConditionExpression": "#k = :k",
            "ExpressionAttributeNames": {"#k": name},
            "ExpressionAttributeValues": to_dynamodb({":k": value}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if after:
            request["ExclusiveStartKey"] = to_dynamodb({**after, name: value})
        answer = self.client.query(**request)
        last = answer.get("LastEvaluatedKey")
        following = {k: v for k, v in from_dynamodb(last).items() if k != name} if last else None
        return Page(self._in_order(str(item["orderId"]["S"]) for item in answer["Items"]), following)

    def open_before(self, created_before: str, limit: int) -> list[Order]:
        ids: list[str] = []
        for shard in range(OPEN_SHARDS):
            answer = self.client.query(
                TableName=self.orders_table,
                IndexName="open",
                KeyConditionExpression="openShard = :s AND createdAt < :t",
                ExpressionAttributeValues=to_dynamodb({":s": str(shard), ":t": created_before}),
                Limit=max(1, limit // OPEN_SHARDS),
            )
            ids += [str(item["orderId"]["S"]) for item in answer["Items"]]
        # The index may be behind: what was closed since is left out.
        return [order for order in self._in_order(ids) if order.open]

    def _in_order(self, order_ids: Iterable[str]) -> list[Order]:
        """The whole orders to keys read from an index, in the order of the keys."""
        ids = list(order_ids)
        found: dict[str, Order] = {}
        for some in chunks(ids, 100):
            keys = [to_dynamodb({"orderId": order_id}) for order_id in some]
            for item in batch_get(self.client, self.orders_table, keys):
                order = order_from_item(item)
                found[order.order_id] = order
        return [found[order_id] for order_id in ids if order_id in found]

    def _put(self, stored: Order, order: Order, expected: Status, held: Reservation | None = None) -> Any:
        conditions = ["#s = :s"]
        values: dict[str, Any] = {":s": expected.value}
        if order.revision:
            conditions.append("revision = :r")
            values[":r"] = order.revision
        else:
            conditions.append("attribute_not_exists(revision)")
        if held is Reservation.NONE:
            conditions.append("attribute_not_exists(stock)")
        elif held:
            conditions.append("stock = :h")
            values[":h"] = held.value
        return {
            "TableName": self.orders_table,
            "Item": order_to_item(stored),
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": {"#s": "status"},
            "ExpressionAttributeValues": to_dynamodb(values),
        }

    def _with_stock(self, order: Order, expected: Status, held: Reservation, update: str, condition: str) -> Order:
        """One transaction over the order, which must hold `held`, and its products, each product once."""
        stored = _next_revision(order, expected)
        products = list(order.quantities().items())
        moves = [
            {
                "Update": {
                    "TableName": self.inventory_table,
                    "Key": to_dynamodb({"productId": product_id}),
                    "UpdateExpression": update,
                    "ConditionExpression": condition,
                    "ExpressionAttributeValues": to_dynamodb({":q": quantity}),
                }
            }
            for product_id, quantity in products
        ]
        reasons = self._transact([{"Put": self._put(stored, order, expected, held)}, *moves])
        if not reasons:
            return stored
        if reasons[0] == "ConditionalCheckFailed":
            raise StaleOrder(f"{order.order_id} is not {expected} any more")
        raise OutOfStock([p for (p, _), reason in zip(products, reasons[1:], strict=True) if reason != "None"])

    def _transact(self, items: list[Any]) -> list[str]:
        """Empty when it was done; else DynamoDB's reason per item, of which at least one is a failed condition."""
        for turn in range(1, _CONFLICT_TRIES + 1):
            try:
                # The SDK adds a ClientRequestToken, so that its own retries apply at most once.
                self.client.transact_write_items(TransactItems=items)
                return []
            except ClientError as error:
                if code_of(error) != "TransactionCanceledException":
                    raise
                reasons = [str(r.get("Code")) for r in cast(Any, error.response)["CancellationReasons"]]
                if "ConditionalCheckFailed" in reasons:
                    return reasons
            time.sleep(random.uniform(0, min(0.4, 0.02 * 2**turn)))  # full jitter
        raise TemporarilyUnavailable(f"Too many others write to the same items ({', '.join(set(reasons))}).")


def _next_revision(order: Order, expected: Status) -> Order:
    return replace(order, revision=order.revision + 1) if order.status is expected else order


def batch_get(client: DynamoDBClient, table: str, keys: list[Item], consistent: bool = False) -> list[Item]:
    """At most 100 items by key, in no particular order. What DynamoDB leaves unprocessed is asked for again, thrice."""
    found: list[Item] = []
    request: dict[str, Any] = {table: {"Keys": keys, "ConsistentRead": consistent}} if keys else {}
    for turn in range(4):
        if not request:
            return found
        if turn:
            time.sleep(random.uniform(0, 0.05 * 2**turn))
        answer = client.batch_get_item(RequestItems=request)
        found += answer["Responses"].get(table, [])
        request = dict(answer.get("UnprocessedKeys", {}))
    raise TemporarilyUnavailable(f"{table} is throttled.")
