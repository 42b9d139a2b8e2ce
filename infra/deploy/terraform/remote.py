"""The stage's state bucket: Terraform's states, and what the stage was given. It is the first thing that a stage has,
and the last that goes."""

import json
from typing import Any

from botocore.exceptions import ClientError

from infra.aws_errors import unless
from infra.deploy import tags
from infra.deploy.terraform import binary
from infra.errors import Refusal
from infra.target import Target

FOUNDATION, FUNCTIONS = "foundation", "functions"
STAGE = "stage.json"
GONE = ("NoSuchKey", "NoSuchBucket", "404")
_DENIED = ("AccessDenied", "403")
_FORGET_OLD: Any = {
    "ID": "forget-old-versions",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
    "Expiration": {"ExpiredObjectDeleteMarker": True},
}
"""Each deployment stores several states, and old ones have the values of keys that were in use then."""


def bucket(target: Target) -> str:
    """Its name. Like those of the stage's other buckets it can be used once in the world."""
    return f"{target.prefix}-terraform-{target.account}"


def key(root: str) -> str:
    """Of a root's state."""
    return f"{root}.tfstate"


def make(target: Target) -> None:
    """Make it, if it is not there: private, encrypted, with versions, by TLS only. Refuses another stage's, another
    account's, and one that holds what no deployment put there."""
    name = bucket(target)
    where: Any = {} if target.region == "us-east-1" else {"LocationConstraint": target.region}
    with unless("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
        target.s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": where} if where else {}))
    _refuse_others(target, name)
    target.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags.to_list(target.tags)})
    target.s3.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )
    target.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    target.s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [_FORGET_OLD]})
    target.s3.put_bucket_policy(Bucket=name, Policy=json.dumps(_tls_only(target, name)))


def _refuse_others(target: Target, name: str) -> None:
    try:
        # Names are guessed easily: in another account's bucket the state would be readable there.
        target.s3.head_bucket(Bucket=name, ExpectedBucketOwner=target.account)
    except ClientError as error:
        if error.response["Error"]["Code"] in _DENIED:
            raise Refusal(
                f"The bucket {name} belongs to another account, or these credentials may not read it: choose another"
                " stage's name, or use other credentials."
            ) from error
        raise
    found = _tags(target)
    # A deployment that died before it tagged the bucket had put nothing into it.
    is_free = not found and not target.s3.list_object_versions(Bucket=name, MaxKeys=1).get("Versions")
    if not is_free and not tags.is_ours(target, found):
        raise Refusal(
            f"The bucket {name} is not tagged as one of stage {target.stage} in {target.region}: remove it, or choose"
            " another stage's name."
        )


def _tls_only(target: Target, name: str) -> dict[str, Any]:
    arn = f"arn:{target.partition}:s3:::{name}"
    statement = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def stage(target: Target) -> dict[str, Any] | None:
    """What the last deployment noted of the stage; None if Terraform made none of this name here. Refuses if that can't
    be read: a stage that is protected would look as if it were not."""
    found = _load(target, STAGE)
    return found if found and found.get("region") == target.region else None


def deployment(target: Target) -> str:
    """The id of the stage's deployment, also of one that died before it noted anything; empty if there is none."""
    if noted := stage(target):
        return str(noted["deployment"])
    found = _tags(target)
    mine = (found.get(tags.STAGE), found.get(tags.REGION)) == (target.stage, target.region)
    return found.get(tags.DEPLOYMENT, "") if mine else ""


def note(target: Target, **more: Any) -> dict[str, Any]:
    """Add to what is noted; returns all of it."""
    noted = {
        **(stage(target) or {}),
        "region": target.region,
        "deployment": target.deployment,
        **more,
    }
    target.s3.put_object(
        Bucket=bucket(target), Key=STAGE, Body=json.dumps(noted).encode(), ContentType="application/json"
    )
    return noted


def refuse_while_locked(target: Target) -> None:
    """Refuses while another run works on the stage: what it was given would change on its way, or what it needs go.
    Terraform's own lock is later."""
    for root in (FOUNDATION, FUNCTIONS):
        if found := _load(target, f"{key(root)}.tflock"):
            who, since = found.get("Who", "somebody"), found.get("Created", "")[:19]
            raise Refusal(binary.in_use(f"{bucket(target)}/{key(root)}", who, since))


def outputs(target: Target, root: str = FOUNDATION) -> dict[str, str]:
    """Of the root as it was last applied, by Terraform's names: from its state, which needs no Terraform."""
    state = _load(target, key(root)) or {}
    return {name: str(one["value"]) for name, one in state.get("outputs", {}).items() if one["value"] is not None}


def resources(target: Target, root: str) -> list[dict[str, Any]]:
    """What the root's state knows, without what is only read."""
    state = _load(target, key(root)) or {}
    return [one for one in state.get("resources", ()) if one.get("mode") == "managed"]


def has_state(target: Target, root: str) -> bool:
    """Whether the root's state is there, be it empty."""
    return _load(target, key(root)) is not None


def _load(target: Target, name: str) -> dict[str, Any] | None:
    try:
        body = target.s3.get_object(Bucket=bucket(target), Key=name)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in (*GONE, "PermanentRedirect"):
            return None
        if error.response["Error"]["Code"] in _DENIED:
            # Nothing may be taken for not there that is only not readable.
            raise Refusal(
                f"{name} in the bucket {bucket(target)} can't be read with these credentials: they need s3:GetObject"
                " and s3:ListBucket there."
            ) from error
        raise
    found: dict[str, Any] = json.loads(body)
    return found


def _tags(target: Target) -> dict[str, str]:
    try:
        return tags.from_list(target.s3.get_bucket_tagging(Bucket=bucket(target))["TagSet"])
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchTagSet", "AccessDenied", "PermanentRedirect", *GONE):
            return {}
        raise
