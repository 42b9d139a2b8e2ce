"""The body of a stage's CloudWatch dashboard: the business above, the technology below, all of it named after the
templates' and the functions' own names.

`dashboard.yaml` deploys it, so that it comes and goes with its stack; CloudFormation fills in each `${…}`.
Three dashboards of up to fifty metrics each are free, others 3 USD a month
(https://aws.amazon.com/cloudwatch/pricing/): this one keeps to fifty, and METRICS_PROFILE=full adds every function.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"""

import json
import os
import re
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from infra.paths import APP, TEMPLATES

PREFIX = "orderproc-${Stage}"
WATCHED = (
    *("api_handler", "process_orders", "notify"),
    *("count_orders", "publish_metrics", "hourly_metrics", "housekeeper", "reconciler"),
)
"""Functions whose errors are shown in any profile: those that customers wait for, and those that have an alarm."""
TIMED = ("api_handler", "process_orders", "notify")
_OF_STAFF = ("exports", "exports-dlq", "search-dlq")
"""Queues that no order waits in: fifty metrics are free, and the state of their alarms is shown."""
_REGION = "${AWS::Region}"
_ACCOUNT = f"{_REGION}:${{AWS::AccountId}}"
_GREEN, _RED, _BLUE, _ORANGE = "#2ca02c", "#d62728", "#1f77b4", "#ff7f0e"

Row = list[Any]
"""Of a widget's `metrics`: namespace, name, names and values of dimensions in turn, options; or an expression."""
Widget = dict[str, Any]


def body() -> str:
    """The JSON text, with CloudFormation's `${…}` in it. METRICS_PROFILE and RUNBOOK_URL of the environment choose."""
    rows = [
        [_text(24, 1, "# The shop · what to do about an alarm: " + runbooks())],
        [_alarms(24, 4)],
        *_business(),
        [_text(24, 1, "# The technology")],
        *_technology(),
        *(_every_function() if os.environ.get("METRICS_PROFILE") == "full" else ()),
    ]
    shown = {"start": "-PT3H", "periodOverride": "inherit", "widgets": list(_placed(rows))}
    return json.dumps(shown, separators=(",", ":"), ensure_ascii=False)


def runbooks() -> str:
    """The pages about alarms and commands: a link where RUNBOOK_URL says where they are, else their folder."""
    url = os.environ.get("RUNBOOK_URL")
    return f"[docs/runbooks]({url}/README.md)" if url else "docs/runbooks"


def alarm_names() -> list[str]:
    """What the alarms' names end in after the stage's prefix, as alarms.yaml lists them."""
    return _named("alarms", "AlarmName")


def queues() -> tuple[list[str], list[str]]:
    """The worked queues and the dead-letter queues, without the stage's prefix."""
    names = _named("resources", "QueueName")
    return [n for n in names if not n.endswith("-dlq")], [n for n in names if n.endswith("-dlq")]


def functions() -> list[str]:
    """All of them, as Chalice's configuration lists them."""
    config = json.loads((APP / ".chalice" / "config.json").read_text(encoding="utf-8"))
    return list(config["stages"]["local"]["lambda_functions"])


def _named(template: str, what: str) -> list[str]:
    text = (TEMPLATES / f"{template}.yaml").read_text(encoding="utf-8")
    return re.findall(rf"{what}: !Sub orderproc-\$\{{Stage}}-(\S+)", text)


def _business() -> Iterable[Sequence[Widget]]:
    ended = [_ours("OrdersCompleted", "Completed", _GREEN, id="c"), _ours("OrdersFailed", "Failed", _RED, id="f")]
    orders = [_ours("OrdersPlaced", "Placed", _BLUE), *ended]
    share = [*_hidden(ended), [{"expression": "100*c/(c+f)", "label": "Success, %", "color": _GREEN}]]
    revenue = _ours("Revenue", "Main currency", _GREEN)
    open_questions = [
        _ours("OrdersStuck", "Stuck", _RED, "Maximum"),
        _ours("OrdersNeedingAttention", "Marked", _ORANGE, "Maximum"),
        _ours("OrdersMissing", "Missing", _ORANGE, "Maximum"),
        _ours("Discrepancies", "Discrepancies", _RED, "Maximum"),
    ]
    yield [
        _numbers(8, "Orders in the time shown", orders),
        _numbers(3, "Success", share),
        _numbers(4, "Revenue", [revenue]),
        _numbers(9, "Now", open_questions, whole_range=False),
    ]
    yield [
        _graph(9, "Orders", orders, period=300),
        _graph(8, "Success", share, period=900),
        _graph(7, "Revenue", [revenue], period=300),
    ]


def _technology() -> Iterable[Sequence[Widget]]:
    requests = [_api("Count", "Requests", _BLUE), _api("4XXError", "4xx", _ORANGE), _api("5XXError", "5xx", _RED)]
    latency = [_api("Latency", "p50", _BLUE, stat="p50"), _api("Latency", "p99", _RED, stat="p99")]
    calls = _ours("DependencyLatency", "p99 of calls to AWS, sampled", _ORANGE, stat="p99")
    yield [
        _graph(8, "API: requests", requests),
        _graph(8, "API: latency in ms", [*latency, calls]),
        _graph(8, "Tried again: messages, calls of AWS", [_ours("StepRetries", "Retries", _ORANGE)]),
    ]
    capacity = [
        ["AWS/Lambda", "ConcurrentExecutions", {"stat": "Maximum", "label": "At once", "color": _BLUE}],
        ["AWS/Lambda", "Throttles", {"stat": "Sum", "label": "Refused", "color": _RED}],
    ]
    yield [
        _graph(8, "Functions: errors", [_function(name, "Errors") for name in WATCHED]),
        _graph(8, "Functions: duration in ms, p99", [_function(name, "Duration", "p99") for name in TIMED]),
        _graph(8, "Functions of the account: running at once, refused", capacity),
    ]
    worked, dead = ([name for name in names if name not in _OF_STAFF] for names in queues())
    ends = {"Started": _BLUE, "Succeeded": _GREEN, "Failed": _RED}
    executions = [_machine(f"Executions{what}", what, color) for what, color in ends.items()]
    kinds = {"Write": _BLUE, "Read": _GREEN}
    units = [_table(f"Consumed{kind}CapacityUnits", kind, color) for kind, color in kinds.items()]
    yield [
        _graph(8, "Queues: waiting", [_queue(name, "ApproximateNumberOfMessagesVisible") for name in worked[:2]]),
        _graph(8, "Queues: age of the oldest in s", [_queue(name, "ApproximateAgeOfOldestMessage") for name in worked]),
        _graph(
            8,
            "Dead letters",
            [_queue(name, "ApproximateNumberOfMessagesVisible") for name in dead],
        ),
    ]
    yield [
        _graph(8, "Executions", executions),
        _graph(8, "Orders table: capacity units used", units),
        _graph(8, "Orders table: writes refused", [_table("WriteThrottleEvents", "Refused", _RED)]),
    ]


def _every_function() -> Iterable[Sequence[Widget]]:
    yield [
        _graph(8, "All functions: errors", _each_function("Errors")),
        _graph(8, "All functions: duration in ms, p99", _each_function("Duration"), stat="p99"),
        _graph(8, "All functions: refused", _each_function("Throttles")),
    ]


def _each_function(metric: str) -> list[Row]:
    """With CloudWatch's `.` for what is as in the row before: a template has 51,200 bytes."""
    first, *others = ([*_function(name, metric)[:4], {"label": name}] for name in functions())
    return [first, *([".", ".", ".", *row[3:]] for row in others)]


def _row(
    namespace: str, dimension: str, value: str, metric: str, label: str, color: str = "", stat: str = "Sum", **more: Any
) -> Row:
    options = {"stat": stat, "label": label, **({"color": color} if color else {}), **more}
    return [namespace, metric, dimension, value, options]


_ours = partial(_row, "orderproc", "Stage", "${Stage}")
_api = partial(_row, "AWS/ApiGateway", "ApiName", PREFIX)
_machine = partial(_row, "AWS/States", "StateMachineArn", "${OrderStateMachineArn}")
_table = partial(_row, "AWS/DynamoDB", "TableName", f"{PREFIX}-orders")


def _function(name: str, metric: str, stat: str = "Sum") -> Row:
    called = PREFIX if name == "api_handler" else f"{PREFIX}-{name}"
    return _row("AWS/Lambda", "FunctionName", called, metric, name, stat=stat)


def _queue(name: str, metric: str) -> Row:
    return _row("AWS/SQS", "QueueName", f"{PREFIX}-{name}", metric, name, stat="Maximum")


def _hidden(rows: Sequence[Row]) -> list[Row]:
    return [[*row[:-1], {**row[-1], "visible": False}] for row in rows]


def _widget(kind: str, width: int, height: int, **properties: Any) -> Widget:
    """Without its place."""
    return {"type": kind, "width": width, "height": height, "properties": properties}


def _text(width: int, height: int, markdown: str) -> Widget:
    return _widget("text", width, height, markdown=markdown, background="transparent")


def _alarms(width: int, height: int) -> Widget:
    arns = [f"arn:${{AWS::Partition}}:cloudwatch:{_ACCOUNT}:alarm:{PREFIX}-{name}" for name in alarm_names()]
    return _widget("alarm", width, height, title="Alarms", sortBy="stateUpdatedTimestamp", alarms=arns)


def _metric(width: int, height: int, title: str, metrics: list[Row], **shown: Any) -> Widget:
    return _widget("metric", width, height, title=title, region=_REGION, metrics=metrics, **shown)


def _numbers(width: int, title: str, metrics: list[Row], *, whole_range: bool = True) -> Widget:
    return _metric(width, 3, title, metrics, view="singleValue", setPeriodToTimeRange=whole_range, period=60)


def _graph(width: int, title: str, metrics: list[Row], **more: Any) -> Widget:
    shown = {"view": "timeSeries", "stat": "Sum", "period": 60, "yAxis": {"left": {"min": 0}}, **more}
    return _metric(width, 6, title, metrics, **shown)


def _placed(rows: Iterable[Sequence[Widget]]) -> Iterable[Widget]:
    """From top to bottom, in each row from left to right."""
    top = 0
    for row in rows:
        left = 0
        for widget in row:
            yield {"x": left, "y": top, **widget}
            left += widget["width"]
        top += max(widget["height"] for widget in row)
