"""Where a stage's network is, what functions are given for it, and when it can go."""

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from infra.deploy import destroy, network, removal, render, templates
from infra.deploy.deploy import tracked_config
from infra.deploy.inventory import MAPPING, Thing
from infra.errors import Refusal
from infra.paths import APP
from infra.progress import Steps
from tests.packaging.network_in_memory import CHOICES, LEFT, OTHERS, OUTPUTS, Pages, ec2, target


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*CHOICES, "BEDROCK_MODEL_ID"):
        monkeypatch.delenv(variable, raising=False)


# Where the network is


def test_the_network_is_in_two_zones_that_have_every_endpoint() -> None:
    found = network.parameters(target(ec2=ec2(zones={"email": ["c", "b"]})), {})

    assert found == {
        "FirstZone": "b",
        "SecondZone": "c",
        "S3PrefixList": "pl-s3",
        "DynamoDbPrefixList": "pl-dynamodb",
        "LanguageModel": "false",
    }


def test_a_network_that_is_there_stays_in_its_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEDROCK_MODEL_ID", "amazon.nova-micro-v1:0")
    before = {
        "FirstZone": "x",
        "SecondZone": "y",
        "S3PrefixList": "pl-1",
        "DynamoDbPrefixList": "pl-2",
        "Stage": "blue",
    }

    found = network.parameters(target(), before)

    assert (found["FirstZone"], found["SecondZone"], found["LanguageModel"]) == ("x", "y", "true")


def test_a_region_without_an_endpoint_is_refused_with_its_name() -> None:
    with pytest.raises(Refusal, match=r"not possible in eu-central-1: it has no endpoints for cognito-idp"):
        network.parameters(target(ec2=ec2(without="cognito-idp")), {})
    with pytest.raises(Refusal, match="no two zones have all endpoints"):
        network.parameters(target(ec2=ec2(zones={"email": ["a"]})), {})


def test_a_region_without_bedrock_is_refused_only_if_a_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    without = target(ec2=ec2(without="bedrock-runtime"))
    assert network.parameters(without, {})["FirstZone"] == "a"

    monkeypatch.setenv("BEDROCK_MODEL_ID", "amazon.nova-micro-v1:0")
    with pytest.raises(Refusal, match="no endpoints for bedrock-runtime"):
        network.parameters(without, {})


def test_a_network_keeps_its_addresses_while_functions_run_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWORK_CIDR", "10.1.0.0/24")
    (said,) = network.problems(target(ec2=ec2()), {"Cidr": "10.0.0.0/24"})

    assert said.startswith("NETWORK_CIDR is '10.1.0.0/24', but the stage's network is 10.0.0.0/24")
    assert "PRIVATE_NETWORK=false NETWORK_CIDR=10.0.0.0/24 first" in said


def test_the_default_of_the_addresses_is_the_templates() -> None:
    assert templates.defaults("network")["Cidr"] == network.CIDR


# What functions are given


def test_functions_are_placed_in_the_network_and_may_have_interfaces_made_for_them() -> None:
    assert network.place(OUTPUTS) == {"subnet_ids": ["sn-1", "sn-2"], "security_group_ids": ["sg-1"]}
    assert network.statements(OUTPUTS) == [network.INTERFACES]
    assert network.place({}) == {}
    assert network.statements({}) == []


def test_functions_that_leave_the_network_may_have_their_interfaces_removed_still() -> None:
    leaving = {name: OUTPUTS[name] for name in ("NetworkId", "FunctionsSecurityGroupId")}

    assert network.place(leaving) == {}
    assert network.statements(leaving) == [network.INTERFACES]


def test_a_functions_own_code_may_not_touch_interfaces() -> None:
    """Its calls name the function, Lambda's do not: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"""
    assert network.INTERFACES["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}


def test_every_policy_has_the_statement_once() -> None:
    sender = tracked_config()["stages"]["local"]["environment_variables"]["MAIL_SENDER"]
    outputs = {**OUTPUTS, "UserPoolId": "pool"}
    found = render.policies(APP / ".chalice", target(), outputs, sender, sender)

    assert len(found) > 30
    assert all(policy["Statement"].count(network.INTERFACES) == 1 for policy in found.values())


# When it can go


def test_lambdas_interfaces_are_waited_for_and_those_of_others_are_not(patient: Callable[[int], None]) -> None:
    pages, said = Pages(), list[str]()
    pages.interfaces = iter([LEFT + OTHERS, LEFT + OTHERS, OTHERS])

    assert network.wait_until_empty(target(ec2=pages), OUTPUTS, said.append)
    assert len(said) == 1
    assert "1 interfaces" in said[0]


def test_nothing_is_waited_for_without_a_network() -> None:
    assert network.wait_until_empty(target(), {})


def functions_removed(monkeypatch: pytest.MonkeyPatch, pages: Pages) -> list[str]:
    """The kinds of what was removed, in order; "interfaces" when Lambda was waited for."""
    gone: list[str] = []
    asked = network.wait_until_empty

    def wait(*given: Any) -> bool:
        gone.append("interfaces")
        return asked(*given)

    monkeypatch.setattr(network, "wait_until_empty", wait)
    monkeypatch.setattr(removal, "remove", lambda _, thing: gone.append(thing.kind))
    own = [Thing(kind, "orderproc-blue", "arn", {}) for kind in ("REST API", "rule", "function", "role")]
    mappings = [Thing(MAPPING, "1", "arn", {})]
    plan: Any = SimpleNamespace(target=target(ec2=pages), outputs=OUTPUTS, own=own, mappings=mappings)
    with suppress(Refusal):
        destroy._remove_functions(plan, Steps(quiet=True))
    return gone


def test_roles_outlive_their_functions_until_lambda_has_removed_its_interfaces(
    monkeypatch: pytest.MonkeyPatch, patient: Callable[[int], None]
) -> None:
    pages = Pages()
    pages.interfaces = iter([LEFT, []])

    assert functions_removed(monkeypatch, pages) == [MAPPING, "REST API", "rule", "function", "interfaces", "role"]


def test_roles_stay_if_lambda_does_not_remove_its_interfaces(
    monkeypatch: pytest.MonkeyPatch, patient: Callable[[int], None]
) -> None:
    patient(25)
    pages = Pages()
    pages.interfaces = iter([LEFT] * 9)

    assert "role" not in functions_removed(monkeypatch, pages)
