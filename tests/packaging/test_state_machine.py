"""The state machine as it is deployed: valid by the States Language, every failure looked after, and calling functions
that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from statelint.linter import Linter

from infra import stacks
from infra.paths import ROOT, TEMPLATES
from infra.post_deploy import STEPS
from tests.packaging.cloudformation import Template, load, of_type
from tests.state_machine import DEFINITION, STATES, TASKS

PASSES_BY_ITSELF = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.Unknown",
    "Sandbox.Timedout",
    "States.Timeout",
    "TemporarilyUnavailable",
}
EXPRESS_SECONDS = 300
"""An Express execution is ended after five minutes, whatever its definition says."""

every_task = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    return of_type(load(TEMPLATES / "workflow.yaml"), "AWS::StepFunctions::StateMachine")["OrderStateMachine"]


def test_the_definition_is_valid_by_the_language() -> None:
    assert list(Linter.validate(json.loads(json.dumps(DEFINITION)))) == []


@every_task
def test_every_task_is_tried_again_for_what_passes_by_itself(task: str) -> None:
    retriers = STATES[task]["Retry"]

    assert {error for retrier in retriers for error in retrier["ErrorEquals"]} >= PASSES_BY_ITSELF
    for retrier in retriers:
        assert "States.ALL" not in retrier["ErrorEquals"]  # what will not pass is compensated at once
        assert (retrier["JitterStrategy"], retrier["BackoffRate"]) == ("FULL", 2.0)
        assert 1 <= retrier["MaxAttempts"] <= 5


@every_task
def test_every_task_catches_everything_else(task: str) -> None:
    (catcher,) = STATES[task]["Catch"]

    assert catcher["ErrorEquals"] == ["States.ALL"]
    assert catcher["ResultPath"] == "$.error"  # the order's id stays beside it


@every_task
def test_every_task_waits_longer_than_its_function_may_run(task: str) -> None:
    stage = json.loads((ROOT / "orderproc" / ".chalice" / "config.json").read_text())["stages"]["local"]
    timeout = stage["lambda_functions"][function_of(task)]["lambda_timeout"]

    assert timeout < STATES[task]["TimeoutSeconds"] < DEFINITION["TimeoutSeconds"]


def test_nothing_but_ids_and_answers_is_handed_on() -> None:
    handed_on = {key for task in TASKS for key in STATES[task].get("ResultSelector", {})}

    assert handed_on == {"orderId.$", "correlationId.$", "status.$", "payment.$", "failure.$", "fulfilment.$"}


def test_only_a_failed_compensation_ends_as_failed() -> None:
    ends = {name for name, state in STATES.items() if state["Type"] == "Fail"}

    leading = {name for name in STATES if ends & set(following(name))}
    assert leading == {"CompensationFailed", "NotTold"}  # both mark the order; the alarm rings if even that fails


def test_every_state_can_be_reached() -> None:
    seen, found = set[str](), [DEFINITION["StartAt"]]
    while found:
        name = found.pop()
        if name not in seen:
            seen.add(name)
            found += following(name)

    assert seen == STATES.keys()


def test_its_functions_are_the_apps_and_all_of_them(machine: dict[str, Any]) -> None:
    import app

    own = {function.name for function in app.app.pure_lambda_functions}

    assert {function_of(task) for task in TASKS} == own == set(STEPS)
    for name, arn in machine["DefinitionSubstitutions"].items():
        assert arn["Fn::Sub"].endswith(f":function:orderproc-${{Stage}}-{snake(name)}")


def test_the_role_may_call_these_functions_and_no_other() -> None:
    roles = of_type(load(TEMPLATES / "workflow.yaml"), "AWS::IAM::Role")["OrderStateMachineRole"]
    statements = roles["Policies"][0]["PolicyDocument"]["Statement"]
    (invoke,) = [s for s in statements if s["Action"] == "lambda:InvokeFunction"]

    assert {arn["Fn::Sub"].rsplit("}-", 1)[1] for arn in invoke["Resource"]} == set(STEPS)


def test_standard_by_default_express_by_a_parameter(machine: dict[str, Any]) -> None:
    parameter = load(TEMPLATES / "workflow.yaml")["Parameters"]["WorkflowType"]

    assert (parameter["Default"], parameter["AllowedValues"]) == ("STANDARD", ["STANDARD", "EXPRESS"])
    assert machine["StateMachineType"] == {"Ref": "WorkflowType"}


def test_it_is_traced_and_logs_no_order(machine: dict[str, Any]) -> None:
    assert machine["TracingConfiguration"] == {"Enabled": {"Ref": "Tracing"}}
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_express_workflows_can_run_the_same_definition() -> None:
    """They know neither activities nor waiting for a task or a token, and a good day fits into their five minutes."""
    assert {STATES[task]["Resource"] for task in TASKS} == {"arn:aws:states:::lambda:invoke"}
    one_try_each = sum(STATES[task]["TimeoutSeconds"] for task in on_a_good_day())
    assert one_try_each <= EXPRESS_SECONDS


def test_the_deployed_template_holds_the_definition() -> None:
    text = stacks.body_of(TEMPLATES / "workflow.yaml")
    (deployed,) = re.findall(r'DefinitionString: (".*")', text)

    assert json.loads(json.loads(deployed)) == DEFINITION


def test_an_execution_that_failed_or_ran_out_of_time_rings() -> None:
    template: Template = load(TEMPLATES / "alarms.yaml")
    metrics = {
        alarm["MetricName"]
        for alarm in of_type(template, "AWS::CloudWatch::Alarm").values()
        if alarm.get("Namespace") == "AWS/States"
    }

    assert metrics == {"ExecutionsFailed", "ExecutionsTimedOut"}


def following(name: str) -> Iterator[str]:
    state = STATES[name]
    yield from (state[key] for key in ("Next", "Default") if key in state)
    yield from (rule["Next"] for key in ("Choices", "Catch") for rule in state.get(key, []))


def on_a_good_day() -> list[str]:
    name, passed = DEFINITION["StartAt"], []
    while STATES[name]["Type"] != "Succeed":
        passed.append(name)
        state = STATES[name]
        name = state["Next"] if "Next" in state else state["Default"]
        if passed[-1] == "IsPaid":
            name = "UpdateInventory"
    return [state for state in passed if state in TASKS]


def function_of(task: str) -> str:
    return snake(re.sub(r"\W", "", STATES[task]["Parameters"]["FunctionName"]))


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
