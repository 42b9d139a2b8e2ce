"""The version of a stage that runs before a deployment: noted before anything of it is replaced, kept until the new
one is known to answer, and put back if it does not.

The note is in the documents bucket until a deployment is proven. One that is interrupted leaves it there, and
the next keeps it: what runs by then may be half of each. What CloudFormation changed stays as it is."""

import base64
import contextlib
import json
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from botocore.exceptions import WaiterError

from infra.deploy import names, post_deploy, state, warm
from infra.target import API_STAGE, Target

_CONCURRENCY = 8
_SECONDS = 60
_CONFIGURED = (
    *("Role", "Handler", "Description", "Runtime", "Timeout", "MemorySize"),
    *("TracingConfig", "EphemeralStorage", "LoggingConfig"),
)
"""What a function is besides its code and its variables, as both reading and writing have it."""


def note(target: Target, bucket: str, rest_api_id: str) -> None:
    """Note what runs now, unless what ran before an interrupted deployment is noted still. `rest_api_id` is empty if
    there is no API yet."""
    if state.load(target, bucket, state.NOTE) is not None:
        return
    functions = [names.function(target, function) for function in post_deploy.FUNCTIONS]
    with ThreadPoolExecutor(_CONCURRENCY) as pool:
        read = zip(functions, pool.map(partial(_read, target), functions), strict=True)
        found = {name: one for name, one in read if one}
    for code in {one["code"]: name for name, one in found.items()}.items():
        _keep_code(target, bucket, *code)
    stage = _stage(target, rest_api_id) if rest_api_id else None
    choices = state.load(target, bucket, state.CHOICES) or {}
    state.put(target, bucket, state.NOTE, {"functions": found, "stage": stage, "choices": choices})


def forget(target: Target, bucket: str) -> None:
    """The new version has proven itself. Of the packages no old version of the bucket's is kept, as they are large."""
    state.delete(target, bucket, state.NOTE)
    for page in target.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=_folder(target)):
        for item in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            target.s3.delete_object(Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"])


def is_noted(target: Target, bucket: str) -> bool:
    """Whether anything ran before that could be put back."""
    return bool((state.load(target, bucket, state.NOTE) or {}).get("functions"))


def put_back(target: Target, bucket: str) -> list[str]:
    """Make everything that is noted as it was; returns the functions that cannot be, as they are gone. Harmless to
    repeat."""
    noted = state.load(target, bucket, state.NOTE) or {"functions": {}, "stage": None, "choices": {}}
    functions = noted["functions"]
    with ThreadPoolExecutor(_CONCURRENCY) as pool:
        done = list(pool.map(lambda name: _restore(target, bucket, name, functions[name]), functions))
    if noted["stage"]:
        target.apigateway.update_stage(
            restApiId=noted["stage"]["restApiId"],
            stageName=API_STAGE,
            patchOperations=[{"op": "replace", "path": "/deploymentId", "value": noted["stage"]["deploymentId"]}],
        )
    if target.prefix in functions:
        warm.follow(target)
    state.put(target, bucket, state.CHOICES, noted["choices"])
    return [name for name, there in zip(functions, done, strict=True) if not there]


def _read(target: Target, name: str) -> dict[str, Any] | None:
    try:
        found = target.functions.get_function_configuration(FunctionName=name)
    except target.functions.exceptions.ResourceNotFoundException:
        return None
    return {
        "code": found["CodeSha256"],
        "architectures": found.get("Architectures", ["x86_64"]),
        "configuration": _configuration(found),
        "policies": _policies(target, found["Role"].rpartition("/")[2]),
    }


def _configuration(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: found[name] for name in _CONFIGURED if name in found},
        "VpcConfig": {name: found.get("VpcConfig", {}).get(name, []) for name in ("SubnetIds", "SecurityGroupIds")},
        "Environment": {"Variables": found.get("Environment", {}).get("Variables", {})},
        "Layers": [layer["Arn"] for layer in found.get("Layers", [])],
    }


def _policies(target: Target, role: str) -> dict[str, Any]:
    try:
        names = target.iam.list_role_policies(RoleName=role)["PolicyNames"]
    except target.iam.exceptions.NoSuchEntityException:
        return {}  # a destruction got so far
    return {name: target.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names}


def _stage(target: Target, rest_api_id: str) -> dict[str, str] | None:
    try:
        stage = target.apigateway.get_stage(restApiId=rest_api_id, stageName=API_STAGE)
    except target.apigateway.exceptions.NotFoundException:
        return None
    return {"restApiId": rest_api_id, "deploymentId": stage["deploymentId"]}


def _folder(target: Target) -> str:
    return f"deploy/{target.stage}.code/"


def _key(target: Target, code: str) -> str:
    """Lambda gives the digest in base64, which has slashes."""
    return f"{_folder(target)}{base64.b64decode(code).hex()}.zip"


def _keep_code(target: Target, bucket: str, code: str, function: str) -> None:
    """Copy the package to where Lambda can take it from for every function that runs it."""
    location = target.functions.get_function(FunctionName=function)["Code"]["Location"]
    with urllib.request.urlopen(location, timeout=_SECONDS) as answer:
        target.s3.put_object(Bucket=bucket, Key=_key(target, code), Body=answer.read())


def _restore(target: Target, bucket: str, name: str, version: Mapping[str, Any]) -> bool:
    """Whether the function is there. What is as it was is left alone."""
    client = target.functions
    try:
        current = client.get_function_configuration(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        return False
    role = version["configuration"]["Role"].rpartition("/")[2]
    for policy, document in version["policies"].items():
        target.iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))
    with contextlib.suppress(WaiterError):  # the update that failed may be the reason for being here
        _wait(target, name)
    if current["CodeSha256"] != version["code"]:
        client.update_function_code(
            FunctionName=name,
            S3Bucket=bucket,
            S3Key=_key(target, version["code"]),
            Architectures=version["architectures"],
        )
        _wait(target, name)
    if _configuration(current) != version["configuration"]:
        client.update_function_configuration(FunctionName=name, **version["configuration"])
        _wait(target, name)
    return True


def _wait(target: Target, name: str) -> None:
    target.functions.get_waiter("function_updated_v2").wait(FunctionName=name)
