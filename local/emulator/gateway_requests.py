"""Completes what a function learns of a request by API Gateway, and its caller of the answer.

- A function behind a route that requires an API key gets `requestContext.identity.apiKey` and `apiKeyId`, null on other
  routes.
- A key that was disabled opens nothing: UpdateApiKey's values are texts, and "false" is true for MiniStack.
- The answer's `x-amzn-RequestId` is the `requestContext.requestId` that the function got.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack.services import apigateway_v1 as gateway

from .replacing import replaces

_request_id: ContextVar[str] = ContextVar("request_id")


def install() -> None:
    """Complete all three."""

    @replaces(gateway, "_update_api_key")
    def update_api_key(update: Any, key_id: str, data: dict[str, Any]) -> Any:
        changes = data.get("patchOperations", [])
        for change in changes:
            if change.get("path") == "/enabled":
                change["value"] = str(change.get("value")).lower() == "true"
        return update(key_id, data)

    @replaces(gateway, "_build_lambda_event_v1")
    def build_event(build: Any, *args: Any, **more: Any) -> dict[str, Any]:
        _api_id, _stage_name, _stage, resource, _path, method, headers, *_ = args
        event: dict[str, Any] = build(*args, **more)
        methods = resource.get("resourceMethods", {})
        required = (methods.get(method) or methods.get("ANY") or {}).get("apiKeyRequired")
        key = gateway._resolve_api_key(gateway._api_key_from_request(headers)) if required else None
        identity = {"apiKey": key["value"] if key else None, "apiKeyId": key["id"] if key else None}
        event["requestContext"]["identity"].update(identity)
        _request_id.set(event["requestContext"]["requestId"])
        return event

    @replaces(gateway, "_invoke_lambda_proxy_v1")
    async def invoke_proxy(invoke: Any, *args: Any, **more: Any) -> Any:
        answer = await invoke(*args, **more)
        if isinstance(answer, tuple):  # else an error, which the gateway answers by itself
            answer[1]["x-amzn-requestid"] = _request_id.get()
        return answer
