"""Stands in for the metrics that AWS's services publish by themselves. MiniStack has only those of Lambda, and them
only for calls of Invoke: not for queues, streams, events, the API and state machines.

| namespace | metrics | dimensions |
|---|---|---|
| AWS/SQS | ApproximateNumberOfMessagesVisible, …NotVisible, …Delayed, ApproximateAgeOfOldestMessage | QueueName |
| AWS/Lambda | Invocations, Errors, Duration, Throttles | FunctionName |
| AWS/ApiGateway | Count, 4XXError, 5XXError, Latency | ApiName; ApiName, Stage |
| AWS/States | ExecutionsStarted, …Succeeded, …Failed, …TimedOut, …Aborted, ExecutionTime | StateMachineArn |

Dimensions and units as in https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import apigateway_v1, lambda_svc, sqs, stepfunctions

from local.emulator import metric_store

INTERVAL = 2.0
_PUT_BACK_AFTER = 3
_ENDS = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "TIMED_OUT": "TimedOut", "ABORTED": "Aborted"}
_logger = logging.getLogger("service_metrics")


def install() -> None:
    """Count what passes, and look at the queues every few seconds."""
    _count_invocations()
    _count_requests()
    _count_executions()
    threading.Thread(target=_forever, name="service-metrics", daemon=True).start()


def _count_invocations() -> None:
    run = lambda_svc._execute_function_dispatch

    def execute(func: dict[str, Any], config: dict[str, Any], *args: Any, **more: Any) -> dict[str, Any]:
        started = time.time()
        failed = True
        try:
            result: dict[str, Any] = run(func, config, *args, **more)
            failed = bool(result.get("error"))
            return result
        finally:
            _invoked(config["FunctionName"], (time.time() - started) * 1000, failed=failed)

    def emit(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:  # noqa: ARG001
        # MiniStack's own calls: of Invoke, which passes `execute` too, and of the limit, with no duration.
        if throttle and not duration_ms:
            metric_store.add("AWS/Lambda", "Throttles", 1, "Count", {"FunctionName": function_name})

    lambda_svc._execute_function_dispatch = execute
    lambda_svc._emit_lambda_metrics = emit


def _invoked(name: str, duration_ms: float, *, failed: bool) -> None:
    dimensions = {"FunctionName": name}
    metric_store.add("AWS/Lambda", "Invocations", 1, "Count", dimensions)
    metric_store.add("AWS/Lambda", "Errors", int(failed), "Count", dimensions)
    metric_store.add("AWS/Lambda", "Throttles", 0, "Count", dimensions)
    metric_store.add("AWS/Lambda", "Duration", duration_ms, "Milliseconds", dimensions)


def _count_requests() -> None:
    serve = apigateway_v1.handle_execute

    async def handle_execute(api_id: str, stage_name: str, *args: Any, **more: Any) -> Any:
        started = time.time()
        answer = await serve(api_id, stage_name, *args, **more)
        scope = apigateway_v1.find_api_scope(api_id)
        if scope is not None:
            with request_scope(*scope):
                _served(api_id, stage_name, int(answer[0]), (time.time() - started) * 1000)
        return answer

    apigateway_v1.handle_execute = handle_execute


def _served(api_id: str, stage_name: str, status: int, latency_ms: float) -> None:
    name = (apigateway_v1._rest_apis.get(api_id) or {}).get("name", api_id)
    for dimensions in ({"ApiName": name}, {"ApiName": name, "Stage": stage_name}):
        metric_store.add("AWS/ApiGateway", "Count", 1, "Count", dimensions)
        metric_store.add("AWS/ApiGateway", "4XXError", int(400 <= status < 500), "Count", dimensions)
        metric_store.add("AWS/ApiGateway", "5XXError", int(status >= 500), "Count", dimensions)
        metric_store.add("AWS/ApiGateway", "Latency", latency_ms, "Milliseconds", dimensions)


def _count_executions() -> None:
    tell = stepfunctions._emit_execution_status_event

    def emit(execution: dict[str, Any]) -> None:
        _executed(execution)
        tell(execution)

    stepfunctions._emit_execution_status_event = emit


def _executed(execution: dict[str, Any]) -> None:
    dimensions = {"StateMachineArn": execution["stateMachineArn"]}
    if execution["status"] == "RUNNING":
        metric_store.add("AWS/States", "ExecutionsStarted", 1, "Count", dimensions)
        return
    for status, name in _ENDS.items():
        metric_store.add("AWS/States", f"Executions{name}", int(execution["status"] == status), "Count", dimensions)
    took = _moment(execution["stopDate"]) - _moment(execution["startDate"])
    metric_store.add("AWS/States", "ExecutionTime", took * 1000, "Milliseconds", dimensions)


def _moment(stamp: Any) -> float:
    return stamp if isinstance(stamp, int | float) else datetime.fromisoformat(str(stamp)).timestamp()


def _forever() -> None:
    while True:
        time.sleep(min(INTERVAL, 10 * metric_store.SCALE))
        try:
            measure_queues(time.time())
        except Exception:
            _logger.exception("queues were not measured")


def measure_queues(now: float) -> None:
    """Each queue's depth and the age of its oldest message."""
    for (account, region, _), queue in sqs._queues.all_items():
        with request_scope(account, region):
            _measure(queue, now)


def _measure(queue: dict[str, Any], now: float) -> None:
    with sqs._queues_lock:
        messages = [dict(message) for message in queue["messages"]]
    waiting = [message for message in messages if message.get("visible_at", 0.0) > now]
    flying = sum(message.get("receive_count", 0) > 0 for message in waiting)
    counts = {
        "ApproximateNumberOfMessagesVisible": len(messages) - len(waiting),
        "ApproximateNumberOfMessagesNotVisible": flying,
        "ApproximateNumberOfMessagesDelayed": len(waiting) - flying,
    }
    dimensions = {"QueueName": str(queue["name"])}
    for name, count in counts.items():
        metric_store.set_gauge("AWS/SQS", name, count, "Count", dimensions)
    age = max((_age(message, now) for message in messages), default=0.0)
    metric_store.set_gauge("AWS/SQS", "ApproximateAgeOfOldestMessage", max(0, round(age)), "Seconds", dimensions)


def _age(message: dict[str, Any], now: float) -> float:
    """As the metric counts it: a dead letter's from its arrival, and none for a message that was received more than
    three times, which AWS has put to the back."""
    if (message.get("sys") or {}).get("DeadLetterQueueSourceArn"):
        return now - min(float(message.get("visible_at", now)), now)
    return 0.0 if message.get("receive_count", 0) > _PUT_BACK_AFTER else now - float(message.get("sent_at", now))
