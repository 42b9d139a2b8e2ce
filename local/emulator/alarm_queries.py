"""Alarms in CloudWatch's old protocol, which Terraform's older providers speak: requests as forms, answers in XML.

There MiniStack takes no expressions, and leaves out what an alarm does and what it looks at, so that each plan would
change every alarm. Here forms become what the JSON protocol has, and XML says all that its answers say."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import cloudwatch

from .replacing import replaces

_TIMES = ("StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp")
_TYPES: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("Period", "EvaluationPeriods", "DatapointsToAlarm", "MaxRecords"), int),
    "Threshold": float,
    **dict.fromkeys(("ActionsEnabled", "ReturnData"), lambda said: said == "true"),
}
_CALLS = {"_put_metric_alarm": "PutMetricAlarm", "_describe_alarms": "DescribeAlarms"}


def install() -> None:
    """Make both calls understand forms as they understand JSON."""
    for function, call in _CALLS.items():
        _complete(function, call)


def _complete(function: str, call: str) -> None:
    @replaces(cloudwatch, function)
    def completed(
        original: Any, params: Mapping[str, Any], cbor_data: Any, is_cbor: bool, is_json: bool = False
    ) -> Any:
        if is_cbor or is_json:
            return original(params, cbor_data, is_cbor, is_json)
        status, _, body = original(params, _read(params), False, True)
        if status != 200:
            problem = json.loads(body)
            code = str(problem.get("__type", "ValidationError")).rpartition("#")[2]
            return cloudwatch._error(code, problem.get("message", ""), status)
        said = json.loads(body or b"{}")
        for alarm in said.get("MetricAlarms", ()):
            if alarm.get("ExtendedStatistic"):  # MiniStack says `Average` besides
                alarm.pop("Statistic", None)
        answer = _xml(said)
        return cloudwatch._xml(200, f"{call}Response", f"<{call}Result>{answer}</{call}Result>")


def _read(params: Mapping[str, Any]) -> dict[str, Any]:
    """The form as JSON has it: `Metrics.member.1.Id=m` is an entry of a list."""
    tree: dict[str, Any] = {}
    for name in params:
        *path, last = name.split(".")
        at = tree
        for part in path:
            at = at.setdefault(part, {})
        at[last] = _TYPES.get(last, str)(cloudwatch._p(params, name))
    found: dict[str, Any] = _listed(tree)
    return found


def _listed(tree: Any) -> Any:
    if not isinstance(tree, Mapping):
        return tree
    if set(tree) == {"member"}:
        return [_listed(tree["member"][at]) for at in sorted(tree["member"], key=int)]
    return {name: _listed(one) for name, one in tree.items()}


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        shown = {name: one for name, one in value.items() if one is not None and name not in _TIMES}
        return "".join(f"<{name}>{_xml(one)}</{name}>" for name, one in shown.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(f"<member>{_xml(one)}</member>" for one in value)
    return escape(str(value).lower() if isinstance(value, bool) else str(value))
