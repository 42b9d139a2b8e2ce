"""The state machine as it is deployed: valid by the States Language, every failure looked after, and calling functions
that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalicelib.kit.config import Settings
from statelint.linter import Linter

from infra.deploy import stacks
from infra.paths import ROOT, TEMPLATES
from tests.packaging.cloudformation import Template, load, of_type
from tests.support.state_machine import DEFINITION, STATES, STEPS, TASKS, function_of, longest_waits, snake

PASSES_BY_ITSELF = {
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ResourceConflictException",  # it is being updated
    "Lambda.ResourceNotReadyException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Sandbox.Failure",
    "Sandbox.Timedout",
    "States.Timeout",
    "TemporarilyUnavailable",
    "GatewayTimeout",
}
NEEDS_AN_OPERATOR = {
    "Lambda.ResourceNotFoundException",
    "Lambda.AWSLambdaException",  # what the machine's role may not invoke, among others
    "Lambda.AccessDeniedException",
    "Lambda.KMSAccessDeniedException",
    "Lambda.KMSDisabledException",
    "Lambda.KMSInvalidStateException",
    "Lambda.KMSNotFoundException",
    "Runtime.HandlerNotFound",
    "Runtime.ImportModuleError",
    "Runtime.UserCodeSyntaxError",
    "States.Permissions",
    "ConfigurationError",  # what the function's role may not do, and tables that are not there
}
"""A function, a permission or a key is missing: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html."""
A_QUARTER_OF_AN_HOUR = 900
EXPRESS_SECONDS = 300
"""An Express execution is ended after five minutes, whatever its definition says."""

every_task = pytest.mark.parametrize("task", TASKS)


@pytest.fixture(scope="module")
def machine() -> dict[str, Any]:
    return of_type(load(TEMPLATES / "workflow.yaml"), "AWS::StepFunctions::StateMachine")["OrderStateMachine"]


def test_the_definition_is_valid_by_the_language() -> None:
    assert list(Linter.validate(json.loads(json.dumps(DEFINITION)))) == []


def retriers(task: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = STATES[task]["Retry"]
    return found


@every_task
def test_every_task_has_the_same_retriers_and_charging_one_more(task: str) -> None:
    *own, passes, operator = retriers(task)

    assert [passes, operator] == retriers("ValidateOrder")
    assert [retrier["ErrorEquals"] for retrier in own] == ([["GatewayTimeout"]] if task == "ProcessPayment" else [])


def test_what_passes_is_waited_for_and_what_an_operator_must_repair() -> None:
    passes, operator = retriers("ValidateOrder")

    assert set(passes["ErrorEquals"]) == PASSES_BY_ITSELF
    assert set(operator["ErrorEquals"]) == NEEDS_AN_OPERATOR


@every_task
def test_nothing_else_is_tried_again_and_no_two_tries_come_in_step(task: str) -> None:
    for retrier in retriers(task):
        assert not {"States.ALL", "States.TaskFailed"} & set(retrier["ErrorEquals"])
        assert (retrier["JitterStrategy"], retrier["BackoffRate"], retrier["MaxDelaySeconds"]) == ("FULL", 2.0, 60)


def test_what_passes_is_waited_for_a_quarter_of_an_hour_on_average_and_fits_into_an_execution() -> None:
    passes, _ = retriers("ValidateOrder")
    waits = sum(longest_waits(passes))
    calls = (passes["MaxAttempts"] + 1) * STATES["ValidateOrder"]["TimeoutSeconds"]

    assert waits / 2 > A_QUARTER_OF_AN_HOUR  # full jitter takes half of it on average
    assert waits + calls < DEFINITION["TimeoutSeconds"]


def test_what_an_operator_must_repair_is_waited_for_until_the_execution_is_out_of_time() -> None:
    _, operator = retriers("ValidateOrder")

    assert sum(longest_waits(operator)) / 2 > 1.5 * DEFINITION["TimeoutSeconds"]


def test_a_payment_provider_that_does_not_answer_is_asked_for_half_a_minute() -> None:
    gateway = retriers("ProcessPayment")[0]

    assert 30 <= sum(longest_waits(gateway)) <= 32


def test_an_execution_gives_up_when_the_housekeeper_does() -> None:
    assert DEFINITION["TimeoutSeconds"] == Settings.give_up_after


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

    assert own == set(STEPS)
    for name, arn in machine["DefinitionSubstitutions"].items():
        assert arn["Fn::Sub"].endswith(f":function:orderproc-${{Stage}}-{snake(name)}")


def test_the_role_is_for_this_machine_of_this_account_alone() -> None:
    template = load(TEMPLATES / "workflow.yaml")
    machine = of_type(template, "AWS::StepFunctions::StateMachine")["OrderStateMachine"]["StateMachineName"]["Fn::Sub"]
    account = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}"
    (trust,) = of_type(template, "AWS::IAM::Role")["OrderStateMachineRole"]["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        "ArnEquals": {"aws:SourceArn": {"Fn::Sub": [f"{account}:stateMachine:{machine[0]}", machine[1]]}},
    }


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
