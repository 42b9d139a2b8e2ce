"""Everything of a stage that still exists, by listing, each with the way to remove it.

Finds what an interrupted deployment made and nobody wrote down, too.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from infra.deploy import stacks, templates
from infra.target import Target

if TYPE_CHECKING:
    from mypy_boto3_iam.client import IAMClient


class Leftover(NamedTuple):
    """One thing that is still there."""

    kind: str
    name: str
    remove: Callable[[], object]


def find(target: Target) -> list[Leftover]:
    """All that is left of the stage, in an order in which it can be removed."""
    return [
        *_rest_apis(target),
        *_rules(target),
        *_mappings(target),
        *_functions(target),
        *_roles(target),
        *_stacks(target),
        *_log_groups(target),
    ]


def _is_ours(target: Target, name: str) -> bool:
    return name == target.prefix or name.startswith(f"{target.prefix}-")


def _rest_apis(target: Target) -> Iterator[Leftover]:
    """The function behind the routes tells whose one is: APIs of earlier versions bear the same name in all stages."""
    uri = f":function:{target.prefix}/invocations"
    for page in target.apigateway.get_paginator("get_rest_apis").paginate():
        for api in page["items"]:
            if api.get("name") not in ("orderproc", target.prefix):
                continue
            resources = target.apigateway.get_resources(restApiId=api["id"], embed=["methods"], limit=500)["items"]
            methods = (method for resource in resources for method in resource.get("resourceMethods", {}).values())
            if any(uri in (method.get("methodIntegration") or {}).get("uri", "") for method in methods):
                yield Leftover("REST API", api["id"], partial(target.apigateway.delete_rest_api, restApiId=api["id"]))


def _rules(target: Target) -> Iterator[Leftover]:
    for page in target.events.get_paginator("list_rules").paginate(NamePrefix=f"{target.prefix}-"):
        for rule in page["Rules"]:
            yield Leftover("rule", rule["Name"], partial(_remove_rule, target, rule["Name"]))


def _remove_rule(target: Target, name: str) -> None:
    targets = target.events.list_targets_by_rule(Rule=name)["Targets"]
    if targets:
        target.events.remove_targets(Rule=name, Ids=[item["Id"] for item in targets])
    target.events.delete_rule(Name=name)


def _mappings(target: Target) -> Iterator[Leftover]:
    for page in target.functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            function = mapping.get("FunctionArn", "").rpartition(":function:")[2]
            if _is_ours(target, function) and mapping.get("State") != "Deleting":
                uuid = mapping["UUID"]
                yield Leftover(
                    "event source mapping",
                    uuid,
                    partial(target.functions.delete_event_source_mapping, UUID=uuid),
                )


def _functions(target: Target) -> Iterator[Leftover]:
    for page in target.functions.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            if _is_ours(target, name):
                yield Leftover("function", name, partial(target.functions.delete_function, FunctionName=name))


def _roles(target: Target) -> Iterator[Leftover]:
    iam = target.iam
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            if _is_ours(target, role["RoleName"]):
                yield Leftover("role", role["RoleName"], partial(_remove_role, iam, role["RoleName"]))


def _remove_role(iam: "IAMClient", name: str) -> None:
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def _stacks(target: Target) -> Iterator[Leftover]:
    for name in (f"{target.prefix}-api", *reversed(templates.names(target))):
        if stacks.describe(target.cloudformation, name):
            yield Leftover("stack", name, partial(stacks.delete, target.cloudformation, name))


def _log_groups(target: Target) -> Iterator[Leftover]:
    for page in target.logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=f"/aws/lambda/{target.prefix}"
    ):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            if _is_ours(target, name.rpartition("/")[2]):
                yield Leftover("log group", name, partial(target.logs.delete_log_group, logGroupName=name))
