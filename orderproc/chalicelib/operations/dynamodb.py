"""Reasons of dead letters, tries that were begun, and the audit trail, in the table of operations."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, batch_get, from_dynamodb, get, newest_of, to_dynamodb
from ..kit.jsonio import dumps, loads
from ..kit.page import Page
from ..kit.wiring import service
from .ports import AuditRecord, Reason

_REASON_SECONDS = 21 * 24 * 3600
"""A dead-letter queue keeps a message for 14 days."""

PERMISSIONS = {
    "keep_reason": ["dynamodb:PutItem table/operations dead-letters#{}"],
    "reasons": ["dynamodb:BatchGetItem table/operations dead-letters#*"],
    "count_tries": ["dynamodb:BatchGetItem table/operations tries#{}", "dynamodb:UpdateItem table/operations tries#{}"],
    "tries": ["dynamodb:BatchGetItem table/operations tries#*"],
    "redriven": ["dynamodb:GetItem table/operations redriven", "dynamodb:PutItem table/operations redriven"],
    "audit": ["dynamodb:PutItem table/operations audit#*"],
    "audit_of_orders": ["dynamodb:PutItem table/operations audit-order#*"],
    "read_audit_of_orders": ["dynamodb:Query table/operations audit-order#*"],
    "read_audit": ["dynamodb:Query table/operations audit#*"],
}


@service
class DynamoReasons:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time
    report: Report = unreported

    def keep(self, queue: str, reason: Reason) -> None:
        self.client.put_item(
            TableName=self.table,
            Item=to_dynamodb(
                {
                    **_key(queue, reason.message_id),
                    "reason": reason.text,
                    "orderId": reason.order_id or None,
                    "at": reason.at,
                    "trace": reason.correlation_id or None,
                    "passes": reason.passes or None,
                    "expiresAt": int(self.seconds()) + _REASON_SECONDS,
                }
            ),
        )

    def of(self, queue: str, message_ids: Sequence[str]) -> dict[str, Reason]:
        keys = (to_dynamodb(_key(queue, message_id)) for message_id in dict.fromkeys(message_ids))
        items = batch_get(self.client, self.table, keys, consistent=True)
        return {reason.message_id: reason for reason in readable(items, _reason, self.report)}


@service
class DynamoTries:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time

    def begin(self, queue: str, message_id: str) -> int:
        # The SDK may repeat it after its reply was lost: one try more than there was, which harms nothing.
        answer = self.client.update_item(
            TableName=self.table,
            Key=to_dynamodb(_tries_key(queue, message_id)),
            UpdateExpression="ADD begun :one SET expiresAt = :end",
            ExpressionAttributeValues=to_dynamodb({":one": 1, ":end": self._end()}),
            ReturnValues="UPDATED_NEW",
        )
        return int(from_dynamodb(answer["Attributes"])["begun"])

    def begun(self, queue: str, message_ids: Sequence[str]) -> dict[str, int]:
        keys = (to_dynamodb(_tries_key(queue, message_id)) for message_id in dict.fromkeys(message_ids))
        items = map(from_dynamodb, batch_get(self.client, self.table, keys, consistent=True))
        return {item["item"]: int(item["begun"]) for item in items}

    def remember_redriven(self, queue: str, message_ids: Sequence[str], at: str) -> None:
        values = {**_redriven_key(queue), "messageIds": list(message_ids), "at": at, "expiresAt": self._end()}
        self.client.put_item(TableName=self.table, Item=to_dynamodb(values))

    def last_redriven(self, queue: str) -> tuple[list[str], str]:
        item = get(self.client, self.table, _redriven_key(queue))
        if item is None:
            return [], ""
        found = from_dynamodb(item)
        return list(found["messageIds"]), found["at"]

    def _end(self) -> int:
        return int(self.seconds()) + _REASON_SECONDS


@service
class DynamoAuditRecords:
    """Kept for good: they are few, and name no customer."""

    client: DynamoDBClient
    table: str
    report: Report = unreported

    def put(self, record: AuditRecord) -> None:
        values = {
            "scope": _scope(record.at[:10]),
            "item": f"{record.at}#{record.record_id}",
            "who": record.who,
            "action": record.action,
            "details": dumps(record.details),
            "outcome": None if record.outcome is None else dumps(record.outcome),
        }
        self.client.put_item(TableName=self.table, Item=to_dynamodb(values))
        order_id = record.details.get("orderId")
        if isinstance(order_id, str) and order_id:
            # Once more, by order: an order's timeline reads a handful of these, not days of everything.
            by_order = {**values, "scope": _scope_of_order(order_id)}
            self.client.put_item(TableName=self.table, Item=to_dynamodb(by_order))

    def of_order(self, order_id: str) -> list[AuditRecord]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#scope = :scope",
            ExpressionAttributeNames={"#scope": "scope"},
            ExpressionAttributeValues=to_dynamodb({":scope": _scope_of_order(order_id)}),
            ConsistentRead=True,
        )
        items = (item for page in pages for item in page["Items"])
        return list(readable(items, _record, self.report))

    def page(self, day: str, limit: int, after: Mapping[str, str] | None) -> Page[AuditRecord]:
        items, following = newest_of(self.client, self.table, _scope(day), limit, after)
        return Page(list(readable(items, _record, self.report)), following)


def _key(queue: str, message_id: str) -> Item:
    return {"scope": f"dead-letters#{queue}", "item": message_id}


def _tries_key(queue: str, message_id: str) -> Item:
    return {"scope": f"tries#{queue}", "item": message_id}


def _redriven_key(queue: str) -> Item:
    return {"scope": "redriven", "item": queue}


def _scope(day: str) -> str:
    return f"audit#{day}"


def _scope_of_order(order_id: str) -> str:
    return f"audit-order#{order_id}"


@reads("reason", "scope", "item")
def _reason(item: Item) -> Reason:
    v = from_dynamodb(item)
    return Reason(v["item"], v["reason"], v.get("orderId", ""), v["at"], v.get("trace", ""), v.get("passes", False))


@reads("audit record", "scope", "item")
def _record(item: Item) -> AuditRecord:
    v = from_dynamodb(item)
    at, _, record_id = v["item"].partition("#")
    outcome = loads(v["outcome"]) if "outcome" in v else None
    return AuditRecord(record_id, at, v["who"], v["action"], loads(v["details"]), outcome)
