"""Stands in for the metrics that AWS's services publish by themselves. MiniStack has only those of Lambda, and them
only for calls of Invoke: not for queues, streams, events, the API, state machines and tables.

| namespace | metrics | dimensions |
|---|---|---|
| AWS/SQS | ApproximateNumberOfMessagesVisible, ApproximateAgeOfOldestMessage | QueueName |
| AWS/Lambda | Invocations, Errors, Duration, Throttles | FunctionName |
| AWS/Lambda | Errors, Throttles, ConcurrentExecutions | none: all functions of the account and region |
| AWS/ApiGateway | Count, 4XXError, 5XXError, Latency | ApiName |
| AWS/States | ExecutionsStarted, …Succeeded, …Failed, …TimedOut, …Aborted | StateMachineArn |
| AWS/DynamoDB | ConsumedReadCapacityUnits, ConsumedWriteCapacityUnits | TableName |

Capacity units are counted as if every item were small: one for a read or write of one item, two in a transaction.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import apigateway_v1, dynamodb, lambda_svc, sqs, stepfunctions

from . import metric_store
from .replacing import every, replaces
from .settings import PERIOD_SCALE

INTERVAL = 2.0
_PUT_BACK_AFTER = 3
_ENDS = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "TIMED_OUT": "TimedOut", "ABORTED": "Aborted"}
_READS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
_lock = threading.Lock()
_running: set[object] = set()


def install() -> None:
    """Count what passes, and look at the queues every few seconds."""
    _count_invocations()
    _count_requests()
    _count_executions()
    _count_units()
    every(min(INTERVAL, 10 * PERIOD_SCALE), lambda: measure_queues(time.time()), "service-metrics")


def _count_invocations() -> None:
    @replaces(lambda_svc, "_execute_function_dispatch")
    def execute(run: Any, func: dict[str, Any], config: dict[str, Any], *args: Any, **more: Any) -> dict[str, Any]:
        call, started, failed = object(), time.time(), True
        with _lock:
            _running.add(call)
            metric_store.add("AWS/Lambda", "ConcurrentExecutions", len(_running), "Count")
        try:
            result: dict[str, Any] = run(func, config, *args, **more)
            failed = bool(result.get("error"))
            return result
        finally:
            with _lock:
                _running.remove(call)
            _invoked(config["FunctionName"], (time.time() - started) * 1000, failed=failed)

    def emit(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:  # noqa: ARG001
        # MiniStack's own calls: of Invoke, which passes `execute` too, and of the limit, with no duration.
        if throttle and not duration_ms:
            for dimensions in ({"FunctionName": function_name}, None):
                metric_store.add("AWS/Lambda", "Throttles", 1, "Count", dimensions)

    lambda_svc._emit_lambda_metrics = emit


def _invoked(name: str, duration_ms: float, *, failed: bool) -> None:
    own = {"FunctionName": name}
    metric_store.add("AWS/Lambda", "Invocations", 1, "Count", own)
    metric_store.add("AWS/Lambda", "Duration", duration_ms, "Milliseconds", own)
    for dimensions in (own, None):
        metric_store.add("AWS/Lambda", "Errors", int(failed), "Count", dimensions)
        metric_store.add("AWS/Lambda", "Throttles", 0, "Count", dimensions)


def _count_requests() -> None:
    @replaces(apigateway_v1, "handle_execute")
    async def handle_execute(serve: Any, api_id: str, *args: Any, **more: Any) -> Any:
        started = time.time()
        answer = await serve(api_id, *args, **more)
        scope = apigateway_v1.find_api_scope(api_id)
        if scope is not None:
            with request_scope(*scope):
                _served(api_id, int(answer[0]), (time.time() - started) * 1000)
        return answer


def _served(api_id: str, status: int, latency_ms: float) -> None:
    dimensions = {"ApiName": (apigateway_v1._rest_apis.get(api_id) or {}).get("name", api_id)}
    metric_store.add("AWS/ApiGateway", "Count", 1, "Count", dimensions)
    metric_store.add("AWS/ApiGateway", "4XXError", int(400 <= status < 500), "Count", dimensions)
    metric_store.add("AWS/ApiGateway", "5XXError", int(status >= 500), "Count", dimensions)
    metric_store.add("AWS/ApiGateway", "Latency", latency_ms, "Milliseconds", dimensions)


def _count_executions() -> None:
    @replaces(stepfunctions, "_emit_execution_status_event")
    def emit(publish: Any, execution: dict[str, Any]) -> None:
        dimensions = {"StateMachineArn": execution["stateMachineArn"]}
        if execution["status"] == "RUNNING":
            metric_store.add("AWS/States", "ExecutionsStarted", 1, "Count", dimensions)
        else:
            for status, name in _ENDS.items():
                ended = int(execution["status"] == status)
                metric_store.add("AWS/States", f"Executions{name}", ended, "Count", dimensions)
        publish(execution)


def _count_units() -> None:
    @replaces(dynamodb, "handle_request")
    async def handle_request(
        handle: Any, method: str, path: str, headers: dict[str, str], body: bytes, query: Any
    ) -> Any:
        answer = await handle(method, path, headers, body, query)
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if answer[0] == 200 and operation in _READS | _WRITES:
            name = f"Consumed{'Read' if operation in _READS else 'Write'}CapacityUnits"
            for table, units in _used(operation, json.loads(body)):
                metric_store.add("AWS/DynamoDB", name, units, "Count", {"TableName": table})
        return answer


def _used(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Table and units of each item that the request names, or of the request if it names none."""
    if "TableName" in request:
        yield request["TableName"], 1 if operation in _WRITES or request.get("ConsistentRead") else 0.5
    for table, items in (request.get("RequestItems") or {}).items():
        yield table, len(items["Keys"]) / 2 if operation in _READS else len(items)
    for item in request.get("TransactItems") or []:
        [action] = item.values()
        yield action["TableName"], 2


def measure_queues(now: float) -> None:
    """Each queue's depth and the age of its oldest message."""
    for (account, region, _), queue in sqs._queues.all_items():
        with request_scope(account, region):
            _measure(queue, now)


def _measure(queue: dict[str, Any], now: float) -> None:
    with sqs._queues_lock:
        messages = [dict(message) for message in queue["messages"]]
    visible = sum(message.get("visible_at", 0.0) <= now for message in messages)
    age = max((_age(message, now) for message in messages), default=0.0)
    dimensions = {"QueueName": str(queue["name"])}
    metric_store.set_gauge("AWS/SQS", "ApproximateNumberOfMessagesVisible", visible, "Count", dimensions)
    metric_store.set_gauge("AWS/SQS", "ApproximateAgeOfOldestMessage", max(0, round(age)), "Seconds", dimensions)


def _age(message: dict[str, Any], now: float) -> float:
    """As the metric counts it: in a dead-letter queue from the message's arrival there, and none for a message that was
    received more than three times, which AWS has put to the back."""
    if (message.get("sys") or {}).get("DeadLetterQueueSourceArn"):
        return now - min(float(message.get("visible_at", now)), now)
    return 0.0 if message.get("receive_count", 0) > _PUT_BACK_AFTER else now - float(message.get("sent_at", now))
