"""Hand accepted orders to their driver: the order queue, or an execution of the state machine."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..kit.aws import code_of
from ..kit.errors import TemporarilyUnavailable
from ..kit.jsonio import dumps
from ..kit.wiring import service
from ..orders.model import Order

PERMISSIONS = {
    "send": ["sqs:SendMessage queue/{}"],
    "start_execution": [
        "states:StartExecution state-machine/orders",
        "states:StartExecution state-machine/orders-express",
    ],
}


@service
class SqsHandOver:
    client: Any
    queue_url: str

    def hand_over(self, order: Order) -> None:
        try:
            self.client.send_message(QueueUrl=self.queue_url, MessageBody=_payload(order))
        except (ClientError, BotoCoreError) as error:
            # Any error: the order is stored, and will be handed over again.
            raise TemporarilyUnavailable("The order queue did not take the message.") from error


@service
class StepFunctionsHandOver:
    """The first execution of an order is named after it; as long as that one runs, AWS answers a second start with it.
    Once it ended without the order, the next ones are numbered: a name can't be used again for 90 days."""

    client: Any
    state_machine_arn: str

    def hand_over(self, order: Order) -> None:
        # The order's own name first: then this is the execution whose ARN the customer got.
        if not self._start(order.order_id, order) and order.handovers:
            self._start(f"{order.order_id}-{order.handovers}", order)

    def _start(self, name: str, order: Order) -> bool:
        """False if an execution of that name ended already."""
        try:
            self.client.start_execution(stateMachineArn=self.state_machine_arn, name=name, input=_payload(order))
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and code_of(error) == "ExecutionAlreadyExists":
                return False
            raise TemporarilyUnavailable("The state machine did not start.") from error
        return True


def execution_arn(state_machine_arn: str, order: Order) -> str:
    """The ARN of the order's first execution: it follows from the names. There is no other before there is this one."""
    return f"{state_machine_arn.replace(':stateMachine:', ':execution:')}:{order.order_id}"


def _payload(order: Order) -> str:
    return dumps({"orderId": order.order_id, "correlationId": order.correlation_id})
