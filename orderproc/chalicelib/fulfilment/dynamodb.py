"""Orders by the numbers of their shipments, in the table of operations: scopes `shipment#<carrier>#<number>`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.dynamodb import Item, from_dynamodb, to_dynamodb
from ..kit.wiring import service
from .ports import ShipmentNumber

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SECONDS = 400 * 24 * 3600
"""Carriers use their numbers again, after years."""

PERMISSIONS = {
    "report": ["dynamodb:GetItem table/operations shipment#*", "dynamodb:PutItem table/operations shipment#*"],
}


@service
class DynamoShipmentNumbers:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time

    def note(self, number: ShipmentNumber) -> ShipmentNumber | None:
        # DynamoDB tidies expired items up to days late, so the time is judged here.
        free = "attribute_not_exists(orderId) OR orderId = :o OR expiresAt < :now"
        refused = self._put(number, free, {":o": number.order_id, ":now": int(self.seconds())})
        if refused is None:
            return None
        return ShipmentNumber(number.carrier, number.tracking_number, refused["orderId"], refused["at"])

    def take_over(self, number: ShipmentNumber, of: ShipmentNumber) -> bool:
        # The second alternative is our own write, repeated by the SDK after its reply was lost.
        as_before = "(orderId = :o AND #at = :at) OR (orderId = :new AND #at = :noted)"
        values = {":o": of.order_id, ":at": of.at, ":new": number.order_id, ":noted": number.at}
        return self._put(number, as_before, values, {"#at": "at"}) is None

    def order_of(self, carrier: str, tracking_number: str) -> str | None:
        key = to_dynamodb(_key(carrier, tracking_number))
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        values = from_dynamodb(item) if item else None
        return str(values["orderId"]) if values and values["expiresAt"] >= int(self.seconds()) else None

    def _put(
        self, number: ShipmentNumber, condition: str, values: Item, names: dict[str, str] | None = None
    ) -> Item | None:
        """None if it was put, else the item that is there."""
        item = {
            **_key(number.carrier, number.tracking_number),
            "orderId": number.order_id,
            "at": number.at,
            "expiresAt": int(self.seconds()) + _SECONDS,
        }
        request: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        try:
            self.client.put_item(
                TableName=self.table,
                Item=to_dynamodb(item),
                ConditionExpression=condition,
                ExpressionAttributeValues=to_dynamodb(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **request,
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return from_dynamodb(cast("Item", error.response.get("Item")))  # absent from botocore's stubs
        return None


def _key(carrier: str, tracking_number: str) -> dict[str, str]:
    # A `#` in the carrier's name would make one shipment of two.
    name = carrier.replace("%", "%25").replace("#", "%23")
    return {"scope": f"shipment#{name}#{tracking_number}", "item": "order"}
