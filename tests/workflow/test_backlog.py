"""What is on its way to the drivers: which queue an order waits in, and whether one of its executions is running."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import HistoryRow, Status
from chalicelib.workflow.backlog import AwsBacklog
from chalicelib.workflow.ports import Depth

from tests.support.aws_stub import Call, Stub, refused
from tests.support.builders.examples import NOW, order

pytestmark = pytest.mark.usefixtures("pauses")

MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:orders"
FIRST = "arn:aws:states:us-east-1:000000000000:execution:orders:o-1"
SECOND = f"{FIRST}-2"
URLS = {name: f"https://sqs.test/{name}" for name in ("queue", "inventory", "payment", "shipping")}
DEPTHS = {URLS["queue"]: Depth(3, 2, 1), URLS["payment"]: Depth(0, 0, 0)}


@pytest.fixture
def states() -> Stub:
    return Stub("stepfunctions")


@pytest.fixture
def backlog(states: Stub) -> AwsBacklog:
    return AwsBacklog(lambda: states.client, URLS, MACHINE, DEPTHS.__getitem__)


def execution(status: str) -> dict[str, Any]:
    return {"executionArn": FIRST, "stateMachineArn": MACHINE, "status": status, "startDate": 0}


def handed_over(times: int) -> Any:
    return order(order_id="o-1", workflow="stepfunctions", handovers=times)


@pytest.mark.parametrize("status", Status)
def test_orders_of_the_queue_wait_in_the_order_queue_wherever_they_are(backlog: AwsBacklog, status: Status) -> None:
    assert backlog.queue_of(order(workflow="queue", history=(HistoryRow(status, NOW),))) == URLS["queue"]


@pytest.mark.parametrize("status", Status)
def test_orders_of_the_state_machine_wait_in_no_queue(backlog: AwsBacklog, status: Status) -> None:
    assert backlog.queue_of(order(workflow="stepfunctions", history=(HistoryRow(status, NOW),))) is None


@pytest.mark.parametrize(
    ("status", "queue"),
    [
        (Status.PENDING, "inventory"),
        (Status.VALIDATING, "inventory"),
        (Status.INVENTORY_CHECK, "inventory"),
        (Status.PAYMENT_PROCESSING, "payment"),
        (Status.FULFILLMENT, "shipping"),
    ],
)
def test_orders_of_events_wait_in_the_queue_of_their_next_step(backlog: AwsBacklog, status: Status, queue: str) -> None:
    assert backlog.queue_of(order(workflow="events", history=(HistoryRow(status, NOW),))) == URLS[queue]


def test_a_queue_is_as_deep_as_sqs_says(backlog: AwsBacklog) -> None:
    assert backlog.depth(URLS["queue"]) == Depth(3, 2, 1)
    assert backlog.depth(URLS["payment"]) == Depth(0, 0, 0)


def test_the_first_execution_is_named_after_the_order(states: Stub, backlog: AwsBacklog) -> None:
    states.answers(execution("RUNNING"))

    assert backlog.is_running(handed_over(0))
    assert states.calls == [("DescribeExecution", {"executionArn": FIRST})]


@pytest.mark.parametrize("ended", ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"])
def test_an_execution_that_ended_is_not_running(states: Stub, backlog: AwsBacklog, ended: str) -> None:
    states.answers(execution(ended))

    assert not backlog.is_running(handed_over(0))
    assert states.sent == [{"executionArn": FIRST}]


def test_an_execution_that_was_never_started_is_not_running(states: Stub, backlog: AwsBacklog) -> None:
    states.answers(refused("ExecutionDoesNotExist"))

    assert not backlog.is_running(handed_over(0))


@pytest.mark.parametrize("in_use", [MACHINE, f"{MACHINE}-express"])
def test_executions_of_the_machine_used_before_count(states: Stub, in_use: str) -> None:
    states.answers(execution("RUNNING"))

    assert AwsBacklog(lambda: states.client, URLS, in_use, DEPTHS.__getitem__).is_running(handed_over(0))
    assert states.sent == [{"executionArn": FIRST}]


def test_a_machine_that_keeps_no_executions_runs_none(states: Stub, backlog: AwsBacklog) -> None:
    states.answers(refused("InvalidArn"))

    assert not backlog.is_running(handed_over(0))


def _second(status: str | None) -> Any:
    """The first execution is gone, and the one of the second hand-over is as told."""

    def answer(call: Call) -> Any:
        if call.sent["executionArn"] == SECOND and status:
            return execution(status)
        return refused("ExecutionDoesNotExist") if call.sent["executionArn"] != FIRST else execution("FAILED")

    return answer


@pytest.mark.parametrize(("status", "running"), [("RUNNING", True), ("SUCCEEDED", False), (None, False)])
def test_the_execution_of_the_last_hand_over_counts_as_well(
    states: Stub, backlog: AwsBacklog, status: str | None, running: bool
) -> None:
    states.otherwise = _second(status)

    assert backlog.is_running(handed_over(2)) is running
    assert [sent["executionArn"] for sent in states.sent] == [FIRST, SECOND]


def test_as_long_as_the_first_execution_runs_no_other_is_asked_for(states: Stub, backlog: AwsBacklog) -> None:
    states.answers(execution("RUNNING"))

    assert backlog.is_running(handed_over(2))
    assert len(states.calls) == 1


@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException"),
        refused("AccessDeniedException"),
        refused("InternalServerError", 500),
        EndpointConnectionError(endpoint_url="https://states.test"),
    ],
)
@pytest.mark.parametrize("before", [[], [execution("FAILED")]])
def test_no_answer_is_not_taken_for_no_execution(
    states: Stub, backlog: AwsBacklog, error: Exception, before: list[dict[str, Any]]
) -> None:
    states.answers(*before, error)

    with pytest.raises(TemporarilyUnavailable):
        backlog.is_running(handed_over(1))
