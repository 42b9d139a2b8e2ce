"""Queues with their dead-letter queues, topics with who subscribes, rules with their targets."""

import json
from typing import Any

from infra.evidence.kinds import Found, Looks
from infra.evidence.model import Cell, Group, duration, lines, short
from infra.evidence.reading import Reader

QUEUES, TOPICS, RULES = "SQS queues", "SNS topics", "EventBridge rules"


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """Of what carries messages."""
    return [
        Group(
            QUEUES,
            ("Queue", "Dead-letter queue", "Attempts", "Visibility", "Kept", "Encryption", "Waiting", "In flight"),
            [_queue(reader, found) for found in looks[QUEUES]],
        ),
        Group(
            TOPICS,
            ("Topic", "Encryption", "Subscribers"),
            [_topic(reader, found, looks["SNS subscriptions"]) for found in looks[TOPICS]],
            "Addresses of people who subscribe are not shown.",
        ),
        Group(
            RULES,
            ("Rule", "State", "Schedule or events", "Targets"),
            [_rule(reader, found) for found in looks[RULES]],
        ),
    ]


def _queue(reader: Reader, found: Found) -> list[Cell]:
    answer = reader.call(QUEUES, "sqs", "get_queue_attributes", QueueUrl=found.raw, AttributeNames=["All"])
    told: dict[str, str] = answer.get("Attributes", {})
    redrive = json.loads(told.get("RedrivePolicy", "{}"))
    key = told.get("KmsMasterKeyId") or ("SSE-SQS" if told.get("SqsManagedSseEnabled") == "true" else "none")
    return [
        found.name,
        short(redrive.get("deadLetterTargetArn")),
        int(redrive["maxReceiveCount"]) if "maxReceiveCount" in redrive else None,
        _seconds(told, "VisibilityTimeout"),
        _seconds(told, "MessageRetentionPeriod"),
        key,
        _count(told, "ApproximateNumberOfMessages"),
        _count(told, "ApproximateNumberOfMessagesNotVisible"),
    ]


def _seconds(told: dict[str, str], name: str) -> str | None:
    return duration(int(told[name])) if name in told else None


def _count(told: dict[str, str], name: str) -> int | None:
    return int(told[name]) if name in told else None


def _topic(reader: Reader, found: Found, subscriptions: list[Found]) -> list[Cell]:
    arn = found.raw["TopicArn"]
    told = reader.call(TOPICS, "sns", "get_topic_attributes", TopicArn=arn).get("Attributes", {})
    mine = [one.raw for one in subscriptions if one.raw["TopicArn"] == arn]
    return [found.name, told.get("KmsMasterKeyId") or "none", lines(map(_subscriber, mine))]


def _subscriber(subscription: Any) -> str:
    protocol, endpoint = subscription["Protocol"], subscription.get("Endpoint", "")
    return f"{protocol}: {short(endpoint)}" if endpoint.startswith("arn:") else f"{protocol}: not shown"


def _rule(reader: Reader, found: Found) -> list[Cell]:
    targets = reader.pages(RULES, "events", "list_targets_by_rule", "Targets", Rule=found.name)
    raw = found.raw
    return [
        found.name,
        raw.get("State", "").lower(),
        raw.get("ScheduleExpression") or _pattern(raw.get("EventPattern", "{}")),
        lines(f"{target['Arn'].split(':')[2]}: {short(target['Arn'])}" for target in targets),
    ]


def _pattern(text: str) -> list[str]:
    return [f"{name}: {json.dumps(wanted, ensure_ascii=False)}" for name, wanted in json.loads(text).items()]
