"""The folders in which Terraform runs: a copy of the root, with where its state is; on an emulator, where that is."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.deploy.terraform import binary, older_provider, remote
from infra.paths import ROOT, TEMPLATES
from infra.target import Target

SOURCES = ROOT / "infra" / "terraform"
_KEPT = (".terraform", ".terraform.lock.hcl")
"""What takes long to fetch again."""
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
    version = older_provider.VERSION if binary.find(target).is_old else "~> 6.0"
    document = {
        "terraform": {
            "backend": {"s3": {}},
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": version}},
        },
        "provider": {"aws": {"region": target.region}},
    }
    (folder / "nothing.tf.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return _initialised(target, folder, root)


def _emptied(target: Target, build: Path, root: str) -> Path:
    folder = build / target.stage / "terraform" / root
    folder.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name in _KEPT:
            continue
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    return folder


def _initialised(target: Target, folder: Path, root: str) -> Path:
    terraform = {"backend": {"s3": backend(target, root)}}
    (folder / "backend_override.tf.json").write_text(json.dumps({"terraform": terraform}, indent=2), encoding="utf-8")
    if target.endpoint_url:
        provider = {"aws": provider_of(target, is_old=binary.find(target).is_old)}
        (folder / "endpoint_override.tf.json").write_text(
            json.dumps({"provider": provider}, indent=2), encoding="utf-8"
        )
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
        return where
    return {
        **where,
        "use_path_style": True,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "skip_requesting_account_id": True,
        "endpoints": {"s3": target.endpoint_url},
    }


def provider_of(target: Target, *, is_old: bool) -> dict[str, Any]:
    """What the provider must be told of another endpoint than AWS's."""
    return {
        # With more, an answer that it cannot read looks as if it hung.
        "max_retries": 3,
        "skip_credentials_validation": True,
        "skip_metadata_api_check": True,
        "s3_force_path_style" if is_old else "s3_use_path_style": True,
        "endpoints": [dict.fromkeys(_SERVICES, target.endpoint_url)],
    }
