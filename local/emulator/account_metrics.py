"""Stands in for what AWS publishes of an account's functions together, and of tables.

| namespace | metrics | dimensions |
|---|---|---|
| AWS/Lambda | Errors, Throttles, ConcurrentExecutions | none: all functions of the account and region |
| AWS/DynamoDB | ConsumedReadCapacityUnits, ConsumedWriteCapacityUnits | TableName |

Units are counted as if every item were small: one for a read or write of one item, two in a transaction. What an order
really costs is measured by `make bench`, by DynamoDB's own rules."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

from ministack.services import dynamodb, lambda_svc

from local.emulator import metric_store

_READS = {"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"}
_WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
_lock = threading.Lock()
_running: set[object] = set()


def install() -> None:
    """Count what passes."""
    _count_invocations()
    _count_units()


def _count_invocations() -> None:
    run, emit = lambda_svc._execute_function_dispatch, lambda_svc._emit_lambda_metrics

    def execute(*args: Any, **more: Any) -> dict[str, Any]:
        call = object()
        _begins(call)
        failed = True
        try:
            result: dict[str, Any] = run(*args, **more)
            failed = bool(result.get("error"))
            return result
        finally:
            with _lock:
                _running.remove(call)
            metric_store.add("AWS/Lambda", "Errors", int(failed), "Count")
            metric_store.add("AWS/Lambda", "Throttles", 0, "Count")

    def refused(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:
        if throttle and not duration_ms:
            metric_store.add("AWS/Lambda", "Throttles", 1, "Count")
        emit(function_name, duration_ms, error, throttle)

    lambda_svc._execute_function_dispatch = execute
    lambda_svc._emit_lambda_metrics = refused


def _begins(call: object) -> None:
    with _lock:
        _running.add(call)
        now = len(_running)
    metric_store.add("AWS/Lambda", "ConcurrentExecutions", now, "Count")


def _count_units() -> None:
    handle = dynamodb.handle_request

    async def handle_request(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        answer = await handle(method, path, headers, body, query)
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if answer[0] == 200 and operation in _READS | _WRITES:
            kind = "Read" if operation in _READS else "Write"
            for table, units in used(operation, json.loads(body)):
                name = f"Consumed{kind}CapacityUnits"
                metric_store.add("AWS/DynamoDB", name, units, "Count", {"TableName": table})
        return answer

    dynamodb.handle_request = handle_request


def used(operation: str, request: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """Table and units of each item that the request names, or of the request if it names none."""
    if "TableName" in request:
        yield request["TableName"], 1 if operation in _WRITES or request.get("ConsistentRead") else 0.5
    for table, items in (request.get("RequestItems") or {}).items():
        yield table, len(items["Keys"]) / 2 if operation in _READS else len(items)
    for item in request.get("TransactItems") or []:
        [action] = item.values()
        yield action["TableName"], 2
