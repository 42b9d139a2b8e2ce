"""A line of the log that CloudWatch turns into metrics, without a call: the embedded metric format.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
Powertools writes the same, for a tenth of a second at each cold start."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from .metric_names import METRICS, NAMESPACE, Metric

MAX_VALUES = 100
"""Of one metric in one line."""

Value = int | Sequence[int]


def listed(values: Mapping[str, Value], dimensions: Collection[tuple[str, ...]]) -> list[tuple[Metric, Value]]:
    """Those of the one list that have a value here and one of these sets of dimensions."""
    return [(m, values[m.name]) for m in METRICS if m.name in values and m.dimensions in dimensions]


def line(metrics: Iterable[tuple[Metric, Value]], properties: Mapping[str, Any]) -> dict[str, Any]:
    """`properties` holds the metrics' dimensions, and what only Logs Insights reads. Metrics without values are left
    out; one name has the same value in all sets of dimensions that it is given with."""
    directives: dict[tuple[str, ...], list[dict[str, str]]] = {}
    values: dict[str, Value] = {}
    for metric, value in metrics:
        if value != []:
            directives.setdefault(metric.dimensions, []).append({"Name": metric.name, "Unit": metric.unit})
            values[metric.name] = value
    described = [
        {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": of_them}
        for dimensions, of_them in directives.items()
    ]
    return {"_aws": {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": described}, **properties, **values}
