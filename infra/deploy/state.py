"""Keeps what deployments remember of a stage in its documents bucket, so that any machine can continue from it:
Chalice's own record, and documents of ours."""

import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.errors import Refusal
from infra.target import Target

RECORD = ""
"""Chalice's deployed values."""
INTENT = ".intent"
"""The names of what the last deployment was about to make."""
CHOICES = ".choices"
"""What the last deployer chose."""
NOTE = ".before"
"""What ran before the deployment that is not proven yet (versions.py)."""

RESTORE = ".restore"
"""How far a restoration came that closed the stage (infra/backups/restoring.py)."""


def key(target: Target, document: str = RECORD) -> str:
    """Where in the documents bucket."""
    return f"deploy/{target.stage}{document}.json"


def load(target: Target, bucket: str, document: str = RECORD) -> dict[str, Any] | None:
    """The document as last stored, or None if it is not there."""
    where = key(target, document)
    try:
        stored = target.s3.get_object(Bucket=bucket, Key=where)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket", "404"):
            return None
        raise
    try:
        values: dict[str, Any] = json.loads(stored)
    except ValueError as error:
        raise Refusal(
            f"{where} in the bucket {bucket} is damaged: put an older version of it back, or delete it and deploy"
            " again, which finds what there is."
        ) from error
    return values


def put(target: Target, bucket: str, document: str, content: dict[str, Any]) -> None:
    """Store the document."""
    body = json.dumps(content).encode()
    target.s3.put_object(Bucket=bucket, Key=key(target, document), Body=body, ContentType="application/json")


def put_new(target: Target, bucket: str, document: str, content: dict[str, Any]) -> bool:
    """Store the document if there is none yet; whether it did."""
    body = json.dumps(content).encode()
    try:
        target.s3.put_object(
            Bucket=bucket, Key=key(target, document), Body=body, ContentType="application/json", IfNoneMatch="*"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
        return False
    return True


def delete(target: Target, bucket: str, document: str) -> None:
    """Remove the document, if it is there."""
    target.s3.delete_object(Bucket=bucket, Key=key(target, document))


def save_intent(target: Target, bucket: str, intent: dict[str, Any]) -> None:
    """Store the names, if they changed."""
    if load(target, bucket, INTENT) != intent:
        put(target, bucket, INTENT, intent)


def restore(target: Target, bucket: str, staged: Path) -> bool:
    """Put the stored values where Chalice reads them; whether there were any."""
    values = load(target, bucket)
    if values is None:
        _local(target, staged).unlink(missing_ok=True)
        return False
    put_local(target, staged, values)
    return True


def load_local(target: Target, staged: Path) -> dict[str, Any]:
    """What Chalice just wrote."""
    values: dict[str, Any] = json.loads(_local(target, staged).read_text(encoding="utf-8"))
    return values


def put_local(target: Target, staged: Path, values: dict[str, Any]) -> None:
    """Put the values where Chalice reads them."""
    local = _local(target, staged)
    local.parent.mkdir(parents=True, exist_ok=True)
    local.write_text(json.dumps(values), encoding="utf-8")


def save(target: Target, bucket: str, staged: Path) -> dict[str, Any]:
    """Store what Chalice just wrote; returns it."""
    values = load_local(target, staged)
    if target.endpoint_url:
        for item in values["resources"]:
            if item["resource_type"] == "rest_api":  # Chalice knows AWS's addresses only
                item["rest_api_url"] = target.api_url(item["rest_api_id"]) + "/"
    put(target, bucket, RECORD, values)
    return values


def rest_api_id(values: dict[str, Any] | None) -> str:
    """The REST API's id in the deployed values; empty if there is none."""
    apis = [item["rest_api_id"] for item in (values or {}).get("resources", ()) if item["resource_type"] == "rest_api"]
    return apis[0] if apis else ""


def api_url(target: Target, bucket: str) -> str:
    """Where the last deployment made the API; empty at the first."""
    found = rest_api_id(load(target, bucket))
    return target.api_url(found) if found else ""


def _local(target: Target, staged: Path) -> Path:
    return staged / ".chalice" / "deployed" / f"{target.stage}.json"


def refuse_while_restored(target: Target, bucket: str) -> None:
    """Refuses while a restoration is unfinished: a deployment would open the stage in the midst of it."""
    if bucket and (found := load(target, bucket, RESTORE)):
        raise Refusal(
            f"Stage {target.stage} is being restored to {found['to']} by {found['who']}, and is closed until that is"
            f" done. If it died, `make restore STAGE={target.stage}` goes on with it."
        )
