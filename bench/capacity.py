"""What DynamoDB charges for, in request units, from the items themselves.

Sizes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
Units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
Indexes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.dynamodb_size import item_size

Item = Mapping[str, Any]
"""An item in DynamoDB's typed form: `{"status": {"S": "PENDING"}}`."""

WRITE_BYTES = 1024
READ_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Table:
    """A table as far as its charges go: its key, and each index's key and projected attributes (None: all)."""

    name: str
    key: tuple[str, ...]
    indexes: Mapping[str, tuple[tuple[str, ...], frozenset[str] | None]]

    def key_of(self, item: Item) -> dict[str, Any]:
        return {name: item[name] for name in self.key}

    def entry(self, index: str, item: Item | None) -> dict[str, Any] | None:
        """The index's entry for an item; None where the item lacks one of the index's keys."""
        keys, projected = self.indexes[index]
        if item is None or any(name not in item for name in keys):
            return None
        if projected is None:
            return dict(item)
        return {name: item[name] for name in {*self.key, *keys, *projected} if name in item}


@dataclass(frozen=True, slots=True)
class Written:
    """What one write costs: units of the table, and of its indexes."""

    table: float
    indexes: float

    def transacted(self) -> Written:
        """In a transaction items are written twice, to prepare and to commit; index entries follow after that, once.
        AWS says so of items; of entries it was measured on the real service: github.com/nubo-db/dynoxide/pull/188."""
        return Written(self.table * 2, self.indexes)


def table_from(description: Mapping[str, Any]) -> Table:
    """From what DescribeTable answers under `Table`."""
    indexes = {}
    for index in description.get("GlobalSecondaryIndexes", []):
        projection = index["Projection"]
        projected = None if projection["ProjectionType"] == "ALL" else frozenset(projection.get("NonKeyAttributes", []))
        indexes[index["IndexName"]] = (_names(index["KeySchema"]), projected)
    return Table(description["TableName"], _names(description["KeySchema"]), indexes)


def write(table: Table, before: Item | None, after: Item | None) -> Written:
    """A put, update or delete: the larger of the two items, and every index entry that comes, goes or changes."""
    largest = max(item_bytes(before), item_bytes(after))
    entries = sum(_entry_units(table, index, before, after) for index in table.indexes)
    return Written(_units(largest, WRITE_BYTES), entries)


def refused(before: Item | None, attempted: Item | None) -> Written:
    """A write whose condition failed: charged as if it had been made, but no index saw it."""
    return Written(_units(max(item_bytes(before), item_bytes(attempted)), WRITE_BYTES), 0)


def read_one(item: Item | None, *, consistent: bool) -> float:
    """GetItem, and each item of BatchGetItem. What is not there costs as much as what is small."""
    return _units(item_bytes(item), READ_BYTES) * (1 if consistent else 0.5)


def read_many(items: Iterable[Item], *, consistent: bool) -> float:
    """Query and Scan: the page as a whole is rounded, not its items."""
    return _units(sum(map(item_bytes, items)), READ_BYTES) * (1 if consistent else 0.5)


def item_bytes(item: Item | None) -> int:
    """Names and values, in UTF-8."""
    return item_size(dict(item or {}))


def _entry_units(table: Table, index: str, before: Item | None, after: Item | None) -> float:
    old, new = table.entry(index, before), table.entry(index, after)
    if old == new:
        return 0
    if old is None or new is None:
        return _units(item_bytes(old or new), WRITE_BYTES)
    keys = table.indexes[index][0]
    if any(old[name] != new[name] for name in keys):  # one entry goes and another comes
        return _units(item_bytes(old), WRITE_BYTES) + _units(item_bytes(new), WRITE_BYTES)
    return _units(max(item_bytes(old), item_bytes(new)), WRITE_BYTES)


def _units(size: int, step: int) -> float:
    return float(max(1, math.ceil(size / step)))


def _names(schema: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(part["AttributeName"] for part in schema)
