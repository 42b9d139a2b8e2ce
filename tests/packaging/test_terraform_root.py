"""The root module takes what CloudFormation's templates take and gives what they give, under the same names in snake
case: a stage is described once, whichever of the two makes it."""

import json
import re
from typing import Any

import pytest

from infra.deploy.terraform import binary
from infra.paths import TEMPLATES as FOLDER
from tests.packaging import cloudformation
from tools.terraform import tables as terraform

TEMPLATES = {path.stem: cloudformation.load(path) for path in sorted(FOLDER.glob("*.yaml"))}
VARIABLES = terraform.declared("variable", terraform.TERRAFORM / "variables.tf")
VERSIONS = sorted(terraform.TERRAFORM.rglob("versions.tf"))
OUTPUTS = terraform.declared("output", terraform.TERRAFORM / "outputs.tf")
BETWEEN_STACKS = {
    *("AlarmsTopicArn", "OrderStateMachineArn", "PartnerKeyId", "PublishableKeyId"),
    *("KeyArn", "FirewallArn", "SiteFirewallArn"),
}
"""Parameters that one stack takes from another; modules do that among themselves."""
OF_ONE_STACK = {("workflow", "InUse"), ("firewall", "Scope")}
"""What tells apart two stacks of one template; Terraform makes both at once."""
OWN = {
    *("region", "deployment", "dashboard_body", "force_destroy"),
    *("kept_workflow_types", "keep_customer_key", "keep_private_network"),
}
"""Variables for what CloudFormation knows by itself, or the deployment does."""
GUARDS = {"keys": "customer_key", "network": "private_network", "firewall": "firewall"}
"""Templates that are optional, and the variable that chooses each."""


def variable_of(template: str, name: str) -> str:
    """The name of the variable for a template's parameter."""
    if name == "InUse":
        return GUARDS[template]
    shared = name in ("Stage", "LogRetentionDays", "DeletionProtection")
    return f"{template}_{snake(name)}" if template in GUARDS and not shared else snake(name)


def snake(name: str) -> str:
    """A name of CloudFormation's as Terraform writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


PARAMETERS: dict[str, list[tuple[str, dict[str, Any]]]] = {}
"""By the variable's name: each template that has the parameter, and what it says of it."""
for template, content in TEMPLATES.items():
    for name, given in content["Parameters"].items():
        if name not in BETWEEN_STACKS and (template, name) not in OF_ONE_STACK:
            PARAMETERS.setdefault(variable_of(template, name), []).append((template, given))
CASES = [(name, template, given) for name, all_given in PARAMETERS.items() for template, given in all_given]
IDS = [f"{template}-{name}" for name, template, _ in CASES]


def test_each_parameter_is_a_variable_and_no_more() -> None:
    assert set(VARIABLES) == set(PARAMETERS) | OWN


@pytest.mark.parametrize(("name", "template", "given"), CASES, ids=IDS)
def test_a_variable_has_its_parameters_default(name: str, template: str, given: dict[str, Any]) -> None:
    default = VARIABLES[name].arguments.get("default")

    if "Default" in given:
        assert _plain(default) == str(given["Default"])
    elif name == "stage":
        assert default is None
    else:  # its stack is made later, or only if chosen; the module is there from the beginning
        assert template in ("api", "network")
        assert default == '""'


@pytest.mark.parametrize(("name", "template", "given"), CASES, ids=IDS)
def test_a_variable_refuses_what_its_parameter_refuses(name: str, template: str, given: dict[str, Any]) -> None:
    variable = VARIABLES[name]

    if pattern := given.get("AllowedPattern"):
        assert _strings(variable.text, "regex") == [f"^(?:{pattern})$"]
    if "MinValue" in given:
        assert f"var.{name} >= {given['MinValue']} && var.{name} <= {given['MaxValue']}" in variable.text
    if given.get("AllowedValues") == ["true", "false"]:
        assert variable.arguments["type"] == "bool"
    elif allowed := given.get("AllowedValues"):
        listed = re.search(r"contains\(\s*(\[[^\]]*\])", variable.text)
        assert listed
        assert json.loads(listed[1]) == allowed


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_variable_says_what_its_parameter_says(name: str) -> None:
    said = {given["Description"].strip() for _, given in PARAMETERS[name] if "Description" in given}
    said = {one.replace("<Stage>", "<stage>").replace("SiteDomain", "site_domain") for one in said}

    if said:
        assert VARIABLES[name].description in said


def test_each_output_is_one_of_a_template() -> None:
    outputs = {snake(name) for template in TEMPLATES.values() for name in template.get("Outputs", ())}

    assert set(OUTPUTS) == outputs


def _plain(value: str | None) -> str:
    """A default as CloudFormation writes it."""
    return str(json.loads(value)) if value and value.startswith('"') else str(value)


def _strings(text: str, function: str) -> list[str]:
    """The first arguments of calls of the function."""
    return [json.loads(one) for one in re.findall(rf'{function}\(("(?:\\.|[^"\\])*")', text)]


def test_all_are_written_for_one_provider_the_functions_too() -> None:
    """A version before 6.8 refuses a queue's messages of a megabyte."""
    found = {path: re.findall(r'version = "(~> [\d.]+)"', path.read_text(encoding="utf-8")) for path in VERSIONS}

    assert len(found) > 10
    assert all(one == [binary.PROVIDER] for one in found.values()), found
