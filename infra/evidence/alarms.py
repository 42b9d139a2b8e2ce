"""Alarms with their states, and the dashboard with its numbers."""

from typing import Any

from botocore.exceptions import ClientError

from infra.errors import Refusal
from infra.evidence.kinds import Looks
from infra.evidence.model import Cell, Group, duration, moment, short
from infra.evidence.reading import Reader
from infra.ops import dashboard_data
from infra.ops.dashboard_data import Picture

ALARMS, DASHBOARD = "Alarms", "Dashboard"
_RANK = {"ALARM": 0, "INSUFFICIENT_DATA": 1, "OK": 2}
_SIGNS = {
    "GreaterThanOrEqualToThreshold": "≥",
    "GreaterThanThreshold": ">",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "≤",
}
SECONDS = 3 * 3600
"""That the dashboard shows, as in the console."""


def group(looks: Looks) -> Group:
    """Those that ring first."""
    found = sorted(looks[ALARMS], key=lambda one: (_RANK.get(one.raw["StateValue"], 3), one.name))
    rows = [_alarm(one.name, one.raw) for one in found]
    return Group(ALARMS, ("Alarm", "State", "Since", "Rings when", "No data", "Says", "Sent to"), rows)


def _alarm(name: str, raw: Any) -> list[Cell]:
    return [
        name,
        raw["StateValue"].replace("_", " ").lower(),
        moment(raw.get("StateUpdatedTimestamp")),
        _condition(raw),
        {"notBreaching": "is fine", "breaching": "rings", "ignore": "changes nothing"}.get(
            raw.get("TreatMissingData", ""), "is not enough to tell"
        ),
        raw.get("AlarmDescription"),
        [short(arn) for arn in raw.get("AlarmActions", ())],
    ]


def _condition(raw: Any) -> str:
    metrics = [m["MetricStat"]["Metric"]["MetricName"] for m in raw.get("Metrics", ()) if "MetricStat" in m]
    what = raw.get("MetricName") or ", ".join(dict.fromkeys(metrics)) or "an expression"
    sign = _SIGNS.get(raw.get("ComparisonOperator", ""), "?")
    period = raw.get("Period") or next(
        (m["MetricStat"]["Period"] for m in raw.get("Metrics", ()) if "MetricStat" in m), 60
    )
    periods = raw.get("EvaluationPeriods", 1)
    needed = raw.get("DatapointsToAlarm", periods)
    often = f"{needed} of {periods} × {duration(period)}" if periods > 1 else f"in {duration(period)}"
    return f"{what} {sign} {raw.get('Threshold', 0):g}, {often}"


def picture(reader: Reader) -> Picture | None:
    """The deployed dashboard's numbers; None if there is none, or no right to read it."""
    try:
        return reader.attempt(DASHBOARD, lambda: _read(reader), otherwise=None)
    except Refusal as refusal:
        reader.gaps.note(DASHBOARD, str(refusal))
        return None


def _read(reader: Reader) -> Picture:
    try:
        return dashboard_data.Reader(reader.target).picture(SECONDS)
    except ClientError as error:
        error.operation_name = f"cloudwatch:{error.operation_name}"
        raise
