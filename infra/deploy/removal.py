"""Removes a stage's things, each only if its tags still say whose it is. What is gone already is no error, so that all
of this can be repeated after it died anywhere."""

import time
from collections.abc import Callable

from infra.aws_errors import unless
from infra.deploy import inventory, tags
from infra.deploy.inventory import Thing
from infra.errors import Refusal
from infra.target import Target

_GONE = {"404", "NoSuchEntity", "NotFoundException", "ResourceNotFoundException", "NoSuchBucket"}
_PATIENCE = 60
"""Seconds that something may take until it can be removed after a change."""


def remove(target: Target, thing: Thing) -> None:
    """Remove it, unless it was tagged as another's since it was found. A mapping that is being changed can be removed
    some seconds later."""
    for _ in range(_PATIENCE):
        found = inventory.tags(target, thing)
        if found is None or (tags.is_marked(found) and not tags.is_ours(target, found)):
            return
        try:
            with unless(*_GONE):
                _BY_KIND[thing.kind](target, thing.name)
        except target.functions.exceptions.ResourceInUseException:
            time.sleep(1)
        else:
            return
    raise Refusal(f"The {thing.kind} {thing.name} is still being changed: try again in a minute.")


def empty_bucket(target: Target, bucket: str, last: str = "") -> None:
    """Delete every object with all its versions, if the bucket is there; those under `last` only after all others."""
    with unless(*_GONE):
        for keep in (last, "") if last else ("",):
            for page in target.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                items = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
                keys = [
                    {"Key": item["Key"], "VersionId": item["VersionId"]}
                    for item in items
                    if not (keep and item["Key"].startswith(keep))
                ]
                if keys:
                    _delete_objects(target, bucket, keys)


def remove_partner_keys(target: Target) -> None:
    """Delete the keys that admins made for partners: they are in no stack. By the names that only those have."""
    for page in target.apigateway.get_paginator("get_api_keys").paginate(nameQuery=f"{target.prefix}-key-"):
        for key in page["items"]:
            with unless(*_GONE):
                target.apigateway.delete_api_key(apiKey=key["id"])


def late_log_groups(target: Target, functions: frozenset[str]) -> list[str]:
    """Log groups of these functions: one that still ran when it was deleted makes its log group anew."""
    found = []
    for page in target.logs.get_paginator("describe_log_groups").paginate(
        logGroupNamePrefix=f"/aws/lambda/{target.prefix}"
    ):
        for group in page["logGroups"]:
            if group["logGroupName"].removeprefix("/aws/lambda/") in functions:
                marks = target.logs.list_tags_for_resource(resourceArn=group["arn"].removesuffix(":*"))["tags"]
                if not tags.is_marked(marks) or tags.is_ours(target, marks):
                    found.append(group["logGroupName"])
    return found


def remove_log_group(target: Target, name: str) -> None:
    """If it is there."""
    with unless(*_GONE):
        target.logs.delete_log_group(logGroupName=name)


def _delete_objects(target: Target, bucket: str, keys: list[dict[str, str]]) -> None:
    answer = target.s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})  # type: ignore[typeddict-item]
    for error in answer.get("Errors", []):
        raise Refusal(
            f"{error.get('Key')} in the bucket {bucket} could not be deleted: {error.get('Message')}. Put that right"
            " and destroy again."
        )


def _rule(target: Target, name: str) -> None:
    targets = target.events.list_targets_by_rule(Rule=name)["Targets"]
    if targets:
        target.events.remove_targets(Rule=name, Ids=[item["Id"] for item in targets])
    target.events.delete_rule(Name=name)


def _role(target: Target, name: str) -> None:
    """With what an operator attached to it."""
    for page in target.iam.get_paginator("list_attached_role_policies").paginate(RoleName=name):
        for policy in page["AttachedPolicies"]:
            with unless(*_GONE):
                target.iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    for inline in target.iam.get_paginator("list_role_policies").paginate(RoleName=name):
        for policy_name in inline["PolicyNames"]:
            with unless(*_GONE):
                target.iam.delete_role_policy(RoleName=name, PolicyName=policy_name)
    target.iam.delete_role(RoleName=name)


_BY_KIND: dict[str, Callable[[Target, str], object]] = {
    "REST API": lambda target, name: target.apigateway.delete_rest_api(restApiId=name),
    "rule": _rule,
    "function": lambda target, name: target.functions.delete_function(FunctionName=name),
    "role": _role,
    inventory.MAPPING: lambda target, name: target.functions.delete_event_source_mapping(UUID=name),
}
