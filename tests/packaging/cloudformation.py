"""Reads a CloudFormation template; intrinsic functions become `{"Ref": …}`, `{"Fn::Sub": …}`, `{"Fn::GetAtt": …}`."""

from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc,unused-ignore] # without stubs it is Any
    pass


def _intrinsic(loader: yaml.Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix == "Ref" else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _intrinsic)


def load(path: Path) -> Template:
    """The template as plain data."""
    template: Template = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


def of_type(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of each resource of a type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def resolved(value: Any, **conditions: bool) -> Any:
    """The value with these conditions decided; others stay as they are."""
    if isinstance(value, list):
        return [one for one in (resolved(part, **conditions) for part in value) if one != NOTHING]
    if not isinstance(value, dict):
        return value
    if (chosen := value.get("Fn::If")) and chosen[0] in conditions:
        return resolved(chosen[1] if conditions[chosen[0]] else chosen[2], **conditions)
    parts = {key: resolved(part, **conditions) for key, part in value.items()}
    return {key: part for key, part in parts.items() if part != NOTHING}


NOTHING = {"Ref": "AWS::NoValue"}


def ref(name: str) -> dict[str, str]:
    """What `!Ref name` reads as."""
    return {"Ref": name}


def arn(name: str) -> dict[str, str]:
    """What `!GetAtt name.Arn` reads as."""
    return {"Fn::GetAtt": f"{name}.Arn"}


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a resource's policy."""
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def tls_denials(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements that refuse plain HTTP to everyone."""
    return [
        statement
        for policy in policies
        for statement in statements(policy)
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    ]


def resources(statement: dict[str, Any]) -> list[Any]:
    """Those that a statement is about."""
    listed = statement["Resource"]
    return listed if isinstance(listed, list) else [listed]
