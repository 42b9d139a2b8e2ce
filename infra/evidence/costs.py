"""What a stage costs in a month without an order: counted from what stands, at list prices (bench/prices.json) without
free tiers. What is left of a destroyed stage is priced the same way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.prices import MINUTES_A_MONTH, POLLS_OF_A_QUEUE, price_list
from infra.evidence.kinds import Found, Looks
from infra.evidence.objects import Bucket
from infra.evidence.reading import Reader
from infra.evidence.resources import network

WHAT = "Costs"
_NOT_PRICED = ("DynamoDB backups", "EventBridge schedules")
_ACLS = ("Web ACLs", "Web ACLs of the site")
"""Kinds that cost something and are in no price list of ours."""


@dataclass(frozen=True)
class Line:
    """So much of something a month."""

    what: str
    quantity: float
    price: str

    @property
    def usd(self) -> float:
        return price_list()[self.price].of(self.quantity)

    @property
    def unit(self) -> str:
        return price_list()[self.price].unit

    @property
    def each(self) -> str:
        amount, _, per = str(price_list()[self.price]).partition(" ")
        return f"{amount} USD {per}".strip()


@dataclass(frozen=True)
class Bill:
    """`unpriced` says what of it costs something that is not in the list."""

    lines: Sequence[Line]
    unpriced: Sequence[str]
    as_of: str
    region: str

    @property
    def usd(self) -> float:
        return sum(line.usd for line in self.lines)


def bill(reader: Reader, looks: Looks, buckets: Sequence[Bucket]) -> Bill:
    """Of all that was found."""
    lines = [
        Line("asking empty queues for messages", _polled(looks) * POLLS_OF_A_QUEUE, "sqs.request"),
        Line("runs of scheduled functions", sum(map(_runs, looks["EventBridge rules"])), "lambda.request"),
        Line("metrics that alarms watch", sum(map(_watched, looks["Alarms"])), "cloudwatch.alarm"),
        Line("custom metrics", _custom_metrics(reader) if looks["Functions"] else 0, "cloudwatch.metric"),
        Line("dashboards", len(looks["Dashboards"]), "cloudwatch.dashboard"),
        Line("secrets", len(looks["Secrets"]), "secretsmanager.secret"),
        Line("customer-managed keys", len(looks["KMS keys by alias"]), "kms.key"),
        Line("web ACLs", sum(len(looks[kind]) for kind in _ACLS), "waf.acl"),
        Line("their rules", network.rules(reader, looks), "waf.rule"),
        Line("hours of interface endpoints", network.zones(looks) * MINUTES_A_MONTH / 60, "vpc.endpoint"),
        *_stored(reader, looks, buckets),
    ]
    unpriced = [f"{len(looks[kind])} × {kind}" for kind in _NOT_PRICED if looks[kind]]
    return Bill([line for line in lines if line.quantity], unpriced, price_list().as_of, price_list().region)


def _polled(looks: Looks) -> int:
    mappings = (found.raw for found in looks["Event source mappings"])
    return sum(":sqs:" in one.get("EventSourceArn", "") and one.get("State") == "Enabled" for one in mappings)


def _runs(rule: Found) -> float:
    """Of a rule in a month. A cron expression is left out: ours are rates."""
    found = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", rule.raw.get("ScheduleExpression", ""))
    if not found or rule.raw.get("State") != "ENABLED":
        return 0
    return MINUTES_A_MONTH / (int(found[1]) * {"minute": 1, "hour": 60, "day": 1440}[found[2]])


def _watched(alarm: Found) -> int:
    """An alarm on an expression costs as much as the metrics that it reads."""
    metrics: list[Any] = alarm.raw.get("Metrics") or [{"MetricStat": 1}]
    return sum("MetricStat" in metric for metric in metrics)


def _custom_metrics(reader: Reader) -> int:
    """CloudWatch lists one for two weeks after its last value, but bills it only while functions publish it."""
    dimensions = [{"Name": "Stage", "Value": reader.target.stage}]
    return len(
        reader.pages(WHAT, "cloudwatch", "list_metrics", "Metrics", Namespace="orderproc", Dimensions=dimensions)
    )


def _stored(reader: Reader, looks: Looks, buckets: Sequence[Bucket]) -> list[Line]:
    tables = recoverable = 0
    logs = [*looks["Log groups"], *looks.get("Log groups at the edge", ())]
    for found in looks["DynamoDB tables"]:
        size = reader.call(WHAT, "dynamodb", "describe_table", TableName=found.name).get("Table", {})
        tables += size.get("TableSizeBytes", 0)
        told = reader.call(WHAT, "dynamodb", "describe_continuous_backups", TableName=found.name)
        recovery = told.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") == "ENABLED":
            recoverable += size.get("TableSizeBytes", 0)
    return [
        Line("bytes in tables", tables, "dynamodb.stored"),
        Line("bytes of tables that can be recovered to any second", recoverable, "dynamodb.pitr"),
        Line("bytes of logs", sum(group.raw.get("storedBytes", 0) for group in logs), "logs.stored"),
        Line("bytes in buckets, with old versions", sum(bucket.stored for bucket in buckets), "s3.stored"),
    ]
