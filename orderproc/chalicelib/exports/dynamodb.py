"""Exports in the table of operations: one item for each, with the checkpoint, and one for each idempotency key."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..kit.clock import stamp
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, from_dynamodb, get, newest_of, put_if, to_dynamodb
from ..kit.page import Page
from ..kit.wiring import service
from .model import Export, ExportStatus, Format, Part

_SCOPE = "exports"
_KEYS = "export-keys"
_KEPT = 400 * 24 * 3600

PERMISSIONS = {
    "id_for": ["dynamodb:PutItem table/operations export-keys", "dynamodb:GetItem table/operations export-keys"],
    "put": ["dynamodb:PutItem table/operations exports", "dynamodb:GetItem table/operations exports"],
    "list": ["dynamodb:Query table/operations exports"],
}


@service
class DynamoExports:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time
    report: Report = unreported

    def id_for(self, who: str, key: str, fingerprint: bytes, export_id: str) -> tuple[str, bytes]:
        # A newline is in neither: no two pairs give the same name.
        where = {"scope": _KEYS, "item": hashlib.sha256(f"{who}\n{key}".encode()).hexdigest()}
        values = {**where, "exportId": export_id, "fingerprint": fingerprint, "expiresAt": self._end()}
        there = put_if(self.client, self.table, values, "attribute_not_exists(#item)", item="item")
        if there is None:
            return export_id, fingerprint
        found = from_dynamodb(there or get(self.client, self.table, where) or to_dynamodb(values))
        return found["exportId"], bytes(found["fingerprint"])

    def add(self, new: Export) -> Export:
        values = {**_item(new), "expiresAt": self._end()}
        there = put_if(self.client, self.table, values, "attribute_not_exists(#item)", item="item")
        return new if there is None else self.get(new.export_id) or new

    def get(self, export_id: str) -> Export | None:
        found = get(self.client, self.table, _key(export_id))
        return _export(found) if found else None

    def replace(self, changed: Export) -> Export | None:
        stored = replace(changed, revision=changed.revision + 1)
        values = {**_item(stored), "expiresAt": self._end()}
        refused = put_if(
            self.client, self.table, values, "#revision = :before", {":before": changed.revision}, revision="revision"
        )
        if refused is None:
            return stored
        # The SDK repeats a write whose reply was lost, and finds its own.
        there = self.get(changed.export_id)
        return there if there and there == stored else None

    def unfinished(self, since: str) -> list[Export]:
        # Ids begin with the time of the request, without the separators between its digits.
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#scope = :scope AND #item >= :since",
            FilterExpression="#status IN (:queued, :running)",
            ExpressionAttributeNames={"#scope": "scope", "#item": "item", "#status": "status"},
            ExpressionAttributeValues=to_dynamodb(
                {
                    ":scope": _SCOPE,
                    ":since": stamp(since),
                    ":queued": ExportStatus.QUEUED.value,
                    ":running": ExportStatus.RUNNING.value,
                }
            ),
        )
        return [one for page in pages for one in readable(page["Items"], _export, self.report)]

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Export]:
        items, following = newest_of(self.client, self.table, _SCOPE, limit, after)
        return Page(list(readable(items, _export, self.report)), following)

    def _end(self) -> int:
        return int(self.seconds()) + _KEPT


def _key(export_id: str) -> Item:
    return {"scope": _SCOPE, "item": export_id}


def _item(e: Export) -> Item:
    return {
        **_key(e.export_id),
        "requestedBy": e.requested_by,
        "what": e.what,
        "format": e.format.value,
        "from": e.start,
        "to": e.end,
        "requestedAt": e.requested_at,
        "updatedAt": e.updated_at,
        "status": e.status.value,
        "orders": e.orders,
        "damaged": e.damaged,
        "place": list(e.place) if e.place else None,
        "uploadId": e.upload_id or None,
        # One short text for each: there may be thousands.
        "parts": [f"{part.etag} {part.checksum}" for part in e.parts] or None,
        "readAll": e.read_all or None,
        "run": e.run or None,
        "leasedUntil": e.leased_until or None,
        "resumed": e.resumed or None,
        "restarts": e.restarts or None,
        "finishedAt": e.finished_at,
        "error": e.error,
        "revision": e.revision,
    }


@reads("export", "item")
def _export(item: Item) -> Export:
    v = from_dynamodb(item)
    place = v.get("place")
    return Export(
        v["item"],
        v["requestedBy"],
        v["what"],
        Format(v["format"]),
        v["from"],
        v["to"],
        v["requestedAt"],
        v["updatedAt"],
        ExportStatus(v["status"]),
        int(v["orders"]),
        int(v["damaged"]),
        (place[0], place[1]) if place else None,
        v.get("uploadId", ""),
        tuple(Part(*text.split(" ", 1)) for text in v.get("parts", ())),
        v.get("readAll", False),
        v.get("run", ""),
        v.get("leasedUntil", ""),
        int(v.get("resumed", 0)),
        int(v.get("restarts", 0)),
        v.get("finishedAt"),
        v.get("error"),
        int(v["revision"]),
    )
