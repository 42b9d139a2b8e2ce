"""The API's access log: one JSON object for each request, also for those that no function gets to see. An audit trail:
who (a key's id, a customer's or a member of staff's id, never a name), what, when, with which outcome.

API Gateway writes with a role that an account has once per region, for all of its APIs. So it is no part of a stage:
the first stage that logs makes it if the account has none, and the last one to leave removes it."""

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.aws_errors import unless
from infra.errors import Refusal
from infra.target import API_STAGE, Target

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef

OFF, ON, ADDRESSES = "off", "on", "addresses"
"""The values of ACCESS_LOGS. The last adds callers' IP addresses, which are personal data."""
FIELDS = {
    "requestId": '"$context.requestId"',
    "time": '"$context.requestTime"',
    "method": '"$context.httpMethod"',
    # As the API declares it: a path as sent can hold a guest's token or a customer's id.
    "resource": '"$context.resourcePath"',
    "keyId": '"$context.identity.apiKeyId"',
    "userId": '"$context.authorizer.claims.sub"',
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "functionMs": '"$context.integrationLatency"',
    "bytes": "$context.responseLength",
    # Why API Gateway itself refused; "-" for what a function answered.
    "refused": '"$context.error.responseType"',
    "firewall": '"$context.wafResponseCode"',
}
"""By name; those without quotes are numbers in every line.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html"""
ADDRESS = {"address": '"$context.identity.sourceIp"'}
_MANAGED = "service-role/AmazonAPIGatewayPushToCloudWatchLogs"
_PATIENCE = 30
"""Seconds until API Gateway can assume a role that was made a moment ago."""


def line(chosen: str) -> str:
    """The format, as API Gateway takes it: on one line."""
    fields = {**FIELDS, **(ADDRESS if chosen == ADDRESSES else {})}
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in fields.items()) + "}"


def group(target: Target) -> str:
    """The log group, which logs.yaml makes with its retention."""
    return f"/aws/apigateway/{target.prefix}"


def apply(target: Target, rest_api_id: str, chosen: str) -> None:
    """Switch the log on or off; may be repeated."""
    if chosen != OFF:
        _ensure_role(target)
    operations = list(_patches(target, rest_api_id, chosen))
    if operations:
        target.apigateway.update_stage(restApiId=rest_api_id, stageName=API_STAGE, patchOperations=operations)
    if chosen == OFF and any(operation["op"] == "remove" for operation in operations):
        release_role(target)


def _patches(target: Target, rest_api_id: str, chosen: str) -> "Iterator[PatchOperationTypeDef]":
    stage = target.apigateway.get_stage(restApiId=rest_api_id, stageName=API_STAGE)
    now = stage.get("accessLogSettings") or {}
    if chosen == OFF:
        if now.get("destinationArn"):
            yield {"op": "remove", "path": "/accessLogSettings"}
        return
    arn = f"arn:{target.partition}:logs:{target.region}:{target.account}:log-group:{group(target)}"
    for name, value in (("destinationArn", arn), ("format", line(chosen))):
        if now.get(name) != value:
            yield {"op": "replace", "path": f"/accessLogSettings/{name}", "value": value}


def role_name(target: Target) -> str:
    """Of the role that stages of this region share: roles' names are the same in all regions."""
    return f"apigateway-logs-orderproc-{target.region}"


def _ensure_role(target: Target) -> None:
    """Leave a role that the account has: other APIs log with it, and it may log for this one too."""
    if target.apigateway.get_account().get("cloudwatchRoleArn"):
        return
    name = role_name(target)
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    # It is there if another stage makes it now, or if a deployment died here.
    with unless("EntityAlreadyExists"):
        target.iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            Description="API Gateway writes access logs with it, for all APIs of this region.",
        )
    target.iam.attach_role_policy(RoleName=name, PolicyArn=f"arn:{target.partition}:iam::aws:policy/{_MANAGED}")
    _set_role(target, f"arn:{target.partition}:iam::{target.account}:role/{name}")


def _set_role(target: Target, arn: str) -> None:
    for _ in range(_PATIENCE):
        try:
            target.apigateway.update_account(
                patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": arn}]
            )
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "BadRequestException":
                raise
        time.sleep(1)
    raise Refusal(f"API Gateway can't use the role {arn} for access logs yet: deploy again in a minute.")


def release_role(target: Target) -> None:
    """Remove the role if it is ours and no API of the region logs any more; also one that a deployment made and died
    before the account had it."""
    name = role_name(target)
    current = target.apigateway.get_account().get("cloudwatchRoleArn") or ""
    if (current and current.rpartition("/")[2] != name) or any(_logging(target)):
        return
    if current:
        target.apigateway.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}])
    with unless("NoSuchEntity"):
        for page in target.iam.get_paginator("list_attached_role_policies").paginate(RoleName=name):
            for policy in page["AttachedPolicies"]:
                target.iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        target.iam.delete_role(RoleName=name)


def _logging(target: Target) -> Iterator[str]:
    """Stages of any API here that write with the account's role: access logs, or logs of executions."""
    for page in target.apigateway.get_paginator("get_rest_apis").paginate():
        for api in page["items"]:
            for stage in target.apigateway.get_stages(restApiId=api["id"])["item"]:
                methods = stage.get("methodSettings", {}).values()
                if (stage.get("accessLogSettings") or {}).get("destinationArn") or any(
                    method.get("loggingLevel", "OFF") != "OFF" for method in methods
                ):
                    yield f"{api['id']}/{stage['stageName']}"
    if not target.is_emulator:
        yield from _logging_sockets(target)


def _logging_sockets(target: Target) -> Iterator[str]:
    """WebSocket APIs write with the same role; HTTP APIs do without one."""
    client = target.client("apigatewayv2")
    for page in client.get_paginator("get_apis").paginate():
        for api in page["Items"]:
            if api["ProtocolType"] != "WEBSOCKET":
                continue
            for stage in client.get_stages(ApiId=api["ApiId"])["Items"]:
                routes = [stage.get("DefaultRouteSettings", {}), *stage.get("RouteSettings", {}).values()]
                if stage.get("AccessLogSettings", {}).get("DestinationArn") or any(
                    route.get("LoggingLevel", "OFF") != "OFF" for route in routes
                ):
                    yield f"{api['ApiId']}/{stage['StageName']}"
