"""CloudFormation stacks: create or update, read the outputs, delete; each call waits for its end."""

import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.deploy import dashboard
from infra.errors import Refusal

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudformation.literals import CapabilityType
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackTypeDef, TagTypeDef

_CAPABILITIES: list["CapabilityType"] = ["CAPABILITY_NAMED_IAM"]
_UNUSABLE = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS")


def apply(
    client: "CloudFormationClient",
    name: str,
    template: Path,
    parameters: Mapping[str, str],
    tags: Mapping[str, str],
) -> dict[str, str]:
    """Create the stack, or update it to the template; returns its outputs. Refuses when CloudFormation rolls
    back. CloudFormation puts the stack's tags on all that it makes.
    """
    existing = describe(client, name)
    if existing and existing["StackStatus"] in _UNUSABLE:
        delete(client, name)
        existing = None
    body = body_of(template)
    given: list[ParameterTypeDef] = [
        {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
    ]
    if existing is None:
        client.create_stack(
            StackName=name,
            TemplateBody=body,
            Parameters=given,
            Capabilities=_CAPABILITIES,
            OnFailure="DELETE",
            Tags=_tags(tags),
        )
    elif not _update(client, name, body, given, _tags(tags)):
        return outputs(existing)
    stack = _settled(client, name)
    if stack is None or stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise Refusal(f"The stack {name} could not be made: {_reason(client, name)} Put that right and deploy again.")
    return outputs(stack)


def body_of(template: Path) -> str:
    """The template with the state machines' definitions and the dashboard's body in it: the former are files of their
    own, so that tools for the States Language can read them; the latter is code (dashboard.py). A parameter
    takes 4,096 bytes, too few for either.
    """

    def text_of(match: re.Match[str]) -> str:
        definition = json.loads((template.parent / match[1]).read_text(encoding="utf-8"))
        return f"DefinitionString: {json.dumps(json.dumps(definition, separators=(',', ':')))}"

    whole = re.sub(r"DefinitionString: (\S+\.asl\.json).*", text_of, template.read_text(encoding="utf-8"))
    quoted = dashboard.body().replace("'", "''")
    return re.sub(r'DashboardBody: "{}".*', lambda _: f"DashboardBody: !Sub '{quoted}'", whole)


def describe(client: "CloudFormationClient", name: str) -> "StackTypeDef | None":
    """The stack, or None if there is none (any more)."""
    try:
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] == "ValidationError" and "does not exist" in said["Message"]:
            return None
        raise
    return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack


def outputs(stack: "StackTypeDef") -> dict[str, str]:
    """The stack's outputs by key."""
    return {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def delete(client: "CloudFormationClient", name: str) -> None:
    """Delete the stack, if it is there. Refuses when something in it cannot be deleted."""
    if describe(client, name) is None:
        return
    client.delete_stack(StackName=name)
    stack = _settled(client, name)
    if stack is not None:
        raise Refusal(f"The stack {name} could not be deleted: {_reason(client, name)} Remove that and try again.")


def _tags(tags: Mapping[str, str]) -> "list[TagTypeDef]":
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _update(
    client: "CloudFormationClient", name: str, body: str, given: "list[ParameterTypeDef]", tags: "list[TagTypeDef]"
) -> bool:
    try:
        client.update_stack(StackName=name, TemplateBody=body, Parameters=given, Capabilities=_CAPABILITIES, Tags=tags)
    except ClientError as error:
        if "No updates are to be performed" in error.response["Error"]["Message"]:
            return False
        raise
    return True


def _settled(client: "CloudFormationClient", name: str) -> "StackTypeDef | None":
    wait = 0.1
    while (stack := describe(client, name)) and stack["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(wait)
        wait = min(wait * 1.5, 5)
    return stack


def _reason(client: "CloudFormationClient", name: str) -> str:
    try:
        events = client.describe_stack_events(StackName=name)["StackEvents"]
    except ClientError:
        return "CloudFormation gives no reason."
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("FAILED")]
    if not failed:
        return "CloudFormation gives no reason."
    first = failed[-1]
    reason = first.get("ResourceStatusReason", "no reason given").rstrip(".")
    return f"{first.get('LogicalResourceId')}: {reason}."
