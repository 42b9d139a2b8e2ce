"""Adds facts about a request that AWS knows and MiniStack leaves out.

- Sending mail by the first SES API is authorised on the sender's identity (MiniStack: on `*`), see
  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html.
- A batch of messages is authorised as the single message's action is: IAM knows no `sns:PublishBatch`, see
  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html.
- Putting metrics is authorised with the namespace they go to (`cloudwatch:namespace`), for no resource tells it, see
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html.
- A function behind a route that requires an API key is told whose key it was:
`requestContext.identity.apiKey` and `apiKeyId`, null on other routes.
- The id of a request that a function was told, `requestContext.requestId`, is the answer's `x-amzn-RequestId`.
"""

import json
from contextvars import ContextVar
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions
from ministack.services import apigateway_v1 as gateway

_told_id: ContextVar[str] = ContextVar("told_id")


def install() -> None:
    """Complete them."""
    _authorise_batches_as_messages()
    _name_the_senders_identity()
    _tell_the_metrics_namespace()
    _tell_the_api_key()
    _answer_with_the_requests_id()


def _authorise_batches_as_messages() -> None:
    original = iam_actions.extract_iam_action

    def extract_iam_action(*args: Any, **more: Any) -> str | None:
        action: str | None = original(*args, **more)
        if action and action.startswith(("sns:", "sqs:")):
            return action.removesuffix("Batch")
        return action

    iam_actions.extract_iam_action = extract_iam_action


def _name_the_senders_identity() -> None:
    original = iam_actions.extract_resource_arn

    def extract_resource_arn(
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Any],
        region: str,
        account_id: str,
    ) -> str:
        found: str = original(service, method, path, headers, body, query_params, region, account_id)
        if service == "ses" and found == "*":
            given = query_params.get("Source") or [""]
            sender = parseaddr(given[0] if isinstance(given, list) else given)[1]
            if sender:
                return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"
        return found

    iam_actions.extract_resource_arn = extract_resource_arn


def _tell_the_metrics_namespace() -> None:
    original = iam_actions.request_tag_context

    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if iam_action != "cloudwatch:PutMetricData" or body[:1] != b"{":
            return context
        return {**context, "cloudwatch:namespace": json.loads(body).get("Namespace", "")}

    iam_actions.request_tag_context = request_tag_context


def _tell_the_api_key() -> None:
    original = gateway._build_lambda_event_v1

    def build(
        api_id: str,
        stage_name: str,
        stage: Any,
        resource: Any,
        request_path: str,
        method: str,
        headers: Any,
        *rest: Any,
        **more: Any,
    ) -> dict[str, Any]:
        event: dict[str, Any] = original(
            api_id, stage_name, stage, resource, request_path, method, headers, *rest, **more
        )
        methods = resource.get("resourceMethods", {})
        required = (methods.get(method) or methods.get("ANY") or {}).get("apiKeyRequired")
        key = gateway._resolve_api_key(gateway._api_key_from_request(headers)) if required else None
        identity = event["requestContext"]["identity"]
        identity["apiKey"] = key["value"] if key else None
        identity["apiKeyId"] = key["id"] if key else None
        _told_id.set(event["requestContext"]["requestId"])
        return event

    gateway._build_lambda_event_v1 = build


def _answer_with_the_requests_id() -> None:
    original = gateway._invoke_lambda_proxy_v1

    async def invoke(*args: Any, **more: Any) -> Any:
        answer = await original(*args, **more)
        if isinstance(answer, tuple):  # else an error, which the gateway answers by itself
            answer[1]["x-amzn-requestid"] = _told_id.get()
        return answer

    gateway._invoke_lambda_proxy_v1 = invoke
