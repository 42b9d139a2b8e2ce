"""Brings a stage's functions and its API up to date by Terraform: packs them as Chalice does, uploads the package once,
applies the root."""

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import chalice_cli, gateway_responses, render
from infra.deploy.terraform import binary, functions, older_provider_calls, remote, workspace
from infra.target import Target

_APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")


def apply(target: Target, outputs: Mapping[str, str], staged: Path, origin: str, *, show: bool = False) -> str:
    """What `chalice deploy` does with the staged app; returns the REST API's id. `origin` is that of the pages that may
    read the gateway's answers. A first deployment knows the API's address only after it has made it, and goes on."""
    folder = _packed(target, staged, show=show)
    with _uploaded(target, outputs["DocumentsBucketName"], folder / "deployment.zip") as package:
        # Until all of it is in force: functions that get an older version back, or half of them, are deployed anew.
        remote.note(target, package={"key": package, "code": ""})
        rest_api_id = remote.outputs(target, remote.FUNCTIONS).get("rest_api_id", "")
        if not rest_api_id:
            rest_api_id = _applied(target, outputs, folder, package, "", origin)
        _applied(target, outputs, folder, package, target.api_url(rest_api_id), origin)
    if binary.find(target).is_old:
        older_provider_calls.complete(target, _chalice(folder))
    function = target.functions.get_function_configuration(FunctionName=target.prefix)
    remote.note(target, package={"key": package, "code": function["CodeSha256"]})
    return rest_api_id


def planned(target: Target, outputs: Mapping[str, str], staged: Path, origin: str) -> dict[str, list[str]]:
    """What a deployment of the staged app would change: the actions by resource."""
    folder = _packed(target, staged)
    package = key_of(target, functions.digest(folder / "deployment.zip"))
    url = target.api_url(remote.outputs(target, remote.FUNCTIONS)["rest_api_id"])
    root = workspace.functions(target, staged.parent.parent, _document(target, outputs, folder, package, url, origin))
    return binary.changes(binary.planned(target, root))


def _packed(target: Target, staged: Path, *, show: bool = False) -> Path:
    folder = staged.parent / "chalice-terraform"
    chalice_cli.run("package", staged, target, ("--pkg-format", "terraform", str(folder)), show=show)
    return folder


def _applied(target: Target, outputs: Mapping[str, str], folder: Path, package: str, api_url: str, origin: str) -> str:
    document = _document(target, outputs, folder, package, api_url, origin)
    binary.run(target, workspace.functions(target, folder.parent.parent, document), *_APPLY)
    made = remote.outputs(target, remote.FUNCTIONS)
    before = (remote.stage(target) or {}).get("api_documents", [])
    newest = made["deployment"]
    remote.note(target, api_documents=[newest, *(one for one in before if one != newest)][:2])
    return made["rest_api_id"]


def _document(
    target: Target, outputs: Mapping[str, str], folder: Path, package: str, api_url: str, origin: str
) -> dict[str, Any]:
    public_url = render.public_url(api_url)
    answers = gateway_responses.document(public_url, origin)
    before = tuple((remote.stage(target) or {}).get("api_documents", ()))
    return functions.rewritten(_chalice(folder), target, outputs, package, answers, before, public_url)


def _chalice(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "chalice.tf.json").read_text(encoding="utf-8"))
    return found


@contextlib.contextmanager
def _uploaded(target: Target, bucket: str, package: Path) -> Iterator[str]:
    """The key under which Lambda finds the package while the body runs: Lambda keeps copies of its own. What cannot be
    deleted expires in a day."""
    key = key_of(target, functions.digest(package))
    with package.open("rb") as content:
        put = target.s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType="application/zip")
    try:
        yield key
    finally:
        with contextlib.suppress(BotoCoreError, ClientError):
            version: Any = {"VersionId": put["VersionId"]} if put.get("VersionId") else {}
            target.s3.delete_object(Bucket=bucket, Key=key, **version)


def key_of(target: Target, digest: str) -> str:
    """By this alone Terraform sees whether the code is another one. Where an older version was put back in the
    meantime, the same code needs another key."""
    plain = f"deploy/packages/{digest}.zip"
    noted = (remote.stage(target) or {}).get("package", {})
    if not noted.get("key", "").startswith(plain.removesuffix(".zip")):
        return plain
    try:
        function = target.functions.get_function_configuration(FunctionName=target.prefix)
    except target.functions.exceptions.ResourceNotFoundException:
        return plain
    same: str = noted["key"]
    return same if function["CodeSha256"] == noted["code"] else f"deploy/packages/{digest}-{uuid.uuid4().hex[:8]}.zip"
