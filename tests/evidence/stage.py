"""A small stage, as AWS would report it, in which all that people may write is hostile or personal."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Address, Failure, HistoryRow, Line, Order, Status

from infra.evidence import code
from tests.support.aws_answers import Answer, AwsAnswers
from tests.support.builders.examples import order

ACCOUNT = "123456789012"
SCRIPT = "<script>alert('x')</script>"
PERSONAL = ("jane.doe@example.org", "+31612345678", "Secret Lane 7", "Ms. Jane Roe", "9988 ZZ")
SECRETS = (
    "sk_live_never_shown",
    "partner-key-value-never-shown",
    "link-secret-never-shown",
    "client-secret-never-shown",
)
AT = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
TAGS = [{"Key": "orderproc:stage", "Value": "blue"}]
_TODAY = datetime.now(UTC).date().isoformat()
P = "orderproc-blue"
_ARN = f"arn:aws:{{}}:eu-west-1:{ACCOUNT}:{{}}"
MACHINE = _ARN.format("states", f"stateMachine:{P}-orders")
DEFINITION = {
    "Comment": f"One order {SCRIPT}",
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": _ARN.format("lambda", f"function:{P}-charge")},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 3}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Refund"}],
            "Next": "Paid",
        },
        "Paid": {"Type": "Choice", "Choices": [{"Variable": "$.paid", "Next": "Done"}], "Default": "Refund"},
        "Done": {"Type": "Succeed"},
        "Refund": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Failed"},
        "Failed": {"Type": "Fail"},
    },
}


def event(kind: str, second: float, **details: Any) -> dict[str, Any]:
    """Of an execution's history."""
    at = AT.timestamp() + second
    return {"timestamp": datetime.fromtimestamp(at, UTC), "type": kind, "id": int(second * 10) + 1, **details}


def entered(state: str, second: float, kind: str = "Task") -> dict[str, Any]:
    return event(f"{kind}StateEntered", second, stateEnteredEventDetails={"name": state})


def left(state: str, second: float, kind: str = "Task") -> dict[str, Any]:
    return event(f"{kind}StateExited", second, stateExitedEventDetails={"name": state})


def failed(second: float, error: str) -> dict[str, Any]:
    details = {"resourceType": "lambda", "resource": "invoke", "error": error, "cause": PERSONAL[0]}
    return event("TaskFailed", second, taskFailedEventDetails=details)


HISTORY = [
    event("ExecutionStarted", 0, executionStartedEventDetails={"input": json.dumps({"email": PERSONAL[0]})}),
    entered("Charge", 0.1),
    failed(1, "TemporarilyUnavailable"),
    failed(2, f"Declined{SCRIPT}"),
    left("Charge", 2.5),
    entered("Refund", 2.5),
    left("Refund", 3),
    entered("Failed", 3, "Fail"),
    event("ExecutionFailed", 3, executionFailedEventDetails={"error": "x"}),
]


def orders() -> list[Order]:
    """One that succeeded, and one that failed in the state machine."""
    address = Address(PERSONAL[2], "Springfield", "", PERSONAL[4], "NL", name=PERSONAL[3])
    hostile = order(
        order_number="100001",
        customer_id=PERSONAL[0],
        customer_email=PERSONAL[0],
        phone_number=PERSONAL[1],
        shipping_address=address,
        note=f"{PERSONAL[3]} {SCRIPT}",
        lines=(Line("LAPTOP001", f"Laptop {SCRIPT}", 1, order().total_amount),),
        created_at=f"{_TODAY}T09:00:00.000Z",
    )
    rows = [
        HistoryRow(Status.PENDING, f"{_TODAY}T09:00:00.000Z"),
        HistoryRow(Status.VALIDATING, f"{_TODAY}T09:00:01.000Z"),
    ]
    completed = HistoryRow(Status.COMPLETED, f"{_TODAY}T09:00:02.500Z")
    ended = HistoryRow(Status.FAILED, f"{_TODAY}T09:00:03.000Z")
    return [
        replace(hostile, history=(*rows, completed)),
        replace(
            hostile,
            order_id="order-99999",
            order_number="100002",
            workflow="stepfunctions",
            failure=Failure("CARD_DECLINED", f"The card of {PERSONAL[0]} was declined {SCRIPT}"),
            history=(*rows, ended),
        ),
    ]


@cache
def package() -> bytes:
    """As Chalice packs: our sources and an installed package beside them."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("app.py", f'"""The app."""\n\nGREETING = "{SCRIPT}"  # hello\n')
        made.writestr("chalicelib/orders/model.py", "class Order:\n    total = 1\n")
        made.writestr("vendored_package/__init__.py", "NOT_OURS = 1\n")
        made.writestr("some_package-1.2.3.dist-info/METADATA", "Name: some-package\n")
    return content.getvalue()


def answers() -> dict[str, Answer]:
    """Of the whole stage."""
    items = {one.order_id: order_to_item(one) for one in orders()}
    sha256 = base64.b64encode(hashlib.sha256(package()).digest()).decode()

    def function(name: str) -> dict[str, Any]:
        return {
            "FunctionName": name,
            "FunctionArn": _ARN.format("lambda", f"function:{name}"),
            "Runtime": "python3.12",
            "Role": f"arn:aws:iam::{ACCOUNT}:role/{name}",
            "Handler": "app.app",
            "MemorySize": 512,
            "Timeout": 29,
            "CodeSha256": sha256,
            "CodeSize": 1_234_567,
            "Architectures": ["arm64"],
            "Environment": {"Variables": {"STRIPE_KEY": SECRETS[0], "STAGE": "blue"}},
        }

    def query(sent: dict[str, Any]) -> dict[str, Any]:
        day = sent["ExpressionAttributeValues"][":k"]["S"]
        keys = ("orderId", "createdAt", "day")
        return {"Items": [{k: one[k] for k in keys} for one in items.values() if one["day"]["S"] == day]}

    def batch(sent: dict[str, Any]) -> dict[str, Any]:
        found = {
            table: [items[key["orderId"]["S"]] for key in wanted["Keys"] if key.get("orderId", {}).get("S") in items]
            if table.endswith("-orders")
            else []
            for table, wanted in sent["RequestItems"].items()
        }
        return {"Responses": found, "UnprocessedKeys": {}}

    def item(sent: dict[str, Any]) -> dict[str, Any]:
        found = items.get(sent["Key"].get("orderId", {}).get("S", ""))
        return {"Item": found} if found else {}

    return {
        "dynamodb:ListTables": {"TableNames": [f"{P}-orders", f"{P}2-orders", "other"]},
        "dynamodb:DescribeTable": {
            "Table": {
                "KeySchema": [{"AttributeName": "orderId", "KeyType": "HASH"}],
                "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
                "ItemCount": 2,
                "TableSizeBytes": 2048,
            }
        },
        "dynamodb:Query": query,
        "dynamodb:BatchGetItem": batch,
        "dynamodb:GetItem": item,
        "lambda:ListFunctions": {"Functions": [function(P), function(f"{P}-charge"), function("orderproc-blue2")]},
        "lambda:GetFunction": {"Code": {"Location": "https://packages.example/p.zip"}, "Configuration": function(P)},
        "stepfunctions:ListStateMachines": {
            "stateMachines": [
                {"stateMachineArn": MACHINE, "name": f"{P}-orders", "type": "STANDARD", "creationDate": AT}
            ]
        },
        "stepfunctions:DescribeStateMachine": {
            "stateMachineArn": MACHINE,
            "name": f"{P}-orders",
            "definition": json.dumps(DEFINITION),
            "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{P}-order-state-machine",
            "type": "STANDARD",
            "creationDate": AT,
        },
        "stepfunctions:DescribeExecution": {
            "executionArn": MACHINE.replace("stateMachine", "execution") + ":order-99999",
            "stateMachineArn": MACHINE,
            "name": "order-99999",
            "status": "FAILED",
            "startDate": AT,
        },
        "stepfunctions:GetExecutionHistory": {"events": HISTORY},
        "s3:ListBuckets": {"Buckets": [{"Name": f"{P}-documents-{ACCOUNT}", "CreationDate": AT}]},
        "s3:ListObjectVersions": {
            "Versions": [
                _version(f"receipts/{SCRIPT}/<img src=x onerror=alert(1)>.pdf"),
                _version(f"imports/{PERSONAL[0]}.csv"),
                {**_version("receipts/old.pdf"), "IsLatest": False},
            ]
        },
        "secretsmanager:ListSecrets": {"SecretList": [{"Name": f"{P}-links", "Description": "Signs links."}]},
        "secretsmanager:GetSecretValue": {"SecretString": SECRETS[2]},
        "apigateway:GetApiKeys": {
            "items": [{"id": "k1", "name": f"{P}-partner", "value": SECRETS[1], "enabled": True}]
        },
        "apigateway:GetUsagePlans": {"items": [{"id": "p1", "name": f"{P}-partner", "throttle": {"rateLimit": 5.0}}]},
        "apigateway:GetUsagePlanKeys": {"items": [{"id": "k1", "name": f"{P}-partner", "value": SECRETS[1]}]},
        "cognito-idp:ListUserPools": {"UserPools": [{"Id": "eu_1", "Name": f"{P}-users"}]},
        "cognito-idp:ListUserPoolClients": {"UserPoolClients": [{"ClientId": "c", "ClientName": f"{P}-staf"}]},
        "cognito-idp:DescribeUserPoolClient": {"UserPoolClient": {"ClientSecret": SECRETS[3]}},
        "sns:ListTopics": {"Topics": [{"TopicArn": _ARN.format("sns", f"{P}-alarms")}]},
        "sns:ListSubscriptions": {
            "Subscriptions": [
                {"TopicArn": _ARN.format("sns", f"{P}-alarms"), "Protocol": "email", "Endpoint": PERSONAL[0]}
            ]
        },
        "cloudwatch:DescribeAlarms": {
            "MetricAlarms": [
                {
                    "AlarmName": f"{P}-orders-dlq",
                    "StateValue": "ALARM",
                    "StateUpdatedTimestamp": AT,
                    "MetricName": "ApproximateNumberOfMessagesVisible",
                    "Threshold": 1,
                    "Period": 60,
                    "EvaluationPeriods": 1,
                    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                    "AlarmDescription": f"See the runbook {SCRIPT}",
                }
            ]
        },
        "cloudwatch:ListDashboards": {"DashboardEntries": [{"DashboardName": P}]},
        "cloudwatch:GetDashboard": {"DashboardBody": json.dumps({"widgets": WIDGETS})},
        "cloudwatch:GetMetricData": {
            "MetricDataResults": [
                {"Id": "m0", "Timestamps": [AT, AT.replace(minute=1), AT.replace(minute=2)], "Values": [1.0, 5.0, 3.0]}
            ]
        },
        "ec2:DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "Tags": TAGS}]},
        "ec2:DescribeSecurityGroups": {
            "SecurityGroups": [
                {
                    "GroupId": "sg-1",
                    "GroupName": P,
                    "Tags": TAGS,
                    "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/24"}]}],
                }
            ]
        },
        "kms:ListAliases": {"Aliases": [{"AliasName": f"alias/{P}", "TargetKeyId": "key-1"}]},
        "kms:DescribeKey": {"KeyMetadata": {"KeyId": "key-1", "KeyState": "Enabled"}},
        "kms:GetKeyRotationStatus": {"KeyRotationEnabled": True},
        "iam:ListRoles": "AccessDenied",
    }


WIDGETS = [
    {
        "type": "metric",
        "x": 0,
        "y": 0,
        "width": 8,
        "height": 6,
        "properties": {"view": "timeSeries", "title": f"Orders {SCRIPT}", "metrics": [["orderproc", "OrdersPlaced"]]},
    }
]


def _version(key: str) -> dict[str, Any]:
    return {"Key": key, "Size": 1200, "LastModified": AT, "IsLatest": True, "VersionId": "1"}


def aws() -> AwsAnswers:
    return AwsAnswers(answers())


def serve_package(patch: pytest.MonkeyPatch) -> None:
    """What the address answers that Lambda names."""

    def answer(address: str, **_: Any) -> Any:
        assert address == "https://packages.example/p.zip"
        return closing(io.BytesIO(package()))

    patch.setattr(code, "urlopen", answer)
