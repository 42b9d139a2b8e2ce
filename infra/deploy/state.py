"""Keeps what Chalice remembers of a deployment in the stage's documents bucket, so that any machine can go on
from it.
"""

import json
import os
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import render
from infra.target import Target


def key(target: Target) -> str:
    """Where in the documents bucket."""
    return f"deploy/{target.stage}.json"


def load(target: Target, bucket: str) -> dict[str, Any] | None:
    """The deployed values of the last deployment, or None if there was none."""
    return _load(target, bucket, key(target))


def _load(target: Target, bucket: str, key: str) -> dict[str, Any] | None:
    try:
        stored = target.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
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
    if target.endpoint_url:
        for item in values["resources"]:
            if item["resource_type"] == "rest_api":  # Chalice knows AWS's addresses only
                item["rest_api_url"] = target.api_url(item["rest_api_id"]) + "/"
    _put(target, bucket, key(target), values)
    return values


def save_choices(target: Target, bucket: str) -> None:
    """Store what the deployer chose by variables, so that whoever redeploys the functions need not know it."""
    names = (*render.CHOSEN, *render.CHOSEN_FOR_ROLES, "TRACING")
    chosen = {name: os.environ[name] for name in names if os.environ.get(name)}
    _put(target, bucket, _choices_key(target), chosen)


def load_choices(target: Target, bucket: str) -> dict[str, str]:
    """What the last deployer chose."""
    return _load(target, bucket, _choices_key(target)) or {}


def put_choices(target: Target, bucket: str, choices: dict[str, Any]) -> None:
    """Store what an earlier deployer chose: a deployment that was taken back leaves no choice behind."""
    _put(target, bucket, _choices_key(target), choices)


def load_note(target: Target, bucket: str) -> dict[str, Any] | None:
    """What ran before the deployment that is not proven yet (versions.py), or None if the last one is."""
    return _load(target, bucket, _note_key(target))


def save_note(target: Target, bucket: str, content: dict[str, Any]) -> None:
    """Store it."""
    _put(target, bucket, _note_key(target), content)


def delete_note(target: Target, bucket: str) -> None:
    """The deployment is proven."""
    target.s3.delete_object(Bucket=bucket, Key=_note_key(target))


def rest_api_id(values: dict[str, Any]) -> str:
    """The REST API's id in the deployed values."""
    found: str = next(item["rest_api_id"] for item in values["resources"] if item["resource_type"] == "rest_api")
    return found


def api_url(target: Target, bucket: str) -> str:
    """Where the last deployment made the API; empty at the first."""
    values = load(target, bucket)
    return target.api_url(rest_api_id(values)) if values else ""


def _choices_key(target: Target) -> str:
    return f"deploy/{target.stage}.choices.json"


def _note_key(target: Target) -> str:
    return f"deploy/{target.stage}.before.json"


def _put(target: Target, bucket: str, key: str, content: dict[str, Any]) -> None:
    target.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(content).encode(), ContentType="application/json")


def _local(target: Target, staged: Path) -> Path:
    return staged / ".chalice" / "deployed" / f"{target.stage}.json"
