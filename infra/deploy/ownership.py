"""Finds a stage, and says where it is if not here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import names, tags, templates
from infra.deploy.names import Names
from infra.deploy.tags import DEPLOYMENT, REGION, STAGE
from infra.deploy.terraform import remote
from infra.errors import Refusal
from infra.target import Target


def must_find(target: Target, tracked: Mapping[str, Any]) -> Target:
    """The stage with its deployment's id. Refuses when nothing of it is in this account and region."""
    planned = names.planned(target, tracked)
    found = find(target, planned)
    if found is None:
        region = elsewhere(target, planned)
        hint = f" It is in {region}: say AWS_DEFAULT_REGION={region} if you mean that one." if region else ""
        raise Refusal(f"There is no stage {target.stage} in account {target.account}, {target.region}.{hint}")
    return found


def find(target: Target, wanted: Names) -> Target | None:
    """The stage with the id that its state bucket or its stacks' tags name, or the tags of roles that outlived them.
    Without an id when an earlier version made it; None when nothing of it is here."""
    if noted := remote.deployment(target):
        return replace(target, deployment=noted)
    stacks = templates.own_stacks(target)
    for stack in stacks.values():
        if deployment := tags.of_stack(stack).get(DEPLOYMENT):
            return replace(target, deployment=deployment)
    for role in sorted(wanted.roles):
        found = role_tags(target, role) or {}
        if (found.get(STAGE), found.get(REGION)) == (target.stage, target.region) and DEPLOYMENT in found:
            return replace(target, deployment=found[DEPLOYMENT])
    return target if stacks else None


def elsewhere(target: Target, wanted: Names) -> str | None:
    """The other region that the stage is in, as far as its buckets or its roles show, whose names are global."""
    regions = [_bucket_region(target, f"{target.prefix}-documents-{target.account}")]
    regions.append(_bucket_region(target, remote.bucket(target)))
    for role in sorted(wanted.roles):
        found = role_tags(target, role) or {}
        if found.get(STAGE) == target.stage:
            regions.append(found.get(REGION))
    return next((region for region in regions if region and region != target.region), None)


def role_tags(target: Target, name: str) -> dict[str, str] | None:
    """The role's tags; None if there is no such role."""
    try:
        role = target.iam.get_role(RoleName=name)["Role"]
    except target.iam.exceptions.NoSuchEntityException:
        return None
    return tags.from_list(role.get("Tags", ()))


def _bucket_region(target: Target, name: str) -> str | None:
    try:
        answer = target.s3.head_bucket(Bucket=name)
    except ClientError as error:  # also one that we may not look into says where it is
        return error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region")
    return answer.get("BucketRegion")
