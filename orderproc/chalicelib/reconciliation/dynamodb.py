"""What the reconciler found and how far it came, in the table of operations: scopes `discrepancies`, `reconciler`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from ..kit.clock import from_iso, to_iso
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, get, put_if, to_dynamodb
from ..kit.wiring import service
from ..orders.discrepancies import Checkpoint, Finding, Kind

_FINDINGS = "discrepancies"
_CHECKPOINT = {"scope": "reconciler", "item": "checkpoint"}
_REPAIRED_SECONDS = 7 * 24 * 3600
"""So long what was repaired stays in the list. What was not stays until it holds no more."""
_DAMAGED_SECONDS = 24 * 3600

PERMISSIONS = {
    "add": ["dynamodb:PutItem table/operations discrepancies"],
    "all": ["dynamodb:Query table/operations discrepancies"],
    "remove": ["dynamodb:DeleteItem table/operations discrepancies"],
    "checkpoint": ["dynamodb:GetItem table/operations reconciler"],
    "save_checkpoint": ["dynamodb:PutItem table/operations reconciler"],
}


@service
class DynamoFindings:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time
    report: Report = unreported

    def all(self) -> Iterator[Finding]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#s = :s",
            ExpressionAttributeNames={"#s": "scope"},
            ExpressionAttributeValues=to_dynamodb({":s": _FINDINGS}),
            ConsistentRead=True,
        )
        for page in pages:
            now = self.seconds()
            for expires, finding in readable(page["Items"], _listed, self.report):
                # DynamoDB tidies expired items up to days late, so the time is judged here.
                if expires is None or expires >= now:
                    yield finding

    def put(self, finding: Finding) -> None:
        self.client.put_item(TableName=self.table, Item=to_dynamodb(self._item(finding)))

    def add(self, finding: Finding) -> bool:
        free = "attribute_not_exists(#item) OR repaired = :yes OR expiresAt < :now"
        given = {":yes": True, ":now": int(self.seconds())}
        return put_if(self.client, self.table, self._item(finding), free, given, item="item") is None

    def _item(self, finding: Finding) -> Item:
        kept = (
            _REPAIRED_SECONDS if finding.repaired else _DAMAGED_SECONDS if finding.kind is Kind.DAMAGED_ITEM else None
        )
        return {
            **_key(finding),
            "details": dict(finding.details),
            "foundAt": finding.found_at,
            "lastSeenAt": finding.last_seen_at,
            "repaired": finding.repaired or None,
            "expiresAt": int(self.seconds()) + kept if kept else None,
        }

    def remove(self, finding: Finding) -> None:
        self.client.delete_item(TableName=self.table, Key=to_dynamodb(_key(finding)))

    def checkpoint(self) -> Checkpoint | None:
        item = get(self.client, self.table, _CHECKPOINT)
        # One that can't be read is none: the orders of the last month are looked at once more.
        return next(readable([item], _checkpoint, self.report), None) if item else None

    def save(self, checkpoint: Checkpoint) -> None:
        values = {**_CHECKPOINT, "upTo": checkpoint.up_to, "at": checkpoint.at}
        forward = "attribute_not_exists(upTo) OR upTo <= :u OR NOT attribute_type(upTo, :text)"
        put_if(self.client, self.table, values, forward, {":u": checkpoint.up_to, ":text": "S"})


def _key(finding: Finding) -> dict[str, str]:
    return {"scope": _FINDINGS, "item": f"{finding.kind}#{finding.subject}"}


@reads("finding", "item")
def _listed(item: Item) -> tuple[int | None, Finding]:
    """With the time at which it expires from the list, if it does."""
    values = from_dynamodb(item)
    kind, subject = values["item"].split("#", 1)
    details = {str(name): str(value) for name, value in values["details"].items()}
    found = Finding(Kind(kind), subject, details, values["foundAt"], values["lastSeenAt"], bool(values.get("repaired")))
    return int(values["expiresAt"]) if "expiresAt" in values else None, found


@reads("checkpoint", "item")
def _checkpoint(item: Item) -> Checkpoint:
    values = from_dynamodb(item)
    return Checkpoint(to_iso(from_iso(values["upTo"])), str(values["at"]))
