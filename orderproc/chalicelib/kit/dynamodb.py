"""Items of DynamoDB as plain values, and reading many of them."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from .errors import TemporarilyUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_serializer = TypeSerializer()
_deserializer = TypeDeserializer()
Item = dict[str, Any]


def to_dynamodb(values: Item) -> Item:
    """Plain Python values in DynamoDB's typed form. None is left out."""
    return {name: _serializer.serialize(value) for name, value in values.items() if value is not None}


def from_dynamodb(item: Item) -> Item:
    return {name: _deserializer.deserialize(value) for name, value in item.items()}


def batch_get(client: DynamoDBClient, table: str, keys: list[Item], consistent: bool = False) -> list[Item]:
    """At most 100 items by key, in no particular order. What DynamoDB leaves unprocessed is asked for again, thrice."""
    found: list[Item] = []
    request: dict[str, Any] = {table: {"Keys": keys, "ConsistentRead": consistent}} if keys else {}
    for turn in range(4):
        if turn:
            time.sleep(random.uniform(0, 0.05 * 2**turn))
        if request:
            answer = client.batch_get_item(RequestItems=request)
            found += answer["Responses"].get(table, [])
            request = dict(answer.get("UnprocessedKeys", {}))
        if not request:
            return found
    raise TemporarilyUnavailable(f"{table} is throttled.")
