"""The turn of who changes staff, in the table of operations."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..kit.dynamodb import DynamoDBClient, if_it_holds, to_dynamodb
from ..kit.errors import TemporarilyUnavailable
from ..kit.wiring import service

PERMISSIONS = {
    "turn": ["dynamodb:PutItem table/operations access", "dynamodb:DeleteItem table/operations access"],
}
_KEY = {"scope": "access", "item": "staff"}
_SECONDS = 60
"""After which who has the turn is dead: the API's function ends after half of that."""


@service
class DynamoTurn:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time

    @contextmanager
    def __call__(self) -> Iterator[None]:
        holder = uuid.uuid4().hex
        self._take(holder)
        try:
            yield
        finally:
            self._give_back(holder)

    def _take(self, holder: str) -> None:
        now = int(self.seconds())
        taken = if_it_holds(
            lambda: self.client.put_item(
                TableName=self.table,
                Item=to_dynamodb({**_KEY, "holder": holder, "until": now + _SECONDS, "expiresAt": now + _SECONDS}),
                # Our own, where the answer to the SDK's first try was lost.
                ConditionExpression="attribute_not_exists(holder) OR #until < :now OR holder = :holder",
                ExpressionAttributeNames={"#until": "until"},
                ExpressionAttributeValues=to_dynamodb({":now": now, ":holder": holder}),
            )
        )
        if taken is None:
            raise TemporarilyUnavailable("Somebody else is changing staff: try again in a moment.")

    def _give_back(self, holder: str) -> None:
        if_it_holds(
            lambda: self.client.delete_item(
                TableName=self.table,
                Key=to_dynamodb(_KEY),
                ConditionExpression="holder = :holder",
                ExpressionAttributeValues=to_dynamodb({":holder": holder}),
            )
        )
