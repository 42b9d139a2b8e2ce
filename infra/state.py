"""Keeps what Chalice remembers of a deployment in the stage's documents bucket, so that any machine can go on
from it.
"""

import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.target import Target


def key(target: Target) -> str:
    """Where in the documents bucket."""
    return f"deploy/{target.stage}.json"


def load(target: Target, bucket: str) -> dict[str, Any] | None:
    """The deployed values of the last deployment, or None if there was none."""
    try:
        stored = target.s3.get_object(Bucket=bucket, Key=key(target))["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "NoSuchBucket", "404"):
            return None
        raise
    values: dict[str, Any] = json.loads(stored)
    return values


def restore(target: Target, bucket: str, staged: Path) -> bool:
    """Put the stored values where Chalice reads them; whether there were any."""
    values = load(target, bucket)
    local = _local(target, staged)
    local.parent.mkdir(parents=True, exist_ok=True)
    local.unlink(missing_ok=True)
    if values is not None:
        local.write_text(json.dumps(values), encoding="utf-8")
    return values is not None


def save(target: Target, bucket: str, staged: Path) -> dict[str, Any]:
    """Store what Chalice just wrote; returns it."""
    values: dict[str, Any] = json.loads(_local(target, staged).read_text(encoding="utf-8"))
    target.s3.put_object(
        Bucket=bucket, Key=key(target), Body=json.dumps(values).encode(), ContentType="application/json"
    )
    return values


def rest_api_id(values: dict[str, Any]) -> str:
    """The REST API's id in the deployed values."""
    found: str = next(item["rest_api_id"] for item in values["resources"] if item["resource_type"] == "rest_api")
    return found


def _local(target: Target, staged: Path) -> Path:
    return staged / ".chalice" / "deployed" / f"{target.stage}.json"
