"""What the templates promise of tables, buckets and logs: everything encrypted, nothing public, TLS only.

Policies between services are asserted here because the local cloud does not enforce them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from chalicelib.exports.views import FILE_KEPT
from chalicelib.reporting.archive import FOLDERS

from infra.paths import TEMPLATES
from tests.packaging.cloudformation import Template, arn, load, of_type, ref, resolved, resources, tls_denials

TABLES = {
    *("orders", "products", "inventory", "payments", "claims", "gateway", "carts", "operations", "metrics", "search"),
}
BUCKETS = {"DocumentsBucket", "ImportsBucket"}


def test_every_table_is_there_on_demand_restorable_and_encrypted(template: Template) -> None:
    tables = resolved(of_type(template, "AWS::DynamoDB::Table"), HasKey=False)

    assert {t["TableName"]["Fn::Sub"] for t in tables.values()} == {f"orderproc-${{Stage}}-{name}" for name in TABLES}
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"] == {"SSEEnabled": True}
        assert {attribute["AttributeType"] for attribute in table["AttributeDefinitions"]} == {"S"}


def test_indexes_of_orders_hold_keys_only(template: Template) -> None:
    indexes = of_type(template, "AWS::DynamoDB::Table")["OrdersTable"]["GlobalSecondaryIndexes"]

    assert {index["IndexName"] for index in indexes} == {"by-customer", "by-owner", "open", "by-day"}
    assert all(index["Projection"] == {"ProjectionType": "KEYS_ONLY"} for index in indexes)


@pytest.mark.parametrize("table", ["ClaimsTable", "CartsTable", "OperationsTable", "SearchTable"])
def test_claims_and_carts_expire(template: Template, table: str) -> None:
    expiring = of_type(template, "AWS::DynamoDB::Table")[table]

    assert expiring["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}


def test_a_service_that_is_let_in_must_say_for_which_resource_of_this_account(template: Template) -> None:
    """Else another customer of the service could have it act here (the confused deputy,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). An ARN of S3 would name no account. To KMS,
    some say it in the encryption context."""
    let_in = [
        statement
        for path in TEMPLATES.glob("*.yaml")
        for resource in load(path)["Resources"].values()
        for statement in _statements_of(resource.get("Properties", {}))
        if statement["Effect"] == "Allow" and statement["Principal"] != "*" and "Service" in statement["Principal"]
    ]

    assert len(let_in) == 12
    for statement in let_in:
        keys = {key for block in statement["Condition"].values() for key in block}
        assert any(key == "aws:SourceArn" or key.startswith("kms:EncryptionContext:") for key in keys), statement
        assert "*" not in str(statement["Principal"])


def _statements_of(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a resource's own policy, or of a role's trust."""
    documents = [properties.get(name) for name in ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy")]
    return [statement for document in documents if document for statement in document["Statement"]]


@pytest.mark.parametrize("bucket", sorted(BUCKETS))
def test_buckets_are_encrypted_private_and_tls_only(template: Template, bucket: str) -> None:
    properties = resolved(of_type(template, "AWS::S3::Bucket")[bucket], HasKey=False)
    policies = [p for p in of_type(template, "AWS::S3::BucketPolicy").values() if p["Bucket"] == ref(bucket)]
    encryption = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert encryption == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert all(properties["PublicAccessBlockConfiguration"].values())
    (denial,) = tls_denials(policies)
    assert denial["Action"] == "s3:*"
    assert resources(denial) == [arn(bucket), {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]
    assert properties["LifecycleConfiguration"]["Rules"][0]["AbortIncompleteMultipartUpload"]


def test_no_bucket_is_forgotten_and_no_safeguard_depends_on_a_condition(template: Template) -> None:
    assert of_type(template, "AWS::S3::Bucket").keys() == BUCKETS
    assert template["Conditions"].keys() == {"Protected", "HasMfa", "DocumentsExpire", "TakesOrdersFromBus", "HasKey"}
    assert all("Condition" not in resource for resource in template["Resources"].values())


def test_logs_of_every_function_end_after_14_days() -> None:
    from infra.deploy.post_deploy import FUNCTIONS

    functions, workflow = load(TEMPLATES / "logs.yaml"), load(TEMPLATES / "workflow.yaml")
    groups = of_type(functions, "AWS::Logs::LogGroup")
    groups.pop("ApiAccessLogGroup")  # it has a retention of its own
    of_functions, [of_machine] = groups.values(), of_type(workflow, "AWS::Logs::LogGroup").values()

    expected = {f"/aws/lambda/orderproc-${{Stage}}-{name}" for name in FUNCTIONS if name != "api_handler"}
    assert {group["LogGroupName"]["Fn::Sub"] for group in of_functions} == expected | {"/aws/lambda/orderproc-${Stage}"}
    assert of_machine["LogGroupName"]["Fn::Sub"][0] == "/aws/vendedlogs/states/orderproc-${Stage}-${Name}"
    assert {part["Parameters"]["LogRetentionDays"]["Default"] for part in (functions, workflow)} == {14}
    assert all(group["RetentionInDays"] == ref("LogRetentionDays") for group in (*of_functions, of_machine))


def test_a_protected_stage_keeps_its_tables_and_users(template: Template) -> None:
    tables = of_type(template, "AWS::DynamoDB::Table").values()

    assert all(table["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]} for table in tables)
    assert of_type(template, "AWS::Cognito::UserPool")["UserPool"]["DeletionProtection"] == {
        "Fn::If": ["Protected", "ACTIVE", "INACTIVE"]
    }


def test_documents_can_be_brought_back_for_a_month_and_expire_if_the_shop_says_so(template: Template) -> None:
    bucket = of_type(template, "AWS::S3::Bucket")["DocumentsBucket"]
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    packages = rules.pop("forget-packages")
    assert (packages["Prefix"], packages["ExpirationInDays"]) == ("deploy/packages/", 1)
    exports = rules.pop("expire-exports")
    assert (exports["Prefix"], timedelta(exports["ExpirationInDays"])) == ("exports/", FILE_KEPT)
    assert exports["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    for folder in ("backups", "restores"):
        expiring = rules.pop(f"expire-{folder}")
        assert (expiring["Prefix"], expiring["ExpirationInDays"]) == (f"{folder}/", ref("BackupsKeptDays"))
        assert expiring["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    # At least as long as tables can be brought back to a moment.
    assert rules["forget-old-versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 36}
    by_choice = [rule for rule in rules.values() if "ExpirationInDays" in rule]
    assert {rule["Prefix"] for rule in by_choice} == {"receipts/", *(f"{folder}/" for folder in FOLDERS)}
    for rule in by_choice:
        assert rule["Status"] == {"Fn::If": ["DocumentsExpire", "Enabled", "Disabled"]}
        assert rule["ExpirationInDays"]["Fn::If"][:2] == ["DocumentsExpire", ref("DocumentsKeptDays")]
    assert template["Parameters"]["DocumentsKeptDays"]["Default"] == 0


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.yaml")), ids=lambda path: path.name)
def test_cloudformation_takes_the_template(path: Path) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""
    from infra.deploy.stacks import body_of

    assert len(body_of(path).encode()) <= 51_200


def test_every_template_is_deployed() -> None:
    from infra.deploy import templates

    assert {path.stem for path in TEMPLATES.glob("*.yaml")} == {*templates.CHOOSABLE, "api"}
