"""What a deployed stage costs whether or not orders come, counted from the templates and from `app.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bench import bill
from bench.prices import MINUTES_A_MONTH, POLLS_OF_A_QUEUE, price_list
from infra.paths import APP, TEMPLATES
from tests.packaging.cloudformation import load

_JOB_SECONDS, _JOB_MEMORY = 0.08, 256
"""Rough: what a job that finds nothing to do takes."""
OPEN_SHARDS = 8
_DEAD_LETTER_QUEUES, _REDRIVES_A_MONTH = 9, MINUTES_A_MONTH // 2
"""That the redriver asks, and how often."""


@dataclass(frozen=True, slots=True)
class Standing:
    """So much of something in a month of thirty days."""

    what: str
    quantity: float
    price: str

    @property
    def usd(self) -> float:
        return price_list()[self.price].of(self.quantity)


def standing() -> list[Standing]:
    """Of one stage without orders, at list prices without free tiers."""
    found = resources()
    runs = sum(job_runs())
    return [
        Standing("asking empty queues", queues() * POLLS_OF_A_QUEUE, "sqs.request"),
        Standing("runs of the scheduled jobs", runs, "lambda.request"),
        Standing("their time, GB-seconds", runs * _JOB_SECONDS * _JOB_MEMORY / 1024, bill.GB_SECOND),
        Standing("the housekeeper's look at the open orders", OPEN_SHARDS * 0.5 * MINUTES_A_MONTH, "dynamodb.read"),
        Standing("the housekeeper's look at imports and exports", 2 * 0.5 * MINUTES_A_MONTH, "dynamodb.read"),
        Standing("the housekeeper's look at keys that end", 0.5 * MINUTES_A_MONTH, "dynamodb.read"),
        Standing("asking for messages to redrive", _DEAD_LETTER_QUEUES * _REDRIVES_A_MONTH, "sqs.request"),
        Standing("custom metrics", custom_metrics(), "cloudwatch.metric"),
        Standing("metrics that alarms watch", watched(found), "cloudwatch.alarm"),
        Standing("dashboards", 1, "cloudwatch.dashboard"),
        Standing("secrets", _of(found, "AWS::SecretsManager::Secret"), "secretsmanager.secret"),
    ]


def resources() -> list[dict[str, Any]]:
    """All that the stage's templates make."""
    templates = [load(path) for path in sorted(TEMPLATES.glob("*.yaml"))]
    return [resource for template in templates for resource in template["Resources"].values()]


def queues() -> int:
    """How many queues Lambda asks."""
    return len(re.findall(r"^@app\.on_sqs_message\(", _app(), flags=re.MULTILINE))


def job_runs() -> list[int]:
    """Of each scheduled function, in a month."""
    found = re.findall(r"^@app\.schedule\(Rate\((\d+), unit=Rate\.(MINUTES|HOURS)\)\)", _app(), flags=re.MULTILINE)
    return [MINUTES_A_MONTH // (int(number) * (60 if unit == "HOURS" else 1)) for number, unit in found]


def watched(found: list[dict[str, Any]]) -> int:
    """An alarm on an expression costs as much as the metrics that it reads:
    https://aws.amazon.com/cloudwatch/pricing/"""
    alarms = [r["Properties"] for r in found if r["Type"] == "AWS::CloudWatch::Alarm"]
    return sum(len([m for m in alarm.get("Metrics", [{"MetricStat": 1}]) if "MetricStat" in m]) for alarm in alarms)


def custom_metrics() -> int:
    """Of the profile that is deployed unless another is chosen."""
    from chalicelib.kit.metric_names import FREE

    return len(FREE)


def _of(found: list[dict[str, Any]], kind: str) -> int:
    return sum(resource["Type"] == kind for resource in found)


def _app() -> str:
    return (APP / "app.py").read_text(encoding="utf-8")
