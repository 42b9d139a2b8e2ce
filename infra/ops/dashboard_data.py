"""What the deployed dashboard shows at this moment: its widgets as CloudWatch has them, with their numbers."""

import json
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from infra.errors import Refusal
from infra.target import Target

_COLORS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")

_SHORTEST = 600
"""Seconds that are shown of a stage that has just begun."""


@dataclass(frozen=True)
class Series:
    """One line: (seconds since 1970, value) in the order of time, each of the `period` seconds from then on."""

    label: str
    color: str
    stat: str
    period: float
    points: list[tuple[float, float]]

    @cached_property
    def number(self) -> float | None:
        """In one number: the sum of counts, else the last value. None if there is none."""
        if not self.points:
            return None
        return sum(value for _, value in self.points) if self.stat == "Sum" else self.points[-1][1]


@dataclass(frozen=True)
class Alarm:
    """`state` is ALARM, OK or INSUFFICIENT_DATA."""

    name: str
    state: str
    description: str
    reason: str


@dataclass(frozen=True)
class Panel:
    """A widget. `kind`: text, alarm, singleValue or timeSeries. Places and sizes are in the grid's 24 columns."""

    kind: str
    title: str
    x: int
    y: int
    width: int
    height: int
    text: str = ""
    alarms: list[Alarm] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """All of it, with the time span that it is of, in seconds since 1970."""

    name: str
    start: float
    end: float
    panels: list[Panel]

    @property
    def rows(self) -> list[list[Panel]]:
        """From top to bottom, each from left to right."""
        tops = sorted({panel.y for panel in self.panels})
        return [sorted((p for p in self.panels if p.y == y), key=lambda panel: panel.x) for y in tops]


class Reader:
    """Reads the dashboard of a stage."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._client = target.client("cloudwatch")

    def body(self) -> dict[str, Any]:
        """As it is deployed. Refuses when there is none."""
        try:
            found = self._client.get_dashboard(DashboardName=self._target.prefix)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFound":
                raise
            raise Refusal(f"Stage {self._target.stage} has no dashboard: deploy it again.") from None
        body: dict[str, Any] = json.loads(found["DashboardBody"])
        return body

    def picture(self, seconds: int) -> Picture:
        """The last so many seconds, or fewer if there is nothing older to be seen."""
        end = time.time()
        start = end - seconds
        panels = [self._panel(widget, start, end) for widget in self.body()["widgets"]]
        oldest = min((at for panel in panels for each in panel.series for at, _ in each.points), default=end)
        return Picture(self._target.prefix, max(start, min(oldest, end - _SHORTEST)), end, panels)

    def _panel(self, widget: dict[str, Any], start: float, end: float) -> Panel:
        properties = widget["properties"]
        place = {key: widget[key] for key in ("x", "y", "width", "height")}
        title = properties.get("title", "")
        if widget["type"] == "text":
            return Panel("text", title, **place, text=properties["markdown"])
        if widget["type"] == "alarm":
            return Panel("alarm", title, **place, alarms=self._alarms(properties["alarms"]))
        return Panel(properties["view"], title, **place, series=self._series(properties, start, end))

    def _alarms(self, arns: list[str]) -> list[Alarm]:
        names = [arn.rpartition(":")[2] for arn in arns]
        found = self._client.describe_alarms(AlarmNames=names, MaxRecords=100)["MetricAlarms"]
        rank = {"ALARM": 0, "INSUFFICIENT_DATA": 1, "OK": 2}
        alarms = [
            Alarm(
                alarm["AlarmName"].removeprefix(f"{self._target.prefix}-"),
                alarm["StateValue"],
                alarm.get("AlarmDescription", ""),
                alarm.get("StateReason", ""),
            )
            for alarm in found
        ]
        return sorted(alarms, key=lambda alarm: (rank[alarm.state], names.index(f"{self._target.prefix}-{alarm.name}")))

    def _series(self, properties: dict[str, Any], start: float, end: float) -> list[Series]:
        whole = bool(properties.get("setPeriodToTimeRange"))
        queries = queries_of(properties, whole=whole)
        answer = self._client.get_metric_data(
            MetricDataQueries=[query for query, _ in queries],
            StartTime=start // 60 * 60,
            EndTime=end + 1,
            ScanBy="TimestampAscending",
        )
        found = {result["Id"]: result for result in answer["MetricDataResults"]}
        shown = [(query, options) for query, options in queries if options.get("visible", True)]
        series = [
            Series(
                label=options.get("label", query["Id"]),
                color=options.get("color", _COLORS[index % len(_COLORS)]),
                stat=query.get("MetricStat", {}).get("Stat", ""),
                period=query.get("MetricStat", {}).get("Period", properties.get("period", 300)),
                points=_points(found[query["Id"]]),
            )
            for index, (query, options) in enumerate(shown)
        ]
        return [_one_number(each, end) for each in series] if whole else series


def _points(result: dict[str, Any]) -> list[tuple[float, float]]:
    pairs = zip(result["Timestamps"], result["Values"], strict=True)
    return sorted((at.timestamp(), value) for at, value in pairs)


def _one_number(series: Series, end: float) -> Series:
    """The whole time as one point. What an expression says of it, it says in every point."""
    return replace(series, points=[] if series.number is None else [(end, series.number)])


def queries_of(properties: dict[str, Any], *, whole: bool = False) -> list[tuple[Any, dict[str, Any]]]:
    """A widget's rows as GetMetricData takes them, each with its options. With `whole` they are for one number over the
    whole time: by the minute, to be added up, and expressions calculate with sums."""
    queries = []
    words: list[str] = []
    ids = {row[-1]["id"] for row in properties["metrics"] if "id" in row[-1]}
    for index, row in enumerate(properties["metrics"]):
        options: dict[str, Any] = row[-1] if isinstance(row[-1], dict) else {}
        head = {"Id": options.get("id", f"m{index}"), "ReturnData": options.get("visible", True)}
        if "expression" in options:
            text = options["expression"]
            queries.append(({**head, "Expression": _of_sums(text, ids) if whole else text}, options))
            continue
        given = [word for word in row if isinstance(word, str)]
        words = [words[place] if word == "." else word for place, word in enumerate(given)]
        named = zip(words[2::2], words[3::2], strict=True)
        dimensions = [{"Name": name, "Value": value} for name, value in named]
        stat = {
            "Metric": {"Namespace": words[0], "MetricName": words[1], "Dimensions": dimensions},
            "Period": 60 if whole else options.get("period", properties.get("period", 300)),
            "Stat": options.get("stat", properties.get("stat", "Average")),
        }
        queries.append(({**head, "MetricStat": stat}, options))
    return queries


def _of_sums(expression: str, ids: set[str]) -> str:
    return re.sub(r"[a-z]\w*", lambda word: f"SUM({word[0]})" if word[0] in ids else word[0], expression)


def clock(at: float, form: str = "%H:%M") -> str:
    """A time as this machine's clock shows it."""
    return datetime.fromtimestamp(at, UTC).astimezone().strftime(form)
