"""The functions, roles, triggers and the API: what `chalice package --pkg-format terraform` writes, brought to provider
6 and to what `chalice deploy` makes of the same app.

Chalice writes for provider 4: the deployment of an API was its stage, too. It forgets the stage in the names of
schedules, so that two stages of an account would share them; that S3 refuses a notification whose function it may not
call yet; and it knows nothing of settings that Lambda has learned since."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.deploy import concurrency, gateway_responses, names, render, stream_mapping, warm
from infra.deploy.terraform import binary
from infra.target import API_STAGE, Target

API = "rest_api"
Document = dict[str, Any]


def rewritten(
    chalice: Mapping[str, Any],
    target: Target,
    outputs: Mapping[str, str],
    package: str,
    answers: Mapping[str, Any],
    deployments_before: tuple[str, ...] = (),
    public_url: str = "",
) -> Document:
    """The root to apply. `package` is the key of the functions' code in the documents bucket, `answers` what the
    gateway itself answers. Of `deployments_before` of the API the newest stays, so that it can be put back.
    `public_url` is where callers reach the API, once that is known."""
    resources: Document = json.loads(_settled(json.dumps(chalice["resource"]), target))
    swagger: Document = json.loads(_called(_settled(chalice["locals"]["chalice_api_swagger"], target), target))
    for name, function in resources["aws_lambda_function"].items():
        _complete_function(name, function, outputs["DocumentsBucketName"], package, target)
        if public_url:
            function["environment"]["variables"]["PUBLIC_URL"] = _literal(public_url)
    for name, policy in resources["aws_iam_role_policy"].items():
        policy["name"] = resources["aws_iam_role"][name]["name"]
    for name, mapping in resources["aws_lambda_event_source_mapping"].items():
        _complete_mapping(name.rsplit("-", 3)[0], mapping, outputs)
    _name_rules(resources, target)
    _order_notifications(resources)
    _split_api(resources, json.dumps({**swagger, gateway_responses.EXTENSION: answers}), deployments_before)
    return {
        "terraform": {
            "required_version": ">= 1.11",
            "required_providers": {"aws": {"source": "hashicorp/aws", "version": binary.PROVIDER}},
            "backend": {"s3": {}},
        },
        "provider": {"aws": {"region": target.region, "default_tags": [{"tags": dict(target.tags)}]}},
        "resource": resources,
        "output": {
            "rest_api_id": {"value": f"${{aws_api_gateway_rest_api.{API}.id}}"},
            "deployment": {"value": deployment_of(resources)},
        },
    }


def _settled(text: str, target: Target) -> str:
    """Without the data sources: the region's is called otherwise in provider 6, and all of it is known."""
    for name, value in (
        ("aws_region.chalice.name", target.region),
        ("aws_partition.chalice.partition", target.partition),
        ("aws_caller_identity.chalice.account_id", target.account),
    ):
        text = text.replace(f"${{data.{name}}}", value)
    return text


def _called(text: str, target: Target) -> str:
    """The API's document, calling the function's alias where there is one (warm.py)."""
    if not warm.chosen():
        return text
    function = f"${{aws_lambda_function.{names.API_HANDLER}.arn}}:{warm.ALIAS}"
    uri = f"arn:{target.partition}:apigateway:{target.region}:lambda:path/2015-03-31/functions/{function}/invocations"
    return text.replace(f"${{aws_lambda_function.{names.API_HANDLER}.invoke_arn}}", uri)


def _complete_function(name: str, function: Document, bucket: str, package: str, target: Target) -> None:
    """One upload serves all functions. What post_deploy.py sets is said here, too, or the next plan would take it
    away."""
    del function["filename"], function["source_code_hash"]
    function |= {"s3_bucket": bucket, "s3_key": package}
    variables = function["environment"]["variables"]
    function["environment"]["variables"] = {key: _literal(value) for key, value in variables.items()}
    function["tags"] = {key: value for key, value in function.get("tags", {}).items() if key not in target.tags}
    function["logging_config"] = {
        "log_format": "JSON",
        "application_log_level": "INFO",
        "system_log_level": "WARN",
        "log_group": f"/aws/lambda/{names.function(target, name)}",
    }


def _literal(value: str) -> str:
    """Terraform's strings are templates."""
    return value.replace("${", "$${").replace("%{", "%%{")


def _complete_mapping(function: str, mapping: Document, outputs: Mapping[str, str]) -> None:
    # Lambda refuses a mapping whose function may not read the queue yet.
    mapping["depends_on"] = [f"aws_iam_role_policy.{function}_role"]
    if function in concurrency.queues() and (limit := concurrency.mapping_limit(function, concurrency.limits())):
        mapping["scaling_config"] = {"maximum_concurrency": limit}
    if function not in stream_mapping.DEAD_LETTERS:
        return
    wanted = stream_mapping.settings(function, outputs)
    mapping |= {
        "bisect_batch_on_function_error": wanted["BisectBatchOnFunctionError"],
        "maximum_retry_attempts": wanted["MaximumRetryAttempts"],
        "maximum_record_age_in_seconds": wanted["MaximumRecordAgeInSeconds"],
        "destination_config": {
            "on_failure": {"destination_arn": wanted["DestinationConfig"]["OnFailure"]["Destination"]}
        },
        "filter_criteria": {
            "filter": [{"pattern": _literal(one["Pattern"])} for one in wanted["FilterCriteria"]["Filters"]]
        },
    }


def _name_rules(resources: Document, target: Target) -> None:
    for name, rule in resources["aws_cloudwatch_event_rule"].items():
        rule["name"] = f"{target.prefix}-{name}"
        del rule["description"]
    for event in resources["aws_cloudwatch_event_target"].values():
        event["target_id"] = "1"


def _order_notifications(resources: Document) -> None:
    for notification in resources["aws_s3_bucket_notification"].values():
        functions = [one["lambda_function_arn"].split(".")[1] for one in notification["lambda_function"]]
        notification["depends_on"] = [f"aws_lambda_permission.{function}-s3event" for function in functions]


def _split_api(resources: Document, body: str, before: tuple[str, ...]) -> None:
    """A deployment for each document of the API, and the stage that serves the newest."""
    resources["aws_api_gateway_rest_api"][API]["body"] = body
    digest = hashlib.sha256(body.encode()).hexdigest()[:12]
    kept = [digest, *(one for one in before if one != digest)][:2]
    resources["aws_api_gateway_deployment"] = {
        f"{API}_{one}": {
            "rest_api_id": f"${{aws_api_gateway_rest_api.{API}.id}}",
            "triggers": {"document": one},
            # Made when all of the document is in force, which names the API's function.
            "depends_on": [f"aws_api_gateway_rest_api.{API}", f"aws_lambda_permission.{API}_invoke"],
            "lifecycle": {"create_before_destroy": True},
        }
        for one in kept
    }
    resources["aws_api_gateway_stage"] = {
        API: {
            "rest_api_id": f"${{aws_api_gateway_rest_api.{API}.id}}",
            "deployment_id": f"${{aws_api_gateway_deployment.{API}_{digest}.id}}",
            "stage_name": API_STAGE,
            "xray_tracing_enabled": render.traced(),
            # access_logs.py switches them on and off.
            "lifecycle": {"ignore_changes": ["access_log_settings"]},
        }
    }


def deployment_of(resources: Mapping[str, Any]) -> str:
    """The digest of the API's document that the stage serves."""
    name: str = resources["aws_api_gateway_stage"][API]["deployment_id"].split(".")[1]
    return name.removeprefix(f"{API}_")


def digest(package: Path) -> str:
    """Of what is in the package: a zip's own bytes differ with the hour it was made."""
    found = hashlib.sha256()
    with zipfile.ZipFile(package) as files:
        for one in sorted(files.infolist(), key=lambda info: info.filename):
            found.update(f"{one.filename}\0{one.CRC:08x}\0{one.external_attr:o}\n".encode())
    return found.hexdigest()
