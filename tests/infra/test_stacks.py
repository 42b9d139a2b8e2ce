"""CloudFormation's stacks in each state that one can be found in: what is done, and what is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deploy import stack_events, stacks
from infra.errors import Refusal
from infra.target import Target
from tests.support.aws_stub import Call, Stub, refused

ID = "arn:aws:cloudformation:us-east-1:000000000000:stack/orderproc-prod/1234"
NOW = "2026-11-28T12:00:00Z"
OURS = {"orderproc:stage": "prod", "orderproc:region": "us-east-1", "orderproc:deployment": "d1"}


def answer(code: str, message: str) -> ClientError:
    return refused(code, Error={"Code": code, "Message": message})


GONE = answer("ValidationError", "Stack with id orderproc-prod does not exist")


class Cloud:
    """A stack that goes through the given states, one at each look; events of this operation and of earlier ones."""

    def __init__(self, *states: str, tags: dict[str, str] = OURS, **more: Any) -> None:
        self.states = list(states)
        self.more = more
        self.tags = tags
        self.events: list[dict[str, str]] = []
        self.errors: dict[str, list[ClientError]] = {}
        self.stub = Stub("cloudformation", self._answer)

    @property
    def done(self) -> list[str]:
        """What was asked for, but for looks."""
        return [one for one in self.stub.operations if not one.startswith("Describe")]

    def fails(self, operation: str, error: ClientError) -> None:
        self.errors.setdefault(operation, []).append(error)

    def says(self, resource: str, reason: str, *, earlier: bool = False) -> None:
        """The next failure, older ones first."""
        self.events.append({"resource": resource, "reason": reason, "token": "another" if earlier else ""})

    def apply(self, tmp_path: Path, **parameters: str) -> dict[str, str]:
        template = tmp_path / "template.yaml"
        template.write_text("Resources: {}")
        return stacks.apply(self.target, "orderproc-prod", template, {"Stage": "prod", **parameters})

    @property
    def target(self) -> Target:
        target = Target("prod", "us-east-1", "000000000000", "aws", None, boto3.Session(), "d1")
        target.__dict__["cloudformation"] = self.stub.client
        return target

    def _answer(self, call: Call) -> Any:
        if self.errors.get(call.operation):
            return self.errors[call.operation].pop(0)
        if call.operation == "DescribeStacks":
            return self._described()
        if call.operation == "DescribeStackEvents":
            return {"StackEvents": [self._event(number, one) for number, one in enumerate(self.events)][::-1]}
        return {"StackId": ID} if call.operation in ("CreateStack", "UpdateStack") else {}

    def _described(self) -> Any:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state == "GONE":
            return GONE
        outputs = [{"OutputKey": "Topic", "OutputValue": "arn:topic"}]
        stack = {"StackId": ID, "StackName": "orderproc-prod", "StackStatus": state, "Outputs": outputs}
        tags = [{"Key": key, "Value": value} for key, value in self.tags.items()]
        return {"Stacks": [{**stack, "CreationTime": NOW, "Tags": tags, **self.more}]}

    def _event(self, number: int, event: dict[str, str]) -> dict[str, Any]:
        tokens = [call.sent["ClientRequestToken"] for call in self.stub.calls if "ClientRequestToken" in call.sent]
        return {
            "StackId": ID,
            "StackName": "orderproc-prod",
            "EventId": str(number),
            "Timestamp": NOW,
            "LogicalResourceId": event["resource"],
            "ResourceType": "AWS::SQS::Queue",
            "ResourceStatus": "CREATE_FAILED",
            "ResourceStatusReason": event["reason"],
            "ClientRequestToken": event["token"] or tokens[-1],
        }


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting."""
    slept: list[float] = []
    monkeypatch.setattr(stack_events.time, "sleep", slept.append)
    return slept


def test_a_stack_that_does_not_exist_is_none() -> None:
    assert stack_events.describe(Cloud("GONE").stub.client, "orderproc-prod") is None
    assert stack_events.describe(Cloud("DELETE_COMPLETE").stub.client, ID) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDenied", "User is not authorized to perform cloudformation:DescribeStacks"),
        ("ValidationError", "1 validation error detected: Value 'a b' at 'stackName' failed to satisfy constraint"),
        ("Throttling", "Rate exceeded"),
    ],
)
def test_a_question_that_was_refused_is_no_answer(code: str, message: str) -> None:
    cloud = Stub("cloudformation")
    cloud.answers(answer(code, message))

    with pytest.raises(ClientError, match=code):
        stack_events.describe(cloud.client, "orderproc-prod")


def test_a_new_stack_is_made(tmp_path: Path) -> None:
    cloud = Cloud("GONE", "CREATE_IN_PROGRESS", "CREATE_COMPLETE")

    assert cloud.apply(tmp_path) == {"Topic": "arn:topic"}
    assert cloud.done == ["CreateStack"]


@pytest.mark.parametrize("state", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_FAILED"])
def test_a_whole_stack_is_updated(tmp_path: Path, state: str) -> None:
    cloud = Cloud(state, state, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE")

    assert cloud.apply(tmp_path) == {"Topic": "arn:topic"}
    assert cloud.done == ["UpdateStack"]


@pytest.mark.parametrize(
    ("was", "is_on", "chosen", "then"),
    [
        *(("false", False, "true", ["true"]), ("true", True, "true", []), ("true", True, "false", ["false"])),
        *(("false", False, "false", []), ("false", True, "false", [])),  # the last: an operator's own
    ],
)
def test_a_protected_stack_refuses_its_deletion(
    tmp_path: Path, was: str, is_on: bool, chosen: str, then: list[str]
) -> None:
    given = [{"ParameterKey": "DeletionProtection", "ParameterValue": was}]
    cloud = Cloud("UPDATE_COMPLETE", EnableTerminationProtection=is_on, Parameters=given)

    cloud.apply(tmp_path, DeletionProtection=chosen)

    calls = [call for call in cloud.stub.calls if call.operation == "UpdateTerminationProtection"]
    assert [str(call.sent["EnableTerminationProtection"]).lower() for call in calls] == then


def test_nothing_to_change_is_no_failure(tmp_path: Path) -> None:
    cloud = Cloud("UPDATE_COMPLETE")
    cloud.fails("UpdateStack", answer("ValidationError", "No updates are to be performed."))

    assert cloud.apply(tmp_path) == {"Topic": "arn:topic"}


@pytest.mark.parametrize("state", ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"])
def test_what_an_interrupted_deployment_left_in_progress_is_waited_for(
    tmp_path: Path, state: str, waits: list[float]
) -> None:
    cloud = Cloud(state, state, state, "UPDATE_COMPLETE")

    cloud.apply(tmp_path)

    assert cloud.done == ["UpdateStack"]
    assert len(waits) == 2


def test_a_deletion_in_progress_ends_before_the_stack_is_made_anew(tmp_path: Path) -> None:
    cloud = Cloud("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS", "GONE", "CREATE_COMPLETE")

    cloud.apply(tmp_path)

    assert cloud.done == ["CreateStack"]


@pytest.mark.parametrize(
    "state",
    ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS", "DELETE_FAILED"],
)
def test_what_was_never_whole_is_deleted_and_made_anew(tmp_path: Path, state: str) -> None:
    cloud = Cloud(state, state, state, state, "GONE", "CREATE_COMPLETE")

    cloud.apply(tmp_path)

    assert cloud.done == ["DeleteStack", "CreateStack"]


def test_a_rollback_that_got_stuck_goes_on_first(tmp_path: Path) -> None:
    stuck = "UPDATE_ROLLBACK_FAILED"
    cloud = Cloud(stuck, stuck, "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE")

    cloud.apply(tmp_path)

    assert cloud.done == ["ContinueUpdateRollback", "UpdateStack"]


def test_a_rollback_that_stays_stuck_is_said_with_its_way_out(tmp_path: Path) -> None:
    cloud = Cloud("UPDATE_ROLLBACK_FAILED")
    cloud.says("OrdersQueue", "The queue is gone")

    with pytest.raises(Refusal, match=r"OrdersQueue \(AWS::SQS::Queue\): The queue is gone\. .*--resources-to-skip"):
        cloud.apply(tmp_path)


def test_the_reason_is_the_first_of_this_operation_not_of_one_before(tmp_path: Path) -> None:
    cloud = Cloud("GONE", "DELETE_COMPLETE")
    cloud.says("OldTopic", "Broken last year", earlier=True)
    cloud.says("OrdersQueue", "You can only have 3 queues")
    cloud.says("PaymentQueue", "Resource creation cancelled")

    with pytest.raises(Refusal) as refused:
        cloud.apply(tmp_path)

    assert str(refused.value) == (
        "The stack orderproc-prod could not be made: OrdersQueue (AWS::SQS::Queue): You can only have 3 queues."
        " Put that right and deploy again."
    )
    asked = [call.sent["StackName"] for call in cloud.stub.calls if call.operation == "DescribeStackEvents"]
    assert asked == [ID]  # by its name a deleted stack is not found


def test_an_update_that_was_rolled_back_says_that_all_is_as_before(tmp_path: Path) -> None:
    cloud = Cloud("UPDATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    cloud.says("OrdersQueue", "No permission")

    with pytest.raises(Refusal, match="is as it was before: OrdersQueue"):
        cloud.apply(tmp_path)


def test_without_a_reason_none_is_invented(tmp_path: Path) -> None:
    cloud = Cloud("GONE", "DELETE_COMPLETE")
    silent = Cloud("GONE", "DELETE_COMPLETE")
    silent.fails("DescribeStackEvents", answer("AccessDenied", "Not you"))

    with pytest.raises(Refusal, match="CloudFormation gives no reason"):
        cloud.apply(tmp_path)
    with pytest.raises(Refusal, match=r"does not say why \(AccessDenied\)"):
        silent.apply(tmp_path)


def test_a_change_that_began_in_between_is_waited_for(tmp_path: Path) -> None:
    cloud = Cloud("UPDATE_COMPLETE")
    cloud.fails(
        "UpdateStack", answer("ValidationError", "Stack:x is in UPDATE_IN_PROGRESS state and can not be updated.")
    )

    cloud.apply(tmp_path)

    assert cloud.done == ["UpdateStack", "UpdateStack"]


def test_a_stack_that_others_keep_changing_is_left_to_them(tmp_path: Path) -> None:
    cloud = Cloud("UPDATE_COMPLETE")
    for _ in range(3):
        cloud.fails("UpdateStack", answer("ValidationError", "Stack:x is in UPDATE_IN_PROGRESS state"))

    with pytest.raises(Refusal, match="Others keep changing"):
        cloud.apply(tmp_path)


@pytest.mark.parametrize("operation", ["CreateStack", "UpdateStack", "DeleteStack"])
def test_what_cloudformation_refuses_is_one_sentence(tmp_path: Path, operation: str) -> None:
    first = {"CreateStack": "GONE", "UpdateStack": "UPDATE_COMPLETE", "DeleteStack": "ROLLBACK_COMPLETE"}[operation]
    cloud = Cloud(first)
    cloud.fails(operation, answer("AccessDenied", "User is not authorized to do this."))

    with pytest.raises(Refusal, match=r"User is not authorized to do this \(AccessDenied\)\. Put that right"):
        cloud.apply(tmp_path)


def test_what_can_not_be_deleted_is_said() -> None:
    cloud = Cloud("UPDATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_FAILED")
    cloud.says("DocumentsBucket", "The bucket is not empty")

    with pytest.raises(Refusal, match=r"could not be deleted: DocumentsBucket .*The bucket is not empty"):
        stacks.delete(cloud.target, "orderproc-prod")


def test_deleting_what_is_gone_does_nothing() -> None:
    cloud = Cloud("GONE")

    stacks.delete(cloud.target, "orderproc-prod")

    assert cloud.done == []


def test_nobody_waits_for_ever(waits: list[float]) -> None:
    cloud = Cloud("UPDATE_IN_PROGRESS")

    with pytest.raises(Refusal, match="orderproc-prod/1234 has been in progress for over an hour"):
        stack_events.when_idle(cloud.stub.client, ID)
    assert 3600 < sum(waits) < 3700


def test_who_waits_says_so_and_goes_on_asking_when_throttled(waits: list[float]) -> None:
    cloud = Cloud("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    cloud.fails("DescribeStacks", answer("Throttling", "Rate exceeded"))
    said: list[str] = []

    stack_events.when_idle(cloud.stub.client, ID)
    cloud.states = ["UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    stack_events.when_idle(cloud.stub.client, ID, said.append)

    assert said == ["Waiting for the stack orderproc-prod: UPDATE_IN_PROGRESS …"]
    assert len(waits) == 4


FOREIGN = {
    "an operator's": {"owner": "ops"},
    "untagged": {},
    "another deployment's": {**OURS, "orderproc:deployment": "d2"},
    "another region's": {**OURS, "orderproc:region": "eu-west-1"},
    "another stage's": {**OURS, "orderproc:stage": "test"},
}


@pytest.mark.parametrize("state", ["CREATE_COMPLETE", "DELETE_FAILED", "REVIEW_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
@pytest.mark.parametrize("tags", FOREIGN.values(), ids=FOREIGN)
def test_a_stack_of_somebody_else_is_neither_changed_nor_deleted(
    tmp_path: Path, tags: dict[str, str], state: str
) -> None:
    cloud = Cloud(state, tags=tags)

    with pytest.raises(Refusal, match="The stack orderproc-prod is not tagged as one of stage prod in us-east-1"):
        cloud.apply(tmp_path)
    stacks.delete(cloud.target, "orderproc-prod")

    assert cloud.done == []
