"""Executions of the state machine: named after their order, and one at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.workflow.hand_over import StepFunctionsHandOver, execution_arn

from tests.support.builders.examples import order

MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:orderproc-test-orders"


class StepFunctions:
    """As StartExecution treats names: the one of a running execution is answered with it, the one of an ended execution
    is refused."""

    def __init__(self) -> None:
        self.inputs: dict[str, str] = {}
        self.ended: set[str] = set()
        self.unreachable = False

    def start_execution(self, *, stateMachineArn: str, name: str, input: str) -> None:  # noqa: A002, N803 - AWS's names
        if self.unreachable:
            raise EndpointConnectionError(endpoint_url="https://states.test")
        if name in self.ended or self.inputs.setdefault(name, input) != input:
            raise ClientError({"Error": {"Code": "ExecutionAlreadyExists", "Message": name}}, "StartExecution")

    @property
    def arns(self) -> list[str]:
        return [f"{MACHINE.replace(':stateMachine:', ':execution:')}:{name}" for name in self.inputs]


def test_an_execution_is_named_after_its_order_and_gets_ids_not_orders() -> None:
    aws, placed = StepFunctions(), order(order_id="abc", correlation_id="corr-1")

    StepFunctionsHandOver(aws, MACHINE).hand_over(placed)

    assert aws.inputs == {"abc": '{"orderId":"abc","correlationId":"corr-1"}'}
    assert aws.arns == ["arn:aws:states:us-east-1:000000000000:execution:orderproc-test-orders:abc"]


@pytest.mark.parametrize(("ended", "started"), [(set(), ["abc"]), ({"abc"}, ["abc", "abc-2"])])
def test_a_second_execution_begins_only_when_the_first_has_ended(ended: set[str], started: list[str]) -> None:
    aws, placed = StepFunctions(), order(order_id="abc", correlation_id="corr-1")
    StepFunctionsHandOver(aws, MACHINE).hand_over(placed)
    aws.ended = ended

    for _ in range(2):
        StepFunctionsHandOver(aws, MACHINE).hand_over(replace(placed, handovers=2))

    assert list(aws.inputs) == started


def test_the_execution_that_the_customer_was_told_is_the_one_that_runs_though_it_began_late() -> None:
    aws, placed = StepFunctions(), order(order_id="abc", correlation_id="corr-1")
    hand_over, aws.unreachable = StepFunctionsHandOver(aws, MACHINE), True
    with pytest.raises(TemporarilyUnavailable):
        hand_over.hand_over(placed)
    told = execution_arn(MACHINE, placed)

    aws.unreachable = False
    later = replace(placed, handovers=3)  # the housekeeper counts before it hands over
    hand_over.hand_over(later)

    assert aws.arns == [told]
    assert execution_arn(MACHINE, later) == told
