"""A stage's stacks: several templates, since CloudFormation takes 51,200 bytes of each. Their outputs are one mapping.

The API's stack is apart (`post_deploy.py`): it can be made only after `chalice deploy`."""

import os
from collections.abc import Mapping

from infra.deploy import stacks
from infra.paths import TEMPLATES
from infra.target import Target

CHOOSABLE = {
    "resources": {
        "OrderEvents": "ORDER_EVENTS",
        "MaxReceives": "MAX_RECEIVES",
        "DeletionProtection": "DELETION_PROTECTION",
        "StaffMfa": "STAFF_MFA",
        "DocumentsKeptDays": "DOCUMENTS_KEPT_DAYS",
    },
    "logs": {"LogRetentionDays": "LOG_RETENTION_DAYS"},
    "workflow": {"LogRetentionDays": "LOG_RETENTION_DAYS", "WorkflowType": "WORKFLOW_TYPE", "Tracing": "TRACING"},
    "alarms": {"AlarmEmail": "ALARM_EMAIL", "RunbookUrl": "RUNBOOK_URL"},
    "dashboard": {},
}
"""The templates in the order in which they are made; for each its parameters that the environment may set."""
_ON_AN_EMULATOR = {"resources": {"MaxReceives": "5"}}
"""There each try that fails costs a second for its pause and another two for a new process."""
_FOR_STAGES = {stage: {"resources": {"DeletionProtection": "true"}} for stage in ("prod", "production", "live")}
"""What nobody should have to think of."""
_FROM_OTHERS = {"alarms": ("AlarmsTopicArn", "OrderStateMachineArn")}
"""Parameters that are outputs, of the same name, of a template before."""


def names(target: Target) -> list[str]:
    """Of the stage's stacks, in the order in which they are made."""
    return [_stack(target, template) for template in CHOOSABLE]


def apply(target: Target) -> dict[str, str]:
    """Make or update all of them; returns their outputs. Refuses when CloudFormation rolls back."""
    outputs: dict[str, str] = {}
    for template in CHOOSABLE:
        quicker = _ON_AN_EMULATOR.get(template, {}) if target.is_emulator else {}
        given = {**quicker, **parameters(template, target.stage, outputs)}
        path = TEMPLATES / f"{template}.yaml"
        outputs |= stacks.apply(target.cloudformation, _stack(target, template), path, given)
    return outputs


def parameters(template: str, stage: str, outputs: Mapping[str, str]) -> dict[str, str]:
    """What the template is given: the stage, what others put out, and what the deployer chose."""
    chosen = {name: os.environ.get(variable) for name, variable in CHOOSABLE[template].items()}
    linked = {name: outputs[name] for name in _FROM_OTHERS.get(template, ())}
    safer = _FOR_STAGES.get(stage, {}).get(template, {})
    return {"Stage": stage, **linked, **safer, **{name: value for name, value in chosen.items() if value}}


def outputs(target: Target) -> dict[str, str]:
    """Of all that are there; empty if the stage was never made."""
    found: dict[str, str] = {}
    for name in names(target):
        stack = stacks.describe(target.cloudformation, name)
        found |= stacks.outputs(stack) if stack else {}
    return found


def is_protected(target: Target) -> bool:
    """Whether tables and users refuse to be deleted."""
    stack = stacks.describe(target.cloudformation, _stack(target, "resources"))
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])} if stack else {}
    return given.get("DeletionProtection") == "true"


def delete(target: Target) -> None:
    """Those that use others' outputs first."""
    for name in reversed(names(target)):
        stacks.delete(target.cloudformation, name)


def _stack(target: Target, template: str) -> str:
    return target.prefix if template == "resources" else f"{target.prefix}-{template}"
