"""Brings a stage's tables and documents back to one moment.

1. The moment, and what was on, are noted in the stage's record. From here on the stage is closed, and `make deploy`
   refuses, until a run comes to the end.
2. The stage stops (`standstill`). Its tables are exported as they were at the moment, unless a backup has that.
3. What the restoration undoes is stored, table by table, before anything is overwritten; then the table is set back.
4. Documents follow, then the search's index. The report is stored, and the stage goes on.

A run that dies anywhere is repeated with the same command. Each part is noted when it is done, and harmless twice."""

import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.backups import backups, documents, exports, standstill, undone
from infra.backups.levelling import Levelling, Numbers
from infra.backups.tables import TABLES, Item, Table
from infra.deploy import state
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FOLDER = "restores/"


@dataclass
class Restore:
    """As far as it came. `to` is in ISO 8601."""

    id: str
    to: str
    who: str
    stopped: standstill.Stopped
    backup: str = ""
    closed_at: float = 0.0
    """When all was stopped, in seconds of the epoch; 0 before."""
    settled: bool = False
    exports: dict[str, str] = field(default_factory=dict)
    noted: list[str] = field(default_factory=list)
    """Tables of which what is undone is stored."""
    numbers: dict[str, list[int]] = field(default_factory=dict)
    """Of the first comparison, by table."""
    levelled: list[str] = field(default_factory=list)
    """Tables that are done."""
    documents: dict[str, Any] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """That the stage is brought back to."""
        return datetime.fromisoformat(self.to)

    @property
    def folder(self) -> str:
        """Of its files in the documents bucket."""
        return f"{FOLDER}{self.id}"


@dataclass(frozen=True)
class Report:
    """What came of it."""

    restore: Restore
    rows: list[undone.Row]
    erased: list[str]
    csv: str


def unfinished(target: Target, bucket: str) -> Restore | None:
    """The one that closed the stage and did not come to its end, if there is one."""
    values = state.load(target, bucket, state.RESTORE)
    return Restore(**values) if values else None


def begin(target: Target, bucket: str, moment: datetime, backup: str, who: str) -> Restore:
    """Note it, before anything is stopped."""
    now = datetime.now(UTC)
    restore = Restore(f"{now:%Y%m%d-%H%M%S}", iso(moment), who, standstill.look(target, bucket), backup)
    _note(target, bucket, restore)
    return restore


def run(
    target: Target,
    outputs: Mapping[str, str],
    restore: Restore,
    steps: Steps,
    index: Callable[[str, str], object],
) -> Report:
    """From wherever it is to its end. `index` makes the search's index of some days' orders again."""
    bucket = outputs["DocumentsBucketName"]
    with steps.step("The stage is closed: orders are refused with 503, queues wait"):
        standstill.stop(target, restore.stopped)
        restore.closed_at = restore.closed_at or time.time()
        _note(target, bucket, restore)
    found = _source(target, outputs, restore, steps)
    if not restore.settled:
        with steps.step("What still ran has ended"):
            standstill.settle(target, restore.stopped, restore.closed_at)
        restore.settled = True
        _note(target, bucket, restore)
    for table in TABLES:
        if table.name not in restore.levelled:
            with steps.step(f"Table {outputs[table.output]}"):
                _level(target, outputs, restore, table, found[table.name])
    if not restore.documents:
        with steps.step("Documents"):
            _set_documents_back(target, bucket, restore)
    with steps.step("Report"):
        report = _report(target, outputs, restore)
    changed = _changes(target, bucket, restore, "orders")
    orders = (order for change in changed for order in (change["is"], change["becomes"]) if order)
    days = sorted({order["createdAt"]["S"][:10] for order in orders})
    if days:
        with steps.step("Search"):
            index(days[0], days[-1])
    with steps.step("The stage goes on"):
        standstill.go_on(target, restore.stopped)
        state.delete(target, bucket, state.RESTORE)
    return report


def _source(target: Target, outputs: Mapping[str, str], restore: Restore, steps: Steps) -> exports.Exports:
    bucket = outputs["DocumentsBucketName"]
    if restore.backup:
        backup = backups.find(target, bucket, restore.backup)
        if backup is None or not backup.complete:
            raise Refusal(f"The backup {restore.backup} is gone. Restore a version of its files, or ask for help.")
        return backup.exports
    if not restore.exports:
        with steps.step(f"Tables exported as they were at {backups.shown(restore.moment)} (AWS takes minutes)"):
            restore.exports = exports.make(target, outputs, restore.moment, restore.folder)
        _note(target, bucket, restore)
    return restore.exports


def _level(target: Target, outputs: Mapping[str, str], restore: Restore, table: Table, folder: str) -> None:
    bucket = outputs["DocumentsBucketName"]
    client: DynamoDBClient = target.client("dynamodb")

    def source() -> Iterator[Item]:
        return exports.items(target, bucket, folder)

    with tempfile.TemporaryDirectory() as scratch:
        work = Levelling(client, table, outputs[table.output], source, restore.to, Path(scratch))
        try:
            numbers = work.compare()
            if table.name not in restore.noted:
                _keep_changes(target, bucket, restore, table.name, work.undone(), Path(scratch))
                restore.noted.append(table.name)
                restore.numbers[table.name] = list(numbers)
                _note(target, bucket, restore)
            work.write()
        finally:
            work.close()
    restore.levelled.append(table.name)
    _note(target, bucket, restore)


def _keep_changes(
    target: Target, bucket: str, restore: Restore, name: str, changes: Iterator[dict[str, Any]], scratch: Path
) -> None:
    """Of the first comparison: after a crash in the midst of the writes, a later one sees only what is left."""
    path = scratch / "changes.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(change)}\n" for change in changes)
    target.s3.upload_file(str(path), bucket, f"{restore.folder}/{name}.jsonl.gz")


def _changes(target: Target, bucket: str, restore: Restore, name: str) -> Iterator[dict[str, Any]]:
    """What `_keep_changes` stored."""
    stored = target.s3.get_object(Bucket=bucket, Key=f"{restore.folder}/{name}.jsonl.gz")["Body"]
    with gzip.open(stored, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _set_documents_back(target: Target, bucket: str, restore: Restore) -> None:
    kept = None
    if restore.backup and (backup := backups.find(target, bucket, restore.backup)):
        kept = backups.documents_of(target, bucket, backup)
    wanted = documents.changes(target, bucket, restore.moment, kept)
    back, gone, lost = documents.apply(target, bucket, wanted)
    restore.documents = {"back": back, "gone": gone, "lost": lost}
    _note(target, bucket, restore)


def _report(target: Target, outputs: Mapping[str, str], restore: Restore) -> Report:
    bucket = outputs["DocumentsBucketName"]
    since = _entries_since(target, outputs["PaymentsTableName"], restore.to)
    rows = undone.rows(_changes(target, bucket, restore, "orders"), since)
    erased = undone.erased_since(_changes(target, bucket, restore, "orders"))
    key = f"{restore.folder}/orders.csv"
    target.s3.put_object(Bucket=bucket, Key=key, Body=undone.as_csv(rows).encode(), ContentType="text/csv")
    summary = {**asdict(restore), "finished": time.time(), "eraseAgain": erased}
    body = json.dumps(summary).encode()
    target.s3.put_object(Bucket=bucket, Key=f"{restore.folder}/report.json", Body=body, ContentType="application/json")
    return Report(restore, rows, erased, key)


def _entries_since(target: Target, table: str, moment: str) -> list[Item]:
    pages = target.client("dynamodb").get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#at > :moment",
        ExpressionAttributeNames={"#at": "at"},
        ExpressionAttributeValues={":moment": {"S": moment}},
        ConsistentRead=True,
    )  # fmt: skip
    return [item for page in pages for item in page["Items"]]


def numbers_of(restore: Restore) -> dict[str, Numbers]:
    """By table."""
    return {name: Numbers(*found) for name, found in restore.numbers.items()}


def _note(target: Target, bucket: str, restore: Restore) -> None:
    state.put(target, bucket, state.RESTORE, asdict(restore))


def iso(moment: datetime) -> str:
    """As orders and the ledger have it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
