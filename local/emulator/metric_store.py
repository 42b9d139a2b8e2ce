"""MiniStack's store of metrics, made fit for days of use: it keeps each number for two weeks as an object of its own,
and drops what is written while it tidies up.

Old numbers are merged by `metric_points`. A gauge, which AWS samples once a minute, has one number a minute: its
latest.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

from ministack.services import cloudwatch

from .alarm_rules import MINUTE
from .metric_points import AGED, compacted
from .settings import PERIOD_SCALE

Key = tuple[str, str, str]
_gauges: dict[tuple[str, str, Key], dict[str, Any]] = {}
_lock = threading.Lock()


def install() -> None:
    """Leave tidying to `compact`."""
    cloudwatch._evict_old_metrics = lambda: None


def add(
    namespace: str,
    name: str,
    value: float,
    unit: str,
    dimensions: dict[str, str] | None = None,
    *,
    at: float | None = None,
) -> None:
    """One number of a metric, in the account and region of the caller."""
    cloudwatch._store_datum(namespace, name, dict(dimensions or {}), at or time.time(), unit, value, None, None, None)


def set_gauge(namespace: str, name: str, value: float, unit: str, dimensions: dict[str, str]) -> None:
    """What a metric is now: the one number of this minute."""
    now = time.time()
    key = (namespace, name, cloudwatch._dims_key(dimensions))
    scope = (cloudwatch.get_account_id(), cloudwatch.get_region(), key)
    minute = now // (MINUTE * PERIOD_SCALE)
    with _lock:
        point = _gauges.get(scope)
        if (
            point is not None
            and point["Timestamp"] // (MINUTE * PERIOD_SCALE) == minute
            and cloudwatch._metrics.get(key)
        ):
            point["Value"] = float(value)
            return
        point = {"Timestamp": now, "Value": float(value), "Unit": unit, "Dimensions": dict(dimensions)}
        _gauges[scope] = point
        cloudwatch._metric_bucket(key).append(point)


def read(
    namespace: str, name: str, dimensions: Iterable[dict[str, str]], start: float, end: float, unit: str | None = None
) -> list[dict[str, Any]]:
    """MiniStack's points of exactly this metric with `start` <= time < `end`."""
    key = (namespace, name, cloudwatch._dims_key(cloudwatch._dims_from_list(list(dimensions or []))))
    points = list(cloudwatch._metrics.get(key) or [])
    return [p for p in points if start <= p["Timestamp"] < end and (unit is None or p["Unit"] == unit)]


def statistic(points: list[dict[str, Any]], name: str) -> float | None:
    """`Sum`, `Average`, `p99`, … of points; None if there are none."""
    if not points:
        return None
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), name, points)
    return None if value is None else float(value)


def compact(now: float) -> None:
    """Merge what is old, forget what is older than AWS keeps."""
    for scoped, points in cloudwatch._metrics.all_items():
        count = len(points)
        kept = list(compacted(points[:count], now, MINUTE * PERIOD_SCALE))
        if not kept and len(points) == count:
            cloudwatch._metrics.pop_scoped(*scoped, None)
        elif len(kept) != count:
            points[:count] = kept  # what was appended meanwhile stays behind
    with _lock:
        for scope in [s for s, point in _gauges.items() if point["Timestamp"] < now - AGED]:
            del _gauges[scope]
