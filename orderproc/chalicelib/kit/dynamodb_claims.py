"""Claims in DynamoDB."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from .claims import IN_FLIGHT, Claim, ClaimState
from .clock import from_millis, to_millis
from .damaged_items import Report, readable, reads, unreported
from .dynamodb import DynamoDBClient, Item, batch_get, from_dynamodb, if_it_holds, put_if, to_dynamodb
from .wiring import service

CLAIM_SECONDS = 30 * 24 * 3600
"""Long after the last redelivery: queues keep a message for 14 days."""
_LIMITED = 2 * 24 * 3600
"""So long a day's limit is remembered."""
PERMISSIONS = {
    "claim": ["dynamodb:PutItem table/claims"],
    "release": ["dynamodb:DeleteItem table/claims"],
    "look_up": ["dynamodb:BatchGetItem table/claims"],
    "count_against_limit": ["dynamodb:UpdateItem table/claims"],
}


@service
class DynamoClaims:
    """An item without a state was claimed by an earlier version, or for something else, and counts as SENT."""

    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time
    report: Report = unreported

    def claim(self, occasion: str, asked_at: str | None = None) -> bool:
        now = int(self.seconds())
        token = secrets.token_hex(8)
        # DynamoDB tidies expired items up to days late, so the time is judged here.
        condition = "attribute_not_exists(claim) OR expiresAt < :now"
        values: dict[str, Any] = {":now": now}
        if asked_at is not None:
            # As a claim expires whose process can't be sending any more at that time.
            old = to_millis(asked_at) // 1000 - int(IN_FLIGHT.total_seconds()) + CLAIM_SECONDS
            condition += " OR (claimState IN (:claimed, :refused) AND expiresAt < :old)"
            values |= {
                ":claimed": ClaimState.CLAIMED.value,
                ":refused": ClaimState.REFUSED.value,
                ":old": old,
            }
        refused = put_if(
            self.client, self.table, self._item(occasion, ClaimState.CLAIMED, token=token), condition, values
        )
        # Our own put, repeated by the SDK after its reply was lost, carries our token.
        return refused is None or from_dynamodb(refused).get("token") == token

    def release(self, occasion: str) -> None:
        self.client.delete_item(TableName=self.table, Key=to_dynamodb({"claim": occasion}))

    def sent(self, occasion: str) -> None:
        self._put(occasion, ClaimState.SENT)

    def refused(self, occasion: str, reason: str) -> None:
        self._put(occasion, ClaimState.REFUSED, reason=reason)

    def count(self, occasion: str, scope: str, most: int) -> bool:
        # A set of what was counted, and not a number: it is the same after a retry, by the SDK or by a queue.
        counted = hashlib.sha256(occasion.encode()).hexdigest()[:16]
        values = to_dynamodb(
            {":one": counted, ":set": {counted}, ":most": most, ":end": int(self.seconds()) + _LIMITED}
        )
        updated = if_it_holds(
            lambda: self.client.update_item(
                TableName=self.table,
                Key=to_dynamodb({"claim": scope}),
                UpdateExpression="ADD counted :set SET expiresAt = :end",
                ConditionExpression="contains(counted, :one) OR size(counted) < :most"
                + (" OR attribute_not_exists(counted)" if most > 0 else ""),
                ExpressionAttributeValues=values,
            )
        )
        return updated is not None

    def look_up(self, occasions: Sequence[str], *, consistent: bool = False) -> dict[str, Claim]:
        now = int(self.seconds())
        wanted = (to_dynamodb({"claim": occasion}) for occasion in dict.fromkeys(occasions))
        claims = readable(batch_get(self.client, self.table, wanted, consistent), _claim, self.report)
        return {occasion: claim for occasion, expires, claim in claims if expires >= now}

    def _put(self, occasion: str, state: ClaimState, **more: str) -> None:
        self.client.put_item(TableName=self.table, Item=to_dynamodb(self._item(occasion, state, **more)))

    def _item(self, occasion: str, state: ClaimState, **more: str) -> Item:
        expires = int(self.seconds()) + CLAIM_SECONDS
        return {"claim": occasion, "claimState": state.value, "expiresAt": expires, **more}


@reads("claim", "claim")
def _claim(item: Item) -> tuple[str, int, Claim]:
    """What it claims, when it expires (seconds), and how far it came."""
    v = from_dynamodb(item)
    at = from_millis((int(v["expiresAt"]) - CLAIM_SECONDS) * 1000)
    state = ClaimState(v.get("claimState", ClaimState.SENT.value))
    return str(v["claim"]), int(v["expiresAt"]), Claim(state, at, str(v.get("reason", "")))
