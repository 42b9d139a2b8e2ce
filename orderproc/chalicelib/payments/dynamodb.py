"""The ledger of payments in DynamoDB."""

from __future__ import annotations

from collections.abc import Sequence

from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, batch_get, from_dynamodb, get, put_if, to_dynamodb
from ..kit.money import exact
from ..kit.wiring import service
from .model import EntryStatus, LedgerEntry, Operation

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
        item = put_if(self.client, self.table, _item(entry), "attribute_not_exists(orderId)")
        if item is None:
            return None
        return _entry(item) if item else self.get(entry.order_id, entry.operation)

    def record_outcome(self, entry: LedgerEntry) -> bool:
        return self._replace(EntryStatus.INTENT, entry.attempt, entry)

    def get(self, order_id: str, operation: Operation) -> LedgerEntry | None:
        item = get(self.client, self.table, _key(order_id, operation))
        return _entry(item) if item else None

    def look_up(self, keys: Sequence[tuple[str, Operation]]) -> dict[tuple[str, Operation], LedgerEntry]:
        wanted = (to_dynamodb(_key(*key)) for key in dict.fromkeys(keys))
        entries = readable(batch_get(self.client, self.table, wanted), _entry, self.report)
        return {(entry.order_id, entry.operation): entry for entry in entries}

    def correct(self, entry: LedgerEntry) -> None:
        self.client.put_item(TableName=self.table, Item=to_dynamodb(_item(entry)))

    def reopen(self, intent: LedgerEntry) -> bool:
        return self._replace(EntryStatus.DECLINED, intent.attempt - 1, intent)

    def _replace(self, status: EntryStatus, attempt: int, by: LedgerEntry) -> bool:
        """False, and nothing written, unless the entry has that status in that attempt."""
        attempts = "attempt = :n" if attempt > 1 else "attribute_not_exists(attempt)"
        given = {":s": status.value, ":n": attempt if attempt > 1 else None}
        refused = put_if(self.client, self.table, _item(by), f"#s = :s AND {attempts}", given, s="status")
        # A reply lost after the write looks the same: it is ours if it says what we wrote.
        return refused is None or self.get(by.order_id, by.operation) == by


def _key(order_id: str, operation: Operation) -> Item:
    return {"orderId": order_id, "operation": operation.value}


def _item(entry: LedgerEntry) -> Item:
    return {
        **_key(entry.order_id, entry.operation),
        "status": entry.status.value,
        "amount": entry.amount,
        "currency": entry.currency,
        "at": entry.at,
        "reference": entry.reference or None,
        "code": entry.code or None,
        "message": entry.message or None,
        "attempt": entry.attempt if entry.attempt > 1 else None,
    }


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
