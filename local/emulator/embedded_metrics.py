"""Stands in for what CloudWatch Logs does with lines in the embedded metric format: each becomes metrics
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
MiniStack keeps them as text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

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
    """Read each line that reaches a log group, whoever wrote it."""
    from ministack.services import cloudwatch_logs  # here, so that the rest can be tested without MiniStack

    from local.emulator import metric_store

    original = cloudwatch_logs._append_log_events

    def append(stream: dict[str, Any], events: list[dict[str, Any]]) -> None:
        original(stream, events)
        for event in events:
            for point in points(str(event.get("message", ""))):
                metric_store.add(point.namespace, point.name, point.value, point.unit, point.dimensions, at=point.at)

    cloudwatch_logs._append_log_events = append


def points(line: str, now: float | None = None) -> Iterator[Point]:
    """The numbers that a line of a log says. None for a line that is no such object or is malformed: AWS leaves it a
    line of the log too."""
    if '"_aws"' not in line or not line.lstrip().startswith("{"):
        return
    try:
        record = json.loads(line)
    except ValueError:
        return
    said = record.get("_aws")
    if not isinstance(said, dict) or not isinstance(said.get("CloudWatchMetrics"), list):
        return
    at = said.get("Timestamp")
    if not isinstance(at, int | float):
        return
    age = (time.time() if now is None else now) - at / 1000
    if not -_LATEST <= age <= _OLDEST:
        return
    for directive in said["CloudWatchMetrics"]:
        if isinstance(directive, dict) and isinstance(directive.get("Namespace"), str):
            yield from _of_directive(directive, record, at / 1000)


def _of_directive(directive: dict[str, Any], record: dict[str, Any], at: float) -> Iterator[Point]:
    for names in directive.get("Dimensions") or [[]]:
        dimensions = _dimensions(names, record)
        if dimensions is None:
            continue
        for metric in directive.get("Metrics") or []:
            name = str(metric.get("Name", ""))
            for value in _values(record.get(name)):
                yield Point(directive["Namespace"], name, value, str(metric.get("Unit", "None")), dimensions, at)


def _dimensions(names: Any, record: dict[str, Any]) -> dict[str, str] | None:
    """The set's values, which are texts at the record's root; None if one is missing."""
    if not isinstance(names, list) or len(names) > _MOST_DIMENSIONS:
        return None
    found = {name: record.get(name) for name in names}
    return {name: str(value) for name, value in found.items()} if _are_texts(found) else None


def _are_texts(found: dict[str, Any]) -> bool:
    return all(isinstance(value, str) and value for value in found.values())


def _values(value: Any) -> list[float]:
    values = value if isinstance(value, list) else [value]
    if len(values) > _MOST_VALUES:
        return []
    return [float(one) for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
