"""Completes GetMetricData and GetMetricStatistics: MiniStack computes no expressions, takes a query without dimensions
for all of a name's metrics, where AWS takes it for the one without, and gives data oldest first only.

The XML protocol of old clients keeps MiniStack's answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ministack.services import cloudwatch

from local.emulator import metric_store
from local.emulator.alarm_rules import computed, period
from local.emulator.metric_math import Series, Unsupported

Answer = tuple[int, dict[str, str], bytes]
_MOST_PERIODS = 100_800
_STATISTICS = ("SampleCount", "Sum", "Average", "Minimum", "Maximum")


def install() -> None:
    """Answer both calls here."""
    data_before, statistics_before = cloudwatch._get_metric_data, cloudwatch._get_metric_statistics

    def get_metric_data(params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Answer:
        if not (is_cbor or is_json):
            answer: Answer = data_before(params, data, is_cbor, is_json)
            return answer
        return _answer({"MetricDataResults": metric_data(data)}, is_cbor)

    def get_metric_statistics(params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Answer:
        if not (is_cbor or is_json):
            answer: Answer = statistics_before(params, data, is_cbor, is_json)
            return answer
        return _answer({"Label": data.get("MetricName"), "Datapoints": datapoints(data)}, is_cbor)

    cloudwatch._get_metric_data = get_metric_data
    cloudwatch._get_metric_statistics = get_metric_statistics


def _answer(found: dict[str, Any], is_cbor: bool) -> Answer:
    if is_cbor:
        for result in found.get("MetricDataResults", []):
            result.update(cloudwatch._cbor_metric_data_result(result))
        if "Datapoints" in found:
            found["Datapoints"] = [cloudwatch._cbor_datapoint(point) for point in found["Datapoints"]]
    answer: Answer = cloudwatch._cbor_ok(found) if is_cbor else cloudwatch._json_ok(found)
    return answer


def metric_data(data: dict[str, Any]) -> list[dict[str, Any]]:
    """MetricDataResults. A wrong expression spoils all, as it makes AWS refuse the call; here it says so itself."""
    queries = data.get("MetricDataQueries") or []
    # Sliced as the longest period is, which is an expression's; of metrics alone each has its own.
    own = any(query.get("Expression") for query in queries)
    length = period({"Metrics": queries})
    results: dict[str, dict[str, Any]] = {}
    for group in [queries] if own else [[query] for query in queries]:
        starts = _starts(data, length if own else period({"Metrics": group}))
        results |= _results(group, starts, oldest_first=data.get("ScanBy") == "TimestampAscending")
    return [results[str(q["Id"])] for q in queries if str(q.get("ReturnData", True)).lower() != "false"]


def _results(queries: list[dict[str, Any]], starts: list[float], *, oldest_first: bool) -> dict[str, dict[str, Any]]:
    labels = {str(query["Id"]): query.get("Label") or _label(query) for query in queries}
    step = starts[1] - starts[0]
    try:
        found = computed(queries, lambda stat, unit: _numbers(stat, unit, starts, step), len(starts) - 1)
    except Unsupported as error:
        return {name: _failed(name, labels[name], str(error)) for name in labels}
    return {name: _result(name, labels[name], starts, found[name], oldest_first=oldest_first) for name in labels}


def _label(query: dict[str, Any]) -> str:
    return str(((query.get("MetricStat") or {}).get("Metric") or {}).get("MetricName") or query["Id"])


def _failed(name: str, label: str, why: str) -> dict[str, Any]:
    messages = [{"Code": "Unsupported", "Value": why}]
    nothing: dict[str, Any] = {"Messages": messages, "Timestamps": [], "Values": []}
    return {"Id": name, "Label": label, "StatusCode": "InternalError", **nothing}


def _result(name: str, label: str, starts: list[float], series: Series, *, oldest_first: bool) -> dict[str, Any]:
    points = [(start, value) for start, value in zip(starts, series, strict=False) if value is not None]
    if not oldest_first:
        points.reverse()
    times = [cloudwatch._ts_iso(start) for start, _ in points]
    values = [value for _, value in points]
    return {"Id": name, "Label": label, "StatusCode": "Complete", "Timestamps": times, "Values": values}


def _starts(data: dict[str, Any], length: float) -> list[float]:
    """Where the periods begin, and where the last one ends."""
    length = length or 60.0
    end = cloudwatch._parse_ts(data.get("EndTime")) or time.time()
    start = cloudwatch._parse_ts(data.get("StartTime")) or 0.0
    first = max(start // length * length, (end // length - _MOST_PERIODS) * length)
    count = max(1, int(-(-(end - first) // length)))
    return [first + number * length for number in range(count + 1)]


def _numbers(stat: Mapping[str, Any], unit: str | None, starts: list[float], step: float) -> Series:
    metric = stat["Metric"]
    name = (str(metric["Namespace"]), str(metric["MetricName"]))
    points = metric_store.read(*name, metric.get("Dimensions") or [], starts[0], starts[-1], unit)
    slots: dict[int, list[dict[str, Any]]] = {}
    for point in points:
        slots.setdefault(int((point["Timestamp"] - starts[0]) // step), []).append(point)
    return [metric_store.statistic(slots.get(slot, []), str(stat["Stat"])) for slot in range(len(starts) - 1)]


def datapoints(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The Datapoints of GetMetricStatistics."""
    starts = _starts(data, float(data.get("Period") or 60))
    name = (str(data.get("Namespace")), str(data.get("MetricName")))
    points = metric_store.read(*name, data.get("Dimensions") or [], starts[0], starts[-1], data.get("Unit"))
    slots: dict[float, list[dict[str, Any]]] = {}
    for point in points:
        slots.setdefault((point["Timestamp"] - starts[0]) // (starts[1] - starts[0]), []).append(point)
    return [_datapoint(starts[int(slot)], slots[slot], data) for slot in sorted(slots)]


def _datapoint(start: float, points: list[dict[str, Any]], data: dict[str, Any]) -> dict[str, Any]:
    extended = {name: metric_store.statistic(points, name) for name in data.get("ExtendedStatistics") or []}
    wanted = data.get("Statistics") or ([] if extended else _STATISTICS)
    found: dict[str, Any] = {name: metric_store.statistic(points, name) for name in wanted}
    if extended:
        found["ExtendedStatistics"] = {name: value for name, value in extended.items() if value is not None}
    return {"Timestamp": cloudwatch._ts_iso(start), "Unit": points[0]["Unit"], **found}
