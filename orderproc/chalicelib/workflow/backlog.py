"""What is on its way to the drivers of orders: in their queues, or in executions of the state machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..kit.aws import unless
from ..kit.errors import TemporarilyUnavailable
from ..kit.wiring import service
from ..orders.model import Order, Status
from .hand_over import execution_arn
from .ports import Depth

_STEPS = {Status.PAYMENT_PROCESSING: "payment", Status.FULFILLMENT: "shipping"}
"""Of the workflow `events`: whose queue brings the next step."""

_NO_EXECUTION = ("ExecutionDoesNotExist", "InvalidArn")
"""The second is the answer about a machine that keeps no executions to look at: of the type EXPRESS."""

PERMISSIONS = {
    "executions": ["states:DescribeExecution execution/orders"],
}


@service
class AwsBacklog:
    """`urls` names the queues `queue`, and `inventory`, `payment`, `shipping` of the workflow `events`."""

    stepfunctions: Callable[[], Any]
    urls: Mapping[str, str]
    state_machine_arn: str
    depth: Callable[[str], Depth]

    def queue_of(self, order: Order) -> str | None:
        if order.workflow == "stepfunctions":
            return None
        return self.urls["queue" if order.workflow == "queue" else _STEPS.get(order.status, "inventory")]

    def is_running(self, order: Order) -> bool:
        # Only executions of the type STANDARD can be looked at: also those begun before the stage got the other type.
        first = execution_arn(self.state_machine_arn.removesuffix("-express"), order)
        return self._runs(first) or (order.handovers > 0 and self._runs(f"{first}-{order.handovers}"))

    def _runs(self, arn: str) -> bool:
        call = partial(self.stepfunctions().describe_execution, executionArn=arn)
        try:
            found = unless(_NO_EXECUTION, call)
        except (ClientError, BotoCoreError) as error:
            raise TemporarilyUnavailable("The state machine does not say what it is doing.") from error
        return found is not None and bool(found["status"] == "RUNNING")
