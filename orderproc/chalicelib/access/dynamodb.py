"""The lease for changes of access, and when partners' keys end, in the table of operations."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, if_it_holds, to_dynamodb
from ..kit.errors import TemporarilyUnavailable
from ..kit.wiring import service
from .model import KeyEnd

PERMISSIONS = {
    "add_key_end": ["dynamodb:PutItem table/operations key-ends"],
    "key_ends": ["dynamodb:Query table/operations key-ends"],
    "remove_key_end": ["dynamodb:DeleteItem table/operations key-ends"],
    "turn": ["dynamodb:PutItem table/operations access"],
}
_KEY = {"scope": "access", "item": "turn"}
_ENDS = "key-ends"
_SECONDS = 60
"""A lease is longer than any process that holds it: the API's function ends after half of that."""


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
            raise TemporarilyUnavailable("Another change of access is under way: try again in a moment.")

    def _give_back(self, holder: str) -> None:
        # Written over, not deleted: that needs no right to delete, and a role's policies are short of room.
        if_it_holds(
            lambda: self.client.put_item(
                TableName=self.table,
                Item=to_dynamodb(_KEY),
                ConditionExpression="holder = :holder",
                ExpressionAttributeValues=to_dynamodb({":holder": holder}),
            )
        )


@service
class DynamoKeyEnds:
    client: DynamoDBClient
    table: str

    def add(self, end: KeyEnd) -> None:
        self.client.put_item(TableName=self.table, Item=to_dynamodb({**_end_key(end), "partnerId": end.partner_id}))

    def all(self) -> list[KeyEnd]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#scope = :scope",
            ExpressionAttributeNames={"#scope": "scope"},
            ExpressionAttributeValues=to_dynamodb({":scope": _ENDS}),
        )
        found = (from_dynamodb(item) for page in pages for item in page["Items"])
        parts = ((item["item"].partition("#"), item["partnerId"]) for item in found)
        return [KeyEnd(key_id, partner_id, at) for (at, _, key_id), partner_id in parts]

    def remove(self, end: KeyEnd) -> None:
        self.client.delete_item(TableName=self.table, Key=to_dynamodb(_end_key(end)))


def _end_key(end: KeyEnd) -> Item:
    """By time, so that those that are due come first."""
    return {"scope": _ENDS, "item": f"{end.at}#{end.key_id}"}
