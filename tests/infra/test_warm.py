"""Warm instances of the API by schedule: the alias that the API calls is there before it is called, moves with each
deployment, follows what is put back, and goes only when nothing calls it any more."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from app import app
from botocore.exceptions import ClientError

from infra.deploy import chalice_entry, inventory, settings_check, versions, warm
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.paths import TEMPLATES
from infra.target import Target
from tests.packaging.cloudformation import load, of_type, ref
from tests.packaging.stage_in_memory import BUCKET, StageInMemory
from tests.support.aws_stub import refused


class NotFound(ClientError):
    """As boto3 raises it."""

    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "ResourceNotFoundException"}}, "AnyOperation")


class Lambda:
    """One function with versions, of which equal ones are one, an alias and its permissions."""

    class exceptions:  # noqa: N801 - boto3's name
        ResourceNotFoundException = NotFound

    def __init__(self, code: str = "first") -> None:
        self.code = code
        self.versions: dict[str, str] = {}
        self.alias = ""
        self.permissions: dict[str, Any] = {}
        self.provisioned = False
        self.calls: list[str] = []

    def _there(self) -> None:
        if not self.code:
            raise NotFound

    def get_function_configuration(self, FunctionName: str) -> Any:  # noqa: N803
        self._there()
        return {"FunctionName": FunctionName}

    def get_waiter(self, _name: str) -> Any:
        class Waiter:
            def wait(self, **_asked: str) -> None: ...

        return Waiter()

    def publish_version(self, FunctionName: str) -> Any:  # noqa: N803
        self._there()
        self.calls.append("publish")
        if self.code not in self.versions.values():
            self.versions[str(1 + max(map(int, self.versions), default=0))] = self.code
        return {"Version": next(number for number, code in self.versions.items() if code == self.code)}

    def get_alias(self, FunctionName: str, Name: str) -> Any:  # noqa: N803
        if not self.alias:
            raise NotFound
        return {"FunctionVersion": self.alias}

    def create_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        assert not self.alias
        self.alias = FunctionVersion

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        assert FunctionVersion in self.versions
        self.alias = FunctionVersion

    def add_permission(self, StatementId: str, **given: Any) -> None:  # noqa: N803
        if StatementId in self.permissions:
            raise refused("ResourceConflictException")
        self.permissions[StatementId] = given

    def delete_provisioned_concurrency_config(self, FunctionName: str, Qualifier: str) -> None:  # noqa: N803
        if not self.provisioned:
            raise refused("ResourceNotFoundException")
        self.provisioned = False

    def delete_alias(self, FunctionName: str, Name: str) -> None:  # noqa: N803
        assert not self.provisioned
        self.alias = ""

    def get_paginator(self, _operation: str) -> Any:
        found = [{"Version": version} for version in ("$LATEST", *self.versions)]

        class Pages:
            def paginate(self, **_asked: str) -> Any:
                yield {"Versions": found}

        return Pages()

    def delete_function(self, FunctionName: str, Qualifier: str) -> None:  # noqa: N803
        assert Qualifier not in ("$LATEST", self.alias)
        del self.versions[Qualifier]

    @property
    def called(self) -> str:
        """The code that the API reaches."""
        return self.versions.get(self.alias, "")


def target(functions: Any = None) -> Target:
    made = Target("blue", "eu-west-1", "111122223333", "aws", None, boto3.Session("a", "b"))
    vars(made)["functions"] = functions or Lambda()
    return made


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_WARM", "API_WARM_HOURS", "CONCURRENCY_LIMITS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAIL_SENDER", "orders@your.shop")


@pytest.fixture
def five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_WARM", "5")


@pytest.mark.parametrize("number", ["", "0"])
def test_unless_it_is_chosen_all_is_as_chalice_makes_it(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("API_WARM", number)
    functions = Lambda()

    for act in (warm.prepare, warm.publish):
        act(target(functions), "a1b2c3")
    warm.retire(target(functions))

    assert (functions.versions, functions.alias, functions.permissions) == ({}, "", {})
    assert warm.parameters(target(), {}) == {}
    assert ":live/" not in str(chalice_entry.WithGatewayResponses()._uri())


@pytest.mark.usefixtures("five")
def test_the_api_calls_the_alias_on_every_route(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chalice_entry, "answers", dict)

    document = chalice_entry.WithGatewayResponses().generate_swagger(app)

    uris = {
        operation["x-amazon-apigateway-integration"]["uri"].template
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "options"
    }
    assert uris == {
        "arn:{partition}:apigateway:{region_name}:lambda:path/2015-03-31/functions/{api_handler_lambda_arn}:live/invocations"
    }


@pytest.mark.usefixtures("five")
def test_the_alias_is_there_before_the_api_calls_it() -> None:
    functions = Lambda("before")

    warm.prepare(target(functions), "a1b2c3")

    assert functions.called == "before"
    [allowed] = functions.permissions.values()
    assert (allowed["Qualifier"], allowed["Principal"]) == ("live", "apigateway.amazonaws.com")
    assert allowed["SourceArn"] == "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/api/*"


@pytest.mark.usefixtures("five")
def test_at_a_first_deployment_it_comes_with_the_function() -> None:
    functions = Lambda("")
    warm.prepare(target(functions), "")
    assert functions.alias == ""

    functions.code = "first"
    warm.publish(target(functions), "a1b2c3")

    assert functions.called == "first"


@pytest.mark.usefixtures("five")
def test_each_deployment_moves_the_alias_and_keeps_the_version_before_alone() -> None:
    functions = Lambda()
    for code in ("first", "second", "third"):
        functions.code = code
        warm.prepare(target(functions), "a1b2c3")
        warm.publish(target(functions), "a1b2c3")
        assert functions.called == code

    assert sorted(functions.versions.values()) == ["second", "third"]
    assert len(functions.permissions) == 1


@pytest.mark.usefixtures("five")
def test_the_same_again_is_the_same_version() -> None:
    functions = Lambda()
    for _ in range(3):
        warm.publish(target(functions), "a1b2c3")

    assert functions.versions == {"1": "first"}


@pytest.mark.usefixtures("five")
def test_what_is_put_back_is_what_the_api_calls() -> None:
    functions = Lambda("old")
    warm.publish(target(functions), "a1b2c3")
    functions.code = "new"
    warm.publish(target(functions), "a1b2c3")

    functions.code = "old"
    warm.follow(target(functions))

    assert functions.called == "old"


def test_putting_back_a_stage_moves_its_alias(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, moved = StageInMemory(), []
    monkeypatch.setattr(warm, "follow", lambda target: moved.append(target.prefix))
    stage.run("old")
    versions.note(stage.target, BUCKET, "")

    versions.put_back(stage.target, BUCKET)

    assert moved == ["orderproc-blue"]


@pytest.mark.parametrize("provisioned", [True, False])
def test_switched_off_nothing_of_it_is_left(monkeypatch: pytest.MonkeyPatch, provisioned: bool) -> None:
    functions = Lambda()
    monkeypatch.setenv("API_WARM", "5")
    warm.publish(target(functions), "a1b2c3")
    functions.provisioned = provisioned
    monkeypatch.setenv("API_WARM", "")

    warm.publish(target(functions), "a1b2c3")
    assert functions.alias  # the API still calls it
    warm.retire(target(functions))

    assert (functions.alias, functions.versions, functions.provisioned) == ("", {}, False)


def test_the_schedule_is_in_the_shops_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_WARM", "5")
    monkeypatch.setenv("API_WARM_HOURS", "07:30-22:00")

    given = warm.parameters(target(), {"SHOP_TIME_ZONE": "Europe/Amsterdam"})

    assert given == {
        "WarmInstances": "5",
        "WarmFrom": "30 7",
        "WarmUntil": "0 22",
        "WarmTimeZone": "Europe/Amsterdam",
    }


def test_instances_are_started_and_stopped_each_day() -> None:
    template = load(TEMPLATES / "api.yaml")
    scaled = of_type(template, "AWS::ApplicationAutoScaling::ScalableTarget")["WarmApi"]
    start, stop = scaled["ScheduledActions"]

    assert template["Resources"]["WarmApi"]["Condition"] == "IsWarm"
    assert template["Parameters"]["WarmInstances"]["Default"] == 0
    assert scaled["ResourceId"] == {"Fn::Sub": f"function:orderproc-${{Stage}}:{warm.ALIAS}"}
    assert (start["Schedule"], stop["Schedule"]) == (
        {"Fn::Sub": "cron(${WarmFrom} * * ? *)"},
        {"Fn::Sub": "cron(${WarmUntil} * * ? *)"},
    )
    number = ref("WarmInstances")
    assert start["ScalableTargetAction"] == {"MinCapacity": number, "MaxCapacity": number}
    assert stop["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 0}
    assert start["Timezone"] == stop["Timezone"] == ref("WarmTimeZone")


def test_an_emulator_has_the_alias_but_no_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_WARM", "5")
    local = Target("local", "us-east-1", "0" * 12, "aws", "http://127.0.0.1:1", boto3.Session("a", "b"))

    assert warm.parameters(local, {}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("API_WARM", "-1"), ("API_WARM", "1001"), ("API_WARM", "five")),
        *(("API_WARM_HOURS", "8-20"), ("API_WARM_HOURS", "08:00"), ("API_WARM_HOURS", "24:00-06:00")),
        ("API_WARM_HOURS", "08:00-08:00"),
    ],
)
def test_what_is_no_number_or_no_hours_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(Refusal, match=f"{name} is '{value}', but must be"):
        settings_check.check(target(), tracked_config())


def test_no_more_can_be_warm_than_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_WARM", "5")
    monkeypatch.setenv("CONCURRENCY_LIMITS", "api_handler=4")

    with pytest.raises(Refusal, match="API_WARM is 5, but CONCURRENCY_LIMITS lets 4 of api_handler run at once"):
        warm.chosen()


def test_an_api_that_calls_the_alias_is_recognised_as_the_stages() -> None:
    class Gateway:
        def get_resources(self, **_asked: Any) -> Any:
            uri = f"lambda:path/2015-03-31/functions/{inventory.arn(where, 'function', where.prefix)}:live/invocations"
            return {"items": [{"resourceMethods": {"GET": {"methodIntegration": {"uri": uri}}}}]}

    where = target()
    vars(where)["apigateway"] = Gateway()

    assert inventory._calls_ours(where, "a1b2c3")
