"""How CloudWatch evaluates an alarm, as its documentation has it; needs nothing of MiniStack.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html and
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html.
An alarm is the record of DescribeAlarms; a number per period is a list from the oldest to the newest, None where no
data are.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from .metric_math import Series, Unsupported, evaluate

MINUTE = 60.0
BEYOND = 2
"""Periods looked at before those that are evaluated, as in AWS's examples (five for three): how many AWS takes depends
on the period, it does not say how."""

Alarm = Mapping[str, Any]
Read = Callable[[Mapping[str, Any]], Series]
"""Gives the numbers of one MetricStat."""

_CROSSES: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def crosses(alarm: Alarm, value: float) -> bool:
    """Whether the number breaches. Raises Unsupported for an operator of anomaly detection."""
    compare = _CROSSES.get(str(alarm.get("ComparisonOperator")))
    if compare is None:
        raise Unsupported(f"ComparisonOperator {alarm.get('ComparisonOperator')!r} is unknown")
    return compare(value, float(alarm.get("Threshold") or 0))


def state(alarm: Alarm, series: Series) -> str:
    """The alarm's state after the periods of its range: `ALARM`, `OK`, `INSUFFICIENT_DATA`, or its own if nothing
    changes it."""
    wanted = int(alarm.get("EvaluationPeriods") or 1)
    needed = int(alarm.get("DatapointsToAlarm") or wanted)
    treat = alarm.get("TreatMissingData") or "missing"
    marks = [None if point is None else crosses(alarm, point) for point in series]
    real = [mark for mark in marks if mark is not None][-wanted:]
    if not real:
        return _without_data(alarm, treat)
    breaching = sum(real)
    if treat == "breaching":
        breaching += wanted - len(real)
    if breaching >= needed:
        return "ALARM"
    if len(real) == wanted or treat in {"breaching", "notBreaching"} or not all(real):
        return "OK"
    # Nothing but breaching points, too few of them: AWS waits for the next, unless the oldest has waited enough.
    age = len(marks) - marks.index(True)
    return "ALARM" if treat == "missing" and age >= needed else str(alarm["StateValue"])


def _without_data(alarm: Alarm, treat: str) -> str:
    own = str(alarm["StateValue"])
    return {"breaching": "ALARM", "notBreaching": "OK", "ignore": own}.get(treat, "INSUFFICIENT_DATA")


def period(alarm: Alarm) -> float:
    """Seconds; of metric math the longest of its metrics' periods."""
    of_queries = [_period_of(query) for query in alarm.get("Metrics") or []]
    return max(of_queries, default=0.0) or float(alarm.get("Period") or MINUTE)


def _period_of(query: Mapping[str, Any]) -> float:
    return float((query.get("MetricStat") or {}).get("Period") or query.get("Period") or 0)


def windows(alarm: Alarm, now: float, scale: float = 1.0) -> list[tuple[float, float]]:
    """The alarm's range as (from, before) in epoch seconds, oldest first: periods that end with the last full minute,
    so that one of five minutes slides by a minute. `scale` shortens both."""
    length = period(alarm) * scale
    step = min(MINUTE, period(alarm)) * scale
    end = math.floor(now / step) * step
    count = int(alarm.get("EvaluationPeriods") or 1) + BEYOND
    return [(end - (back + 1) * length, end - back * length) for back in reversed(range(count))]


def series(alarm: Alarm, read: Read, length: int) -> Series:
    """The numbers that the alarm watches, `length` of them. Raises Unsupported."""
    if not alarm.get("Metrics"):
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        return read({"Metric": alarm, "Stat": statistic, "Unit": alarm.get("Unit")})
    queries = alarm["Metrics"]
    returned = [query for query in queries if query.get("ReturnData", True)]
    if len(returned) != 1:
        raise Unsupported("An alarm watches exactly one of its Metrics: the others say ReturnData: false")
    found = {query["Id"]: read(query["MetricStat"]) for query in queries if query.get("MetricStat")}
    [watched] = returned
    return found[watched["Id"]] if watched.get("MetricStat") else evaluate(watched["Expression"], found, length)


def reason(alarm: Alarm, series: Series, new_state: str) -> str:
    """A sentence like AWS's, with the numbers that decided."""
    wanted = int(alarm.get("EvaluationPeriods") or 1)
    numbers = [f"{point:g}" for point in series if point is not None][-wanted:]
    treat = alarm.get("TreatMissingData") or "missing"
    return (
        f"Threshold Crossed: {len(numbers)} datapoint(s) [{', '.join(numbers)}] of {wanted} (missing data: {treat}), "
        f"{alarm.get('ComparisonOperator')} {alarm.get('Threshold'):g}: {new_state}."
    )
