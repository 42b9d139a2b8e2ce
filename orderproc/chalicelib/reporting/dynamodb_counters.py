"""Counters in the table of metrics, written by counting.

| bucket | part | holds |
|---|---|---|
| `2026-11-21T14` (hour, UTC) | `count#<quarter>#<shard>` | `counts`, `seen` (digests), `version`; for 400 days |
| the same | `count#<quarter>#<shard>#<page>` | what came once the page before was `full` |
| `hours#2026-11` | `21T14` | the hour's sum; `version` is the sum of its counters' versions |
| `quarters#2026-11` | `21T14` | the same by its four quarters |"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.clock import from_iso
from ..kit.dynamodb import Item, from_dynamodb, to_dynamodb
from ..kit.wiring import service
from .counter_ports import KEPT_DAYS, CounterKey, CounterPage, Sums
from .counts import Counts
from .counts_text import to_counts, to_text
from .metric_items import put_sums, query

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DIGEST = 8
_COUNT = "count#"

PERMISSIONS = {
    "count": ["dynamodb:GetItem table/metrics", "dynamodb:PutItem table/metrics"],
}


@service
class DynamoCounterPages:
    client: DynamoDBClient
    table: str

    def get(self, place: CounterKey) -> CounterPage:
        found = self._item(place.hour, _part(place))
        return _tally(found) if found else CounterPage()

    def put(self, place: CounterKey, counter_page: CounterPage, version: int) -> bool:
        item = to_dynamodb(
            {
                "bucket": place.hour,
                "part": _part(place),
                "counts": to_text(counter_page.counts),
                "seen": b"".join(sorted(counter_page.seen)) or None,
                "version": counter_page.version,
                "full": counter_page.full or None,
                "expiresAt": _expiry(place.hour),
            }
        )
        if version:
            return self._put(item, "version = :v", {":v": version})
        return self._put(item, "attribute_not_exists(part)")

    def of_hour(self, hour: str) -> dict[CounterKey, CounterPage]:
        return {_place(item): _tally(item) for item in self._parts(hour)}

    def sums(self, hour: str) -> Sums | None:
        whole, quarters = (self._item(f"{kind}#{hour[:7]}", hour[8:]) for kind in ("hours", "quarters"))
        if whole is None:
            return None
        parts = tuple(to_counts(text) for text in quarters["counts"]) if quarters else ()
        return Sums(to_counts(whole["counts"]), parts, int(whole["version"]))

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        put_sums(self.client, self.table, hour, quarters, version)

    def _put(self, item: Item, condition: str, values: Item | None = None) -> bool:
        more: dict[str, Any] = {"ExpressionAttributeValues": to_dynamodb(values)} if values else {}
        try:
            self.client.put_item(TableName=self.table, Item=item, ConditionExpression=condition, **more)
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _item(self, bucket: str, part: str) -> Item | None:
        key = to_dynamodb({"bucket": bucket, "part": part})
        found = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return from_dynamodb(found) if found else None

    def _parts(self, hour: str) -> Iterator[Item]:
        wanted = {":b": hour, ":p": _COUNT}
        found = query(self.client, self.table, "#b = :b AND begins_with(part, :p)", wanted, consistent=True)
        return map(from_dynamodb, found)


def _part(place: CounterKey) -> str:
    return f"{_COUNT}{place.quarter}#{place.shard}" + (f"#{place.page}" if place.page else "")


def _place(item: Item) -> CounterKey:
    _, quarter, shard, *page = item["part"].split("#")
    return CounterKey(item["bucket"], int(quarter), int(shard), *map(int, page))


def _tally(item: Item) -> CounterPage:
    seen = bytes(item.get("seen", b""))
    digests = frozenset(seen[n : n + _DIGEST] for n in range(0, len(seen), _DIGEST))
    return CounterPage(to_counts(item["counts"]), digests, int(item["version"]), bool(item.get("full")))


def _expiry(hour: str) -> int:
    return int((from_iso(f"{hour}:00:00.000Z") + timedelta(days=KEPT_DAYS)).timestamp())
