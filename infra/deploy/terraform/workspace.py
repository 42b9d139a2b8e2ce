"""The folders in which Terraform runs: a copy of the root, with where its state is; on an emulator, where that is."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.deploy.terraform import binary, older_provider, remote
from infra.errors import Refusal
from infra.paths import ROOT, TEMPLATES
from infra.target import Target

SOURCES = ROOT / "infra" / "terraform"
_KEPT = (".terraform", ".terraform.lock.hcl")
"""What takes long to fetch again."""
_UNSTORED = "errored.tfstate"
"""Where Terraform leaves a state that it could not store, as when credentials expired in the meantime."""
_SERVICES = (
    *("apigateway", "cloudformation", "cloudfront", "cloudwatch", "cloudwatchevents", "cloudwatchlogs", "dynamodb"),
    *("cognitoidentity", "cognitoidp", "iam", "lambda", "s3", "secretsmanager", "ses", "sns", "sqs", "stepfunctions"),
    *("applicationautoscaling", "ec2", "kms", "sts", "wafv2"),
)


def foundation(target: Target, build: Path, variables: Mapping[str, Any]) -> Path:
    """The native resources' root, ready to be planned."""
    folder = _emptied(target, build, remote.FOUNDATION)
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".terraform*", "examples"))
    beside = folder.parent / TEMPLATES.name
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(TEMPLATES, beside)
    (folder / "stage.auto.tfvars.json").write_text(json.dumps(variables, indent=2) + "\n", encoding="utf-8")
    if binary.find(target).is_old:
        older_provider.adapt(folder, older_provider.schema(target, build))
    return _initialised(target, folder, remote.FOUNDATION)


def functions(target: Target, build: Path, document: Mapping[str, Any]) -> Path:
    """The functions' root, ready to be planned."""
    folder = _emptied(target, build, remote.FUNCTIONS)
    if binary.find(target).is_old:
        document = older_provider.adapted(document, older_provider.schema(target, build))
    (folder / "functions.tf.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return _initialised(target, folder, remote.FUNCTIONS)


def nothing(target: Target, build: Path, root: str) -> Path:
    """A root with nothing in it but its state: what is in that is all to be destroyed."""
    folder = _emptied(target, build, root)
    version = older_provider.VERSION if binary.find(target).is_old else binary.PROVIDER
    document = {
        "terraform": {
            "backend": {"s3": {}},
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": version}},
        },
        "provider": {"aws": {"region": target.region}},
    }
    (folder / "nothing.tf.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return _initialised(target, folder, root)


def refuse_unstored(target: Target, build: Path) -> None:
    """Refuses while the last run's state waits here: without it, what that run made would be forgotten."""
    for root in (remote.FOUNDATION, remote.FUNCTIONS):
        folder = _folder(target, build, root)
        if (folder / _UNSTORED).exists() and not target.is_emulator:
            raise Refusal(
                f"Terraform could not store its state the last time, and left it in {folder / _UNSTORED}. If that was"
                f" in account {target.account}, run `terraform state push {_UNSTORED}` in that folder. Then delete the"
                " file, and run this again."
            )


def _folder(target: Target, build: Path, root: str) -> Path:
    return build / target.stage / "terraform" / root


def _emptied(target: Target, build: Path, root: str) -> Path:
    refuse_unstored(target, build)
    folder = _folder(target, build, root)
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name in _KEPT:
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    return folder


def _initialised(target: Target, folder: Path, root: str) -> Path:
    terraform = {"backend": {"s3": backend(target, root)}}
    (folder / "backend_override.tf.json").write_text(json.dumps({"terraform": terraform}, indent=2), encoding="utf-8")
    provider = {"aws": provider_of(target, is_old=binary.find(target).is_old)}
    (folder / "provider_override.tf.json").write_text(json.dumps({"provider": provider}, indent=2), encoding="utf-8")
    binary.run(target, folder, "init", "-input=false", "-no-color", "-reconfigure")
    return folder


def backend(target: Target, root: str) -> dict[str, Any]:
    """Where the root's state is, with a lock beside it."""
    where = {
        "bucket": remote.bucket(target),
        "key": remote.key(root),
        "region": target.region,
        "encrypt": True,
        "use_lockfile": True,
    }
    if not target.endpoint_url:
        return {**where, "allowed_account_ids": [target.account]}
    return {
        **where,
        "use_path_style": True,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "skip_requesting_account_id": True,
        "endpoints": {"s3": target.endpoint_url},
    }


def provider_of(target: Target, *, is_old: bool) -> dict[str, Any]:
    """What the provider must be told besides: on AWS the account, as it finds credentials in its own way; of another
    endpoint, where that is."""
    if not target.endpoint_url:
        return {"allowed_account_ids": [target.account]}
    return {
        # With more, an answer that it cannot read looks as if it hung.
        "max_retries": 3,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "s3_force_path_style" if is_old else "s3_use_path_style": True,
        "endpoints": [dict.fromkeys(_SERVICES, target.endpoint_url)],
    }
