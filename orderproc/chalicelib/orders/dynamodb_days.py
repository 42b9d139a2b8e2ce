"""The indexes of orders by the day they were created on, and of open ones: keys only, in shards, merged here into one
row.

Orders of one millisecond are in the order of their ids. DynamoDB promises none among equal sort keys, so those of one
shard are read together: then a place in the row is a time and an id, and means the same in every read."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ..kit.dynamodb import to_dynamodb
from ..kit.page import ListPosition
from ..kit.wiring import service
from .items import OPEN_SHARDS, day_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAGE = 500
"""Keys in one read, 45 KB: one merge holds a page of each shard."""

_PARTITIONS = {"by-day": "day", "open": "openShard"}
Row = tuple[list[ListPosition], dict[str, str] | None]
"""Places, and the last of them again if more follow."""
_EARLIEST, _LATEST = "0", "9"
"""Before and after every createdAt."""

PERMISSIONS = {
    "by_day": ["dynamodb:Query table/orders/index/by-day"],
    "open": ["dynamodb:Query table/orders/index/open"],
    "positions_between": ["dynamodb:Scan table/orders/index/by-day"],
}


@service
class OrderDays:
    client: DynamoDBClient
    orders_table: str

    def newest(self, day: str, limit: int, after: Mapping[str, str] | None) -> Row:
        """At most `limit` places of the day, newest first, after a place."""
        high = after["createdAt"] if after else _last_of(day)
        row = self._merged(day, _first_of(day), high, newest_first=True, page=limit + 1)
        return first_of(_beyond(row, after), limit)

    def newest_open(self, limit: int, after: Mapping[str, str] | None) -> Row:
        """The same of open orders of all days."""
        high = after["createdAt"] if after else _LATEST
        shards = (
            self._shard("open", str(shard), _EARLIEST, high, True, min(limit + 1, _PAGE))
            for shard in range(OPEN_SHARDS)
        )
        return first_of(_beyond(heapq.merge(*shards, reverse=True), after), limit)

    def open_before(self, shard: int, before: str, page: int) -> Iterator[str]:
        """Ids of the open orders of one shard created before that time, oldest first; so many in one read."""
        row = self._read("open", str(shard), _EARLIEST, before, False, page)
        return (order_id for at, order_id in row if at < before)

    def positions_between(self, start: str, end: str) -> list[ListPosition] | None:
        # A Scan, but one page of it, 1 MB of keys: a shop that has more of them has orders on most days, and those are
        # read day by day.
        answer = self.client.scan(
            TableName=self.orders_table,
            IndexName="by-day",
            ProjectionExpression="createdAt, orderId",
            FilterExpression="createdAt >= :start AND createdAt < :end",
            ExpressionAttributeValues=to_dynamodb({":start": start, ":end": end}),
        )
        return None if "LastEvaluatedKey" in answer else sorted(map(position_of, answer["Items"]), reverse=True)

    def between(self, start: str, end: str, after: ListPosition | None) -> Iterator[ListPosition]:
        """Places of the orders created from `start` to before `end`, oldest first; those behind `after`."""
        first = max(start, after[0]) if after else start
        rows = (
            self._merged(day, max(first, _first_of(day)), min(end, _last_of(day)), newest_first=False, page=_PAGE)
            for day in _days(first[:10], end[:10])
        )
        return (place for place in chain.from_iterable(rows) if place[0] < end and (after is None or place > after))

    def _merged(self, day: str, low: str, high: str, *, newest_first: bool, page: int) -> Iterator[ListPosition]:
        shards = (
            self._shard("by-day", day_key(day, str(shard)), low, high, newest_first, min(page, _PAGE))
            for shard in range(OPEN_SHARDS)
        )
        return heapq.merge(*shards, reverse=newest_first)

    def _shard(
        self, index: str, key: str, low: str, high: str, newest_first: bool, page: int
    ) -> Iterator[ListPosition]:
        for _, of_one_moment in groupby(self._read(index, key, low, high, newest_first, page), key=itemgetter(0)):
            yield from sorted(of_one_moment, reverse=newest_first)

    def _read(self, index: str, key: str, low: str, high: str, newest_first: bool, page: int) -> Iterator[ListPosition]:
        following: dict[str, Any] = {}
        while True:
            answer = self.client.query(
                TableName=self.orders_table,
                IndexName=index,
                KeyConditionExpression="#k = :k AND createdAt BETWEEN :low AND :high",
                ExpressionAttributeNames={"#k": _PARTITIONS[index]},
                ExpressionAttributeValues=to_dynamodb({":k": key, ":low": low, ":high": high}),
                ScanIndexForward=not newest_first,
                Limit=page,
                **following,
            )
            yield from map(position_of, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                break
            following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def first_of(row: Iterator[ListPosition], limit: int) -> Row:
    found = list(islice(row, limit + 1))
    shown = found[:limit]
    return shown, {"createdAt": shown[-1][0], "orderId": shown[-1][1]} if len(found) > limit else None


def _beyond(row: Iterator[ListPosition], after: Mapping[str, str] | None) -> Iterator[ListPosition]:
    return (place for place in row if after is None or place < (after["createdAt"], after["orderId"]))


def position_of(item: Mapping[str, Any]) -> ListPosition:
    return str(item["createdAt"]["S"]), str(item["orderId"]["S"])


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
