"""Completes what MiniStack's IAM knows of a request: names of actions, the resource, and values of condition keys. A
policy with a condition on a key that is missing would refuse every call, or with `ForAllValues` alone allow every one.

- A batch of messages is authorised as the single message's action, see
  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html.
- `Converse` is authorised as `bedrock:InvokeModel`, see
  https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html, on permissions.
- Sending mail by the first SES API is authorised on the sender's identity (MiniStack: on `*`), see
  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html.
- `dynamodb:LeadingKeys`, `events:source` and `cloudwatch:namespace` have their values: see `request_keys`, and
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html.
"""

from __future__ import annotations

import json
from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

from . import iam_record, request_keys
from .replacing import replaces

LEADING_KEYS, EVENT_SOURCE, NAMESPACE = "dynamodb:LeadingKeys", "events:source", "cloudwatch:namespace"


def install() -> None:
    """Complete it, let each check see only what is about its action and table, and have it recorded."""
    _name_actions()
    _name_the_senders_identity()
    _name_the_keys()
    _name_source_and_namespace()

    @replaces(iam_evaluator, "enforce")
    def enforce(
        original: Any,
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        context = _about(iam_action, resource_arn, service_context or {})
        denied = original(access_key_id, iam_action, service, region, resource_arn, context)
        iam_record.record(access_key_id, iam_action, resource_arn, context, allowed=denied is None)
        return denied


def _about(action: str, resource: str, context: dict[str, Any]) -> dict[str, Any]:
    if LEADING_KEYS not in context:
        return context
    table = resource.partition(":table/")[2].partition("/")[0]
    keys: dict[tuple[str, str], list[str]] = context[LEADING_KEYS]
    mine = keys.get((action, table)) or keys.get(("", table))
    others = {name: value for name, value in context.items() if name != LEADING_KEYS}
    return {**others, LEADING_KEYS: mine} if mine else others


def _name_actions() -> None:
    @replaces(iam_actions, "extract_iam_action")
    def extract_iam_action(original: Any, *args: Any, **more: Any) -> str | None:
        action: str | None = original(*args, **more)
        if action and action.startswith(("sns:", "sqs:")):
            return action.removesuffix("Batch")
        return "bedrock:InvokeModel" if action == "bedrock:Converse" else action


def _name_the_senders_identity() -> None:
    @replaces(iam_actions, "extract_resource_arn")
    def extract_resource_arn(original: Any, service: str, *given: Any) -> str:
        found: str = original(service, *given)
        *_, query_params, region, account_id = given
        if service == "ses" and found == "*":
            source = query_params.get("Source") or [""]
            sender = parseaddr(source[0] if isinstance(source, list) else source)[1]
            if sender:
                return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"
        return found


def _name_the_keys() -> None:
    @replaces(iam_actions, "dynamodb_service_context")
    def dynamodb_service_context(original: Any, body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = original(body)
        try:
            keys = request_keys.leading_keys(_parsed(body), _partition_key)
        except (AttributeError, KeyError, TypeError):  # not a request that DynamoDB takes: let it say so
            keys = {}
        return {**context, LEADING_KEYS: keys}


def _name_source_and_namespace() -> None:
    @replaces(iam_actions, "request_tag_context")
    def request_tag_context(
        original: Any, service: str, iam_action: str, body: bytes, params: dict[str, Any]
    ) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if iam_action == "events:PutEvents":
            context = {**context, EVENT_SOURCE: request_keys.event_sources(_parsed(body))}
        if iam_action == "cloudwatch:PutMetricData" and body[:1] == b"{":
            context = {**context, NAMESPACE: _parsed(body).get("Namespace", "")}
        return context


def _partition_key(table: str, index: str | None) -> str | None:
    found = dynamodb._tables.get(table.rpartition("/")[2]) or {}
    indexes = [one for one in found.get("GlobalSecondaryIndexes") or [] if one["IndexName"] == index]
    schema = (indexes[0] if indexes else found).get("KeySchema", [])
    return next((part["AttributeName"] for part in schema if part["KeyType"] == "HASH"), None)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
