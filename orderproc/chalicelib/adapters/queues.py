"""Hand accepted orders to their driver: SQS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.errors import TemporarilyUnavailable
from ..domain.order import Order
from ..jsonio import dumps


@dataclass(frozen=True)
class SqsHandOver:
    client: Any
    queue_url: str

    def hand_over(self, order: Order) -> None:
        body = {"orderId": order.order_id, "correlationId": order.correlation_id}
        try:
            self.client.send_message(QueueUrl=self.queue_url, MessageBody=dumps(body))
        except (ClientError, BotoCoreError) as error:
            # Whatever it was: the order is stored, and will be handed over again.
            raise TemporarilyUnavailable("The order queue did not take the message.") from error
