"""Notes on orders, in the table of operations."""

from __future__ import annotations

from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, put_if, to_dynamodb
from ..kit.wiring import service
from .ports import Note

PERMISSIONS = {
    "add": ["dynamodb:PutItem table/operations notes#*"],
    "read": ["dynamodb:Query table/operations notes#*"],
}


@service
class DynamoNotes:
    """Kept as long as their order."""

    client: DynamoDBClient
    table: str
    report: Report = unreported

    def add(self, note: Note) -> Note | None:
        values = {
            "scope": _scope(note.order_id),
            "item": note.note_id,
            "at": note.at,
            "who": note.who,
            "text": note.text,
        }
        there = put_if(self.client, self.table, values, "attribute_not_exists(#scope)", scope="scope")
        if there is None:
            return None
        found = _note(there)
        return None if found == note else found  # our own, whose answer was lost

    def of(self, order_id: str) -> list[Note]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#scope = :scope",
            ExpressionAttributeNames={"#scope": "scope"},
            ExpressionAttributeValues=to_dynamodb({":scope": _scope(order_id)}),
            ConsistentRead=True,
        )
        items = (item for page in pages for item in page["Items"])
        return sorted(readable(items, _note, self.report), key=lambda note: (note.at, note.note_id))


def _scope(order_id: str) -> str:
    return f"notes#{order_id}"


@reads("note", "scope", "item")
def _note(item: Item) -> Note:
    v = from_dynamodb(item)
    return Note(v["item"], v["scope"].partition("#")[2], v["at"], v["who"], v["text"])
