"""Imports and their progress in the table of operations: one item for each import, and a mark for each chunk done."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from botocore.exceptions import ClientError

from ..kit.aws import reasons_of
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, get, if_it_holds, newest_of, put_if, to_dynamodb
from ..kit.page import Page
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import service
from .model import Import, ImportStatus, since_id

_SCOPE = "imports"
_KEPT = 400 * 24 * 3600
_MARKS_KEPT = 30 * 24 * 3600
"""Longer than any message can come again: twice 14 days in queue and dead-letter queue."""
_OUTCOMES = ("accepted", "rejected", "superseded", "duplicate")

PERMISSIONS = {
    "begin": ["dynamodb:PutItem table/operations imports"],
    "get": ["dynamodb:GetItem table/operations imports"],
    "update": ["dynamodb:UpdateItem table/operations imports"],
    "list": ["dynamodb:Query table/operations imports"],
    "count_chunk": ["dynamodb:UpdateItem table/operations imports", "dynamodb:PutItem table/operations import#*"],
}


@service
class DynamoImports:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time
    report: Report = unreported
    backoff: Backoff = BACKOFF

    def begin(self, new: Import) -> Import:
        values = {**_item(new), "expiresAt": int(self.seconds()) + _KEPT}
        refused = put_if(self.client, self.table, values, "attribute_not_exists(#item)", item="item")
        return new if refused is None else self.get(new.import_id) or new

    def get(self, import_id: str) -> Import | None:
        found = get(self.client, self.table, _key(import_id))
        return _import(found) if found else None

    def sent(self, import_id: str) -> None:
        self._update(import_id, "SET isCut = :yes", {":yes": True}, "attribute_exists(#item)", {"#item": "item"})

    def add(self, import_id: str, chunk: int, counts: Mapping[str, int]) -> Import | None:
        try:
            # Five workers count on the same item.
            self.backoff.past_conflicts(lambda: self._count(import_id, chunk, counts))
        except ClientError as error:
            if "ConditionalCheckFailed" not in reasons_of(error):
                raise
        return self.get(import_id)

    def _count(self, import_id: str, chunk: int, counts: Mapping[str, int]) -> None:
        mark = {"scope": f"import#{import_id}", "item": f"{chunk:06d}", "expiresAt": int(self.seconds()) + _MARKS_KEPT}
        added = {name: counts[name] for name in _OUTCOMES if counts.get(name)}
        self.client.transact_write_items(
            TransactItems=[
                {
                    "Put": {
                        "TableName": self.table,
                        "Item": to_dynamodb(mark),
                        "ConditionExpression": "attribute_not_exists(#item)",
                        "ExpressionAttributeNames": {"#item": "item"},
                    }
                },
                {
                    "Update": {
                        "TableName": self.table,
                        "Key": to_dynamodb(_key(import_id)),
                        "UpdateExpression": "ADD " + ", ".join(["chunksDone :one", *(f"{n} :{n}" for n in added)]),
                        "ExpressionAttributeValues": to_dynamodb(
                            {":one": 1, **{f":{name}": number for name, number in added.items()}}
                        ),
                    }
                },
            ]
        )

    def reopen(self, import_id: str) -> None:
        values = {":failed": "FAILED", ":running": "RUNNING"}
        change = "SET #status = :running REMOVE finishedAt, #error"
        self._update(import_id, change, values, "#status = :failed", {"#status": "status", "#error": "error"})

    def running(self, since: str) -> list[Import]:
        # Ids begin with the time of the upload, without the separators between its digits.
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#scope = :scope AND #item >= :since",
            FilterExpression="#status = :running",
            ExpressionAttributeNames={"#scope": "scope", "#item": "item", "#status": "status"},
            ExpressionAttributeValues=to_dynamodb({":scope": _SCOPE, ":since": since_id(since), ":running": "RUNNING"}),
        )
        return [one for page in pages for one in readable(page["Items"], _import, self.report)]

    def end(
        self,
        import_id: str,
        status: ImportStatus,
        at: str,
        counts: Mapping[str, int] | None = None,
        error: str | None = None,
    ) -> None:
        counted = {} if counts is None else {name: counts.get(name, 0) for name in _OUTCOMES}
        sets = ["#status = :status", "finishedAt = :at", *(f"{name} = :{name}" for name in counted)]
        values = {":status": status.value, ":at": at, ":running": "RUNNING", **{f":{n}": v for n, v in counted.items()}}
        names = {"#status": "status"}
        if error is not None:
            sets, names, values = [*sets, "#error = :error"], {**names, "#error": "error"}, {**values, ":error": error}
        self._update(import_id, f"SET {', '.join(sets)}", values, "#status = :running", names)

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Import]:
        items, following = newest_of(self.client, self.table, _SCOPE, limit, after)
        return Page(list(readable(items, _import, self.report)), following)

    def _update(self, import_id: str, change: str, values: Item, condition: str, names: dict[str, str]) -> None:
        if_it_holds(
            lambda: self.backoff.past_conflicts(
                lambda: self.client.update_item(
                    TableName=self.table,
                    Key=to_dynamodb(_key(import_id)),
                    UpdateExpression=change,
                    ConditionExpression=condition,
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=to_dynamodb(values),
                )
            )
        )


def _key(import_id: str) -> Item:
    return {"scope": _SCOPE, "item": import_id}


def _item(i: Import) -> Item:
    return {
        **_key(i.import_id),
        "key": i.key,
        "status": i.status.value,
        "uploadedAt": i.uploaded_at,
        "startedAt": i.started_at,
        "finishedAt": i.finished_at,
        "rows": i.rows,
        "chunks": i.chunks,
        "error": i.error,
    }


@reads("import", "item")
def _import(item: Item) -> Import:
    v = from_dynamodb(item)
    return Import(
        v["item"],
        v["key"],
        v["uploadedAt"],
        v["startedAt"],
        ImportStatus(v["status"]),
        int(v["rows"]),
        int(v["chunks"]),
        int(v.get("chunksDone", 0)),
        {name: int(v[name]) for name in _OUTCOMES if name in v},
        v.get("isCut", False),
        v.get("finishedAt"),
        v.get("error"),
    )
