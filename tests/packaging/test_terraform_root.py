"""The root module takes what CloudFormation's templates take and gives what they give, under the same names in snake
case: a stage is described once, whichever of the two makes it."""

import json
import re
from typing import Any

import pytest

from infra.paths import TEMPLATES as FOLDER
from tests.packaging import cloudformation
from tools.terraform import tables as terraform

TEMPLATES = {path.stem: cloudformation.load(path) for path in sorted(FOLDER.glob("*.yaml"))}
VARIABLES = terraform.declared("variable", terraform.TERRAFORM / "variables.tf")
OUTPUTS = terraform.declared("output", terraform.TERRAFORM / "outputs.tf")
BETWEEN_STACKS = {"AlarmsTopicArn", "OrderStateMachineArn", "PartnerKeyId", "PublishableKeyId", "InUse"}
"""Parameters that one stack takes from another; modules do that among themselves."""
OWN = {"region", "deployment", "kept_workflow_types", "dashboard_body", "force_destroy"}
"""Variables for what CloudFormation knows by itself, or the deployment does."""
PARAMETERS: list[tuple[str, dict[str, Any]]] = [
    (name, given)
    for template in TEMPLATES.values()
    for name, given in template["Parameters"].items()
    if name not in BETWEEN_STACKS
]


def test_each_parameter_is_a_variable_and_no_more() -> None:
    parameters = {snake(name) for name, _ in PARAMETERS}

    assert set(VARIABLES) == parameters | OWN


@pytest.mark.parametrize(("name", "given"), PARAMETERS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_variable_has_its_parameters_default(name: str, given: dict[str, Any]) -> None:
    default = VARIABLES[snake(name)].arguments.get("default")

    if name == "RestApiId":  # the stack is made when there is an API; the module is there before
        assert default == '""'
    elif "Default" in given:
        assert _plain(default) == str(given["Default"])
    else:
        assert default is None


@pytest.mark.parametrize(("name", "given"), PARAMETERS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_variable_refuses_what_its_parameter_refuses(name: str, given: dict[str, Any]) -> None:
    variable = VARIABLES[snake(name)]

    if pattern := given.get("AllowedPattern"):
        assert _strings(variable.text, "regex") == [f"^(?:{pattern})$"]
    if "MinValue" in given:
        limits = f"var.{variable.name} >= {given['MinValue']} && var.{variable.name} <= {given['MaxValue']}"
        assert limits in variable.text
    if given.get("AllowedValues") == ["true", "false"]:
        assert variable.arguments["type"] == "bool"
    elif allowed := given.get("AllowedValues"):
        listed = re.search(r"contains\(\s*(\[[^\]]*\])", variable.text)
        assert listed
        assert json.loads(listed[1]) == allowed


@pytest.mark.parametrize(("name", "given"), PARAMETERS, ids=lambda one: one if isinstance(one, str) else "")
def test_a_variable_says_what_its_parameter_says(name: str, given: dict[str, Any]) -> None:
    said = given.get("Description", "").strip()
    for other, _ in PARAMETERS:
        said = re.sub(rf"(?<![-<]){other}\b", snake(other), said) if other != "Stage" else said

    if said:
        assert VARIABLES[snake(name)].description == said.replace("<Stage>", "<stage>")


def test_each_output_is_one_of_a_template() -> None:
    outputs = {snake(name) for template in TEMPLATES.values() for name in template.get("Outputs", ())}

    assert set(OUTPUTS) == outputs


def _plain(value: str | None) -> str:
    """A default as CloudFormation writes it."""
    return str(json.loads(value)) if value and value.startswith('"') else str(value)


def _strings(text: str, function: str) -> list[str]:
    """The first arguments of calls of the function."""
    return [json.loads(one) for one in re.findall(rf'{function}\(("(?:\\.|[^"\\])*")', text)]


def snake(name: str) -> str:
    """A name of CloudFormation's as Terraform writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
