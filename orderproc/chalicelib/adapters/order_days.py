"""The index of orders by the day they were created on: keys only, in shards, merged here into one row.

Orders of one millisecond are in the order of their ids. DynamoDB promises none among equal sort keys, so those of one
shard are read together: then a place in the row is a time and an id, and means the same in every read."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .items import OPEN_SHARDS, day_key, to_dynamodb

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGE = 500
"""Keys in one read, 45 KB: one merge holds a page of each shard."""

Place = tuple[str, str]
"""createdAt and orderId."""


@dataclass(frozen=True)
class OrderDays:
    client: DynamoDBClient
    orders_table: str

    def newest(self, day: str, limit: int, after: Mapping[str, str] | None) -> tuple[list[str], dict[str, str] | None]:
        """At most `limit` ids of the day, newest first, after a place; and the place of the last if more follow."""
        low, high = _first_of(day), after["createdAt"] if after else _last_of(day)
        row = self._merged(day, low, high, newest_first=True, page=limit + 1)
        if after:
            before = (after["createdAt"], after["orderId"])
            row = (place for place in row if place < before)
        found = list(islice(row, limit + 1))
        shown = found[:limit]
        following = {"createdAt": shown[-1][0], "orderId": shown[-1][1]} if len(found) > limit else None
        return [order_id for _, order_id in shown], following

    def between(self, start: str, end: str) -> Iterator[str]:
        """Ids of the orders created from `start` to before `end`, oldest first."""
        rows = (
            self._merged(day, max(start, _first_of(day)), min(end, _last_of(day)), newest_first=False, page=_PAGE)
            for day in _days(start[:10], end[:10])
        )
        return (order_id for at, order_id in chain.from_iterable(rows) if at < end)

    def _merged(self, day: str, low: str, high: str, *, newest_first: bool, page: int) -> Iterator[Place]:
        shards = (
            self._shard(day_key(day, str(shard)), low, high, newest_first, min(page, _PAGE))
            for shard in range(OPEN_SHARDS)
        )
        return heapq.merge(*shards, reverse=newest_first)

    def _shard(self, key: str, low: str, high: str, newest_first: bool, page: int) -> Iterator[Place]:
        for _, of_one_moment in groupby(self._read(key, low, high, newest_first, page), key=itemgetter(0)):
            yield from sorted(of_one_moment, reverse=newest_first)

    def _read(self, key: str, low: str, high: str, newest_first: bool, page: int) -> Iterator[Place]:
        following: dict[str, Any] = {}
        while True:
            answer = self.client.query(
                TableName=self.orders_table,
                IndexName="by-day",
                KeyConditionExpression="#d = :d AND createdAt BETWEEN :low AND :high",
                ExpressionAttributeNames={"#d": "day"},  # a reserved word
                ExpressionAttributeValues=to_dynamodb({":d": key, ":low": low, ":high": high}),
                ScanIndexForward=not newest_first,
                Limit=page,
                **following,
            )
            yield from ((str(item["createdAt"]["S"]), str(item["orderId"]["S"])) for item in answer["Items"])
            if "LastEvaluatedKey" not in answer:
                break
            following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _days(first: str, last: str) -> Iterator[str]:
    """All days from one to the other, both included."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    while day <= end:
        yield day.isoformat()
        day += timedelta(days=1)


def _first_of(day: str) -> str:
    return f"{day}T00:00:00.000Z"


def _last_of(day: str) -> str:
    return f"{day}T23:59:59.999Z"
