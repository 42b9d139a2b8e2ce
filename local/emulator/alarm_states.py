"""Stands in for CloudWatch's evaluation of alarms. MiniStack's happens on PutMetricData only, and looks at neither
dimensions, missing data, datapoints to alarm nor metric math, which its CloudFormation refuses.

Every few seconds each metric alarm is judged by `alarm_rules`; a change goes MiniStack's own way into the history, to
the SNS actions and to composite alarms. As in AWS, a state set by SetAlarmState lasts until the alarm's next minute.
"""

from __future__ import annotations

import time
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from . import metric_store
from .alarm_rules import Alarm, reason, series, state, windows
from .metric_math import Series
from .replacing import every, replaces
from .settings import PERIOD_SCALE

INTERVAL = 2.0
_COMPACT_EVERY = 60.0
_OF_ONE_METRIC = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit")

_judged: dict[tuple[str, str, str], tuple[object, ...]] = {}
"""Of each alarm what was judged last: the same is not judged again."""


def install() -> None:
    """Judge alarms here, and keep what MiniStack drops of their configuration."""
    metric_store.install()
    cloudwatch._evaluate_alarm = lambda _alarm: None
    cloudwatch._evaluate_all_alarms = lambda: None
    _keep_queries_of_calls()
    _keep_queries_of_templates()
    every(min(INTERVAL, 30 * PERIOD_SCALE), lambda: evaluate_all(time.time()), "alarms")
    every(_COMPACT_EVERY, lambda: metric_store.compact(time.time()), "metric-store")


def _keep_queries_of_calls() -> None:
    @replaces(cloudwatch, "_put_metric_alarm")
    def put_metric_alarm(put: Any, params: Any, data: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = put(params, data, is_cbor, is_json)
        if answer[0] == 200:
            name = data.get("AlarmName") or cloudwatch._p(params, "AlarmName")
            cloudwatch._alarms[name] = with_queries(cloudwatch._alarms[name], data)
        return answer


def _keep_queries_of_templates() -> None:
    @replaces(provisioners, "_cw_metric_alarm_record")
    def alarm_record(record: Any, name: str, props: dict[str, Any]) -> dict[str, Any]:
        plain = {key: value for key, value in props.items() if key != "Metrics"}
        if props.get("Metrics"):
            plain = {"MetricName": "-", "Namespace": "-", **plain}
        return with_queries(record(name, plain), props)


def with_queries(alarm: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The alarm's record with its metric math, if it has some. A template may say "60" and "false" for 60 and false."""
    if not given.get("Metrics"):
        return alarm
    others = {key: value for key, value in alarm.items() if key not in _OF_ONE_METRIC}
    return {**others, "Metrics": [_query(query) for query in given["Metrics"]]}


def _query(query: dict[str, Any]) -> dict[str, Any]:
    found = {**query, "ReturnData": str(query.get("ReturnData", True)).lower() != "false"}
    if found.get("Period"):
        found["Period"] = int(found["Period"])
    if found.get("MetricStat"):
        found["MetricStat"] = {**found["MetricStat"], "Period": int(found["MetricStat"].get("Period") or 60)}
    return found


def evaluate_all(now: float) -> None:
    """Judge every alarm of every account and region at `now`."""
    alarms = cloudwatch._alarms.all_items()
    for (account, region, name), alarm in alarms:
        with request_scope(account, region):
            _evaluate((account, region, name), alarm, now)
    for gone in set(_judged) - {key for key, _ in alarms}:
        del _judged[gone]


def _evaluate(key: tuple[str, str, str], alarm: dict[str, Any], now: float) -> None:
    judged: tuple[object, ...]
    try:
        spans = windows(alarm, now, PERIOD_SCALE)
        points = series(alarm, lambda stat: _numbers(stat, spans), len(spans))
        judged = (spans[-1], tuple(points), alarm.get("AlarmConfigurationUpdatedTimestamp"), id(alarm))
        new = state(alarm, points)
        why = reason(alarm, points, new)
    except (KeyError, TypeError, ValueError) as error:  # one bad alarm must not keep the others waiting
        new, why = "INSUFFICIENT_DATA", f"Unchecked: {type(error).__name__}: {error}"
        judged = (now,)
        alarm["StateReason"] = why
    if _judged.get(key) != judged:
        _judged[key] = judged
        _move(alarm, new, why)


def _numbers(stat: Alarm, spans: list[tuple[float, float]]) -> Series:
    metric = stat["Metric"]
    name = (str(metric["Namespace"]), str(metric["MetricName"]))
    points = metric_store.read(*name, metric.get("Dimensions") or [], spans[0][0], spans[-1][1], stat.get("Unit"))
    return [
        metric_store.statistic([p for p in points if start <= p["Timestamp"] < end], str(stat["Stat"]))
        for start, end in spans
    ]


def _move(alarm: dict[str, Any], new: str, why: str) -> None:
    old = alarm["StateValue"]
    if new == old:
        return
    now = int(time.time())
    alarm.update(StateValue=new, StateReason=why, StateUpdatedTimestamp=now, StateTransitionedTimestamp=now)
    cloudwatch._record_history(alarm["AlarmName"], old, new, why)
    cloudwatch._dispatch_alarm_actions(alarm, old, new, why)
    cloudwatch._evaluate_parent_alarms(alarm)
