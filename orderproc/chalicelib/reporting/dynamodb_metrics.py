"""The counters of each hour and their sums, in the table of metrics.

| bucket | part | holds |
|---|---|---|
| `2026-11-21T14` | `count#<quarter>#<shard>`, and `#<page>` | what was counted in that quarter; for 400 days |
| `hours#2026-11` | `21T14` | the hour's sum |
| `quarters#2026-11` | `21T14` | the same by its four quarters, for zones that are half an hour off |
| `gauges#2026-11` | `21T14` | how things stood in that hour |
| `publisher` | `progress` | what was published |

A month of sums is one Query (of some pages if the shop is busy), so 400 days are fourteen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import Item, to_dynamodb
from ..kit.jsonio import dumps, loads
from ..kit.wiring import service
from .counts import Counts
from .counts_text import to_counts
from .hours import months_between
from .metric_items import put_sums, query
from .metrics_ports import Gauges, LivePart, Progress, Published
from .order_drop import Earlier, Forecast

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PROGRESS = {"bucket": "publisher", "part": "progress"}

PERMISSIONS = {
    "save": ["dynamodb:PutItem table/metrics"],
}


@service
class DynamoCounters:
    client: DynamoDBClient
    table: str
    report: Report = unreported

    def live(self, hour: str) -> list[LivePart]:
        found = self._query("#b = :b AND begins_with(part, :p)", {":b": hour, ":p": "count#"}, consistent=True)
        return list(readable(found, _live, self.report))

    def hours(self, first: str, last: str) -> Iterator[tuple[str, Counts]]:
        return readable(self._months("hours", first, last), _of_hour, self.report)

    def quarters(self, first: str, last: str) -> Iterator[tuple[str, Sequence[Counts]]]:
        return readable(self._months("quarters", first, last), _of_quarters, self.report)

    def gauges(self, first: str, last: str) -> Iterator[tuple[str, Gauges]]:
        return readable(self._months("gauges", first, last), _gauges, self.report)

    def put_sums(self, hour: str, quarters: Sequence[Counts], version: int) -> None:
        put_sums(self.client, self.table, hour, quarters, version)

    def progress(self) -> Progress | None:
        # A Query, not a GetItem: whoever shows metrics may query this table, and nothing else.
        wanted = {":b": _PROGRESS["bucket"], ":p": _PROGRESS["part"]}
        found = next(self._query("#b = :b AND part = :p", wanted, consistent=True), None)
        return _progress(found) if found else None

    def save(self, progress: Progress, before: Progress | None) -> bool:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(run)"}
        if before:
            values = to_dynamodb({":r": before.run})
            condition = {"ConditionExpression": "run = :r", "ExpressionAttributeValues": values}
        try:
            self.client.put_item(
                TableName=self.table,
                Item=to_dynamodb({**_PROGRESS, **_texts_of(progress)}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **condition,
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            stored: Any = error.response
            # A try whose reply was lost is repeated by the SDK, and then it is our own write that is in the way.
            return bool(stored.get("Item", {}).get("run", {}).get("S") == progress.run)
        return True

    def _months(self, kind: str, first: str, last: str) -> Iterator[Any]:
        for month in months_between(first, last):
            low, high = max(first, f"{month}-01T00")[8:], min(last, f"{month}-31T23")[8:]
            wanted = {":b": f"{kind}#{month}", ":l": low, ":h": high}
            yield from self._query("#b = :b AND part BETWEEN :l AND :h", wanted)

    def _query(self, condition: str, values: Mapping[str, str], consistent: bool = False) -> Iterator[Any]:
        return query(self.client, self.table, condition, values, consistent)


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
    forecast = progress.forecast
    return {
        "run": progress.run,
        "hour": progress.hour,
        "hours": dumps(hours),
        "forecast": forecast
        and dumps(
            {
                "hour": forecast.hour,
                "window": forecast.window,
                "earlier": _earlier_to_list(forecast.earlier),
                "quarters": [_earlier_to_list(quarter) for quarter in forecast.quarters],
            }
        ),
    }


def _progress(item: Any) -> Progress:
    hours = {
        hour: Published(version, placed, completed, failed, Decimal(revenue))
        for hour, (version, placed, completed, failed, revenue) in loads(item["hours"]["S"]).items()
    }
    found = loads(item["forecast"]["S"]) if "forecast" in item else None
    quarters = tuple(_earlier(values) for values in found["quarters"]) if found else ()
    forecast = Forecast(found["hour"], found["window"], _earlier(found["earlier"]), quarters) if found else None
    return Progress(item["run"]["S"], item["hour"]["S"], hours, forecast)


def _earlier_to_list(earlier: Earlier) -> list[Any]:
    return [list(earlier.orders), earlier.spread]


def _earlier(values: list[Any]) -> Earlier:
    return Earlier(tuple(values[0]), float(values[1]))
