"""The local cloud's CloudWatch as a caller sees it: the emulator alone, with minutes of three seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract import engines

MINUTE = 3.0
PATIENCE = 15 * MINUTE
DEPTH = "ApproximateNumberOfMessagesVisible"
Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERPROC_ALARM_PERIOD_SCALE", str(MINUTE / 60))
        with engines.ministack(tmp_path_factory.mktemp("cloudwatch")) as endpoint_url:
            yield lambda service: engines.client(service, endpoint_url)


def depth_of(queue: str) -> dict[str, Any]:
    return {"Namespace": "AWS/SQS", "MetricName": DEPTH, "Dimensions": [{"Name": "QueueName", "Value": queue}]}


def template(queue: str, topic: str) -> str:
    """Two alarms on the queue, as CloudFormation makes them: a plain one, and one of metric math, with texts for
    numbers as a template may have them."""
    common = {
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0,
        "TreatMissingData": "notBreaching",
        "AlarmActions": [topic],
        "OKActions": [topic],
    }
    plain = {"AlarmName": f"{queue}-plain", "Statistic": "Maximum", "Period": 60, "EvaluationPeriods": 1}
    stat = {"Metric": depth_of(queue), "Period": "60", "Stat": "Maximum"}
    metrics = [
        {"Id": "depth", "MetricStat": stat, "ReturnData": "false"},
        {"Id": "twice", "Expression": "2 * FILL(depth, 0)"},
    ]
    maths = {"AlarmName": f"{queue}-maths", "Metrics": metrics, "EvaluationPeriods": "3", "DatapointsToAlarm": "2"}
    alarms = [common | plain | depth_of(queue), common | maths]
    resources = {f"Alarm{n}": {"Type": "AWS::CloudWatch::Alarm", "Properties": a} for n, a in enumerate(alarms)}
    return json.dumps({"Resources": resources})


def states(client: Client, prefix: str) -> set[str]:
    described = client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)
    return {alarm["StateValue"] for alarm in described["MetricAlarms"]}


def eventually(wanted: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := wanted()):
        assert time.monotonic() < deadline, "that did not happen"
        time.sleep(0.2)
    return found


def listening_queue(client: Client, name: str, topic: str) -> str:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return str(url)


def test_a_dead_letter_turns_its_alarms_red_and_its_redrive_green_and_the_topic_hears_it(client: Client) -> None:
    queue = client("sqs").create_queue(QueueName="letters-dlq")["QueueUrl"]
    client("sqs").create_queue(QueueName="other")
    topic = client("sns").create_topic(Name="alarms")["TopicArn"]
    ear = listening_queue(client, "ear", topic)
    client("cloudformation").create_stack(StackName="alarms", TemplateBody=template("letters-dlq", topic))
    eventually(lambda: states(client, "letters-dlq") == {"OK"})

    client("sqs").send_message(QueueUrl=queue, MessageBody="poison")
    eventually(lambda: states(client, "letters-dlq") == {"ALARM"})
    client("sqs").purge_queue(QueueUrl=queue)
    eventually(lambda: states(client, "letters-dlq") == {"OK"})

    told = [json.loads(json.loads(message["Body"])["Message"]) for message in received(client, ear)]
    seen = {(one["AlarmName"], one["NewStateValue"]) for one in told}
    assert seen == {(f"letters-dlq-{kind}", state) for kind in ("plain", "maths") for state in ("OK", "ALARM")}
    history = client("cloudwatch").describe_alarm_history(AlarmName="letters-dlq-plain", ScanBy="TimestampAscending")
    changes = [item["HistorySummary"] for item in history["AlarmHistoryItems"]]
    assert changes[-2:] == ["Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"]


def received(client: Client, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while more := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += more
    return found


def test_another_queues_letters_leave_an_alarm_calm(client: Client) -> None:
    sqs, cloudwatch = client("sqs"), client("cloudwatch")
    full, empty = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("full", "empty"))
    alarm = {"Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Period": 60}
    for name in ("full", "empty"):
        cloudwatch.put_metric_alarm(AlarmName=f"one-{name}", Statistic="Maximum", **alarm, **depth_of(name))

    sqs.send_message(QueueUrl=full, MessageBody="a letter")
    eventually(lambda: states(client, "one-full") == {"ALARM"})

    assert states(client, "one-empty") == {"OK"}
    sqs.delete_queue(QueueUrl=empty)
    eventually(lambda: states(client, "one-empty") == {"INSUFFICIENT_DATA"})


def test_a_line_in_the_embedded_format_is_listed_and_read_with_its_dimensions(client: Client) -> None:
    logs, cloudwatch = client("logs"), client("cloudwatch")
    logs.create_log_group(logGroupName="/a/function")
    logs.create_log_stream(logGroupName="/a/function", logStreamName="one")
    now = datetime.now(UTC)
    metric = {"Name": "Orders", "Unit": "Count"}
    directive = {"Namespace": "shop", "Dimensions": [["Stage"]], "Metrics": [metric]}
    said = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    line = json.dumps({"_aws": said, "Stage": "blue", "Orders": [3, 4]})

    event = {"timestamp": int(now.timestamp() * 1000), "message": line}
    logs.put_log_events(logGroupName="/a/function", logStreamName="one", logEvents=[event])

    known = {"Namespace": "shop", "MetricName": "Orders", "Dimensions": [{"Name": "Stage", "Value": "blue"}]}
    assert cloudwatch.list_metrics(Namespace="shop")["Metrics"] == [known]
    orders = {"Id": "orders", "MetricStat": {"Metric": known, "Period": 300, "Stat": "Sum"}}
    undimensioned = {"Namespace": "shop", "MetricName": "Orders"}
    results = cloudwatch.get_metric_data(
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=5),
        MetricDataQueries=[
            orders,
            {"Id": "tenfold", "Expression": "orders * 10"},
            {"Id": "none", "MetricStat": {"Metric": undimensioned, "Period": 300, "Stat": "Sum"}},
        ],
    )["MetricDataResults"]
    assert [result["Values"] for result in results] == [[7.0], [70.0], []]
    window = {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(minutes=5), "Period": 300}
    read = cloudwatch.get_metric_statistics(**known, **window, Statistics=["Maximum", "SampleCount"])["Datapoints"]
    assert [(point["Maximum"], point["SampleCount"], point["Unit"]) for point in read] == [(4.0, 2.0, "Count")]


def test_a_state_that_is_set_lasts_until_the_alarm_is_judged_again(client: Client) -> None:
    cloudwatch = client("cloudwatch")
    client("sqs").create_queue(QueueName="calm")
    alarm = {"Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Period": 60}
    cloudwatch.put_metric_alarm(AlarmName="calm", Statistic="Maximum", **alarm, **depth_of("calm"))
    eventually(lambda: states(client, "calm") == {"OK"})

    cloudwatch.set_alarm_state(AlarmName="calm", StateValue="ALARM", StateReason="a drill")

    assert states(client, "calm") == {"ALARM"}
    eventually(lambda: states(client, "calm") == {"OK"})


def test_an_alarm_that_cannot_be_judged_says_why(client: Client) -> None:
    cloudwatch = client("cloudwatch")
    queries = [
        {"Id": "m", "MetricStat": {"Metric": depth_of("calm"), "Period": 60, "Stat": "Maximum"}, "ReturnData": False},
        {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m, 2)"},
    ]
    alarm = {"Threshold": 0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
    cloudwatch.put_metric_alarm(AlarmName="banded", Metrics=queries, TreatMissingData="notBreaching", **alarm)

    def described() -> dict[str, Any]:
        (found,) = cloudwatch.describe_alarms(AlarmNames=["banded"])["MetricAlarms"]
        return dict(found)

    eventually(lambda: "ANOMALY_DETECTION_BAND" in described()["StateReason"])
    assert described()["StateValue"] == "INSUFFICIENT_DATA"
    assert [query["Id"] for query in described()["Metrics"]] == ["m", "band"]
