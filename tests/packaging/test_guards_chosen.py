"""How guards are chosen, remembered, refused where they can't be had, and removed."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest

from infra.deploy import guards, network, render, stack_events, stacks, templates
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.paths import APP
from infra.target import Target

REGION = "eu-central-1"
MADE = {"Stage": "blue", "InUse": "true"}
OUTPUTS = {"NetworkId": "vpc-1", "FunctionsSecurityGroupId": "sg-1", "FirstSubnetId": "sn-1", "SecondSubnetId": "sn-2"}
CHOICES = ("CUSTOMER_KEY", "PRIVATE_NETWORK", "NETWORK_CIDR", "FIREWALL", "FIREWALL_RATE", "FIREWALL_ANONYMOUS")


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*CHOICES, "BEDROCK_MODEL_ID"):
        monkeypatch.delenv(variable, raising=False)


def target(partition: str = "aws", **clients: Any) -> Target:
    made = Target("blue", REGION, "111122223333", partition, None, cast(boto3.Session, None))
    vars(made).update(cloudformation=None)
    if clients:
        vars(made).update(client=lambda service: clients[service])
    return made


class Pages:
    """EC2's listings, a page each."""

    def __init__(self, **listed: Any) -> None:
        self.listed = listed
        self.interfaces: Iterator[Any] = iter(())

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=lambda: self._page(operation))

    def _page(self, operation: str) -> list[dict[str, Any]]:
        if operation == "describe_network_interfaces":
            return [{"NetworkInterfaces": next(self.interfaces)}]
        return [self.listed[operation]]


def ec2(without: str = "", zones: dict[str, list[str]] | None = None) -> Pages:
    every = ["a", "b", "c"]
    details = [
        {
            "ServiceName": f"com.amazonaws.{REGION}.{name}",
            "ServiceType": [{"ServiceType": "Interface"}],
            "AvailabilityZones": (zones or {}).get(name, every),
        }
        for name in network.ENDPOINTS.values()
        if name != without
    ]
    lists = [
        {"PrefixListName": f"com.amazonaws.{REGION}.{name}", "PrefixListId": f"pl-{name}"}
        for name in ("s3", "dynamodb")
    ]
    return Pages(
        describe_vpc_endpoint_services={"ServiceDetails": details},
        describe_managed_prefix_lists={"PrefixLists": lists},
    )


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
    monkeypatch.setenv("PRIVATE_NETWORK", "true")
    monkeypatch.setenv("NETWORK_CIDR", "10.1.0.0/24")
    (said,) = network.problems(target(ec2=ec2()), {"Cidr": "10.0.0.0/24"})

    assert said.startswith("NETWORK_CIDR is '10.1.0.0/24', but the stage's network is 10.0.0.0/24")


def test_the_default_of_the_addresses_is_the_templates() -> None:
    assert templates.defaults("network")["Cidr"] == network._CIDR


@pytest.mark.parametrize("guard", ["FIREWALL", "PRIVATE_NETWORK"])
def test_what_only_commercial_regions_have_is_refused_elsewhere(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    monkeypatch.setenv(guard, "true")
    (said,) = guards.problems(target("aws-us-gov"))

    assert said.startswith(f"{guard}=true is not possible in eu-central-1")


def test_nothing_is_asked_for_what_is_not_chosen() -> None:
    assert list(guards.problems(target("aws-us-gov"))) == []


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


# Which stacks there are


def applied(monkeypatch: pytest.MonkeyPatch, there: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """What each stack is given, by its name without the stage's."""
    found: dict[str, dict[str, str]] = {}
    own = {f"orderproc-blue-{name}": stack(given) for name, given in there.items()}
    monkeypatch.setattr(templates, "own_stacks", lambda _: own)
    monkeypatch.setattr(network, "parameters", lambda _, __: {"FirstZone": "a"})

    def apply(where: Target, name: str, _: Any, parameters: dict[str, str], *__: Any) -> dict[str, str]:
        short = name.removeprefix("orderproc-blue").lstrip("-") or "resources"
        found[short] = {**parameters, "in": where.region}
        outputs = {"AlarmsTopicArn": "topic", "OrderStateMachineArn": "machine"}
        used = parameters.get("InUse") == "true"
        if short == "keys" and used:
            outputs["KeyArn"] = "key"
        if short == "site-firewall" and used:
            outputs["SiteFirewallArn"] = "firewall"
        return outputs

    monkeypatch.setattr(stacks, "apply", apply)
    templates.apply(target())
    return found


def stack(given: dict[str, str]) -> Any:
    return {"Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]}


def test_a_stage_without_guards_has_none_of_their_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = applied(monkeypatch, {})

    assert list(found) == ["resources", "logs", "workflow", "alarms", "dashboard", "site"]
    assert "KeyArn" not in found["resources"]
    assert "SiteFirewallArn" not in found["site"]


def test_the_key_comes_first_and_encrypts_what_comes_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTOMER_KEY", "true")
    found = applied(monkeypatch, {})

    assert next(iter(found)) == "keys"
    assert [name for name, given in found.items() if given.get("KeyArn") == "key"] == ["resources", "logs", "workflow"]


def test_the_sites_firewall_is_where_cloudfront_looks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIREWALL", "true")
    monkeypatch.setenv("CUSTOMER_KEY", "true")
    found = applied(monkeypatch, {})

    assert (found["firewall"]["Scope"], found["firewall"]["in"], found["firewall"]["KeyArn"]) == (
        "REGIONAL",
        REGION,
        "key",
    )
    of_site = found["site-firewall"]
    assert (of_site["Scope"], of_site["in"], of_site["KeyArn"]) == ("CLOUDFRONT", "us-east-1", "")
    assert found["site"]["SiteFirewallArn"] == "firewall"


def test_a_stack_in_another_region_has_the_tags_of_the_stage() -> None:
    assert target().at_edge().tags == target().tags
    assert target().at_edge().region == "us-east-1"


def test_what_is_switched_off_stays_until_nothing_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = applied(monkeypatch, dict.fromkeys(("keys", "network", "firewall", "site-firewall"), MADE))

    for name in ("keys", "network", "firewall", "site-firewall"):
        assert "InUse" not in found[name]
    assert {templates.defaults(name)["InUse"] for name in templates.OPTIONAL} == {"false"}
    assert "KeyArn" not in found["resources"]
    assert "SiteFirewallArn" not in found["site"]


def test_what_is_in_use_is_remembered_and_what_is_not_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {
        "keys": {**MADE, "InUse": "false"},
        "network": {**MADE, "Cidr": "10.1.0.0/24", "FirstZone": "a"},
        "firewall": {**MADE, "Rate": "500", "Scope": "REGIONAL", "LogRetentionDays": "14"},
        "site-firewall": {**MADE, "Rate": "500", "Scope": "CLOUDFRONT", "LogRetentionDays": "14"},
    }
    monkeypatch.setattr(templates, "own_stacks", lambda _: {f"orderproc-blue-{n}": stack(g) for n, g in there.items()})

    assert templates.chosen(target()) == {
        "PRIVATE_NETWORK": "true",
        "NETWORK_CIDR": "10.1.0.0/24",
        "FIREWALL": "true",
        "FIREWALL_RATE": "500",
    }


def test_the_other_region_is_asked_only_by_a_stage_with_a_firewall(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(stack_events, "describe", lambda _, name: asked.append(name))
    monkeypatch.setattr(Target, "at_edge", lambda _: pytest.fail("the other region was asked"))

    assert templates.own_stacks(target()) == {}
    assert "orderproc-blue-firewall" in asked
    assert "orderproc-blue-site-firewall" not in asked


# Their removal


def retired(monkeypatch: pytest.MonkeyPatch, pages: Pages, there: tuple[str, ...]) -> list[tuple[str, str]]:
    gone: list[tuple[str, str]] = []
    monkeypatch.setattr(templates, "own_stacks", lambda _: {f"orderproc-blue-{name}": {} for name in there})
    monkeypatch.setattr(stacks, "delete", lambda where, name, _: gone.append((where.region, name)))
    guards.retire(target(ec2=pages), OUTPUTS)
    return gone


ALL = ("keys", "network", "firewall", "site-firewall")


def test_firewalls_and_network_that_are_switched_off_are_deleted_and_the_key_stays(
    monkeypatch: pytest.MonkeyPatch, patient: Callable[[int], None]
) -> None:
    pages = Pages()
    pages.interfaces = iter([[]])

    assert retired(monkeypatch, pages, ALL) == [
        ("us-east-1", "orderproc-blue-site-firewall"),
        (REGION, "orderproc-blue-firewall"),
        (REGION, "orderproc-blue-network"),
    ]


def test_what_is_chosen_is_not_deleted(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("FIREWALL", "PRIVATE_NETWORK", "CUSTOMER_KEY"):
        monkeypatch.setenv(variable, "true")

    assert retired(monkeypatch, Pages(), ALL) == []


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """No second passes but those that are waited for."""
    now = [0.0]
    monkeypatch.setattr(network.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(network.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    def patience(seconds: int) -> None:
        monkeypatch.setattr(network, "_PATIENCE", seconds)

    return patience


LEFT = [{"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-1"}]}]
OTHERS = [{"NetworkInterfaceId": "eni-2", "Groups": [{"GroupId": "sg-9"}]}]


def test_lambdas_interfaces_are_waited_for_and_those_of_others_are_not(patient: Callable[[int], None]) -> None:
    pages, said = Pages(), list[str]()
    pages.interfaces = iter([LEFT + OTHERS, LEFT + OTHERS, OTHERS])

    assert network.wait_until_empty(target(ec2=pages), OUTPUTS, said.append)
    assert len(said) == 1
    assert "1 interfaces" in said[0]


def test_a_network_whose_interfaces_stay_is_left_for_the_next_deployment(
    monkeypatch: pytest.MonkeyPatch, patient: Callable[[int], None]
) -> None:
    patient(25)
    pages = Pages()
    pages.interfaces = iter([LEFT] * 9)

    assert retired(monkeypatch, pages, ("network",)) == []


def test_nothing_is_waited_for_without_a_network() -> None:
    assert network.wait_until_empty(target(), {})
