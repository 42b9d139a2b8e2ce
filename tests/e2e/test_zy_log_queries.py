"""The questions of docs/guide/logs.md to the logs, asked of the running stack: each finds what it should.

Comes late by its name, so that there is much in the logs beside what is looked for."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from chalicelib.kit.config import Runtime
from chalicelib.kit.metric_names import NAMESPACE
from chalicelib.kit.telemetry import Telemetry

from tests.e2e.log_queries import BY_TITLE, PAGE
from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
Row = dict[str, str]


@dataclass(frozen=True)
class Past:
    """What happened before the questions: two orders, and a message about one that never was."""

    completed: str
    declined: str
    correlation_id: str
    poison: str
    """The order that the message names."""


@pytest.fixture(scope="module")
def ask(shop: Shop) -> Callable[..., list[Row]]:
    """Ask a question of the documentation, as an operator would: of all functions' logs of the last hour, or, where
    the guide says so, of the API's."""
    logs = shop.client("logs")
    of_api = PAGE.partition("### The API's access log")[2]

    def ask(question: str, **placeholders: str) -> list[Row]:
        query = BY_TITLE[question]
        for name, value in placeholders.items():
            assert name in query
            query = query.replace(name, value)
        service = "apigateway" if question in of_api else "lambda"
        prefix = f"/aws/{service}/orderproc-{shop.described['stage']}"
        groups = [group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]]
        now = int(time.time())
        started = logs.start_query(logGroupNames=groups, startTime=now - 3600, endTime=now + 60, queryString=query)
        answer = logs.get_query_results(queryId=started["queryId"])
        assert answer["status"] == "Complete"
        return [{cell["field"]: cell["value"] for cell in row} for row in answer["results"]]

    return ask


@pytest.fixture(scope="module")
def past(shop: Shop) -> Past:
    product, correlation_id = shop.new_product(9), f"asked-{uuid.uuid4()}"
    headers = {"X_Correlation_Id": correlation_id}
    paid = shop.partner("POST", "/orders", body_for(product), **headers).json()["orderId"]
    declined = {**body_for(product), "paymentMethod": "pm_card_chargeDeclined"}
    failed = shop.partner("POST", "/orders", declined).json()["orderId"]
    for order_id in (paid, failed):
        shop.partner.ended(f"/orders/{order_id}", 30)
    assert shop.partner("GET", "/orders/nobody", **headers).status_code == 404
    poison = f"nobody-{uuid.uuid4()}"
    queue = shop.described["resources"]["order_queue_url"]
    shop.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"orderId": poison}))
    return Past(paid, failed, correlation_id, poison)


@pytest.fixture(scope="module", autouse=True)
def given_up(ask: Callable[..., list[Row]], past: Past) -> Row:
    """What the log says of the poison, once its last try is over."""

    def look() -> list[Row]:
        rows = ask("What went to a dead-letter queue?")
        return [row for row in rows if row.get("orderId") == past.poison]

    return until(look, bool, 60)[0]


def test_what_happened_to_an_order(ask: Callable[..., list[Row]], past: Past) -> None:
    def look() -> list[Row]:
        rows = ask("What happened to order X?", ORDER=past.completed)
        return [row for row in rows if row["message"] != "request"]  # on a slow machine: what takes long is logged

    rows = until(look, lambda rows: [row["message"] for row in rows] == ["order_completed", "customer_notified"], 60)

    assert [row["@log"].rpartition("-")[2] for row in rows] == ["process_orders", "mail_receipt"]
    assert rows[1]["occasion"] == "mail-confirmation"
    assert {row["correlation_id"] for row in rows} == {past.correlation_id}


def test_what_a_correlation_id_touched(ask: Callable[..., list[Row]], past: Past) -> None:
    rows = until(
        lambda: ask("What happened in the request with correlation id Y?", CORRELATION=past.correlation_id),
        lambda rows: len(rows) >= 3,
    )

    assert {"order_completed", "customer_notified", "request"} <= {row["message"] for row in rows}
    assert [row["status"] for row in rows if row["message"] == "request"] == ["404"]


def test_which_errors_are_frequent_and_where(ask: Callable[..., list[Row]], past: Past) -> None:
    rows = ask("Which errors are the most frequent, and in which function?")

    [unknown] = [row for row in rows if row.get("error") == "UnknownOrder" and row["@log"].endswith("process_orders")]
    assert (unknown["message"], int(unknown["times"]) >= 3) == ("message_failed", True)
    assert [int(row["times"]) for row in rows] == sorted((int(row["times"]) for row in rows), reverse=True)


def test_which_orders_failed_and_why(ask: Callable[..., list[Row]], past: Past) -> None:
    [declined] = [row for row in ask("Which orders failed, and why?") if row["code"] == "CARD_DECLINED"]

    assert int(declined["orders"]) >= 1
    assert declined["example"] == past.declined


def test_what_was_retried(shop: Shop, ask: Callable[..., list[Row]], past: Past) -> None:
    [retried] = [row for row in ask("What was retried?") if row["what"] == past.poison]

    policy = shop.client("sqs").get_queue_attributes(
        QueueUrl=shop.described["resources"]["order_queue_url"], AttributeNames=["RedrivePolicy"]
    )["Attributes"]["RedrivePolicy"]
    assert (retried["times"], retried["why"]) == (str(json.loads(policy)["maxReceiveCount"]), "UnknownOrder")


def test_what_is_a_dead_letter(given_up: Row) -> None:
    assert (given_up["reason"], given_up["@log"].rpartition("-")[2]) == ("UnknownOrder", "process_orders")
    assert given_up["messageId"]


def test_which_dependency_is_slow(ask: Callable[..., list[Row]]) -> None:
    rows = ask("Which dependency is slow?")

    assert {row["slowest"].partition(".")[0] for row in rows} >= {"dynamodb"}
    assert all(0 < float(row["usual"]) <= float(row["longest"]) for row in rows)


def test_who_was_throttled(shop: Shop, ask: Callable[..., list[Row]]) -> None:
    """The local cloud throttles nobody: a function's own code tells of a throttle that it was told of."""
    lines: list[dict[str, Any]] = []
    place = Runtime(shop.described["stage"], "process_orders", full=False)
    told = Telemetry(lines.append, lambda: place, time.monotonic)
    told.measured({}, lambda _: [told.call_failed("dynamodb", "Throttle" + uuid.uuid4().hex[:6], True) for _ in "12"])
    logs, group = shop.client("logs"), f"/aws/lambda/orderproc-{shop.described['stage']}-process_orders"
    logs.create_log_stream(logGroupName=group, logStreamName="throttled-" + uuid.uuid4().hex)
    stream = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="throttled-")["logStreams"][-1]
    event = {"timestamp": int(time.time() * 1000), "message": json.dumps(lines[0])}
    logs.put_log_events(logGroupName=group, logStreamName=stream["logStreamName"], logEvents=[event])

    [row] = [row for row in ask("Who was throttled?") if row["throttledCall"] == lines[0]["throttledCall"]]

    assert (row["function"], row["times"]) == ("process_orders", "2")


def test_how_long_the_steps_take(ask: Callable[..., list[Row]]) -> None:
    [row] = ask("How long does each step take?")

    assert int(row["orders"]) >= 1
    for step in ("validate", "reserve", "charge", "complete"):
        assert 0 < float(row[f"{step}P50"]) <= float(row[f"{step}P95"])


def test_how_often_functions_start_cold(ask: Callable[..., list[Row]]) -> None:
    rows = {row["function"]: row for row in ask("How often did each function start cold?")}

    for function in ("api_handler", "process_orders", "mail_receipt"):
        assert 1 <= int(float(rows[function]["coldStarts"])) <= int(float(rows[function]["invocations"]))
    assert int(float(rows["process_orders"]["failed"])) >= 3


def test_which_requests_are_refused(ask: Callable[..., list[Row]]) -> None:
    rows = ask("Which requests are rejected or slow?")

    assert [row for row in rows if (row["route"], row["status"]) == ("/orders/{order_id}", "404")]


def test_who_called_what(shop: Shop, ask: Callable[..., list[Row]], past: Past) -> None:
    rows = ask("Who called what, and what came of it?")

    key = shop.client("apigateway").get_api_keys(nameQuery="orderproc-", includeValues=True)["items"]
    [partner] = [one["id"] for one in key if one["value"] == shop.described["api_key"]]
    [placed] = [row for row in rows if (row["keyId"], row["resource"], row["status"]) == (partner, "/orders", "201")]
    assert (placed["method"], placed["userId"]) == ("POST", "-")
    assert int(placed["requests"]) >= 2
    assert float(placed["longest"]) > 0


def test_who_was_refused(shop: Shop, ask: Callable[..., list[Row]]) -> None:
    assert requests.get(f"{shop.described['api_url']}/orders", timeout=30).status_code == 403

    rows = ask("Who was refused before a function saw it?")

    # Tests before this one were refused there for other reasons as well.
    keyless = [row for row in rows if (row["method"], row["resource"], row["keyId"]) == ("GET", "/orders", "-")]
    assert ("INVALID_API_KEY", "403") in {(row["refused"], row["status"]) for row in keyless}


def test_what_functions_measure_became_metrics(shop: Shop) -> None:
    cloudwatch, stage = shop.client("cloudwatch"), [{"Name": "Stage", "Value": shop.described["stage"]}]
    now = datetime.now(UTC)

    for name, statistic, least in (("DependencyLatency", "Maximum", 1.0), ("StepRetries", "Sum", 2.0)):
        points = cloudwatch.get_metric_statistics(
            Namespace=NAMESPACE,
            MetricName=name,
            Dimensions=stage,
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=[statistic],
        )["Datapoints"]
        assert sum(point[statistic] for point in points) >= least


def test_a_query_that_is_not_understood_is_refused(shop: Shop) -> None:
    logs, now = shop.client("logs"), int(time.time())
    group = f"/aws/lambda/orderproc-{shop.described['stage']}"

    with pytest.raises(logs.exceptions.MalformedQueryException):
        logs.start_query(logGroupNames=[group], startTime=now, endTime=now, queryString="filter shape(@message) > 9")
