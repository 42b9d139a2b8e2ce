"""The ledger of payments in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.chunks import chunks
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import Item, batch_get, from_dynamodb, to_dynamodb
from ..kit.money import exact
from ..kit.wiring import service
from .model import EntryStatus, LedgerEntry, Operation

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


PERMISSIONS = {
    "read_ledger": ["dynamodb:GetItem table/payments"],
    "read_ledgers": ["dynamodb:BatchGetItem table/payments"],
    "write_ledger": ["dynamodb:PutItem table/payments"],
}


@service
class DynamoLedger:
    client: DynamoDBClient
    table: str
    report: Report = unreported

    def intend(self, entry: LedgerEntry) -> LedgerEntry | None:
        try:
            self.client.put_item(
                TableName=self.table,
                Item=_item(entry),
                ConditionExpression="attribute_not_exists(orderId)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            item = cast("Item | None", error.response.get("Item"))
            return _entry(item) if item else self.get(entry.order_id, entry.operation)
        return None

    def settle(self, entry: LedgerEntry) -> bool:
        try:
            self.client.put_item(
                TableName=self.table,
                Item=_item(entry),
                **_still(EntryStatus.INTENT, entry.attempt),
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            # A reply lost after the write looks the same: it is ours if it says what we wrote.
            return self.get(entry.order_id, entry.operation) == entry
        return True

    def get(self, order_id: str, operation: Operation) -> LedgerEntry | None:
        key = to_dynamodb({"orderId": order_id, "operation": operation.value})
        item = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True).get("Item")
        return _entry(item) if item else None

    def look_up(self, keys: Sequence[tuple[str, Operation]]) -> dict[tuple[str, Operation], LedgerEntry]:
        found: dict[tuple[str, Operation], LedgerEntry] = {}
        for some in chunks(dict.fromkeys(keys), 100):
            wanted = [to_dynamodb({"orderId": order_id, "operation": operation.value}) for order_id, operation in some]
            for entry in readable(batch_get(self.client, self.table, wanted), _entry, self.report):
                found[entry.order_id, entry.operation] = entry
        return found

    def correct(self, entry: LedgerEntry) -> None:
        self.client.put_item(TableName=self.table, Item=_item(entry))

    def reopen(self, intent: LedgerEntry) -> bool:
        try:
            self.client.put_item(
                TableName=self.table,
                Item=_item(intent),
                **_still(EntryStatus.DECLINED, intent.attempt - 1),
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return self.get(intent.order_id, intent.operation) == intent  # our own write, its reply lost
        return True


def _still(status: EntryStatus, attempt: int) -> Any:
    """The condition that an entry stands where it was read."""
    values = {":s": status.value, ":n": attempt if attempt > 1 else None}
    return {
        "ConditionExpression": f"#s = :s AND {'attempt = :n' if attempt > 1 else 'attribute_not_exists(attempt)'}",
        "ExpressionAttributeNames": {"#s": "status"},
        "ExpressionAttributeValues": to_dynamodb(values),
    }


def _item(entry: LedgerEntry) -> Item:
    values: dict[str, Any] = {
        "orderId": entry.order_id,
        "operation": entry.operation.value,
        "status": entry.status.value,
        "amount": entry.amount,
        "currency": entry.currency,
        "at": entry.at,
        "reference": entry.reference or None,
        "code": entry.code or None,
        "message": entry.message or None,
        "attempt": entry.attempt if entry.attempt > 1 else None,
    }
    return to_dynamodb(values)


@reads("payment", "orderId", "operation")
def _entry(item: Item) -> LedgerEntry:
    v = from_dynamodb(item)
    return LedgerEntry(
        v["orderId"],
        Operation(v["operation"]),
        EntryStatus(v["status"]),
        exact(v["amount"], v["currency"]),
        v["currency"],
        v["at"],
        v.get("reference", ""),
        v.get("code", ""),
        v.get("message", ""),
        int(v.get("attempt", 1)),
    )
