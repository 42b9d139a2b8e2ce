"""How guards are chosen, remembered, refused where they can't be had, and removed."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.deploy import guards, network, stack_events, stacks, templates
from infra.deploy.terraform import remote
from infra.target import Target
from tests.packaging.network_in_memory import CHOICES, LEFT, OUTPUTS, REGION, Pages, ec2, target

MADE = {"Stage": "blue", "InUse": "true"}


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*CHOICES, "BEDROCK_MODEL_ID"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize("guard", ["FIREWALL", "PRIVATE_NETWORK"])
def test_what_only_commercial_regions_have_is_refused_elsewhere(monkeypatch: pytest.MonkeyPatch, guard: str) -> None:
    monkeypatch.setenv(guard, "true")
    (said,) = guards.problems(target("aws-us-gov"))

    assert said.startswith(f"{guard}=true is not possible in eu-central-1")


def test_nothing_is_asked_for_what_is_not_chosen() -> None:
    assert list(guards.problems(target("aws-us-gov"))) == []


@pytest.mark.parametrize("chosen", ["true", "false"])
@pytest.mark.parametrize("by", ["Terraform", "CloudFormation"])
def test_a_network_that_functions_are_in_does_not_move(monkeypatch: pytest.MonkeyPatch, by: str, chosen: str) -> None:
    """It would be made anew: Terraform deletes the endpoints first, and the functions reach nothing any more."""
    monkeypatch.setenv("PRIVATE_NETWORK", chosen)
    monkeypatch.setenv("NETWORK_CIDR", "10.2.0.0/24")
    noted = {"parameters": {"PrivateNetwork": "true", "NetworkCidr": "10.1.0.0/24"}}
    monkeypatch.setattr(remote, "stage", lambda _: noted if by == "Terraform" else None)
    monkeypatch.setattr(stack_events, "describe", lambda *_: stack({**MADE, "Cidr": "10.1.0.0/24"}))

    (said,) = guards.problems(target(ec2=ec2()))

    assert said.startswith("NETWORK_CIDR is '10.2.0.0/24', but the stage's network is 10.1.0.0/24")


def test_a_network_that_is_gone_may_come_back_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVATE_NETWORK", "true")
    monkeypatch.setenv("NETWORK_CIDR", "10.2.0.0/24")
    noted = {"parameters": {"PrivateNetwork": "false", "NetworkCidr": "10.1.0.0/24"}, "kept": ["CustomerKey"]}
    monkeypatch.setattr(remote, "stage", lambda _: noted)

    assert list(guards.problems(target(ec2=ec2()))) == []


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


@pytest.mark.parametrize(
    ("stage", "chosen", "kept"), [("prod", "", True), ("prod", "false", False), ("blue", "true", True)]
)
def test_the_key_of_a_protected_stage_is_kept_as_its_data_are(
    monkeypatch: pytest.MonkeyPatch, stage: str, chosen: str, kept: bool
) -> None:
    monkeypatch.setenv("CUSTOMER_KEY", "true")
    monkeypatch.setenv("DELETION_PROTECTION", chosen)

    given = templates.parameters("keys", stage, {})
    body = stacks.body_of(templates.TEMPLATES / "keys.yaml", retained=given["DeletionProtection"] == "true")

    assert given == {"Stage": stage, "InUse": "true", "DeletionProtection": str(kept).lower()}
    assert ("Type: AWS::KMS::Key\n    DeletionPolicy: RetainExceptOnCreate" in body) is kept


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
    templates.retire(target(ec2=pages), OUTPUTS)
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


def test_a_network_whose_interfaces_stay_is_left_for_the_next_deployment(
    monkeypatch: pytest.MonkeyPatch, patient: Callable[[int], None]
) -> None:
    patient(25)
    pages = Pages()
    pages.interfaces = iter([LEFT] * 9)

    assert retired(monkeypatch, pages, ("network",)) == []
