"""Operators hear of everything that needs them, once it is true and once it is over. What to do stands in docs/runbooks
(test_runbooks.py)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from chalicelib.kit import metric_names

from infra.deploy import dashboard
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type, ref, resolved
from tests.support import alarm_costs
from tests.support.builders.examples import MAX_RECEIVES

ALARMS = of_type(load(TEMPLATES / "alarms.yaml"), "AWS::CloudWatch::Alarm")
OWN = {metric.name for metric in metric_names.FREE}
AWS = {
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    "AWS/SQS": ("QueueName", {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"}),
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
    "AWS/ApiGateway": ("ApiName", {"Count", "4XXError", "5XXError", "Latency"}),
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    "AWS/Lambda": ("FunctionName", {"Errors", "Throttles", "Duration", "ConcurrentExecutions"}),
    # https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    "AWS/States": ("StateMachineArn", {f"Executions{what}" for what in ("Started", "Succeeded", "Failed", "TimedOut")}),
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    "AWS/DynamoDB": ("TableName", {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "WriteThrottleEvents"}),
}
OF_THE_ACCOUNT = {"Throttles", "ConcurrentExecutions"}
"""Metrics of Lambda that also come without a dimension, of all functions together."""


def name_of(alarm: dict[str, Any]) -> str:
    name: str = alarm["AlarmName"]["Fn::Sub"]
    return name


def watched(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The metrics: the alarm's own, or those that it calculates with."""
    stats = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", ()) if "MetricStat" in query]
    return stats or [{key: alarm.get(key) for key in ("Namespace", "MetricName", "Dimensions")}]


def text_of(value: Any) -> str:
    return str(value["Fn::Sub"]) if isinstance(value, dict) and "Fn::Sub" in value else f"!{value}"


def queue_names() -> set[str]:
    queues = of_type(load(TEMPLATES / "resources.yaml"), "AWS::SQS::Queue").values()
    return {queue["QueueName"]["Fn::Sub"] for queue in queues}


def values_of(dimension: str) -> set[str]:
    """What the dimension's value may be: the names of what the templates and Chalice make."""
    functions = {name for name in dashboard.functions() if name != "api_handler"}
    return {
        "QueueName": queue_names(),
        "ApiName": {"orderproc-${Stage}"},
        "FunctionName": {"orderproc-${Stage}", *(f"orderproc-${{Stage}}-{name}" for name in functions)},
        "StateMachineArn": {"!{'Ref': 'OrderStateMachineArn'}"},
        "Stage": {"!{'Ref': 'Stage'}"},
    }[dimension]


def test_there_is_no_alarm_outside_of_the_template_for_alarms() -> None:
    others = [path for path in TEMPLATES.glob("*.yaml") if path.stem != "alarms"]

    assert not [path.name for path in others if of_type(load(path), "AWS::CloudWatch::Alarm")]


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS.keys())
def test_it_watches_what_our_code_or_aws_reports(alarm: dict[str, Any]) -> None:
    for metric in watched(alarm):
        dimensions = metric["Dimensions"] or []
        if metric["Namespace"] == metric_names.NAMESPACE:
            assert metric["MetricName"] in OWN
            assert dimensions == [{"Name": "Stage", "Value": ref("Stage")}]
            continue
        expected, names = AWS[metric["Namespace"]]
        assert metric["MetricName"] in names
        assert [d["Name"] for d in dimensions] == [expected] or metric["MetricName"] in OF_THE_ACCOUNT
        assert all(text_of(d["Value"]) in values_of(d["Name"]) for d in dimensions)


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS.keys())
def test_it_tells_when_it_begins_and_when_it_ends(alarm: dict[str, Any]) -> None:
    assert alarm["AlarmActions"] == alarm["OKActions"] == [ref("AlarmsTopicArn")]


@pytest.mark.parametrize("alarm", ALARMS.values(), ids=ALARMS.keys())
def test_it_says_what_silence_means(alarm: dict[str, Any]) -> None:
    """AWS reports nothing about what is not used; our gauges hold until the next one; silence itself must ring."""
    rings_on_silence = name_of(alarm).endswith("-metrics-silent")
    gauge = alarm.get("Namespace") == "orderproc" and not rings_on_silence

    assert alarm["TreatMissingData"] == ("breaching" if rings_on_silence else "ignore" if gauge else "notBreaching")


def test_every_dead_letter_queue_has_an_alarm_that_turns_red_within_two_minutes() -> None:
    dead = {name for name in queue_names() if name.endswith("-dlq")}
    alarms = {text_of(alarm["Dimensions"][0]["Value"]): alarm for alarm in ALARMS.values() if is_of(alarm, dead)}

    assert alarms.keys() == dead
    for queue, alarm in alarms.items():
        assert name_of(alarm) == queue
        assert (alarm["Threshold"], alarm["Statistic"]) == (1, "Maximum")
        assert alarm["Period"] * alarm["EvaluationPeriods"] <= 60


def test_every_worked_queue_has_an_alarm_on_its_oldest_message() -> None:
    worked = {name for name in queue_names() if not name.endswith("-dlq")}
    alarms = [alarm for alarm in ALARMS.values() if is_of(alarm, worked)]

    assert {text_of(alarm["Dimensions"][0]["Value"]) for alarm in alarms} == worked
    assert {alarm["MetricName"] for alarm in alarms} == {"ApproximateAgeOfOldestMessage"}


def is_of(alarm: dict[str, Any], queues: set[str]) -> bool:
    dimensions = alarm.get("Dimensions") or [{"Value": ""}]
    return text_of(dimensions[0]["Value"]) in queues


def test_a_share_needs_three_failures_at_least() -> None:
    shares = [alarm for alarm in ALARMS.values() if "Metrics" in alarm]

    assert {name_of(alarm).rpartition("}-")[2] for alarm in shares} == {"failed-orders", "api-5xx"}
    for alarm in shares:
        share, *inputs = alarm["Metrics"]
        assert re.match(r"IF\((failed|errors) >= 3, 100 \* \1 / .+, 0\)$", share["Expression"])
        assert all(query["ReturnData"] is False for query in inputs)


def test_only_alarms_of_this_stage_may_publish_to_the_topic_and_only_by_tls() -> None:
    """A policy replaces the default, by which everybody in the account may."""
    [policy] = of_type(load(TEMPLATES / "alarms.yaml"), "AWS::SNS::TopicPolicy").values()
    allowed, denied = policy["PolicyDocument"]["Statement"]

    assert policy["Topics"] == [ref("AlarmsTopicArn")]
    assert (allowed["Effect"], allowed["Principal"]) == ("Allow", {"Service": "cloudwatch.amazonaws.com"})
    assert allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":alarm:orderproc-${Stage}-*")
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_the_topic_has_no_key_that_cloudwatch_may_not_use() -> None:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html: not through alias/aws/sns."""
    topic = of_type(load(TEMPLATES / "resources.yaml"), "AWS::SNS::Topic")["AlarmsTopic"]

    assert "KmsMasterKeyId" not in resolved(topic, HasKey=False)
    assert resolved(topic, HasKey=True)["KmsMasterKeyId"] == ref("KeyArn")


def test_one_message_that_fails_for_good_rings_as_a_dead_letter_alone() -> None:
    [alarm] = [alarm for alarm in ALARMS.values() if name_of(alarm).endswith("-process-orders-errors")]

    assert alarm["Threshold"] > MAX_RECEIVES


def test_what_they_cost_is_counted_by_metric() -> None:
    assert alarm_costs.alarms() == len(ALARMS)
    assert alarm_costs.alarm_metrics() == sum(len(watched(alarm)) for alarm in ALARMS.values())
