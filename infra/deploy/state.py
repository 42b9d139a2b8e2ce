"""Keeps what Chalice remembers of a deployment in the stage's documents bucket, so that any machine can go on
from it.
"""

import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.errors import Refusal
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
    try:
        values: dict[str, Any] = json.loads(stored)
    except ValueError as error:
        raise Refusal(
            f"{key} in the bucket {bucket} is damaged: put an older version of it back, or delete it and deploy again,"
            " which finds what there is."
        ) from error
    return values


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
    _put(target, bucket, key(target), values)
    return values


def load_intent(target: Target, bucket: str) -> dict[str, Any]:
    """The names of what the last deployment was about to make."""
    return _load(target, bucket, _intent_key(target)) or {}


def save_intent(target: Target, bucket: str, intent: dict[str, Any]) -> None:
    """Store them, if they changed."""
    if load_intent(target, bucket) != intent:
        _put(target, bucket, _intent_key(target), intent)


def load_choices(target: Target, bucket: str) -> dict[str, str]:
    """What the last deployer chose."""
    return _load(target, bucket, _choices_key(target)) or {}


def put_choices(target: Target, bucket: str, choices: dict[str, Any]) -> None:
    """Store what is in force now."""
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
    return _rest_apis(values)[0]


def api_url(target: Target, bucket: str) -> str:
    """Where the last deployment made the API; empty at the first."""
    found = _rest_apis(load(target, bucket) or {"resources": []})
    return target.api_url(found[0]) if found else ""


def _rest_apis(values: dict[str, Any]) -> list[str]:
    return [item["rest_api_id"] for item in values["resources"] if item["resource_type"] == "rest_api"]


def _intent_key(target: Target) -> str:
    return f"deploy/{target.stage}.intent.json"


def _choices_key(target: Target) -> str:
    return f"deploy/{target.stage}.choices.json"


def _note_key(target: Target) -> str:
    return f"deploy/{target.stage}.before.json"


def _put(target: Target, bucket: str, key: str, content: dict[str, Any]) -> None:
    target.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(content).encode(), ContentType="application/json")


def _local(target: Target, staged: Path) -> Path:
    return staged / ".chalice" / "deployed" / f"{target.stage}.json"
