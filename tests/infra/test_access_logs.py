"""The API's access log: what a line says, who may write it, and that a stage leaves no other without its log."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deploy import access_logs
from infra.errors import Refusal
from infra.paths import TEMPLATES
from infra.target import Target
from tests.packaging.cloudformation import load, of_type, ref
from tests.support.aws_stub import Call, Stub, refused

GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/apigateway/orderproc-blue"
OURS = "arn:aws:iam::111122223333:role/apigateway-logs-orderproc-eu-west-1"
THEIRS = "arn:aws:iam::111122223333:role/of-the-account"


class Account:
    """API Gateway and IAM of one region: its role, its stages with their logs, its roles."""

    def __init__(self, role: str = "", stages: dict[str, str] | None = None, refusals: int = 0) -> None:
        self.role, self.refusals = role, refusals
        self.stages = {"own": "", **(stages or {})}
        self.format = ""
        self.roles: set[str] = {role.rpartition("/")[2]} if role else set()
        self.gateway, self.iam = Stub("apigateway", self._gateway), Stub("iam", self._iam)
        self.target = Target("blue", "eu-west-1", "111122223333", "aws", None, boto3.Session("a", "b"))
        self.sockets: list[dict[str, Any]] = []
        sockets = Stub("apigatewayv2", self._sockets)
        vars(self.target).update(
            apigateway=self.gateway.client, iam=self.iam.client, client={"apigatewayv2": sockets.client}.__getitem__
        )

    def _sockets(self, call: Call) -> Any:
        if call.operation == "GetApis":
            kinds = {"sockets": "WEBSOCKET", "http": "HTTP"}
            made = {"Name": "theirs", "RouteSelectionExpression": "$request.body.action"}
            return {"Items": [{**made, "ApiId": api, "ProtocolType": kind} for api, kind in kinds.items()]}
        assert call.sent == {"ApiId": "sockets"}, "HTTP APIs log without the role"
        return {"Items": self.sockets}

    def _stage(self, api: str) -> dict[str, Any]:
        settings = {"accessLogSettings": {"destinationArn": self.stages[api], "format": self.format}}
        return {"stageName": "api", **(settings if self.stages[api] else {})}

    def _gateway(self, call: Call) -> Any:
        answers: dict[str, Any] = {
            "GetAccount": lambda: {"cloudwatchRoleArn": self.role} if self.role else {},
            "UpdateAccount": lambda: self._set_role(*call.sent["patchOperations"]),
            "GetRestApis": lambda: {"items": [{"id": api} for api in self.stages]},
            "GetStages": lambda: {"item": [self._stage(call.sent["restApiId"])]},
            "GetStage": lambda: self._stage("own"),
            "UpdateStage": lambda: self._update_stage(call.sent["patchOperations"]),
        }
        return answers[call.operation]()

    def _set_role(self, patch: dict[str, str]) -> Any:
        self.refusals -= 1
        if self.refusals >= 0:
            return refused("BadRequestException")
        assert (patch["op"], patch["path"]) == ("replace", "/cloudwatchRoleArn")
        self.role = patch["value"]
        return {}

    def _update_stage(self, patches: list[dict[str, str]]) -> Any:
        for patch in patches:
            if patch["op"] == "remove":
                self.stages["own"] = ""
            elif patch["path"].endswith("/destinationArn"):
                assert self.role, "API Gateway refuses logs without a role"
                self.stages["own"] = patch["value"]
            else:
                self.format = patch["value"]
        return self._stage("own")

    def _iam(self, call: Call) -> Any:
        name = call.sent["RoleName"]
        if call.operation == "CreateRole":
            if name in self.roles:
                return refused("EntityAlreadyExists")
            self.roles.add(name)
            return {"Role": {"Path": "/", "RoleName": name, "RoleId": "R" * 16, "Arn": OURS, "CreateDate": 0}}
        if call.operation == "ListAttachedRolePolicies":
            return {"AttachedPolicies": [{"PolicyArn": f"arn:aws:iam::aws:policy/{access_logs._MANAGED}"}]}
        if call.operation == "DeleteRole":
            if name not in self.roles:
                return refused("NoSuchEntity", 404)
            self.roles.discard(name)
        return {}


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deploy.access_logs.time.sleep", lambda _seconds: None)


def filled(template: str, **values: str) -> dict[str, Any]:
    """The line with values in it; what is not named is "-", or 0 for a number."""
    text = re.sub(r'"\$context\.([\w.]+)"', lambda found: json.dumps(values.get(found[1], "-")), template)
    found: dict[str, Any] = json.loads(re.sub(r"\$context\.([\w.]+)", lambda one: values.get(one[1], "0"), text))
    return found


def test_a_line_is_one_json_object_on_one_line() -> None:
    assert "\n" not in access_logs.line("on")
    found = filled(access_logs.line("on"), status="403", **{"identity.apiKeyId": "k1", "httpMethod": "POST"})

    assert (found["status"], found["keyId"], found["method"], found["userId"]) == (403, "k1", "POST", "-")
    assert list(found) == list(access_logs.FIELDS)


@pytest.mark.parametrize("secret", ["identity.apiKey", "path", "identity.userAgent", "claims.email", "requestOverride"])
def test_no_line_holds_a_key_a_path_as_sent_or_a_name(secret: str) -> None:
    for chosen in ("on", "addresses"):
        assert secret not in re.findall(r"\$context\.([\w.]+)", access_logs.line(chosen))


def test_addresses_are_logged_only_where_they_are_chosen() -> None:
    assert "identity.sourceIp" not in access_logs.line("on")
    assert "identity.sourceIp" in access_logs.line("addresses")


def test_the_first_stage_that_logs_gives_the_account_a_role() -> None:
    account = Account(refusals=3)  # IAM takes a moment

    access_logs.apply(account.target, "own", "on")

    assert account.role == OURS
    assert (account.stages["own"], account.format) == (GROUP, access_logs.line("on"))
    [created] = [call.sent for call in account.iam.calls if call.operation == "CreateRole"]
    [trusted] = json.loads(created["AssumeRolePolicyDocument"])["Statement"]
    assert trusted["Principal"] == {"Service": "apigateway.amazonaws.com"}
    [attached] = [call.sent for call in account.iam.calls if call.operation == "AttachRolePolicy"]
    assert attached["PolicyArn"].endswith("service-role/AmazonAPIGatewayPushToCloudWatchLogs")


def test_a_role_that_the_account_has_stays_its_own() -> None:
    account = Account(THEIRS)

    access_logs.apply(account.target, "own", "on")
    access_logs.apply(account.target, "own", "off")

    assert (account.role, account.stages["own"], account.iam.calls) == (THEIRS, "", [])


def test_after_a_deployment_that_died_in_between_it_goes_on() -> None:
    account = Account()
    account.roles.add("apigateway-logs-orderproc-eu-west-1")

    access_logs.apply(account.target, "own", "on")

    assert (account.role, account.stages["own"]) == (OURS, GROUP)


def test_again_nothing_is_changed() -> None:
    account = Account()
    access_logs.apply(account.target, "own", "on")
    account.gateway.calls.clear()

    access_logs.apply(account.target, "own", "on")

    assert [call.operation for call in account.gateway.calls] == ["GetAccount", "GetStage"]


def test_another_choice_changes_the_format_alone() -> None:
    account = Account()
    access_logs.apply(account.target, "own", "on")
    account.gateway.calls.clear()

    access_logs.apply(account.target, "own", "addresses")

    [changed] = [call.sent for call in account.gateway.calls if call.operation == "UpdateStage"]
    assert [patch["path"] for patch in changed["patchOperations"]] == ["/accessLogSettings/format"]


def test_a_stage_that_never_logged_touches_nothing() -> None:
    account = Account(OURS)

    access_logs.apply(account.target, "own", "off")

    assert [call.operation for call in account.gateway.calls] == ["GetStage"]
    assert account.iam.calls == []


def test_the_role_stays_for_another_stage_that_logs_and_goes_with_the_last() -> None:
    account = Account(OURS, {"own": GROUP, "other": GROUP.replace("blue", "green")})

    access_logs.apply(account.target, "own", "off")
    assert (account.role, len(account.roles)) == (OURS, 1)

    account.stages["other"] = ""
    access_logs.release_role(account.target)
    assert (account.role, account.roles) == ("", set())


@pytest.mark.parametrize(
    "logs",
    [
        {"AccessLogSettings": {"DestinationArn": GROUP}},
        {"DefaultRouteSettings": {"LoggingLevel": "ERROR"}},
        {"RouteSettings": {"$connect": {"LoggingLevel": "INFO"}}},
    ],
)
def test_the_role_stays_for_web_sockets_that_log_with_it(logs: dict[str, Any]) -> None:
    account = Account(OURS)
    account.sockets = [{"StageName": "live", **logs}]

    access_logs.release_role(account.target)
    assert account.role == OURS

    account.sockets = [{"StageName": "live"}]
    access_logs.release_role(account.target)
    assert account.role == ""


def test_a_role_that_the_account_was_never_given_goes_with_the_stage() -> None:
    account = Account()
    account.roles.add("apigateway-logs-orderproc-eu-west-1")

    access_logs.release_role(account.target)

    assert (account.role, account.roles) == ("", set())
    assert "UpdateAccount" not in account.gateway.operations


def test_a_role_that_is_gone_already_is_no_error() -> None:
    account = Account(OURS)
    account.roles.clear()

    access_logs.release_role(account.target)

    assert account.role == ""


def test_what_iam_refuses_is_told() -> None:
    account = Account(OURS)
    account.iam.answers(refused("AccessDenied"))

    with pytest.raises(ClientError):
        access_logs.release_role(account.target)


def test_a_role_that_never_becomes_usable_is_a_sentence() -> None:
    with pytest.raises(Refusal, match="deploy again in a minute"):
        access_logs.apply(Account(refusals=10**6).target, "own", "on")


def test_every_log_group_of_every_template_has_an_end_to_what_it_keeps() -> None:
    found = {
        name: group
        for path in TEMPLATES.glob("*.yaml")
        for name, group in of_type(load(path), "AWS::Logs::LogGroup").items()
    }

    retentions = {name: group["RetentionInDays"] for name, group in found.items()}
    assert len(retentions) > 30
    assert retentions.pop("ApiAccessLogGroup") == ref("AccessLogRetentionDays")
    assert all(retention == ref("LogRetentionDays") for retention in retentions.values()), retentions


def test_the_log_group_has_the_name_that_the_stage_is_given() -> None:
    account = Account()
    name = of_type(load(TEMPLATES / "logs.yaml"), "AWS::Logs::LogGroup")["ApiAccessLogGroup"]["LogGroupName"]["Fn::Sub"]

    assert name.replace("${Stage}", "blue") == access_logs.group(account.target)
