"""Carts in DynamoDB: one item per customer, a map of pieces per product, so that two devices change two lines of it
without knowing of each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..domain.cart import MAX_LINES
from ..domain.clock import from_millis, to_millis
from ..domain.errors import TemporarilyUnavailable
from ..domain.gauges import QuietCart
from ..domain.order import Order
from .aws import code_of, lost_to_others, reasons_of
from .items import from_dynamodb, to_dynamodb
from .retrying import BACKOFF, Backoff

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CART_SECONDS = 30 * 24 * 3600
_CLAIM_SECONDS = 30 * 24 * 3600
_PAGE = 500


@dataclass(frozen=True)
class DynamoCarts:
    client: DynamoDBClient
    table: str
    claims_table: str
    seconds: Callable[[], float] = time.time
    backoff: Backoff = BACKOFF

    def get(self, customer_id: str) -> dict[str, int]:
        item = self._item(customer_id)
        # DynamoDB tidies expired items up to days late, so the time is judged here.
        if item is None or item["expiresAt"] < self.seconds():
            return {}
        return {product_id: int(quantity) for product_id, quantity in item["lines"].items()}

    def put(self, customer_id: str, product_id: str, quantity: int) -> bool:
        now = int(self.seconds())
        for _ in self.backoff.turns():
            changed = self._update(
                customer_id,
                "SET #l.#p = :q, expiresAt = :e",
                "expiresAt >= :now AND (attribute_exists(#l.#p) OR size(#l) < :max)",
                {"#l": "lines", "#p": product_id},
                {":q": quantity, ":e": now + _CART_SECONDS, ":now": now, ":max": MAX_LINES},
            )
            if changed:
                return True
            # No cart, one that expired, or a full one: only the first two can be begun anew.
            begun = self._update(
                customer_id,
                "SET #l = :l, expiresAt = :e",
                "attribute_not_exists(customerId) OR expiresAt < :now",
                {"#l": "lines"},
                {":l": {product_id: quantity}, ":e": now + _CART_SECONDS, ":now": now},
            )
            if begun:
                return True
            if len(self.get(customer_id)) >= MAX_LINES:
                return False
        raise TemporarilyUnavailable("The cart is being changed all the time.")

    def remove(self, customer_id: str, product_id: str) -> None:
        self._update(
            customer_id,
            "REMOVE #l.#p SET expiresAt = :e",
            "expiresAt >= :now",
            {"#l": "lines", "#p": product_id},
            {":e": int(self.seconds()) + _CART_SECONDS, ":now": int(self.seconds())},
        )

    def clear(self, customer_id: str) -> None:
        key = to_dynamodb({"customerId": customer_id})
        self.backoff.past_conflicts(lambda: self.client.delete_item(TableName=self.table, Key=key))

    def quiet(self, since: str, until: str) -> Iterator[QuietCart]:
        # A Scan, but of carts, an item for each customer who has one; orders are never scanned.
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            PaginationConfig={"PageSize": _PAGE},
            ProjectionExpression="#l, expiresAt",
            FilterExpression="expiresAt BETWEEN :since AND :until AND size(#l) > :none",
            ExpressionAttributeNames={"#l": "lines"},
            ExpressionAttributeValues=to_dynamodb(
                {":since": _expiry(since, up=True), ":until": _expiry(until), ":none": 0}
            ),
        )
        for page in pages:
            for found in map(from_dynamodb, page["Items"]):
                touched = from_millis((int(found["expiresAt"]) - _CART_SECONDS) * 1000)
                yield QuietCart(touched, {product_id: int(n) for product_id, n in found["lines"].items()})

    def remove_bought(self, order: Order) -> None:
        for _ in self.backoff.turns():
            change = self._without(order, self.get(order.customer_id))
            actions: list[Any] = [{"Put": self._claim(order)}]
            if change:
                actions.append({"Update": change})
            try:
                self.client.transact_write_items(TransactItems=actions)
                return
            except ClientError as error:
                reasons = reasons_of(error)
                if reasons[:1] == ["ConditionalCheckFailed"]:
                    return  # it was done before
                if "ConditionalCheckFailed" not in reasons and not lost_to_others(error):
                    raise
        raise TemporarilyUnavailable("The cart is being changed all the time.")

    def _without(self, order: Order, lines: dict[str, int]) -> dict[str, Any] | None:
        """The update that takes the bought pieces out, provided that those lines are still as they were read."""
        bought = [(p, q) for p, q in order.quantities().items() if p in lines]
        if not bought:
            return None
        names, values, sets, removes, conditions = {"#l": "lines"}, {}, [], [], []
        for n, (product_id, quantity) in enumerate(bought):
            names[f"#p{n}"], values[f":was{n}"] = product_id, lines[product_id]
            conditions.append(f"#l.#p{n} = :was{n}")
            if lines[product_id] > quantity:
                sets.append(f"#l.#p{n} = :left{n}")
                values[f":left{n}"] = lines[product_id] - quantity
            else:
                removes.append(f"#l.#p{n}")
        parts = [f"SET {', '.join(sets)}"] if sets else []
        parts += [f"REMOVE {', '.join(removes)}"] if removes else []
        return {
            "TableName": self.table,
            "Key": to_dynamodb({"customerId": order.customer_id}),
            "UpdateExpression": " ".join(parts),
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": to_dynamodb(values),
        }

    def _claim(self, order: Order) -> dict[str, Any]:
        expires = int(self.seconds()) + _CLAIM_SECONDS
        return {
            "TableName": self.claims_table,
            "Item": to_dynamodb({"claim": f"{order.order_id}#cart", "expiresAt": expires}),
            "ConditionExpression": "attribute_not_exists(claim)",
        }

    def _item(self, customer_id: str) -> dict[str, Any] | None:
        key = to_dynamodb({"customerId": customer_id})
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return from_dynamodb(item) if item else None

    def _update(
        self, customer_id: str, update: str, condition: str, names: dict[str, str], values: dict[str, Any]
    ) -> bool:
        try:
            self.backoff.past_conflicts(
                lambda: self.client.update_item(
                    TableName=self.table,
                    Key=to_dynamodb({"customerId": customer_id}),
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=to_dynamodb(values),
                )
            )
        except ClientError as error:
            if code_of(error) == "ConditionalCheckFailedException":
                return False
            raise
        return True


def _expiry(touched: str, *, up: bool = False) -> int:
    """When a cart expires that was touched then: whole seconds, a part of one cut off, or rounded up."""
    millis = to_millis(touched)
    return (-(-millis // 1000) if up else millis // 1000) + _CART_SECONDS
