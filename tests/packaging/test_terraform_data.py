"""Tables, queues, buckets, users and plans of Terraform are those of CloudFormation. The comparison of two deployed
stages shows most of this, too; not what the local cloud or its old provider leave out, such as lifecycles."""

import re
from typing import Any

import pytest

from infra.paths import TEMPLATES
from tests.packaging import cloudformation, hcl_literals
from tools.terraform.tables import TERRAFORM

MODULES = TERRAFORM / "modules"
RESOURCES = cloudformation.load(TEMPLATES / "resources.yaml")
SITE = cloudformation.load(TEMPLATES / "site.yaml")
API = cloudformation.load(TEMPLATES / "api.yaml")


def _of(kind: str, named_by: str, template: cloudformation.Template = RESOURCES) -> dict[str, dict[str, Any]]:
    """The properties of each resource of the kind, by its name without the stage's prefix."""
    found = cloudformation.of_type(template, kind).values()
    return {one[named_by]["Fn::Sub"].removeprefix("orderproc-${Stage}-"): one for one in found}


def test_tables_have_the_same_keys_indexes_expiry_and_streams() -> None:
    tables = hcl_literals.local(MODULES / "data" / "tables.tf", "tables")

    assert tables == {name: _table(given) for name, given in _of("AWS::DynamoDB::Table", "TableName").items()}


def _table(given: dict[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = {"keys": _keys(given)}
    if indexes := given.get("GlobalSecondaryIndexes"):
        assert all(one["Projection"] == {"ProjectionType": "KEYS_ONLY"} for one in indexes)
        table["indexes"] = {one["IndexName"]: _keys(one) for one in indexes}
    if ttl := given.get("TimeToLiveSpecification"):
        assert ttl == {"AttributeName": "expiresAt", "Enabled": True}
        table["expires"] = True
    if stream := given.get("StreamSpecification"):
        assert stream == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
        table["streams"] = True
    assert {one["AttributeType"] for one in given["AttributeDefinitions"]} == {"S"}
    return table


def _keys(given: dict[str, Any]) -> list[str]:
    assert [one["KeyType"] for one in given["KeySchema"]] == ["HASH", "RANGE"][: len(given["KeySchema"])]
    return [one["AttributeName"] for one in given["KeySchema"]]


def test_every_table_can_be_restored_and_is_encrypted() -> None:
    text = (MODULES / "data" / "tables.tf").read_text(encoding="utf-8")

    assert re.search(r"point_in_time_recovery \{\s+enabled = true", text)
    assert re.search(r"server_side_encryption \{\s+enabled\s+= true\s+kms_key_arn = var.key_arn", text)
    assert re.search(r"deletion_protection_enabled = var.deletion_protection\n", text)
    for given in _of("AWS::DynamoDB::Table", "TableName").values():
        assert given["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert given["SSESpecification"]["SSEEnabled"] is True


def test_queues_have_the_same_times_and_dead_letters() -> None:
    path = MODULES / "messaging" / "queues.tf"
    queues = _of("AWS::SQS::Queue", "QueueName")
    sources = {name: one["VisibilityTimeout"] for name, one in queues.items() if "RedrivePolicy" in one}
    unfed = {name for name, one in queues.items() if one.get("RedriveAllowPolicy") == {"redrivePermission": "denyAll"}}

    assert hcl_literals.local(path, "queues") == sources
    failures = hcl_literals.parse(re.findall(r"toset \( (.*) \)", hcl_literals.local(path, "failures"))[0])
    assert {f"{name}-dlq" for name in failures} == unfed
    assert {*queues} == {*sources, *(f"{name}-dlq" for name in sources), *unfed}


def test_every_queue_is_encrypted_and_says_whose_dead_letters_it_takes() -> None:
    text = (MODULES / "messaging" / "queues.tf").read_text(encoding="utf-8")

    assert len(re.findall(r"sqs_managed_sse_enabled\s+= var.key_arn == null \? true : null\n", text)) == 3
    assert len(re.findall(r"kms_master_key_id\s+= var.key_arn\n", text)) == 3
    assert len(re.findall(r'redrivePermission\s+= "(byQueue|denyAll)"', text)) == 2
    assert len(re.findall(r"message_retention_seconds\s+= 1209600\n", text)) == 2


LIFECYCLES = {
    "documents": ("data/buckets.tf", 'module "documents"', RESOURCES, "DocumentsBucket"),
    "imports": ("data/buckets.tf", 'module "imports"', RESOURCES, "ImportsBucket"),
    "site": ("site/main.tf", 'module "bucket"', SITE, "SiteBucket"),
}


@pytest.mark.parametrize("bucket", LIFECYCLES)
def test_a_bucket_forgets_the_same_at_the_same_time(bucket: str) -> None:
    file, block, template, logical_id = LIFECYCLES[bucket]
    rules = template["Resources"][logical_id]["Properties"]["LifecycleConfiguration"]["Rules"]

    written = hcl_literals.argument(MODULES / file, block, "lifecycle_rules")
    if isinstance(written, str):  # concat: the second list is made of prefixes, whose rules a variable switches on
        text = (MODULES / file).read_text(encoding="utf-8")
        optional = re.search(r"for id, prefix in (\{.*\}) :", text)
        assert optional
        written = hcl_literals.parse(re.findall(r"concat\(\s*(\[.*?\n    \]),", text, re.DOTALL)[0])
        prefixes = hcl_literals.parse(optional[1])
        assert prefixes == {one["Id"]: one["Prefix"] for one in rules if isinstance(one["Status"], dict)}

    assert written == [_rule(one) for one in rules if one["Status"] == "Enabled"]


def _rule(given: dict[str, Any]) -> dict[str, Any]:
    days = given.get("ExpirationInDays")
    rule = {
        "id": given["Id"],
        "prefix": given.get("Prefix"),
        "abort_uploads_after": given.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation"),
        "expire_after": f"var.{_snake(days['Ref'])}" if isinstance(days, dict) else days,
        "forget_versions_after": given.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"),
        "forget_deletions": given.get("ExpiredObjectDeleteMarker"),
    }
    return {name: value for name, value in rule.items() if value is not None}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def test_users_get_the_same_mails_groups_and_clients() -> None:
    path = MODULES / "data" / "users.tf"
    groups = cloudformation.of_type(RESOURCES, "AWS::Cognito::UserPoolGroup").values()
    mails = RESOURCES["Mappings"]["CodeMail"]

    assert hcl_literals.local(path, "code_mails") == {
        language: {"subject": one["Subject"], "message": one["Message"]} for language, one in mails.items()
    }
    assert hcl_literals.local(path, "groups") == {one["GroupName"]: one["Description"] for one in groups}
    assert hcl_literals.local(path, "clients") == {
        name: _client(one) for name, one in _of("AWS::Cognito::UserPoolClient", "ClientName").items()
    }


def _client(given: dict[str, Any]) -> dict[str, Any]:
    units = given["TokenValidityUnits"]
    assert given["IdTokenValidity"] == given["AccessTokenValidity"]
    assert units["IdToken"] == units["AccessToken"]
    return {
        "minted": given["IdTokenValidity"],
        "unit": units["IdToken"],
        "refresh": given["RefreshTokenValidity"],
        "refresh_unit": units["RefreshToken"],
    }


def test_plans_allow_the_same() -> None:
    plans = hcl_literals.local(MODULES / "api" / "main.tf", "plans")

    assert plans == {
        name: {
            "rate": one["Throttle"]["RateLimit"],
            "burst": one["Throttle"]["BurstLimit"],
            "daily": one["Quota"]["Limit"],
        }
        for name, one in _of("AWS::ApiGateway::UsagePlan", "UsagePlanName", API).items()
    }


def test_both_make_log_groups_for_the_same_functions() -> None:
    groups = cloudformation.of_type(cloudformation.load(TEMPLATES / "logs.yaml"), "AWS::Logs::LogGroup").values()
    named = {one["LogGroupName"]["Fn::Sub"] for one in groups}

    functions = hcl_literals.local(MODULES / "monitoring" / "logs.tf", "functions")
    assert named == {
        "/aws/apigateway/orderproc-${Stage}",
        "/aws/lambda/orderproc-${Stage}",
        *(f"/aws/lambda/orderproc-${{Stage}}-{name}" for name in functions),
    }


def test_the_machines_call_the_same_functions() -> None:
    machine = cloudformation.load(TEMPLATES / "workflow.yaml")["Resources"]["OrderStateMachine"]["Properties"]
    given = {
        state: one["Fn::Sub"].rpartition("${Stage}-")[2] for state, one in machine["DefinitionSubstitutions"].items()
    }

    assert hcl_literals.local(MODULES / "workflow" / "main.tf", "steps") == given
