"""A stage as far as versions of it go: functions with their roles, the API's stage, the documents bucket. Each call may
be the last one."""

import base64
import copy
import hashlib
import io
import json
import threading
from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.deploy import names, post_deploy
from infra.target import Target

BUCKET = "documents"
API = "a1b2c3"


class Killed(BaseException):
    """The deploying process is gone."""


class NotFound(Exception):
    """As a client's `exceptions` have it."""


class _Exceptions:
    ResourceNotFoundException = NotFound
    NotFoundException = NotFound
    NoSuchEntityException = NotFound


def digest(code: bytes) -> str:
    """As Lambda gives it."""
    return base64.b64encode(hashlib.sha256(code).digest()).decode()


class StageInMemory:
    """`run` makes a version; `deadline` is the number of the call at which the process is killed."""

    exceptions = _Exceptions

    def __init__(self) -> None:
        self.target = Target("blue", "eu-central-1", "111122223333", "aws", None, boto3.Session("a", "b"))
        vars(self.target).update(functions=self, iam=self, apigateway=self, s3=self)
        self.functions: dict[str, dict[str, Any]] = {}
        self.code: dict[str, bytes] = {}
        self.policies: dict[str, dict[str, Any]] = {}
        self.objects: dict[str, bytes] = {}
        self.deployment = ""
        self.calls = 0
        self.deadline: int | None = None
        self._lock = threading.Lock()

    def run(self, version: str) -> None:
        """Deploy everything as this version, without asking for anything."""
        for function in post_deploy.FUNCTIONS:
            self.make(names.function(self.target, function), version)
        self.deployment = version

    def make(self, name: str, version: str) -> None:
        """Bring one function to the version."""
        role = f"{name}-role"
        self.code[name] = version.encode()
        self.policies[role] = {"Statement": [{"Sid": version}]}
        self.functions[name] = {
            "FunctionName": name,
            "CodeSha256": digest(version.encode()),
            "Role": f"arn:aws:iam::111122223333:role/{role}",
            "Timeout": len(version),
            "VpcConfig": {"SubnetIds": [f"subnet-{version}"], "SecurityGroupIds": [], "VpcId": "read-only"},
            "Environment": {"Variables": {"VERSION": version}},
            "LastModified": version,
        }

    def version(self) -> Any:
        """All that a version is."""
        functions = [{**one, "LastModified": ""} for one in self.functions.values()]
        return copy.deepcopy([functions, self.code, self.policies, self.deployment])

    def _call(self) -> None:
        with self._lock:
            self.calls += 1
            if self.deadline is not None and self.calls >= self.deadline:
                raise Killed

    def _function(self, name: str) -> dict[str, Any]:
        self._call()
        if name not in self.functions:
            raise NotFound(name)
        return self.functions[name]

    # Lambda

    def get_function_configuration(self, FunctionName: str) -> Any:  # noqa: N803
        return copy.deepcopy(self._function(FunctionName))

    def get_function(self, FunctionName: str) -> Any:  # noqa: N803
        self._function(FunctionName)
        content = base64.b64encode(self.code[FunctionName]).decode()
        return {"Code": {"Location": f"data:application/zip;base64,{content}"}}

    def update_function_code(self, FunctionName: str, S3Bucket: str, S3Key: str, Architectures: list[str]) -> None:  # noqa: N803
        function = self._function(FunctionName)
        assert S3Bucket == BUCKET
        self.code[FunctionName] = self.objects[S3Key]
        function["CodeSha256"] = digest(self.objects[S3Key])

    def update_function_configuration(self, FunctionName: str, Layers: list[str], **given: Any) -> None:  # noqa: N803
        function = self._function(FunctionName)
        assert given["VpcConfig"].keys() == {"SubnetIds", "SecurityGroupIds"}
        given["VpcConfig"] = {**function["VpcConfig"], **given["VpcConfig"]}
        function.update(given)

    def get_alias(self, FunctionName: str, Name: str) -> Any:  # noqa: N803
        self._function(FunctionName)
        raise NotFound(Name)

    def get_waiter(self, _name: str) -> Any:
        stage = self

        class Waiter:
            def wait(self, FunctionName: str) -> None:  # noqa: N803
                stage._function(FunctionName)

        return Waiter()

    # IAM

    def list_role_policies(self, RoleName: str) -> Any:  # noqa: N803
        self._call()
        if RoleName not in self.policies:
            raise NotFound
        return {"PolicyNames": [RoleName]}

    def get_role_policy(self, RoleName: str, PolicyName: str) -> Any:  # noqa: N803
        self._call()
        return {"PolicyDocument": copy.deepcopy(self.policies[RoleName])}

    def put_role_policy(self, RoleName: str, PolicyName: str, PolicyDocument: str) -> None:  # noqa: N803
        self._call()
        self.policies[RoleName] = json.loads(PolicyDocument)

    # API Gateway

    def get_stage(self, restApiId: str, stageName: str) -> Any:  # noqa: N803
        self._call()
        return {"deploymentId": self.deployment}

    def update_stage(self, restApiId: str, stageName: str, patchOperations: list[dict[str, str]]) -> None:  # noqa: N803
        self._call()
        (patch,) = patchOperations
        assert (restApiId, patch["path"]) == (API, "/deploymentId")
        self.deployment = patch["value"]

    # S3

    def put_object(self, Bucket: str, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803
        self._call()
        self.objects[Key] = Body

    def get_object(self, Bucket: str, Key: str) -> Any:  # noqa: N803
        self._call()
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": Key}}, "GetObject")
        return {"Body": io.BytesIO(self.objects[Key])}

    def delete_object(self, Bucket: str, Key: str, VersionId: str = "") -> None:  # noqa: N803
        self._call()
        self.objects.pop(Key, None)

    def get_paginator(self, _operation: str) -> Any:
        stage = self

        class Pages:
            def paginate(self, Bucket: str, Prefix: str) -> Any:  # noqa: N803
                stage._call()
                found = [key for key in sorted(stage.objects) if key.startswith(Prefix)]
                yield {"Versions": [{"Key": key, "VersionId": "1"} for key in found]}

        return Pages()
