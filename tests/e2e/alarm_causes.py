"""What makes each alarm ring, and what ends it: by the thing itself where that takes seconds, else by the numbers that
a job, or AWS, would have published. Never by setting an alarm's state."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tests.e2e.shop import Shop

DEAD = (
    *("orders", "notifications", "mail", "inventory", "payment", "shipping", "imports", "import-files", "exports"),
    *("metrics", "search"),
)
WORKED = ("orders", "notifications", "inventory", "payment", "shipping", "imports", "exports")
FAILING = {
    "process_orders": 15,
    "count_orders": 3,
    "index_orders": 3,
    "housekeeper": 2,
    "reconciler": 2,
    "publish_metrics": 2,
    "hourly_metrics": 2,
}
"""Functions that have an alarm on errors, and how many errors ring it."""
OWN = {
    "orders-stuck": "OrdersStuck",
    "orders-need-attention": "OrdersNeedingAttention",
    "orders-missing": "OrdersMissing",
    "discrepancies": "Discrepancies",
}
A_HUNDREDTH = 20
"""Of the requests to the API in five minutes of the tests' clock, at least."""


@dataclass(frozen=True)
class Number:
    """One number of a metric, some minutes ago."""

    namespace: str
    name: str
    value: float
    dimensions: Mapping[str, str]
    minutes_ago: float = 0


class Causes:
    """Of the alarms of a running stack."""

    def __init__(self, shop: Shop, scale: float) -> None:
        self._shop, self._minute = shop, 60 * scale
        self._prefix = f"orderproc-{shop.described['stage']}"

    @cached_property
    def _damaged(self) -> str:
        """Goods that the API can't show."""
        product, table = self._shop.new_product(1), self._shop.described["resources"]["products_table"]
        key = {"productId": {"S": product}}
        self._shop.client("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE price")
        return product

    def calm(self) -> None:
        """Nothing is wrong: no dead letters, and the jobs publish. Repeat it until all alarms agree."""
        for queue in DEAD:
            self._shop.client("sqs").purge_queue(QueueUrl=self._url(f"{queue}-dlq"))
        self._publish([self._own("OrdersPlaced", 0), *(self._own(metric, 0) for metric in OWN.values())])

    def begin(self) -> None:
        """What happens once."""
        self._shop.client("events").disable_rule(Name=f"{self._prefix}-publish_metrics-event")
        for queue in DEAD:
            self._shop.client("sqs").send_message(QueueUrl=self._url(f"{queue}-dlq"), MessageBody="no JSON")
        self._shop.executions.start_execution(stateMachineArn=self._machine, input="{}")
        self._publish(
            [
                *(self._own(metric, 1) for metric in OWN.values()),
                # Almost out of the quarter of an hour, so that what ends it need not wait for the whole of it; so many
                # that the orders of the tests before are no share of them.
                self._own("OrdersFailed", 300, minutes_ago=12),
                self._own("OrdersCompleted", 900, minutes_ago=12),
                Number("AWS/States", "ExecutionsTimedOut", 1, {"StateMachineArn": self._machine}),
            ]
        )

    def go_on(self, silent: Iterable[str]) -> None:
        """What has to go on for some minutes, for alarms that did not ring yet."""
        silent = set(silent)
        ages = [queue for queue in WORKED if f"{queue}-age" in silent]
        oldest = "ApproximateAgeOfOldestMessage"
        self._publish([Number("AWS/SQS", oldest, 4000, {"QueueName": f"{self._prefix}-{queue}"}) for queue in ages])
        self._publish([self._own(metric, 1) for alarm, metric in OWN.items() if alarm in silent])
        if "api-latency" in silent:
            slow = [self._api("Latency", 4000, minutes_ago=ago) for ago in (1, 6)]
            self._publish(slow * A_HUNDREDTH)
        with ThreadPoolExecutor(4) as at_once:
            if "api-5xx" in silent:
                list(at_once.map(lambda _: self._shop.call("GET", f"/products/{self._damaged}"), range(4)))
            failing = [name for name in FAILING if f"{name.replace('_', '-')}-errors" in silent]
            list(at_once.map(self._fail, [name for name in failing for _ in range(FAILING[name])]))
        if "throttles" in silent:
            self._throttled()

    def end(self) -> None:
        """What was begun is over. `calm` does the rest."""
        self._shop.client("events").enable_rule(Name=f"{self._prefix}-publish_metrics-event")
        repaired = {"name": "Test product", "price": 25.0, "currency": "EUR"}
        assert self._shop.staff("PUT", f"/products/{self._damaged}", repaired).ok

    def _fail(self, function: str) -> None:
        """An event that is none of the function's."""
        functions = self._shop.client("lambda")
        answer = functions.invoke(FunctionName=f"{self._prefix}-{function}", Payload=b'{"no": "event"}')
        assert "FunctionError" in answer, function

    def _throttled(self) -> None:
        functions, name = self._shop.client("lambda"), f"{self._prefix}-hourly_metrics"
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        try:
            functions.invoke(FunctionName=name, Payload=b"{}")
        except functions.exceptions.TooManyRequestsException:
            pass
        else:
            raise AssertionError("it ran")
        finally:
            functions.delete_function_concurrency(FunctionName=name)

    def _own(self, metric: str, value: float, minutes_ago: float = 0) -> Number:
        return Number("orderproc", metric, value, {"Stage": self._shop.described["stage"]}, minutes_ago)

    def _api(self, metric: str, value: float, minutes_ago: float) -> Number:
        return Number("AWS/ApiGateway", metric, value, {"ApiName": self._prefix}, minutes_ago)

    def _publish(self, numbers: Iterable[Number]) -> None:
        metrics: dict[str, list[dict[str, Any]]] = {}
        for number in numbers:
            at = datetime.fromtimestamp(time.time() - number.minutes_ago * self._minute, UTC)
            dimensions = [{"Name": name, "Value": value} for name, value in number.dimensions.items()]
            datum = {"MetricName": number.name, "Value": number.value, "Timestamp": at, "Dimensions": dimensions}
            metrics.setdefault(number.namespace, []).append(datum)
        for namespace, data in metrics.items():
            self._shop.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data)

    @property
    def _machine(self) -> str:
        return str(self._shop.described["resources"]["order_state_machine_arn"])

    def _url(self, queue: str) -> str:
        return str(self._shop.client("sqs").get_queue_url(QueueName=f"{self._prefix}-{queue}")["QueueUrl"])


class Pager:
    """Whoever is on call: what the alarms' topic told, in its order."""

    def __init__(self, shop: Shop) -> None:
        self._shop, self._sqs = shop, shop.client("sqs")
        self._prefix = f"orderproc-{shop.described['stage']}-"
        self._url = self._sqs.create_queue(QueueName=f"pager-{os.getpid()}")["QueueUrl"]
        self._topic = f"arn:aws:sns:{shop.described['region']}:000000000000:{self._prefix}alarms"
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
        policy = {"Version": "2012-10-17", "Statement": [allowed]}
        self._sqs.set_queue_attributes(QueueUrl=self._url, Attributes={"Policy": json.dumps(policy)})
        subscribed = shop.client("sns").subscribe(
            TopicArn=self._topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
        )
        self._subscription = subscribed["SubscriptionArn"]
        self.told: dict[str, list[str]] = {}

    def listen(self) -> None:
        """Take what has come."""
        while messages := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                alarm = json.loads(json.loads(message["Body"])["Message"])
                self.told.setdefault(alarm["AlarmName"].removeprefix(self._prefix), []).append(alarm["NewStateValue"])
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def states(self) -> dict[str, str]:
        """What CloudWatch says of each alarm of the stage."""
        pages = self._shop.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=self._prefix)
        alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
        return {alarm["AlarmName"].removeprefix(self._prefix): alarm["StateValue"] for alarm in alarms}

    def hang_up(self) -> None:
        self._shop.client("sns").unsubscribe(SubscriptionArn=self._subscription)
        self._sqs.delete_queue(QueueUrl=self._url)
