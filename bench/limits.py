"""How near the stage is to what AWS refuses: `python -m bench.limits` prints each limit with the room that is left.
More than nine tenths of one are over budget.

Measured for the longest name that a stage may have, in the region and the partition with the longest names, by what a
deployment would send; no AWS is called."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

import boto3

from bench import built
from bench.report import Measure, Result, console, main
from infra.deploy import dashboard, package, render, stacks
from infra.deploy.deploy import tracked_config
from infra.paths import APP, BUILD, ROOT, TEMPLATES
from infra.target import Target
from tests.packaging.cloudformation import load

MOST = 0.9
"""The share of a limit that may be used: what comes next week has to fit, too."""
_STAGE = "s" * 20
LONGEST = Target(_STAGE, "ap-southeast-7", "1" * 12, "aws-us-gov", None, cast(boto3.Session, None))
CHOSEN = {
    "SHOP_NAME": "A Shop With a Long Name and What It Sells GmbH & Co. KG",
    "SHOP_ADDRESS": "Musterstraße 123, Hinterhaus links, 12345 Musterstadt am Musterfluss, Deutschland" * 2,
    "SHOP_URL": "https://www.a-shop-with-a-long-name.example/de/shop",
    "PUBLIC_URL": "https://api.a-shop-with-a-long-name.example/orders",
    "SITE_ORIGIN": "https://www.a-shop-with-a-long-name.example",
    "MAIL_SENDER": "orders@" + "a-shop-with-a-long-name." * 3 + "example.com",
    "SHOP_TIME_ZONE": "America/Argentina/ComodRivadavia",
    "BEDROCK_MODEL_ID": "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "METRICS_PROFILE": "full",
    "RUNBOOK_URL": "https://github.com/a-shop-with-a-long-name/orderproc/blob/production/docs/runbooks",
}
"""What a deployer may set, at some length. The others are numbers."""


@dataclass(frozen=True)
class Limit:
    """One thing that AWS measures. The page in a comment beside the number says so."""

    name: str
    used: int
    most: int
    unit: str

    @property
    def share(self) -> float:
        return self.used / self.most

    def __str__(self) -> str:
        return f"{self.name}: {self.used:,} of {self.most:,} {self.unit}, {self.share:.0%}"


# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_BODY, _RESOURCES, _OUTPUTS, _PARAMETERS = 51_200, 500, 200, 200
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_ENVIRONMENT, _RESOURCE_POLICY, _UNZIPPED = 4_096, 20_480, 250_000_000
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted
_INLINE_POLICIES = 10_240
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
_PATHS, _DOCUMENT, _ROUTES_OF_A_PLAN = 300, 6_000_000, 100
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
_DEFINITION = 1_048_576
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
_DASHBOARD_METRICS, _WIDGETS, _DESCRIPTION = 2_500, 500, 1_024
NAMES = {
    "AWS::ApiGateway::ApiKey": ("Name", 1_024),
    "AWS::ApiGateway::UsagePlan": ("UsagePlanName", 1_024),
    "AWS::CloudWatch::Alarm": ("AlarmName", 255),
    "AWS::CloudWatch::Dashboard": ("DashboardName", 255),
    "AWS::Cognito::IdentityPool": ("IdentityPoolName", 128),
    "AWS::Cognito::UserPool": ("UserPoolName", 128),
    "AWS::Cognito::UserPoolClient": ("ClientName", 128),
    "AWS::DynamoDB::Table": ("TableName", 255),
    "AWS::EC2::SecurityGroup": ("GroupName", 255),
    "AWS::Events::Rule": ("Name", 64),
    "AWS::IAM::Role": ("RoleName", 64),
    "AWS::KMS::Alias": ("AliasName", 256),
    "AWS::Logs::LogGroup": ("LogGroupName", 512),
    "AWS::S3::Bucket": ("BucketName", 63),
    "AWS::SNS::Topic": ("TopicName", 256),
    "AWS::SQS::Queue": ("QueueName", 80),
    "AWS::SecretsManager::Secret": ("Name", 512),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", 80),
    "AWS::WAFv2::WebACL": ("Name", 128),
}
"""The property that names a resource, and how long it may be, by the resource's type."""
_IDS = {
    "AWS::ApiGateway::ApiKey": 10,
    "AWS::ApiGateway::UsagePlan": 6,
    "AWS::CloudFront::Distribution": 14,
    "AWS::Cognito::IdentityPool": 51,
    "AWS::Cognito::UserPool": 24,
    "AWS::Cognito::UserPoolClient": 26,
}
"""How long an id is that AWS chooses."""
_PARTS = {
    "AWS::Cognito::UserPool": "userpool/ap-southeast-7_",
    "AWS::DynamoDB::Table": "table/",
    "AWS::SecretsManager::Secret": "secret:-AbCdEf",
    "AWS::StepFunctions::StateMachine": "stateMachine:",
}
"""What an ARN has beside the name."""


def measure() -> list[Limit]:
    """All that need no package."""
    with _chosen():
        return [*of_templates(), *of_names(), *of_the_app(), *of_the_dashboard()]


def of_templates() -> Iterator[Limit]:
    for path in sorted(TEMPLATES.glob("*.yaml")):
        template = load(path)
        yield Limit(f"template {path.name}", len(stacks.body_of(path).encode()), _BODY, "bytes")
        for part, most in (("Resources", _RESOURCES), ("Outputs", _OUTPUTS), ("Parameters", _PARAMETERS)):
            yield Limit(f"{path.name}: {part.lower()}", len(template.get(part, {})), most, "")
    machine = json.loads((TEMPLATES / "order_workflow.asl.json").read_text(encoding="utf-8"))
    yield Limit("state machine's definition", len(_compact(machine).encode()), _DEFINITION, "bytes")


def of_names() -> Iterator[Limit]:
    """The longest name of each type that a template gives one."""
    names: dict[str, list[str]] = {}
    for _, kind, properties in _resources():
        if kind in NAMES and (name := properties.get(NAMES[kind][0])):
            names.setdefault(kind, []).append(_in_full(name))
    for kind, found in sorted(names.items()):
        yield Limit(f"name of an {kind}", max(map(len, found)), NAMES[kind][1], "characters")


def of_the_app() -> Iterator[Limit]:
    """What `chalice deploy` makes."""
    planned = _planned()
    environments = planned["functions"].values()
    yield Limit(
        "environment of a function", max(len(_compact(e).encode()) for e in environments), _ENVIRONMENT, "bytes"
    )
    size, role = max((len(_compact(policy)), role) for role, policy in planned["roles"].items())
    yield Limit(f"policies of {role.replace(_STAGE, '…')}", size, _INLINE_POLICIES, "characters")
    for kind, most in (("functions", 64), ("roles", 64), ("rules", 64)):
        yield Limit(f"name of one of Chalice's {kind}", max(map(len, planned[kind])), most, "characters")
    statements = [_allowed_to_invoke(name) for name in planned["rules"]]
    yield Limit("policy of a function", max(map(len, statements)), _RESOURCE_POLICY, "bytes")
    document = planned["document"]
    parts = {"/".join(path.split("/")[:depth]) for path in document["paths"] for depth in range(1, path.count("/") + 2)}
    yield Limit("paths of the API, with those between", len(parts), _PATHS, "")
    yield Limit("document of the API", len(_compact(document).encode()), _DOCUMENT, "bytes")


def of_the_dashboard() -> Iterator[Limit]:
    widgets = json.loads(dashboard.body())["widgets"]
    metrics = [metric for widget in widgets for metric in widget.get("properties", {}).get("metrics", ())]
    yield Limit("widgets of the dashboard", len(widgets), _WIDGETS, "")
    yield Limit("metrics of the dashboard", len(metrics), _DASHBOARD_METRICS, "")
    texts = [p["AlarmDescription"] for _, kind, p in _resources() if kind == "AWS::CloudWatch::Alarm"]
    yield Limit("description of an alarm", max(len(_in_full(text)) for text in texts), _DESCRIPTION, "characters")


def of_the_package(path: Path) -> Iterator[Limit]:
    with zipfile.ZipFile(path) as archive:
        unzipped = sum(entry.file_size for entry in archive.infolist())
    yield Limit("package, unzipped", unzipped, _UNZIPPED, "bytes")


def outputs() -> dict[str, str]:
    """What the stacks put out, as long as AWS would make it."""
    kinds = {logical: (kind, properties) for logical, kind, properties in _resources()}
    found: dict[str, str] = {}
    for path in sorted(TEMPLATES.glob("*.yaml")):
        for name, output in load(path).get("Outputs", {}).items():
            found[name] = _value(output["Value"], kinds)
    return {**found, "SiteDomainName": "www.a-shop-with-a-long-name.example"}


def _value(value: Any, kinds: Mapping[str, tuple[str, Mapping[str, Any]]]) -> str:
    if isinstance(value, str) or "Fn::If" in value:
        return str(value)
    logical, _, attribute = str(value.get("Ref") or value["Fn::GetAtt"]).partition(".")
    if logical not in kinds:
        return "10"  # a parameter: a number
    kind, properties = kinds[logical]
    named = NAMES.get(kind)
    name = _in_full(properties[named[0]]) if named and named[0] in properties else ""
    if attribute.endswith("Name") or (not attribute and kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket")):
        return name
    if not attribute and kind == "AWS::SQS::Queue":
        return f"https://sqs.{LONGEST.region}.amazonaws.com/{LONGEST.account}/{name}"
    if not attribute and kind in _IDS:
        return "x" * _IDS[kind]
    part = (
        _PARTS.get(kind, "") + (name or "x" * 24) + ("/stream/2026-11-28T12:00:00.000" if "Stream" in attribute else "")
    )
    return f"arn:{LONGEST.partition}:{kind.split('::')[1].lower()}:{LONGEST.region}:{LONGEST.account}:{part}"


def _planned() -> dict[str, Any]:
    """What `bench.planned` says of the app, staged without its packages."""
    staged = BUILD / "bench" / "limits"
    empty = BUILD / "bench" / "nothing"
    empty.mkdir(parents=True, exist_ok=True)
    package.stage_app(APP, staged, empty)
    sender = CHOSEN["MAIL_SENDER"]
    config = render.config(tracked_config(), LONGEST, outputs(), CHOSEN["PUBLIC_URL"])
    base = tracked_config()["stages"][render.BASE_STAGE]["environment_variables"]["MAIL_SENDER"]
    policies = render.policies(APP / ".chalice", LONGEST, outputs(), sender, base, CHOSEN["BEDROCK_MODEL_ID"])
    package.write_config(staged / "orderproc", config, policies)
    command = [sys.executable, "-m", "bench.planned", str(staged / "orderproc"), LONGEST.stage]
    done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _allowed_to_invoke(source: str) -> str:
    """The statement by which a rule, a bucket or the API may invoke its function: Chalice adds one for each."""
    arn = f"arn:{LONGEST.partition}:events:{LONGEST.region}:{LONGEST.account}:rule/{source}"
    function = f"arn:{LONGEST.partition}:lambda:{LONGEST.region}:{LONGEST.account}:function:{source}"
    statement = {"Sid": "x" * 36, "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}
    statement |= {
        "Action": "lambda:InvokeFunction",
        "Resource": function,
        "Condition": {"ArnLike": {"AWS:SourceArn": arn}},
    }
    return _compact({"Version": "2012-10-17", "Id": "default", "Statement": [statement]})


def _resources() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(logical id, type, properties) of all templates."""
    for path in sorted(TEMPLATES.glob("*.yaml")):
        for logical, resource in load(path)["Resources"].items():
            yield logical, resource["Type"], resource.get("Properties", {})


def _in_full(text: Any) -> str:
    known = {"Stage": LONGEST.stage, "AWS::AccountId": LONGEST.account, "RunbookUrl": CHOSEN["RUNBOOK_URL"]}
    written = text["Fn::Sub"] if isinstance(text, dict) else text
    if isinstance(written, list):
        written, variables = written
        known |= {name: _longest(*value["Fn::FindInMap"]) for name, value in variables.items()}
    return re.sub(r"\$\{([\w:]+)}", lambda found: known.get(found[1], "x" * 20), written)


def _longest(mapping: str, _: Any, key: str) -> str:
    """Of what a template's mapping may give."""
    tables = [load(path).get("Mappings", {}).get(mapping, {}) for path in TEMPLATES.glob("*.yaml")]
    return max((str(row[key]) for table in tables for row in table.values()), key=len)


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@contextmanager
def _chosen() -> Iterator[None]:
    with patch.dict(os.environ, CHOSEN):
        yield


def shown(limits: list[Limit]) -> list[Measure]:
    """As a table of the bench, the fullest first."""
    return [
        Measure(limit.name, f"{limit.used:,} of {limit.most:,} {limit.unit}", f"{limit.share:.0%}", limit.share <= MOST)
        for limit in sorted(limits, key=lambda limit: -limit.share)
    ]


def result() -> Result:
    with console.status("Building the package …"):
        limits = [*measure(), *of_the_package(built.package_file())]
    return Result(f"Limits of AWS (at most {MOST:.0%} of each)", shown(limits))


if __name__ == "__main__":
    main(result)
