"""CloudFormation stacks: create or update, read the outputs, delete.

Each call waits for what another one, or an interrupted one, left in progress; then it acts, and waits for its own end.
An end that is no success is one sentence: what failed first in this very operation, and what to do.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html lists the states.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.deploy import dashboard, tags
from infra.deploy.stack_events import Say, describe, first_failure, quietly, when_idle
from infra.deploy.stack_events import parameters as stack_parameters
from infra.errors import Refusal
from infra.target import Target

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

_CAPABILITIES: list["CapabilityType"] = ["CAPABILITY_NAMED_IAM"]
_NEVER_MADE = (
    *("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS", "DELETE_FAILED"),
    *("IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED"),
)
"""Such a stack takes no update: it is deleted, and made anew."""
_WHOLE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_TRIES = 3
"""Of an update that meets another one which began in between."""


def apply(
    target: Target, name: str, template: Path, parameters: Mapping[str, str], say: Say = quietly
) -> dict[str, str]:
    """Create the stack, or update it to the template; returns its outputs. CloudFormation puts the stack's tags on all
    that it makes. Refuses when it can't be made or changed, and when it is not the stage's; a stack that could not be
    changed is as it was before.
    """
    client = target.cloudformation
    wanted: dict[str, Any] = {
        "TemplateBody": body_of(template, retained=parameters.get("DeletionProtection") == "true"),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": _CAPABILITIES,
        "Tags": tags.to_list(target.tags),
    }
    for _ in range(_TRIES):
        existing = _updatable(target, name, say)
        try:
            made = _create(client, name, wanted) if existing is None else _update(client, existing, wanted)
            _protect(client, name, existing, protected=parameters.get("DeletionProtection") == "true")
            return made
        except _Busy:
            continue
    raise Refusal(f"Others keep changing the stack {name}: wait until they are done, and deploy again.")


_HOLDS_DATA = re.compile(
    r"(    Type: AWS::(?:DynamoDB::Table|S3::Bucket|Cognito::UserPool|KMS::Key)\n    DeletionPolicy: )Delete\n"
)


def body_of(template: Path, *, retained: bool = False) -> str:
    """The template with the state machines' definitions and the dashboard's body in it: the former are files of their
    own, so that tools for the States Language can read them; the latter is code (dashboard.py). A parameter
    takes 4,096 bytes, too few for either. What holds data is `retained` when its stack is deleted, but for a first
    creation that fails: CloudFormation knows no condition there.
    """

    def text_of(match: re.Match[str]) -> str:
        definition = json.loads((template.parent / match[1]).read_text(encoding="utf-8"))
        return f"DefinitionString: {json.dumps(json.dumps(definition, separators=(',', ':')))}"

    text = template.read_text(encoding="utf-8")
    if retained:
        text = _HOLDS_DATA.sub(r"\1RetainExceptOnCreate\n", text)
    whole = re.sub(r"DefinitionString: (\S+\.asl\.json).*", text_of, text)
    quoted = dashboard.body().replace("'", "''")
    return re.sub(r'DashboardBody: "{}".*', lambda _: f"DashboardBody: !Sub '{quoted}'", whole)


def outputs(stack: "StackTypeDef") -> dict[str, str]:
    """The stack's outputs by key."""
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def delete(target: Target, name: str, say: Say = quietly) -> None:
    """Delete the stack, if it is there and its tags still say that it is the stage's. Refuses when something in it
    cannot be deleted."""
    client = target.cloudformation
    found = describe(client, name)
    stack = found and when_idle(client, _id(found), say)
    if stack is None or not tags.owns(target, stack):
        return
    _, token = _begin(f"The stack {name} could not be deleted", client.delete_stack, StackName=_id(stack))
    left = when_idle(client, _id(stack))
    if left is not None:
        why = first_failure(client, _id(stack), token)
        raise Refusal(f"The stack {name} could not be deleted: {why} Put that right and try again: it goes on there.")


def not_ours(target: Target, name: str) -> str:
    """A sentence for a name in use."""
    return (
        f"The stack {name} is not tagged as one of stage {target.stage} in {target.region}: remove it, or choose"
        " another stage's name."
    )


class _Busy(Refusal):
    """Something else began with the stack after it was looked at."""


def _begin(what: str, call: Callable[..., Any], **given: Any) -> tuple[Any, str]:
    """The call's answer, and the token that CloudFormation puts into all events of the operation; it also recognises a
    repeated call by it. Refuses with `what` and CloudFormation's reason."""
    token = f"deploy-{uuid.uuid4()}"
    try:
        return call(**given, ClientRequestToken=token), token
    except ClientError as error:
        said = error.response["Error"]
        busy = said["Code"] == "AlreadyExistsException" or re.search(r"does not exist|is in \w+ state", said["Message"])
        reason = f"{what}: {said['Message'].rstrip('.')} ({said['Code']}). Put that right and deploy again."
        raise (_Busy if busy else Refusal)(reason) from error


def _updatable(target: Target, name: str, say: Say) -> "StackTypeDef | None":
    """The stack in a state that takes updates, or None if it must be created. Refuses one that is stuck, or not the
    stage's."""
    client = target.cloudformation
    found = describe(client, name)
    stack = found and when_idle(client, _id(found), say)
    if stack is None:
        return None
    if not tags.owns(target, stack):
        raise Refusal(not_ours(target, name))
    if stack["StackStatus"] in _NEVER_MADE:
        delete(target, name)
        return None
    if stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED":
        return _rolled_back(client, stack)
    return stack


def _rolled_back(client: "CloudFormationClient", stack: "StackTypeDef") -> "StackTypeDef":
    """The stack after its rollback went on: what it failed of may have passed, or been put right."""
    name = stack["StackName"]
    what = f"The stack {name} is stuck in a rollback"
    _, token = _begin(what, client.continue_update_rollback, StackName=_id(stack))
    after = when_idle(client, _id(stack))
    if after is None or after["StackStatus"] == "UPDATE_ROLLBACK_FAILED":
        why = first_failure(client, _id(stack), token)
        raise Refusal(
            f"{what}: {why} Put that right and deploy again; or leave what can't be"
            f" put right out: aws cloudformation continue-update-rollback --stack-name {name} --resources-to-skip …"
        )
    return after


def _create(client: "CloudFormationClient", name: str, wanted: Mapping[str, Any]) -> dict[str, str]:
    what = f"The stack {name} could not be made"
    answer, token = _begin(what, client.create_stack, StackName=name, **wanted, OnFailure="DELETE")
    stack = when_idle(client, answer["StackId"])
    if stack is None or stack["StackStatus"] not in _WHOLE:
        raise Refusal(f"{what}: {first_failure(client, answer['StackId'], token)} Put that right and deploy again.")
    return outputs(stack)


def _update(client: "CloudFormationClient", existing: "StackTypeDef", wanted: Mapping[str, Any]) -> dict[str, str]:
    what = f"The stack {existing['StackName']} could not be changed"
    try:
        _, token = _begin(what, client.update_stack, StackName=_id(existing), **wanted)
    except Refusal as refusal:
        if "No updates are to be performed" in str(refusal):
            return outputs(existing)
        raise
    stack = when_idle(client, _id(existing))
    if stack is None:
        raise _Busy(what)
    if stack["StackStatus"] not in _WHOLE:
        why = first_failure(client, _id(existing), token)
        now = "is as it was before" if stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE" else "is changed in part"
        raise Refusal(f"{what}, and {now}: {why} Put that right and deploy again.")
    return outputs(stack)


def _protect(client: "CloudFormationClient", name: str, before: "StackTypeDef | None", *, protected: bool) -> None:
    """Let CloudFormation refuse to delete the stack, or no more. What an operator protected by hand stays so."""
    is_on = bool(before and before.get("EnableTerminationProtection"))
    was_ours = before is not None and stack_parameters(before).get("DeletionProtection") == "true"
    if protected != is_on and (protected or was_ours):
        client.update_termination_protection(StackName=name, EnableTerminationProtection=protected)


def _id(stack: "StackTypeDef") -> str:
    """The next stack uses the name again, and CloudFormation describes a deleted stack by its id only."""
    return stack.get("StackId") or stack["StackName"]
