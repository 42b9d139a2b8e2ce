"""Tells MiniStack's IAM the values of condition keys that it leaves out: `dynamodb:LeadingKeys` and `events:source`.

A policy that asks for one of them would refuse every call, or with `ForAllValues` alone allow every one.
"""

import json
from typing import Any

from ministack.core import iam_actions, iam_evaluator
from ministack.services import dynamodb

from local.emulator import request_keys

LEADING_KEYS, EVENT_SOURCE = "dynamodb:LeadingKeys", "events:source"


def install() -> None:
    """Complete what is known of a request, and tell each check only what is about its action and table."""
    _name_the_keys()
    _name_the_sources()
    original = iam_evaluator.enforce

    def enforce(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: dict[str, Any] | None = None,
    ) -> Any:
        context = _about(iam_action, resource_arn, service_context or {})
        return original(access_key_id, iam_action, service, region, resource_arn, context)

    iam_evaluator.enforce = enforce


def _about(action: str, resource: str, context: dict[str, Any]) -> dict[str, Any]:
    if LEADING_KEYS not in context:
        return context
    table = resource.partition(":table/")[2].partition("/")[0]
    keys: dict[tuple[str, str], list[str]] = context[LEADING_KEYS]
    mine = keys.get((action, table)) or keys.get(("", table))
    others = {name: value for name, value in context.items() if name != LEADING_KEYS}
    return {**others, LEADING_KEYS: mine} if mine else others


def _name_the_keys() -> None:
    original = iam_actions.dynamodb_service_context

    def dynamodb_service_context(body: bytes) -> dict[str, Any]:
        context: dict[str, Any] = original(body)
        try:
            keys = request_keys.leading_keys(_parsed(body), _partition_key)
        except (AttributeError, KeyError, TypeError):  # not a request that DynamoDB takes: let it say so
            keys = {}
        return {**context, LEADING_KEYS: keys}

    iam_actions.dynamodb_service_context = dynamodb_service_context


def _name_the_sources() -> None:
    original = iam_actions.request_tag_context

    def request_tag_context(service: str, iam_action: str, body: bytes, params: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = original(service, iam_action, body, params)
        if iam_action != "events:PutEvents":
            return context
        return {**context, EVENT_SOURCE: request_keys.event_sources(_parsed(body))}

    iam_actions.request_tag_context = request_tag_context


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
