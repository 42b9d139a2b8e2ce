"""What a stage remembers of its deployer, and whose the orders of the bus are."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace
from typing import Any

import pytest

from infra.deploy import bus, choices, state, templates
from infra.deploy.terraform import remote
from infra.progress import Steps

PATTERN = json.dumps({"source": ["ecommerce.orders"], "detail-type": ["OrderCreated"]})


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Nothing is chosen now; what the stage `prod` remembers."""
    for name in choices.NAMES:
        monkeypatch.delenv(name, raising=False)
    kept: dict[str, str] = {}
    monkeypatch.setattr(remote, "stage", lambda target: None)
    monkeypatch.setattr(remote, "deployment", lambda target: "")
    monkeypatch.setattr(templates, "outputs", lambda target: {"DocumentsBucketName": "documents"})
    monkeypatch.setattr(state, "load", lambda target, bucket, document: kept)
    monkeypatch.setattr(templates, "own_stacks", lambda target: {})
    return kept


def target(stage: str = "prod", rules: tuple[dict[str, str], ...] = ()) -> Any:
    pages = SimpleNamespace(paginate=lambda **_: [{"Rules": list(rules)}])
    events = SimpleNamespace(get_paginator=lambda _: pages)
    return SimpleNamespace(stage=stage, prefix=f"orderproc-{stage}", events=events, is_emulator=False)


def test_what_was_chosen_before_is_in_force_and_only_within(remembered: dict[str, str]) -> None:
    remembered.update(MAIL_SENDER="orders@your.shop", METRICS_PROFILE="full")

    with choices.recalled(target(), Steps(quiet=True)):
        made = choices.made()

    assert made == {"MAIL_SENDER": "orders@your.shop", "METRICS_PROFILE": "full"}
    assert "MAIL_SENDER" not in os.environ


def test_what_is_set_now_counts_and_what_is_set_to_nothing_is_reset(
    remembered: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered.update(SHOP_NAME="Old", BEDROCK_MODEL_ID="eu.amazon.nova-lite-v1:0")
    monkeypatch.setenv("SHOP_NAME", "New")
    monkeypatch.setenv("BEDROCK_MODEL_ID", "")

    with choices.recalled(target(), Steps(quiet=True)):
        made = choices.made()

    assert made == {"SHOP_NAME": "New"}


def test_a_shops_name_outlives_a_stack_of_a_version_that_gave_it_to_functions_only(remembered: dict[str, str]) -> None:
    remembered.update(SHOP_NAME="The Old Shop", DEFAULT_LOCALE="nl", DELETION_PROTECTION="true")

    with choices.recalled(target(), Steps(quiet=True)):
        made = choices.made()

    assert made == {"SHOP_NAME": "The Old Shop", "DEFAULT_LOCALE": "nl"}


def test_what_no_version_knows_any_more_is_left_out(remembered: dict[str, str]) -> None:
    remembered.update(ORDER_EVENTS="ENABLED")

    with choices.recalled(target(), Steps(quiet=True)):
        assert choices.made() == {}


def test_a_choice_is_remembered_by_its_old_name_too(remembered: dict[str, str]) -> None:
    remembered.update(INSPECTION_MARGIN_SECONDS="60")

    with choices.recalled(target(), Steps(quiet=True)):
        assert choices.made() == {"RECONCILIATION_MARGIN_SECONDS": "60"}


def test_a_stage_that_is_not_there_remembers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "outputs", lambda target: {})

    with choices.recalled(target(), Steps(quiet=True)):
        assert choices.made() == {}


def given(**parameters: str) -> dict[str, Any]:
    return {"Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]}


def test_what_the_stacks_were_given_is_remembered_by_them(
    remembered: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the deployment died before it noted anything, and whatever it noted before."""
    remembered.update(ORDERS_FROM_BUS="false", MAX_RECEIVES="7")
    stacks = {
        "orderproc-prod": given(Stage="prod", OrdersFromBus="true", DeletionProtection="false", MaxReceives="10"),
        "orderproc-prod-workflow-express": given(Stage="prod", WorkflowType="EXPRESS", InUse="true"),
        "orderproc-prod-workflow": given(Stage="prod", WorkflowType="STANDARD", InUse="false", Tracing="true"),
        "orderproc-prod-alarms": given(Stage="prod", AlarmEmail="oncall@your.shop"),
    }
    monkeypatch.setattr(templates, "own_stacks", lambda target: stacks)

    with choices.recalled(target(), Steps(quiet=True)):
        made = choices.made()

    assert made == {
        "ORDERS_FROM_BUS": "true",
        "DELETION_PROTECTION": "false",  # of `prod` that is a choice
        "WORKFLOW_TYPE": "EXPRESS",
        "ALARM_EMAIL": "oncall@your.shop",
    }


def rule(stage: str, state: str = "ENABLED", pattern: str = PATTERN) -> dict[str, str]:
    return {"Name": f"orderproc-{stage}-order-created", "State": state, "EventPattern": pattern}


def test_a_second_stage_is_refused_the_orders_of_the_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERS_FROM_BUS", "true")

    [problem] = bus.conflicts(target("prod", (rule("blue"),)))

    assert problem.startswith("Stage blue takes the orders of the bus")


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (rule("prod"),),
        (rule("blue", "DISABLED"),),
        (rule("blue", pattern=json.dumps({"source": ["orderproc"]})),),
        ({"Name": "orderproc-blue-housekeeper-event", "State": "ENABLED"},),
    ],
)
def test_what_does_not_take_them_is_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch, rules: tuple[dict[str, str], ...]
) -> None:
    monkeypatch.setenv("ORDERS_FROM_BUS", "true")

    assert list(bus.conflicts(target("prod", rules))) == []


def test_a_stage_that_does_not_take_them_may_stand_beside_one_that_does() -> None:
    assert list(bus.conflicts(target("prod", (rule("blue"),)))) == []
