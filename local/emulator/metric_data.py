"""Completes GetMetricData: MiniStack computes no expressions and gives data oldest first only. And both GetMetricData
and GetMetricStatistics: MiniStack takes a metric without dimensions for all of that name, AWS for the one without.

The XML protocol of old clients keeps MiniStack's answers, which refuse expressions.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.services import cloudwatch

from .metric_math import Unsupported, evaluate
from .replacing import replaces

Answer = tuple[int, dict[str, str], bytes]
Query = dict[str, Any]


class _Exactly(dict[str, str]):
    """Dimensions that count as given even if there are none."""

    def __bool__(self) -> bool:
        return True


def install() -> None:
    """Complete both calls."""

    @replaces(cloudwatch, "_dims_from_list")
    def dims_from_list(dimensions: Any, given: Any) -> dict[str, str]:
        return _Exactly(dimensions(given))

    @replaces(cloudwatch, "_get_metric_data")
    def completed(
        get_metric_data: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False
    ) -> Answer:
        if not (is_cbor or is_json):
            answer: Answer = get_metric_data(params, data, is_cbor, is_json)
            return answer
        queries = data.get("MetricDataQueries") or []
        plain = [{**query, "ReturnData": True} for query in queries if query.get("MetricStat")]
        _, _, body = get_metric_data(params, {**data, "MetricDataQueries": plain}, False, True)
        found = {result["Id"]: result for result in json.loads(body)["MetricDataResults"]}
        results = [found.get(query["Id"]) or _computed(query, plain, found, data) for query in queries]
        shown = {query["Id"] for query in queries if query.get("ReturnData", True)}
        return _answer([result for result in results if result["Id"] in shown], data.get("ScanBy"), is_cbor)


def _answer(results: list[dict[str, Any]], order: str | None, is_cbor: bool) -> Answer:
    if order != "TimestampAscending":
        for result in results:
            result["Timestamps"].reverse()
            result["Values"].reverse()
    if is_cbor:
        results = [cloudwatch._cbor_metric_data_result(result) for result in results]
    answer: Answer = (cloudwatch._cbor_ok if is_cbor else cloudwatch._json_ok)({"MetricDataResults": results})
    return answer


def _computed(
    query: Query, metrics: list[Query], found: dict[str, dict[str, Any]], data: dict[str, Any]
) -> dict[str, Any]:
    """An expression's result. AWS refuses the whole call for a wrong one; here its result says what is wrong."""
    head = {"Id": query["Id"], "Label": query.get("Label") or query["Id"]}
    try:
        starts = periods(metrics, data)
        points = {name: dict(zip(r["Timestamps"], r["Values"], strict=True)) for name, r in found.items()}
        series = {name: [values.get(start) for start in starts] for name, values in points.items()}
        computed = evaluate(str(query.get("Expression")), series, len(starts))
    except Unsupported as error:
        messages = [{"Code": "Unsupported", "Value": str(error)}]
        return {**head, "StatusCode": "InternalError", "Messages": messages, "Timestamps": [], "Values": []}
    known = [(start, value) for start, value in zip(starts, computed, strict=True) if value is not None]
    times, values = [start for start, _ in known], [value for _, value in known]
    return {**head, "StatusCode": "Complete", "Timestamps": times, "Values": values}


def periods(metrics: list[Query], data: dict[str, Any]) -> list[int]:
    """Where the periods of the time asked for begin, in epoch seconds. Raises Unsupported if the metrics' differ."""
    lengths = {int(query["MetricStat"].get("Period") or 60) for query in metrics}
    if len(lengths) != 1:
        raise Unsupported("An expression of metrics with different periods, or of none, is unknown")
    [length] = lengths
    end = cloudwatch._parse_ts(data.get("EndTime")) or time.time()
    first = int((cloudwatch._parse_ts(data.get("StartTime")) or 0) // length * length)
    return list(range(first, int(-(-end // length) * length), length))
