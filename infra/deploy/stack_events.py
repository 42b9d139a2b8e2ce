"""What a stack is doing, and why it failed."""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.errors import Refusal

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef, StackTypeDef

Say = Callable[[str], None]
_THROTTLED = ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException")
_REVIEW = "REVIEW_IN_PROGRESS"
"""A change set that was never executed: its state ends in IN_PROGRESS, although nothing is in progress."""
_PATIENCE = 3600.0
"""Seconds. The slowest of a stage's resources take minutes."""
_LONGEST_PAUSE = 5.0
_FOLLOWS = ("cancelled", "The following resource(s) failed to")
"""In the reasons of what failed only because something else had."""


def quietly(_: str) -> None:
    """For who shows no progress."""


def describe(client: "CloudFormationClient", name: str) -> "StackTypeDef | None":
    """The stack of this name or id, or None if there is none (any more)."""
    try:
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] == "ValidationError" and "does not exist" in said["Message"]:
            return None
        raise
    return None if stack["StackStatus"] == "DELETE_COMPLETE" else stack


def parameters(stack: "StackTypeDef") -> dict[str, str]:
    """What the stack was given, by name."""
    return {one["ParameterKey"]: one.get("ParameterValue", "") for one in stack.get("Parameters", ())}


def when_idle(client: "CloudFormationClient", stack_id: str, say: Say = quietly) -> "StackTypeDef | None":
    """The stack once nothing is in progress; None if it is gone. Says once that it waits. Refuses to wait for over an
    hour."""
    wait, waited = 0.1, 0.0
    while waited <= _PATIENCE:
        try:
            stack = describe(client, stack_id)
        except ClientError as error:  # a question too many is no answer
            if error.response["Error"]["Code"] not in _THROTTLED:
                raise
        else:
            if stack is None or not _in_progress(stack["StackStatus"]):
                return stack
            if not waited:
                say(f"Waiting for the stack {stack['StackName']}: {stack['StackStatus']} …")
        time.sleep(wait)
        waited, wait = waited + wait, min(wait * 1.5, _LONGEST_PAUSE)
    raise Refusal(
        f"The stack {stack_id.rpartition(':stack/')[2]} has been in progress for over an hour: look at it in"
        " CloudFormation's console, and try again when it is done."
    )


def first_failure(client: "CloudFormationClient", stack_id: str, token: str) -> str:
    """What failed first in the operation of this token, and why, as a sentence."""
    try:
        failed = [event for event in _events(client, stack_id, token) if event["ResourceStatus"].endswith("FAILED")]
    except ClientError as error:
        return f"CloudFormation does not say why ({error.response['Error']['Code']})."
    causes = [event for event in failed if not any(sign in event.get("ResourceStatusReason", "") for sign in _FOLLOWS)]
    if not failed:
        return "CloudFormation gives no reason."
    first = (causes or failed)[0]
    reason = first.get("ResourceStatusReason", "no reason given").strip().rstrip(".")
    return f"{first.get('LogicalResourceId')} ({first.get('ResourceType', 'of no type')}): {reason}."


def _events(client: "CloudFormationClient", stack_id: str, token: str) -> "Iterator[StackEventTypeDef]":
    """Of this operation, oldest first: CloudFormation lists the newest first, and those of all the stack's life."""
    found: list[StackEventTypeDef] = []
    for page in client.get_paginator("describe_stack_events").paginate(StackName=stack_id):
        mine = [event for event in page["StackEvents"] if event.get("ClientRequestToken") == token]
        found += mine
        if found and not mine:
            break  # the operations before
    return (event for event in reversed(found) if "ResourceStatus" in event)


def _in_progress(status: str) -> bool:
    return status.endswith("IN_PROGRESS") and status != _REVIEW
