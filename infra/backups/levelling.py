"""Makes one table what it was, item by item, in place: its name, stream, triggers, stack and recovery stay, and what is
as it was costs a read only. The comparison is kept on disk, not in memory. Doing it again goes on with what differs."""

import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from infra.backups.tables import Item, Table
from infra.errors import Refusal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BATCH = 25
"""Writes that one call takes."""
_TURNS = 20
_LONGEST_PAUSE = 10.0
"""Seconds between two turns: what DynamoDB did not take at once it does not take at once again."""
_COMMIT_EVERY = 10_000
Count = Callable[[], None]
"""Called for each item that is done with."""


class Numbers(NamedTuple):
    """Of items: `put` as they were, `removed`, as they were already (`same`), and `kept` though they are newer."""

    put: int
    removed: int
    same: int
    kept: int


class Levelling:
    """Of one table. `source` gives the items of the moment (ISO 8601), each time anew."""

    def __init__(
        self, client: "DynamoDBClient", table: Table, name: str, source: Callable[[], Iterable[Item]], moment: str,
        folder: Path,
    ) -> None:  # fmt: skip
        self._client, self._table, self._name, self._source, self._moment = client, table, name, source, moment
        self._db = sqlite3.connect(folder / f"{table.name}.sqlite")
        self._db.execute("PRAGMA synchronous=OFF")  # it is made anew after a crash
        self._db.executescript(
            "DROP TABLE IF EXISTS was; DROP TABLE IF EXISTS differs;"
            "CREATE TABLE was (key TEXT PRIMARY KEY, digest BLOB, settled INTEGER DEFAULT 0) WITHOUT ROWID;"
            "CREATE TABLE differs (key TEXT PRIMARY KEY, live TEXT, goes INTEGER) WITHOUT ROWID;"
        )

    def close(self) -> None:
        """What was noted on disk is of no use afterwards."""
        self._db.close()

    def compare(self, count: Count = lambda: None) -> Numbers:
        """Look at all items; nothing is written."""
        for item in self._source():
            self._db.execute("INSERT OR REPLACE INTO was (key, digest) VALUES (?, ?)", (self._key(item), digest(item)))
            count()
        for number, item in enumerate(self._live()):
            self._judge(item)
            count()
            if number % _COMMIT_EVERY == 0:
                self._db.commit()
        self._db.commit()
        put = self._one("SELECT COUNT(*) FROM was WHERE settled = 0")
        removed = self._one("SELECT COUNT(*) FROM differs WHERE goes = 1")
        same = self._one("SELECT COUNT(*) FROM was WHERE settled = 1")
        kept = self._one("SELECT COUNT(*) FROM was WHERE settled = 2")
        kept += self._one("SELECT COUNT(*) FROM differs WHERE goes = 2")
        return Numbers(put, removed, same, kept)

    def undone(self) -> Iterator[dict[str, Any]]:
        """What the writes will change: each item as it is (`is`), and as it will be (`becomes`, None if it goes)."""
        for key, live in self._db.execute("SELECT key, live FROM differs WHERE goes = 1"):
            yield {"key": key, "is": json.loads(live), "becomes": None}
        for item in self._missing():
            found = self._db.execute("SELECT live FROM differs WHERE key = ?", (self._key(item),)).fetchone()
            yield {"key": self._key(item), "is": json.loads(found[0]) if found else None, "becomes": plain(item)}

    def write(self, check: Callable[[], None] = lambda: None) -> None:
        """Bring every item that differs to what it was. `check` is called before each call, and may raise. Refuses when
        DynamoDB takes no more for long."""
        lives = self._db.execute("SELECT live FROM differs WHERE goes = 1")
        removed = ({"DeleteRequest": {"Key": self._table.key_of(json.loads(live))}} for (live,) in lives)
        put = ({"PutRequest": {"Item": self._as_put(item)}} for item in self._missing())
        batch: list[Any] = []
        for request in (one for requests in (removed, put) for one in requests):
            batch.append(request)
            if len(batch) == _BATCH:
                self._send(batch, check)
                batch = []
        if batch:
            self._send(batch, check)

    def _judge(self, item: Item) -> None:
        key = self._key(item)
        found = self._db.execute("SELECT digest FROM was WHERE key = ?", (key,)).fetchone()
        if found and found[0] == digest(item):
            self._db.execute("UPDATE was SET settled = 1 WHERE key = ?", (key,))
            return
        stays = self._table.adds if found is None else self._table.keeps(item, self._moment)
        if found and stays:
            self._db.execute("UPDATE was SET settled = 2 WHERE key = ?", (key,))
            return
        goes = 2 if stays else int(found is None)
        live = json.dumps(plain(item)) if goes != 2 else ""
        self._db.execute("INSERT OR REPLACE INTO differs VALUES (?, ?, ?)", (key, live, goes))

    def _missing(self) -> Iterator[Item]:
        """Items of the moment that must be written."""
        for item in self._source():
            if self._one("SELECT settled FROM was WHERE key = ?", self._key(item)) == 0:
                yield item

    def _as_put(self, item: Item) -> Item:
        found = self._db.execute("SELECT 1 FROM differs WHERE key = ?", (self._key(item),)).fetchone()
        return item if found else self._table.put(item)

    def _live(self) -> Iterator[Item]:
        for page in self._client.get_paginator("scan").paginate(TableName=self._name, ConsistentRead=True):
            yield from page["Items"]

    def _send(self, batch: list[Any], check: Callable[[], None]) -> None:
        waiting: Any = {self._name: batch}
        for turn in range(_TURNS):
            if turn:
                time.sleep(min(0.05 * 2**turn, _LONGEST_PAUSE))
            check()
            waiting = self._client.batch_write_item(RequestItems=waiting).get("UnprocessedItems") or {}
            if not waiting:
                break
        else:
            raise Refusal(f"{self._name} takes no more writes: run this again in some minutes, it goes on.")

    def _key(self, item: Item) -> str:
        return json.dumps([item[name] for name in self._table.key], sort_keys=True)

    def _one(self, query: str, *given: str) -> int:
        return int(self._db.execute(query, given).fetchone()[0])


def digest(item: Item) -> bytes:
    """The same for what DynamoDB holds to be equal: sets have no order, and 1.0 is 1."""
    return sha256(json.dumps(_canonical({"M": plain(item)}), sort_keys=True).encode()).digest()


def plain(item: Item) -> Item:
    """As JSON can have it: bytes as Base64, as in an export."""
    return {name: _plain(value) for name, value in item.items()}


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: base64.b64encode(content).decode()}
    if kind == "BS":
        return {kind: [base64.b64encode(one).decode() for one in content]}
    if kind == "L":
        return {kind: [_plain(one) for one in content]}
    if kind == "M":
        return {kind: {name: _plain(one) for name, one in content.items()}}
    return value


def _canonical(value: dict[str, Any]) -> Any:
    ((kind, content),) = value.items()
    if kind == "N":
        return [kind, _number(content)]
    if kind in ("SS", "BS"):
        return [kind, sorted(content)]
    if kind == "NS":
        return [kind, sorted(map(_number, content))]
    if kind == "L":
        return [kind, [_canonical(one) for one in content]]
    if kind == "M":
        return [kind, {name: _canonical(one) for name, one in content.items()}]
    return [kind, content]


def _number(text: str) -> str:
    number = Decimal(text)
    return str(number.normalize()) if number else "0"
