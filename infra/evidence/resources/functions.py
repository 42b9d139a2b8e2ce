"""Functions with what starts them, and the roles that they have."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from infra.evidence.kinds import Found, Looks
from infra.evidence.model import Cell, Group, lines, short, size
from infra.evidence.reading import Reader
from infra.evidence.resources import edge

FUNCTIONS, MAPPINGS, ROLES, MACHINES = "Functions", "Event source mappings", "Roles", "State machines"
VARIABLES = "Environment variables"


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """Of what computes."""
    started = triggers(reader, looks)
    return [
        Group(
            FUNCTIONS,
            ("Function", "Runtime", "Memory", "Timeout", "Concurrency", "Triggers", "Role", "Layers", "Variables"),
            [_function(reader, found, started[found.name]) for found in looks[FUNCTIONS]],
        ),
        Group(
            VARIABLES,
            ("Variable", "Functions that have it"),
            list(_variables(looks[FUNCTIONS])),
            "Names only: their values are not shown.",
        ),
        Group(
            MAPPINGS,
            ("Function", "Source", "State", "Batch", "Window", "At most at once", "Failures"),
            [_mapping(found.raw) for found in looks[MAPPINGS]],
        ),
        Group(
            MACHINES,
            ("State machine", "Type", "Status", "Role", "Logging", "Tracing"),
            [_machine(reader, found) for found in looks[MACHINES]],
            "The definition is drawn under Workflow.",
        ),
        Group(
            ROLES,
            ("Role", "Assumed by", "Statements"),
            [_role(reader, found) for found in looks[ROLES]],
            "Each statement with its actions and the names of the resources that it is for.",
        ),
    ]


def triggers(reader: Reader, looks: Looks) -> Mapping[str, list[str]]:
    """What starts each function, as the triggering services have it."""
    found = defaultdict(list)
    for by in (_by_mappings, _by_rules, _by_buckets, _by_machines):
        for function, words in by(reader, looks):
            found[function].append(words)
    for function, routes in edge.routes_by_function(reader, looks).items():
        found[function].append(f"apigateway: {routes} routes")
    return found


Started = Iterator[tuple[str, str]]


def _by_mappings(_: Reader, looks: Looks) -> Started:
    for mapping in looks[MAPPINGS]:
        source = mapping.raw.get("EventSourceArn", "")
        yield mapping.name, f"{source.split(':')[2] if source else 'unknown'}: {_source(source)}"


def _by_rules(reader: Reader, looks: Looks) -> Started:
    for rule in looks["EventBridge rules"]:
        for target in reader.pages(FUNCTIONS, "events", "list_targets_by_rule", "Targets", Rule=rule.name):
            if ":function:" in target["Arn"]:
                yield short(target["Arn"]), rule.raw.get("ScheduleExpression") or f"events: {rule.name}"


def _by_buckets(reader: Reader, looks: Looks) -> Started:
    for bucket in looks["Buckets"]:
        answer = reader.call(FUNCTIONS, "s3", "get_bucket_notification_configuration", Bucket=bucket.name)
        for one in answer.get("LambdaFunctionConfigurations", ()):
            yield short(one["LambdaFunctionArn"]), f"s3: {bucket.name}"


def _by_machines(reader: Reader, looks: Looks) -> Started:
    for machine in looks[MACHINES]:
        told = reader.call(FUNCTIONS, "stepfunctions", "describe_state_machine", stateMachineArn=arn_of(machine))
        for function in looks[FUNCTIONS]:
            if f':function:{function.name}"' in told.get("definition", ""):
                yield function.name, f"states: {machine.name}"


def arn_of(machine: Found) -> str:
    return str(machine.raw["stateMachineArn"])


def _source(arn: str) -> str:
    """Of a stream, its table."""
    return arn.split("/")[1] if ":table/" in arn else short(arn)


def _function(reader: Reader, found: Found, started: list[str]) -> list[Cell]:
    raw = found.raw
    reserved = reader.call(FUNCTIONS, "lambda", "get_function_concurrency", FunctionName=found.name)
    return [
        found.name,
        [str(raw.get("Runtime", "")), ", ".join(raw.get("Architectures", ()))],
        f"{raw.get('MemorySize')} MB",
        f"{raw.get('Timeout')} s",
        reserved.get("ReservedConcurrentExecutions", "unreserved"),
        lines(started),
        short(raw.get("Role")),
        [f"{short(layer['Arn'])} ({size(layer.get('CodeSize'))})" for layer in raw.get("Layers", ())],
        len(_names(found)),
    ]


def _names(found: Found) -> list[str]:
    return sorted(found.raw.get("Environment", {}).get("Variables", {}))


def _variables(functions: list[Found]) -> Iterator[list[Cell]]:
    """Chalice gives most of them to every function."""
    having = defaultdict(list)
    for function in functions:
        for name in _names(function):
            having[name].append(function.name)
    for name in sorted(having):
        yield [name, "all" if len(having[name]) == len(functions) else having[name]]


def _mapping(raw: Any) -> list[Cell]:
    return [
        short(raw.get("FunctionArn")),
        _source(raw.get("EventSourceArn", "")),
        raw.get("State", "").lower(),
        raw.get("BatchSize"),
        f"{raw.get('MaximumBatchingWindowInSeconds', 0)} s",
        raw.get("ScalingConfig", {}).get("MaximumConcurrency"),
        [
            *raw.get("FunctionResponseTypes", ()),
            *(
                [f"to {short(destination)}"]
                if (destination := raw.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination"))
                else []
            ),
        ],
    ]


def _machine(reader: Reader, found: Found) -> list[Cell]:
    told = reader.call(MACHINES, "stepfunctions", "describe_state_machine", stateMachineArn=arn_of(found))
    return [
        found.name,
        told.get("type", "").lower(),
        told.get("status", "").lower(),
        short(told.get("roleArn")),
        told.get("loggingConfiguration", {}).get("level", "off").lower(),
        "on" if told.get("tracingConfiguration", {}).get("enabled") else "off",
    ]


def _role(reader: Reader, found: Found) -> list[Cell]:
    statements = []
    for name in reader.pages(ROLES, "iam", "list_role_policies", "PolicyNames", RoleName=found.name):
        answer = reader.call(ROLES, "iam", "get_role_policy", RoleName=found.name, PolicyName=name)
        statements += _statements(answer.get("PolicyDocument", {}))
    attached = reader.pages(ROLES, "iam", "list_attached_role_policies", "AttachedPolicies", RoleName=found.name)
    statements += [f"attached: {policy['PolicyName']}" for policy in attached]
    return [found.name, _principals(found.raw.get("AssumeRolePolicyDocument", {})), statements]


def _document(document: Any) -> Any:
    """IAM's JSON is percent-encoded where botocore has not decoded it."""
    return json.loads(unquote(document)) if isinstance(document, str) else document


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _principals(document: Any) -> list[str]:
    found: set[str] = set()
    for statement in _listed(_document(document).get("Statement", [])):
        principal = statement.get("Principal", {})
        values = principal.values() if isinstance(principal, dict) else [principal]
        found.update(one for value in values for one in map(str, _listed(value)))
    return lines(found)


def _statements(document: Any) -> list[str]:
    shown = []
    for statement in _listed(_document(document).get("Statement", [])):
        actions = ", ".join(map(str, _listed(statement.get("Action", statement.get("NotAction", "")))))
        resources = ", ".join(_resource(str(arn)) for arn in _listed(statement.get("Resource", "*")))
        shown.append(f"{statement.get('Effect', 'Allow')} {actions} on {resources}")
    return shown


def _resource(arn: str) -> str:
    return arn.split(":", 5)[5] if arn.count(":") >= 5 else arn
