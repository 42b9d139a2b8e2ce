"""Stands in for the access logs of REST APIs: a line for each request in the stage's log group, in the stage's format.
MiniStack keeps the settings and writes nothing.

A variable that it does not know, or that a request lacks, is "-", as in AWS.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_VARIABLE = re.compile(r"\$context\.([A-Za-z]\w*(?:\.\w+)*)")
_event: ContextVar[dict[str, Any]] = ContextVar("event_of_access_log")


def line(template: str, values: Mapping[str, Any]) -> str:
    """The template with each variable replaced by its value."""

    def value(found: re.Match[str]) -> str:
        known = values.get(found[1])
        return "-" if known is None or known == "" else str(known)

    return _VARIABLE.sub(value, template)


def values_of(request: Mapping[str, Any], event: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """Variables by name: of the request as it was routed, of the function's event (empty if none was invoked), and of
    the answer: `status`, `bytes`, `started`, `ended`, `refused`."""
    context = event.get("requestContext") or {}
    identity = context.get("identity") or {}
    milliseconds = round((answer["ended"] - answer["started"]) * 1000)
    claims = (context.get("authorizer") or {}).get("claims") or {}
    return {
        "requestId": context.get("requestId") or request["request_id"],
        "requestTime": datetime.fromtimestamp(answer["started"], UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": round(answer["started"] * 1000),
        "httpMethod": request["method"],
        "resourcePath": request["resource_path"],
        "stage": request["stage_name"],
        "status": answer["status"],
        "responseLength": answer["bytes"],
        "responseLatency": milliseconds,
        "integrationLatency": milliseconds if event else None,
        "identity.apiKeyId": identity.get("apiKeyId"),
        "identity.sourceIp": identity.get("sourceIp") or "127.0.0.1",
        "error.responseType": answer.get("refused"),
        **{f"authorizer.claims.{name}": claim for name, claim in claims.items()},
    }


def install() -> None:
    """Write a line after each answer, if the stage has a log group that is there."""
    from ministack.services import apigateway_v1 as gateway  # here, so that tests run without it

    from .replacing import replaces

    @replaces(gateway, "_build_lambda_event_v1")
    def build_event(build: Any, *args: Any, **more: Any) -> dict[str, Any]:
        event: dict[str, Any] = build(*args, **more)
        _event.set(event)
        return event

    @replaces(gateway, "_execute_in_scope")
    async def execute(run: Any, request: dict[str, Any], api_id: str, stage: str, method: str, *args: Any) -> Any:
        _event.set({})
        started = time.time()
        answer = await run(request, api_id, stage, method, *args)
        settings = (request["stage"] or {}).get("accessLogSettings") or {}
        if settings.get("format") and settings.get("destinationArn"):
            is_error = isinstance(answer, gateway._GatewayError)
            shown = gateway._gateway_error_response(answer, request) if is_error else answer
            result = {
                "status": shown[0],
                "bytes": len(shown[2] or b"") if isinstance(shown[2], bytes | bytearray | str) else 0,
                "started": started,
                "ended": time.time(),
                "refused": answer.response_type if is_error else None,
            }
            written = line(settings["format"], values_of({**request, "method": method}, _event.get(), result))
            _append(settings["destinationArn"].partition(":log-group:")[2].removesuffix(":*"), written)
        return answer


def _append(group_name: str, message: str) -> None:
    from ministack.services import cloudwatch_logs as logs

    group = logs._log_groups.get(group_name)
    if group is None:
        return  # AWS drops the line too
    now = round(time.time() * 1000)
    fresh = {"events": [], "uploadSequenceToken": "1", "creationTime": now}
    times = dict.fromkeys(("firstEventTimestamp", "lastEventTimestamp", "lastIngestionTime"))
    stream = group["streams"].setdefault("access", {**fresh, **times})
    logs._append_log_events(stream, [{"timestamp": now, "message": message, "ingestionTime": now}])
