"""Hand accepted orders to their driver: the order queue, or an execution of the state machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.errors import TemporarilyUnavailable
from ..domain.order import Order
from ..jsonio import dumps
from .aws import code_of


@dataclass(frozen=True)
class SqsHandOver:
    client: Any
    queue_url: str

    def hand_over(self, order: Order) -> None:
        try:
            self.client.send_message(QueueUrl=self.queue_url, MessageBody=_payload(order))
        except (ClientError, BotoCoreError) as error:
            # Whatever it was: the order is stored, and will be handed over again.
            raise TemporarilyUnavailable("The order queue did not take the message.") from error


@dataclass(frozen=True)
class StepFunctionsHandOver:
    """An execution is named after its order, so that a second start is harmless. The housekeeper's later ones get a
    number: a name can't be used again for 90 days, and the first execution may have ended without the order."""

    client: Any
    state_machine_arn: str

    def hand_over(self, order: Order) -> None:
        try:
            self.client.start_execution(
                stateMachineArn=self.state_machine_arn, name=_execution_name(order), input=_payload(order)
            )
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and code_of(error) == "ExecutionAlreadyExists":
                return
            raise TemporarilyUnavailable("The state machine did not start.") from error


def execution_arn(state_machine_arn: str, order: Order) -> str:
    """The ARN of the order's execution: it follows from the names."""
    return f"{state_machine_arn.replace(':stateMachine:', ':execution:')}:{_execution_name(order)}"


def _execution_name(order: Order) -> str:
    return f"{order.order_id}-{order.handovers}" if order.handovers else order.order_id


def _payload(order: Order) -> str:
    return dumps({"orderId": order.order_id, "correlationId": order.correlation_id})
