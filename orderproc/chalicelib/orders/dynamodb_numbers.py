"""Leases of order numbers: one counter in the table of operations, which each lease moves on by one atomic update."""

from __future__ import annotations

from ..kit.dynamodb import DynamoDBClient, from_dynamodb, to_dynamodb
from ..kit.wiring import service
from .numbers import FIRST

_KEY = {"scope": "order-numbers", "item": "next"}

PERMISSIONS = {
    "lease": ["dynamodb:UpdateItem table/operations order-numbers"],
}


@service
class DynamoNumberLeases:
    client: DynamoDBClient
    table: str

    def lease(self, count: int) -> int:
        # An update that the SDK repeats because its reply was lost leases twice: the first block is a gap.
        answer = self.client.update_item(
            TableName=self.table,
            Key=to_dynamodb(_KEY),
            UpdateExpression="SET #next = if_not_exists(#next, :first) + :count",
            ExpressionAttributeNames={"#next": "next"},
            ExpressionAttributeValues=to_dynamodb({":first": FIRST, ":count": count}),
            ReturnValues="UPDATED_NEW",
        )
        return int(from_dynamodb(answer["Attributes"])["next"]) - count
