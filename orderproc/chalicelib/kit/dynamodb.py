"""Items of DynamoDB as plain values, and the calls that several adapters make alike."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from .aws import code_of, unless
from .chunks import chunks
from .errors import TemporarilyUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient as DynamoDBClient  # noqa: PLC0414 (re-exported)
else:
    DynamoDBClient = Any


class _Serializer(TypeSerializer):
    """boto3's asks each value for nine types before it takes it for a list. Most values are texts and lists."""

    def serialize(self, value: Any) -> Any:
        if isinstance(value, str):
            return {"S": value}
        if isinstance(value, (list, tuple)):
            return {"L": [self.serialize(inner) for inner in value]}
        return super().serialize(value)


_serializer = _Serializer()
_deserializer = TypeDeserializer()
Item = dict[str, Any]
T = TypeVar("T")
_FAILED = "ConditionalCheckFailedException"


def to_dynamodb(values: Item) -> Item:
    """Plain Python values in DynamoDB's typed form. None is left out."""
    return {name: _serializer.serialize(value) for name, value in values.items() if value is not None}


def from_dynamodb(item: Item) -> Item:
    return {name: _deserializer.deserialize(value) for name, value in item.items()}


def get(client: DynamoDBClient, table: str, key: Item) -> Item | None:
    """The item of that key as last written, in DynamoDB's form."""
    return client.get_item(TableName=table, Key=to_dynamodb(key), ConsistentRead=True).get("Item")


def batch_get(client: DynamoDBClient, table: str, keys: Iterable[Item], consistent: bool = False) -> list[Item]:
    """Items by key, a hundred with each call, in no particular order. What DynamoDB leaves unprocessed is asked for
    again, thrice."""
    return [item for some in chunks(keys, 100) for item in _hundred(client, table, some, consistent)]


def _hundred(client: DynamoDBClient, table: str, keys: list[Item], consistent: bool) -> list[Item]:
    found: list[Item] = []
    request: dict[str, Any] = {table: {"Keys": keys, "ConsistentRead": consistent}}
    for turn in range(4):
        if turn:
            time.sleep(random.uniform(0, 0.05 * 2**turn))
        answer = client.batch_get_item(RequestItems=request)
        found += answer["Responses"].get(table, [])
        request = dict(answer.get("UnprocessedKeys", {}))
        if not request:
            return found
    raise TemporarilyUnavailable(f"{table} is throttled.")


def put_if(
    client: DynamoDBClient, table: str, values: Item, condition: str, given: Item | None = None, **names: str
) -> Item | None:
    """Put the item if the condition holds. `given` are the values in it, `names` what its `#name` stand for.

    None if it was put; else the item that is there, in DynamoDB's form, or an empty one if none is."""
    more: dict[str, Any] = {"ExpressionAttributeValues": to_dynamodb(given)} if given else {}
    if names:
        more["ExpressionAttributeNames"] = {f"#{name}": attribute for name, attribute in names.items()}
    try:
        client.put_item(
            TableName=table,
            Item=to_dynamodb(values),
            ConditionExpression=condition,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **more,
        )
    except ClientError as error:
        if code_of(error) != _FAILED:
            raise
        return cast("Item", error.response.get("Item") or {})  # absent from botocore's stubs
    return None


def if_it_holds(write: Callable[[], T]) -> T | None:
    """What a conditional write returns; None if its condition does not hold."""
    return unless([_FAILED], write)


def page_of(
    read: Callable[..., Any], limit: int, after: Item | None, key: Sequence[str], **request: Any
) -> tuple[list[Item], Item | None]:
    """At most `limit` items, and the key after which the next page begins. `read` is a query or a scan."""
    if after:
        request["ExclusiveStartKey"] = to_dynamodb(after)
    answer = read(**request, Limit=limit + 1)  # one more says whether there is one more
    items = answer["Items"]
    last = {name: items[limit - 1][name] for name in key} if len(items) > limit else answer.get("LastEvaluatedKey")
    return items[:limit], from_dynamodb(last) if last else None


def newest_of(
    client: DynamoDBClient, table: str, scope: str, limit: int, after: Mapping[str, str] | None
) -> tuple[list[Item], dict[str, str] | None]:
    """A page of the items of one scope, whose names sort by time, the last ones first."""
    items, last = page_of(
        client.query,
        limit,
        {"scope": scope, "item": after["item"]} if after else None,
        ("item",),
        TableName=table,
        KeyConditionExpression="#scope = :scope",
        ExpressionAttributeNames={"#scope": "scope"},
        ExpressionAttributeValues=to_dynamodb({":scope": scope}),
        ScanIndexForward=False,
        ConsistentRead=True,
    )
    return items, {"item": last["item"]} if last else None
