"""What a deployer may choose of the stacks."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from infra.deploy import stack_events, stacks, templates
from infra.deploy.destroy import destroy
from infra.deploy.terraform import remote
from infra.errors import Refusal
from infra.paths import TEMPLATES
from infra.progress import Steps

LINKED = {
    "AlarmsTopicArn": "arn:aws:sns:us-east-1:000000000000:alarms",
    "OrderStateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:orders",
}


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen in templates.CHOOSABLE.values():
        for variable in chosen.values():
            monkeypatch.delenv(variable, raising=False)


def test_the_templates_decide_what_nobody_chose() -> None:
    assert templates.parameters("resources", "test", {}) == {"Stage": "test"}
    assert templates.parameters("logs", "prod", {}) == {"Stage": "prod"}
    assert templates.parameters("workflow", "prod", LINKED) == {"Stage": "prod"}
    assert templates.parameters("alarms", "prod", LINKED) == {"Stage": "prod", **LINKED}


@pytest.mark.parametrize(
    ("stage", "chosen", "given"),
    [
        *(("prod", "", "true"), ("production", "", "true"), ("live", "", "true")),
        *(("prod", "false", "false"), ("test", "true", "true")),
    ],
)
def test_a_stage_for_customers_is_protected_unless_its_deployer_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, stage: str, chosen: str, given: str
) -> None:
    monkeypatch.setenv("DELETION_PROTECTION", chosen)

    assert templates.parameters("resources", stage, {})["DeletionProtection"] == given


def test_a_protected_stage_is_not_destroyed_even_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    parameters = [{"ParameterKey": "DeletionProtection", "ParameterValue": "true"}]
    monkeypatch.setattr(remote, "stage", lambda target: None)
    monkeypatch.setattr(remote, "deployment", lambda target: "")
    monkeypatch.setattr(templates, "own_stacks", lambda target: {"orderproc-prod": {"Parameters": parameters}})
    target: Any = SimpleNamespace(stage="prod", prefix="orderproc-prod", cloudformation=None)  # nothing else is touched

    with pytest.raises(Refusal, match="DELETION_PROTECTION=false"):
        destroy(target, Steps(quiet=True))


def test_what_holds_data_of_a_protected_stage_outlives_its_stack() -> None:
    def policies(*, retained: bool) -> dict[str, str]:
        text = stacks.body_of(TEMPLATES / "resources.yaml", retained=retained)
        found = re.findall(r"^    Type: (\S+)\n    DeletionPolicy: (\S+)", text, re.MULTILINE)
        return dict(found)

    held = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"}

    assert set(policies(retained=False).values()) == {"Delete"}
    assert {kind for kind, policy in policies(retained=True).items() if policy == "RetainExceptOnCreate"} == held
    assert stacks.body_of(TEMPLATES / "resources.yaml", retained=True).count("RetainExceptOnCreate") == 13


def test_executions_may_be_express(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKFLOW_TYPE", "EXPRESS")

    assert templates.parameters("workflow", "prod", LINKED)["WorkflowType"] == "EXPRESS"


def test_alarms_may_be_mailed_to_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALARM_EMAIL", "oncall@example.com")

    assert templates.parameters("alarms", "prod", LINKED)["AlarmEmail"] == "oncall@example.com"


def test_alarms_say_where_their_pages_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNBOOK_URL", "https://wiki.example/docs/runbooks")

    assert templates.parameters("alarms", "prod", LINKED)["RunbookUrl"] == "https://wiki.example/docs/runbooks"


@pytest.mark.parametrize(
    ("stage", "chosen", "given"),
    [("blue", "", None), ("blue", "true", "true"), ("local", "", "true"), ("local", "false", "false")],
)
def test_a_stage_takes_orders_from_the_bus_only_if_its_deployer_says_so(
    monkeypatch: pytest.MonkeyPatch, stage: str, chosen: str, given: str | None
) -> None:
    monkeypatch.setenv("ORDERS_FROM_BUS", chosen)

    assert templates.parameters("resources", stage, {}).get("OrdersFromBus") == given


@pytest.mark.parametrize(("is_emulator", "chosen", "given"), [(True, "", "5"), (True, "8", "8"), (False, "", None)])
def test_an_emulator_makes_do_with_fewer_receives(
    monkeypatch: pytest.MonkeyPatch, is_emulator: bool, chosen: str, given: str | None
) -> None:
    monkeypatch.setenv("MAX_RECEIVES", chosen)
    applied: list[dict[str, str]] = []

    def apply(target: Any, name: str, template: Any, parameters: dict[str, str], *_: Any) -> dict[str, str]:
        applied.append(parameters)
        return LINKED

    monkeypatch.setattr(stacks, "apply", apply)
    monkeypatch.setattr(stack_events, "describe", lambda client, name: None)
    target: Any = SimpleNamespace(
        stage="prod", prefix="orderproc-prod", is_emulator=is_emulator, cloudformation=None, tags={}
    )
    templates.apply(target)

    assert applied[0].get("MaxReceives") == given


def test_logs_of_functions_and_of_the_workflow_are_kept_equally_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_RETENTION_DAYS", "90")

    kept = {templates.parameters(name, "prod", LINKED)["LogRetentionDays"] for name in ("logs", "workflow")}
    assert kept == {"90"}


def machines_made(monkeypatch: pytest.MonkeyPatch, chosen: str, there: set[str]) -> list[tuple[str, str, str]]:
    """Of each stack with a state machine: its name, type, and whether it is in use."""
    monkeypatch.setenv("WORKFLOW_TYPE", chosen)
    monkeypatch.setattr(templates, "own_stacks", lambda target: {name: {"StackName": name} for name in there})
    applied: list[tuple[str, dict[str, str]]] = []

    def apply(target: Any, name: str, template: Any, parameters: dict[str, str], *_: Any) -> dict[str, str]:
        applied.append((name, parameters))
        return LINKED

    monkeypatch.setattr(stacks, "apply", apply)
    target: Any = SimpleNamespace(
        stage="prod", prefix="orderproc-prod", is_emulator=False, cloudformation=None, tags={}
    )
    templates.apply(target)
    return [
        (name.removeprefix("orderproc-prod-"), given["WorkflowType"], given["InUse"])
        for name, given in applied
        if "InUse" in given
    ]


def test_a_stage_has_the_machine_that_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machines_made(monkeypatch, "", set()) == [("workflow", "STANDARD", "true")]
    assert machines_made(monkeypatch, "EXPRESS", set()) == [("workflow-express", "EXPRESS", "true")]


def test_another_type_is_another_machine_and_the_first_stays_for_its_executions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = {"orderproc-prod-workflow", "orderproc-prod-workflow-express"}

    assert machines_made(monkeypatch, "EXPRESS", {"orderproc-prod-workflow"}) == [
        ("workflow-express", "EXPRESS", "true"),
        ("workflow", "STANDARD", "false"),
    ]
    assert machines_made(monkeypatch, "STANDARD", both) == [
        ("workflow", "STANDARD", "true"),
        ("workflow-express", "EXPRESS", "false"),
    ]
