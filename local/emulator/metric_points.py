"""What of old metrics is kept, as AWS keeps less detail of older data; needs nothing of MiniStack.

A point is MiniStack's: `{"Timestamp": seconds, "Value", "Unit", "Dimensions"}`, with `Count` if the value was seen
several times, with `_stat` if it is a statistic set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Point = dict[str, Any]

AGED = 10 * 60
LATE = 3 * 3600
OLDEST = 14 * 24 * 3600
_FIVE_MINUTES = 300
_DISTINCT = 20


def compacted(points: Sequence[Point], now: float, minute: float = 60.0) -> Iterator[Point]:
    """Points up to AGED as they are; then what is equal within a minute as one, counted; after LATE those of five
    minutes as one statistic set, if they are many, which has no percentiles any more; none after OLDEST."""
    groups: dict[tuple[float, str], list[Point]] = {}
    young = []
    for point in points:
        age = now - point["Timestamp"]
        if age < AGED:
            young.append(point)
        elif age <= OLDEST:
            length = minute if age < LATE else _FIVE_MINUTES
            groups.setdefault((point["Timestamp"] // length * length, point["Unit"]), []).append(point)
    for (at, _), group in groups.items():
        yield from _merged(group, at, late=now - at >= LATE)
    yield from young


def _merged(group: list[Point], at: float, *, late: bool) -> Iterator[Point]:
    base = {"Timestamp": at, "Unit": group[0]["Unit"], "Dimensions": group[0]["Dimensions"]}
    if len(group) == 1:
        yield {**group[0], "Timestamp": at}
        return
    singles = [point for point in group if point.get("_stat") is None]
    counts: dict[float, float] = {}
    for point in singles:
        counts[point["Value"]] = counts.get(point["Value"], 0.0) + float(point.get("Count", 1.0))
    if len(singles) == len(group) and not (late and len(counts) > _DISTINCT):
        for value, count in counts.items():
            yield {**base, "Value": value, "Count": count}
        return
    statistics = _statistics(group)
    yield {**base, "Value": statistics["Sum"] / (statistics["SampleCount"] or 1), "_stat": statistics}


def _statistics(points: list[Point]) -> dict[str, float]:
    parts = [point.get("_stat") or _of_value(point) for point in points]
    return {
        "SampleCount": sum(float(part["SampleCount"]) for part in parts),
        "Sum": sum(float(part["Sum"]) for part in parts),
        "Minimum": min(float(part["Minimum"]) for part in parts),
        "Maximum": max(float(part["Maximum"]) for part in parts),
    }


def _of_value(point: Point) -> dict[str, float]:
    value, count = float(point["Value"]), float(point.get("Count", 1.0))
    return {"SampleCount": count, "Sum": value * count, "Minimum": value, "Maximum": value}
