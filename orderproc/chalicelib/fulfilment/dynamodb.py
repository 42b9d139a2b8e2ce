"""Orders by the numbers of their shipments, in the table of operations: scopes `shipment#<carrier>#<number>`."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, get, put_if
from ..kit.wiring import service
from .ports import ShipmentNumber

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
        given = {":o": number.order_id, ":now": int(self.seconds())}
        refused = put_if(self.client, self.table, self._item(number), free, given)
        if refused is None:
            return None
        there = from_dynamodb(refused)
        return ShipmentNumber(number.carrier, number.tracking_number, there["orderId"], there["at"])

    def take_over(self, number: ShipmentNumber, of: ShipmentNumber) -> bool:
        # The second alternative is our own write, repeated by the SDK after its reply was lost.
        as_before = "(orderId = :o AND #at = :at) OR (orderId = :new AND #at = :noted)"
        given = {":o": of.order_id, ":at": of.at, ":new": number.order_id, ":noted": number.at}
        return put_if(self.client, self.table, self._item(number), as_before, given, at="at") is None

    def order_of(self, carrier: str, tracking_number: str) -> str | None:
        item = get(self.client, self.table, _key(carrier, tracking_number))
        values = from_dynamodb(item) if item else None
        return str(values["orderId"]) if values and values["expiresAt"] >= int(self.seconds()) else None

    def _item(self, number: ShipmentNumber) -> Item:
        return {
            **_key(number.carrier, number.tracking_number),
            "orderId": number.order_id,
            "at": number.at,
            "expiresAt": int(self.seconds()) + _SECONDS,
        }


def _key(carrier: str, tracking_number: str) -> dict[str, str]:
    # A `#` in the carrier's name would make one shipment of two.
    name = carrier.replace("%", "%25").replace("#", "%23")
    return {"scope": f"shipment#{name}#{tracking_number}", "item": "order"}
