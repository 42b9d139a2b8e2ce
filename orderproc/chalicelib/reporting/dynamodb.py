"""Counters, their sums, and gauges in the table of metrics.

| bucket | part | holds |
|---|---|---|
| `2026-11-21T14` (hour, UTC) | `count#<quarter>#<shard>` | `counts`, `seen` (digests), `version`; for 400 days |
| the same | `count#<quarter>#<shard>#<page>` | what came once the page before was `full` |
| `hours#2026-11` | `21T14` | the hour's sum; `version` is the sum of its counters' versions |
| `quarters#2026-11` | `21T14` | the same by its four quarters, for zones that are half an hour off |
| `gauges#2026-11` | `21T14` | how things stood in that hour; for good |
| `publisher` | `progress` | what was published |

A month of sums is one Query (of some pages if the shop is busy), so 400 days are fourteen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import Item, to_dynamodb
from ..kit.jsonio import dumps, loads
from ..kit.wiring import service
from .counts import Counts, added, to_counts, to_text
from .hours import months_between, start_of
from .order_drop import Earlier, Forecast
from .ports import (
    KEPT_DAYS,
    AbandonedCarts,
    CounterKey,
    CounterPage,
    Gauges,
    LivePart,
    LowStock,
    Progress,
    Published,
    Sums,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_DIGEST = 8
_COUNT = "count#"
_PROGRESS = {"bucket": "publisher", "part": "progress"}
_CARTS = "cartsAbandoned = :carts, cartsAbandonedValue = :value"
_NOW = f"SET lowStock = :low, lowStockProducts = :products, {_CARTS}"
_AFTER = (
    "SET lowStock = if_not_exists(lowStock, :low), "
    f"lowStockProducts = if_not_exists(lowStockProducts, :products), {_CARTS}"
)

PERMISSIONS = {
    "read": ["dynamodb:Query table/metrics"],
    "get": ["dynamodb:GetItem table/metrics"],
    "put": ["dynamodb:PutItem table/metrics"],
    "put_gauges": ["dynamodb:UpdateItem table/metrics"],
}


@service
class DynamoCounters:
    """Both as they are counted (CounterPages) and as they are reported (Counters)."""

    client: DynamoDBClient
    table: str
    report: Report = unreported

    def get(self, place: CounterKey) -> CounterPage:
        found = self._item(place.hour, _part(place))
        return _page(found) if found else CounterPage()

    def put(self, place: CounterKey, counter_page: CounterPage, version: int) -> bool:
        item = {
            "bucket": place.hour,
            "part": _part(place),
            "counts": to_text(counter_page.counts),
            "seen": b"".join(sorted(counter_page.seen)) or None,
            "version": counter_page.version,
            "full": counter_page.full or None,
            "expiresAt": int((start_of(place.hour) + timedelta(days=KEPT_DAYS)).timestamp()),
        }
        same = ("version = :v", {":v": version}) if version else ("attribute_not_exists(part)",)
        return not self._refused(item, *same)

    def of_hour(self, hour: str) -> dict[CounterKey, CounterPage]:
        return {_place(item): _page(item) for item in self._counters(hour)}

    def live(self, hour: str) -> list[LivePart]:
        return list(readable(self._counters(hour), _live, self.report))

    def sums(self, hour: str) -> Sums | None:
        whole, quarters = (self._item(f"{kind}#{hour[:7]}", hour[8:]) for kind in ("hours", "quarters"))
        if whole is None:
            return None
        parts = tuple(to_counts(text["S"]) for text in quarters["counts"]["L"]) if quarters else ()
        return Sums(to_counts(whole["counts"]["S"]), parts, int(whole["version"]["N"]))

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        texts = {"hours": to_text(added(quarters)), "quarters": [to_text(quarter) for quarter in quarters]}
        for kind, counts in texts.items():
            item = {"bucket": f"{kind}#{hour[:7]}", "part": hour[8:], "counts": counts, "version": version}
            # If it is refused, another run, or a try of this one, wrote it.
            self._refused(item, "attribute_not_exists(version) OR version < :v", {":v": version})

    def hours(self, first: str, last: str) -> Iterator[tuple[str, Counts]]:
        return readable(self._months("hours", first, last), _of_hour, self.report)

    def quarters(self, first: str, last: str) -> Iterator[tuple[str, Sequence[Counts]]]:
        return readable(self._months("quarters", first, last), _of_quarters, self.report)

    def gauges(self, first: str, last: str) -> Iterator[tuple[str, Gauges]]:
        return readable(self._months("gauges", first, last), _gauges, self.report)

    def progress(self) -> Progress | None:
        # A Query, not a GetItem: the API, which shows metrics, may query this table, and nothing else.
        wanted = {":b": _PROGRESS["bucket"], ":p": _PROGRESS["part"]}
        found = next(self._query("#b = :b AND part = :p", wanted, consistent=True), None)
        return _progress(found) if found else None

    def save(self, progress: Progress, before: Progress | None) -> bool:
        same = ("run = :r", {":r": before.run}) if before else ("attribute_not_exists(run)",)
        stored = self._refused(
            {**_PROGRESS, **_texts_of(progress)}, *same, ReturnValuesOnConditionCheckFailure="ALL_OLD"
        )
        # A try whose reply was lost is repeated by the SDK, and then it is our own write that is in the way.
        return stored is None or bool(stored.get("Item", {}).get("run", {}).get("S") == progress.run)

    def _refused(self, item: Item, condition: str, values: Item | None = None, **more: Any) -> Any:
        """Put the item if the condition holds. None if it did, else what DynamoDB answered."""
        if values:
            more["ExpressionAttributeValues"] = to_dynamodb(values)
        return _unless_refused(
            lambda: self.client.put_item(
                TableName=self.table, Item=to_dynamodb(item), ConditionExpression=condition, **more
            )
        )

    def _item(self, bucket: str, part: str) -> Any:
        key = to_dynamodb({"bucket": bucket, "part": part})
        return self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")

    def _counters(self, hour: str) -> Iterator[Any]:
        return self._query("#b = :b AND begins_with(part, :p)", {":b": hour, ":p": _COUNT}, consistent=True)

    def _months(self, kind: str, first: str, last: str) -> Iterator[Any]:
        for month in months_between(first, last):
            low, high = max(first, f"{month}-01T00")[8:], min(last, f"{month}-31T23")[8:]
            wanted = {":b": f"{kind}#{month}", ":l": low, ":h": high}
            yield from self._query("#b = :b AND part BETWEEN :l AND :h", wanted)

    def _query(self, condition: str, values: Item, consistent: bool = False) -> Iterator[Any]:
        """Items in DynamoDB's own form, page by page. `#b` in the condition is the bucket."""
        following: dict[str, Any] = {}
        while True:
            answer = self.client.query(
                TableName=self.table,
                KeyConditionExpression=condition,
                ExpressionAttributeNames={"#b": "bucket"},  # a reserved word
                ExpressionAttributeValues=to_dynamodb(values),
                ConsistentRead=consistent,
                **following,
            )
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


@service
class DynamoGauges:
    client: DynamoDBClient
    table: str

    def put(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        self._update(hour, low, left, _NOW)

    def put_after(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        self._update(hour, low, left, _AFTER)

    def complete(self, hour: str, low: LowStock, left: AbandonedCarts) -> None:
        fewer = {"ConditionExpression": "attribute_not_exists(cartsAbandoned) OR cartsAbandoned < :carts"}
        # If it is refused, a run saw the hour whole, or a try of this very write was made.
        _unless_refused(lambda: self._update(hour, low, left, _AFTER, **fewer))

    def _update(self, hour: str, low: LowStock, left: AbandonedCarts, update: str, **condition: Any) -> None:
        values = {
            ":low": low.number,
            ":products": list(low.products),
            ":carts": left.carts,
            ":value": dumps(dict(left.value)),
        }
        self.client.update_item(
            TableName=self.table,
            Key=to_dynamodb({"bucket": f"gauges#{hour[:7]}", "part": hour[8:]}),
            UpdateExpression=update,
            ExpressionAttributeValues=to_dynamodb(values),
            **condition,
        )


def _unless_refused(write: Callable[[], object]) -> Any:
    """None if it was written; where its condition failed, what DynamoDB answered."""
    try:
        write()
    except ClientError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        return error.response
    return None


def _part(place: CounterKey) -> str:
    return f"{_COUNT}{place.quarter}#{place.shard}" + (f"#{place.page}" if place.page else "")


def _place(item: Any) -> CounterKey:
    _, quarter, shard, *page = item["part"]["S"].split("#")
    return CounterKey(item["bucket"]["S"], int(quarter), int(shard), *map(int, page))


def _page(item: Any) -> CounterPage:
    seen = bytes(item["seen"]["B"]) if "seen" in item else b""
    digests = frozenset(seen[n : n + _DIGEST] for n in range(0, len(seen), _DIGEST))
    return CounterPage(
        to_counts(item["counts"]["S"]), digests, int(item["version"]["N"]), bool(item.get("full", {}).get("BOOL"))
    )


@reads("counter", "bucket", "part")
def _live(item: Any) -> LivePart:
    quarter = int(item["part"]["S"].split("#")[1])
    return LivePart(quarter, to_counts(item["counts"]["S"]), int(item["version"]["N"]))


@reads("sum", "bucket", "part")
def _of_hour(item: Any) -> tuple[str, Counts]:
    return _hour(item), to_counts(item["counts"]["S"])


@reads("sum", "bucket", "part")
def _of_quarters(item: Any) -> tuple[str, Sequence[Counts]]:
    return _hour(item), [to_counts(quarter["S"]) for quarter in item["counts"]["L"]]


@reads("gauge", "bucket", "part")
def _gauges(item: Any) -> tuple[str, Gauges]:
    value = to_counts(item["cartsAbandonedValue"]["S"]) if "cartsAbandonedValue" in item else {}
    return _hour(item), Gauges(int(item["lowStock"]["N"]), int(item["cartsAbandoned"]["N"]), value)


def _hour(item: Any) -> str:
    """`hours#2026-11` and `21T14` are `2026-11-21T14`."""
    month, part = item["bucket"]["S"].partition("#")[2], item["part"]["S"][:5]
    return f"{month}-{part}"


def _texts_of(progress: Progress) -> Item:
    hours = {h: [p.version, p.placed, p.completed, p.failed, p.revenue] for h, p in progress.hours.items()}
    found = progress.forecast
    forecast: Any = found and {
        "hour": found.hour,
        "window": found.window,
        "earlier": [found.earlier.orders, found.earlier.spread],
        "quarters": [[quarter.orders, quarter.spread] for quarter in found.quarters],
    }
    texts = {"hours": dumps(hours), "forecast": forecast and dumps(forecast)}
    return {"run": progress.run, "hour": progress.hour, **texts}


def _progress(item: Any) -> Progress:
    hours = {
        hour: Published(version, placed, completed, failed, Decimal(revenue))
        for hour, (version, placed, completed, failed, revenue) in loads(item["hours"]["S"]).items()
    }
    found = loads(item["forecast"]["S"]) if "forecast" in item else None
    quarters = tuple(_earlier(values) for values in found["quarters"]) if found else ()
    forecast = Forecast(found["hour"], found["window"], _earlier(found["earlier"]), quarters) if found else None
    return Progress(item["run"]["S"], item["hour"]["S"], hours, forecast)


def _earlier(values: list[Any]) -> Earlier:
    return Earlier(tuple(values[0]), float(values[1]))
