"""Stands in for what CloudWatch Logs does with lines in the embedded metric format: each becomes metrics
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
MiniStack keeps them as text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from .replacing import replaces

_MOST_DIMENSIONS = 30
_MOST_VALUES = 100
_OLDEST = 14 * 24 * 3600
_LATEST = 2 * 3600


class Point(NamedTuple):
    """One number of one metric: `at` in epoch seconds, or None for now."""

    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]
    at: float | None


def install() -> None:
    """Read each line that reaches a log group."""
    from ministack.services import cloudwatch_logs  # here, so that the rest can be tested without MiniStack

    from . import metric_store

    @replaces(cloudwatch_logs, "_append_log_events")
    def append(original: Any, stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        original(stream, events)
        for event in events:
            for point in points(str(event.get("message", ""))):
                metric_store.add(point.namespace, point.name, point.value, point.unit, point.dimensions, at=point.at)


def points(line: str, now: float | None = None) -> list[Point]:
    """The numbers of a line of a log. None of a line that is no such object or is malformed, which AWS, too, takes for
    an ordinary one."""
    if '"_aws"' not in line:
        return []
    try:
        record = json.loads(line)
        at = record["_aws"]["Timestamp"] / 1000
        found = [point for each in record["_aws"]["CloudWatchMetrics"] for point in _of_directive(each, record, at)]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []
    return found if -_LATEST <= (time.time() if now is None else now) - at <= _OLDEST else []


def _of_directive(directive: dict[str, Any], record: dict[str, Any], at: float) -> Iterator[Point]:
    for names in directive.get("Dimensions") or [[]]:
        dimensions = {name: value for name in names if isinstance(value := record.get(name), str) and value}
        if len(dimensions) < len(names) or len(names) > _MOST_DIMENSIONS:
            continue
        for metric in directive.get("Metrics") or []:
            for value in _values(record.get(metric["Name"])):
                yield Point(directive["Namespace"], metric["Name"], value, metric.get("Unit", "None"), dimensions, at)


def _values(value: Any) -> list[float]:
    values = value if isinstance(value, list) else [value]
    if len(values) > _MOST_VALUES:
        return []
    return [float(one) for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
