"""A stage's configuration names that stage's resources in that stage's account and region, and no other's."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest

from infra.deploy import render, runtime
from infra.deploy.deploy import tracked_config
from infra.deploy.post_deploy import FUNCTIONS
from infra.errors import Refusal
from infra.paths import APP
from infra.target import Target, check_stage_name

BASE = tracked_config()["stages"]["local"]["environment_variables"]


class AnyOutput(Mapping[str, str]):
    """A stack's outputs, whatever is asked for."""

    def __getitem__(self, key: str) -> str:
        return f"output-{key}"

    def __iter__(self) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


OUTPUTS = {"UserPoolId": "eu-central-1_Blue12345"}


def target(stage: str = "blue", endpoint_url: str | None = None) -> Target:
    return Target(stage, "eu-central-1", "111122223333", "aws", endpoint_url, boto3.Session("a", "b"))


@pytest.fixture(autouse=True)
def _sender(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*render.CHOSEN, "MAIL_IDENTITY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAIL_SENDER", "orders@blue.example")


def policies(stage: str = "blue") -> dict[str, Any]:
    return render.policies(APP / ".chalice", target(stage), OUTPUTS, "orders@blue.example", BASE["MAIL_SENDER"])


def test_policies_name_only_the_stages_own_resources() -> None:
    text = json.dumps(policies())

    assert "orderproc-local" not in text
    assert "000000000000" not in text
    assert "us-east-1" not in text
    assert "arn:aws:dynamodb:eu-central-1:111122223333:table/orderproc-blue-orders" in text
    assert "arn:aws:s3:::orderproc-blue-documents-111122223333/receipts/*" in text
    assert "arn:aws:ses:eu-central-1:111122223333:identity/orders@blue.example" in text
    assert "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/orderproc-blue:*" in text


def test_an_emulator_tries_again_within_seconds_unless_another_pause_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    on_aws = render.environment(BASE, target(), AnyOutput())
    local = render.environment(BASE, target(endpoint_url="http://127.0.0.1:4566"), AnyOutput())
    monkeypatch.setenv("RETRY_MOST_SECONDS", "60")
    chosen = render.environment(BASE, target(endpoint_url="http://127.0.0.1:4566"), AnyOutput())

    assert not {"RETRY_BASE_SECONDS", "RETRY_MOST_SECONDS"} & on_aws.keys()
    assert (local["RETRY_BASE_SECONDS"], local["RETRY_MOST_SECONDS"]) == ("1", "5")
    assert {"MAILS_PER_DAY", "SMS_PER_DAY"} <= local.keys() - on_aws.keys()
    assert (chosen["RETRY_BASE_SECONDS"], chosen["RETRY_MOST_SECONDS"]) == ("1", "60")


def test_policies_can_name_the_senders_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_IDENTITY", "blue.example")

    assert "identity/blue.example" in json.dumps(policies()["policy-mail_receipt.json"])


def test_the_tracked_stage_renders_to_itself() -> None:
    local = Target("local", "us-east-1", "000000000000", "aws", "http://127.0.0.1:4566", boto3.Session("a", "b"))
    rendered = render.policies(
        APP / ".chalice", local, {"UserPoolId": "none"}, BASE["MAIL_SENDER"], BASE["MAIL_SENDER"]
    )

    tracked = {path.name: json.loads(path.read_text()) for path in (APP / ".chalice").glob("policy-*.json")}
    assert rendered == tracked


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_role_of_its_own(function: str) -> None:
    settings = tracked_config()["stages"]["local"]["lambda_functions"][function]

    assert settings["autogen_policy"] is False
    assert settings["iam_policy_file"] == f"policy-{function}.json"


API_GATEWAY = "arn:aws:apigateway:eu-central-1::/"
API_KEYS: dict[str, dict[str, set[str]]] = {
    "api_handler": {
        "apikeys": {"apigateway:GET", "apigateway:POST"},
        "apikeys/*": {"apigateway:PATCH"},
        "usageplans": {"apigateway:GET"},
        "usageplans/*/keys": {"apigateway:GET", "apigateway:POST"},
    },
    "housekeeper": {"apikeys/*": {"apigateway:PATCH"}},
}
"""What partners' keys need, and no more: API Gateway's keys and plans have ids, not names, so IAM knows no stage's own
(docs/decisions/security.md). Not reading one key with its value, deleting one, or touching APIs."""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_policy_has_a_wildcard_for_an_action_or_a_whole_service(function: str) -> None:
    for statement in policies()[f"policy-{function}.json"]["Statement"]:
        assert statement["Effect"] == "Allow"
        assert not [action for action in statement["Action"] if "*" in action]
        if statement.get("Resource") == "*":
            # X-Ray knows no resources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
            # Nor do these two; what is published is bound to our namespace:
            # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
            assert set(statement["Action"]) in (
                {"xray:PutTraceSegments", "xray:PutTelemetryRecords"},
                {"dynamodb:ListStreams"},
                {"cloudwatch:PutMetricData"},
                # Alarms by the beginning of their names are looked for among all; nothing is changed:
                # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
                {"cloudwatch:DescribeAlarms"},
            )
            assert "Condition" in statement or "cloudwatch:PutMetricData" not in statement["Action"]
            continue
        listed = statement.get("Resource", [])
        for resource in [listed] if isinstance(listed, str) else listed:
            if resource.startswith(API_GATEWAY):
                assert API_KEYS.get(function, {}).get(resource.removeprefix(API_GATEWAY), set()) >= set(
                    statement["Action"]
                )
                continue
            known = ("orderproc-blue", "identity/", f"userpool/{OUTPUTS['UserPoolId']}")
            assert any(name in resource for name in known) or resource.endswith("event-bus/default")


def test_only_text_messages_have_no_resource_and_that_excludes_every_topic() -> None:
    """SMS to a phone number has no ARN in IAM: all but topics is as narrow as AWS goes."""
    without = [s for policy in policies().values() for s in policy["Statement"] if "Resource" not in s]

    assert [(s["Action"], s["NotResource"]) for s in without] == [(["sns:Publish"], "arn:aws:sns:*:*:*")]


def test_a_stages_environment_comes_from_its_own_stack() -> None:
    config = render.config(tracked_config(), target(), AnyOutput())

    (stage,) = config["stages"]
    variables = config["stages"][stage]["environment_variables"]
    assert stage == variables["STAGE"] == "blue"
    assert variables["ORDERS_TABLE_NAME"] == "output-OrdersTableName"
    assert variables["MAIL_SENDER"] == "orders@blue.example"
    assert not [name for name, value in variables.items() if "orderproc-local" in value or "127.0.0.1" in value]


def test_on_aws_the_architecture_is_stated_and_on_the_emulator_it_is_this_machines() -> None:
    aws = render.config(tracked_config(), target(), AnyOutput())
    emulator = render.config(tracked_config(), target(endpoint_url="http://127.0.0.1:4566"), AnyOutput())

    assert aws["stages"]["blue"]["lambda_architecture"] == runtime.ARCHITECTURE
    assert "lambda_architecture" not in emulator["stages"]["blue"]


def test_without_a_sender_nothing_is_deployed_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_SENDER")

    with pytest.raises(Refusal, match="MAIL_SENDER is not set: name the address"):
        render.config(tracked_config(), target(), AnyOutput())


@pytest.mark.parametrize("stage", ["", "Blue", "1blue", "blue-green", "b" * 21, "blue;rm", "bläu"])
def test_a_name_that_cannot_be_a_stages_is_refused(stage: str) -> None:
    with pytest.raises(Refusal, match=r"cannot be a stage's name: .* as in STAGE=test"):
        check_stage_name(stage)


def test_without_tracing_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert render.config(tracked_config(), target(), AnyOutput())["xray"] is True

    monkeypatch.setenv("TRACING", "false")

    assert render.config(tracked_config(), target(), AnyOutput())["xray"] is False


def test_a_word_that_says_nothing_about_tracing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACING", "maybe")

    with pytest.raises(Refusal, match="TRACING is 'maybe'"):
        render.config(tracked_config(), target(), AnyOutput())


@pytest.mark.parametrize(
    ("endpoint_url", "clients"),
    [(None, "output-StaffClientId"), ("http://127.0.0.1:4566", "output-StaffClientId output-UserPoolClientId")],
)
def test_the_shops_client_opens_staffs_routes_on_a_machine_of_ones_own_only(
    endpoint_url: str | None, clients: str
) -> None:
    assert render.from_stack(target(endpoint_url=endpoint_url), AnyOutput())["STAFF_CLIENT_IDS"] == clients
