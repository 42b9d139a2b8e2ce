"""Brings a stage's tables and documents back to one moment.

1. The moment, and what was on, are noted in the stage's record. From here on the stage is closed, and `make deploy`
   refuses, until a run comes to the end.
2. The stage stops (`standstill`). Its tables are exported as they were at the moment, unless a backup has that.
3. What the restoration undoes is stored, table by table, before anything is overwritten; then the table is set back.
4. Documents follow, then the search's index. The report is stored, and the stage goes on.

A run that dies anywhere is repeated with the same command. Each part is noted when it is done, and harmless twice. Of
two runs at once the later one has the restoration: the other one, which may only have seemed dead, ends before its next
write. Else it could overwrite orders of after the stage went on."""

import gzip
import json
import secrets
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
_ID = "%Y%m%d-%H%M%S"
_LOOK_EVERY = 20.0
"""Seconds for which a run may write before it looks whether it has the restoration still."""
_ENDS_WITHIN = 60.0
"""So long the other run may write on: its next batch, and what DynamoDB's client repeats."""


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
    run: str = ""
    """Which run has it; empty before the first."""

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


def refuse_within_another(target: Target, bucket: str, moment: datetime) -> None:
    """Refuses a moment at which a restoration was under way: some tables were set back then, and others were not."""
    pages = target.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=FOLDER, Delimiter="/")
    for folder in (one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])):
        found = target.s3.list_objects_v2(Bucket=bucket, Prefix=f"{folder}report.json").get("Contents", [])
        begun = datetime.strptime(folder.split("/")[1], _ID).replace(tzinfo=UTC)
        if found and begun <= moment <= found[0]["LastModified"]:
            ended = found[0]["LastModified"]
            raise Refusal(
                f"A restoration was under way at {backups.shown(moment)}: choose a moment before"
                f" {backups.shown(begun)} or after {backups.shown(ended)}."
            )


def begin(target: Target, bucket: str, moment: datetime, backup: str, who: str) -> Restore:
    """Note it, before anything is stopped. Refuses if another one began meanwhile: what is on was seen too late."""
    now = datetime.now(UTC)
    restore = Restore(now.strftime(_ID), iso(moment), who, standstill.look(target, bucket), backup)
    if not state.put_new(target, bucket, state.RESTORE, asdict(restore)):
        raise Refusal("Another restoration of this stage began a moment ago. Run this again to see which.")
    return restore


def abandon(target: Target, bucket: str, restore: Restore) -> None:
    """Let the stage go on as it was before. Refuses once a table may have been changed."""
    _refuse_if_changed(restore)
    hold = _take(target, bucket, restore)
    _refuse_if_changed(restore)
    _go_on(target, bucket, restore, hold)


def _refuse_if_changed(restore: Restore) -> None:
    if restore.noted:
        raise Refusal(
            f"Tables are set back already ({', '.join(restore.noted)}), and would not fit the others. Finish it without"
            " TO=…, and then restore to another moment: one before it has all that it undid."
        )


class _Hold:
    """Of a run on its restoration."""

    def __init__(self, target: Target, bucket: str, run: str) -> None:
        self._target, self._bucket, self._run = target, bucket, run
        self._looked = time.monotonic()

    def note(self, restore: Restore) -> None:
        """How far it came. Refuses as `require` does."""
        self.require()
        _note(self._target, self._bucket, restore)

    def check(self) -> None:
        """`require`, for what is called before each write: it looks now and then."""
        if time.monotonic() - self._looked >= _LOOK_EVERY:
            self.require()

    def require(self) -> None:
        """Refuses when another run has it now."""
        found = state.load(self._target, self._bucket, state.RESTORE)
        if not found or found.get("run") != self._run:
            raise Refusal("Another run went on with this restoration meanwhile, so this one ends. Nothing is lost.")
        self._looked = time.monotonic()


def _take(target: Target, bucket: str, restore: Restore) -> _Hold:
    """As far as it is by now; from a run before, if there was one, which is given the time to notice it. Refuses when
    it came to its end meanwhile."""
    latest = unfinished(target, bucket)
    if latest is None or latest.id != restore.id:
        raise Refusal("This restoration came to its end meanwhile: nothing is left to do.")
    vars(restore).update(vars(latest))
    before, restore.run = restore.run, secrets.token_hex(8)
    _note(target, bucket, restore)
    if before and not target.is_emulator:
        time.sleep(_LOOK_EVERY + _ENDS_WITHIN)
    hold = _Hold(target, bucket, restore.run)
    hold.require()
    return hold


def _go_on(target: Target, bucket: str, restore: Restore, hold: _Hold) -> None:
    hold.require()
    standstill.go_on(target, restore.stopped)
    hold.require()  # else the other run would have closed the stage, and nothing would say so
    state.delete(target, bucket, state.RESTORE)


def run(
    target: Target,
    outputs: Mapping[str, str],
    restore: Restore,
    steps: Steps,
    index: Callable[[str, str], object],
) -> Report:
    """From wherever it is to its end. `index` makes the search's index of some days' orders again."""
    bucket = outputs["DocumentsBucketName"]
    hold = _take(target, bucket, restore)
    with steps.step("The stage is closed: orders are refused with 503, queues wait"):
        standstill.stop(target, restore.stopped)
        restore.closed_at = restore.closed_at or time.time()
        hold.note(restore)
    found = _source(target, outputs, restore, steps, hold)
    if not restore.settled:
        with steps.step("What still ran has ended"):
            standstill.settle(target, restore.stopped, restore.closed_at, hold.require)
        restore.settled = True
        hold.note(restore)
    for table in TABLES:
        if table.name not in restore.levelled:
            with steps.step(f"Table {outputs[table.output]}"):
                _level(target, outputs, restore, table, found[table.name], hold)
    if not restore.documents:
        with steps.step("Documents"):
            _set_documents_back(target, bucket, restore, hold)
    with steps.step("Report"):
        report = _report(target, outputs, restore)
    changed = _changes(target, bucket, restore, "orders")
    orders = (order for change in changed for order in (change["is"], change["becomes"]) if order)
    days = sorted({day for order in orders if (day := order.get("createdAt", {}).get("S", "")[:10])})
    if days:
        with steps.step("Search"):
            index(days[0], days[-1])
    with steps.step("The stage goes on"):
        _go_on(target, bucket, restore, hold)
    return report


def _source(target: Target, outputs: Mapping[str, str], restore: Restore, steps: Steps, hold: _Hold) -> exports.Exports:
    bucket = outputs["DocumentsBucketName"]
    if restore.backup:
        backup = backups.find(target, bucket, restore.backup)
        if backup is None or not backup.complete:
            raise Refusal(f"The backup {restore.backup} is gone. Restore a version of its files, or ask for help.")
        return backup.exports
    if not restore.exports:
        with steps.step(f"Tables exported as they were at {backups.shown(restore.moment)} (AWS takes minutes)"):
            restore.exports = exports.make(target, outputs, restore.moment, restore.folder)
        hold.note(restore)
    return restore.exports


def _level(
    target: Target, outputs: Mapping[str, str], restore: Restore, table: Table, folder: str, hold: _Hold
) -> None:
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
                hold.note(restore)
            work.write(hold.check)
        finally:
            work.close()
    restore.levelled.append(table.name)
    hold.note(restore)


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


def _set_documents_back(target: Target, bucket: str, restore: Restore, hold: _Hold) -> None:
    kept = None
    if restore.backup and (backup := backups.find(target, bucket, restore.backup)):
        kept = backups.documents_of(target, bucket, backup)
    wanted = documents.changes(target, bucket, restore.moment, kept)
    back, gone, lost = documents.apply(target, bucket, _checked(wanted, hold))
    restore.documents = {"back": back, "gone": gone, "lost": lost}
    hold.note(restore)


def _checked(wanted: Iterator[documents.Change], hold: _Hold) -> Iterator[documents.Change]:
    for change in wanted:
        hold.check()
        yield change


def _report(target: Target, outputs: Mapping[str, str], restore: Restore) -> Report:
    bucket = outputs["DocumentsBucketName"]
    since = _entries_since(target, outputs["PaymentsTableName"], restore.to)
    rows = undone.rows(
        _changes(target, bucket, restore, "orders"), since, lambda order_id: _exists(target, outputs, order_id)
    )
    erased = undone.erased_since(_changes(target, bucket, restore, "orders"))
    key = f"{restore.folder}/orders.csv"
    target.s3.put_object(Bucket=bucket, Key=key, Body=undone.as_csv(rows).encode(), ContentType="text/csv")
    summary = {**asdict(restore), "finished": time.time(), "eraseAgain": erased}
    body = json.dumps(summary).encode()
    target.s3.put_object(Bucket=bucket, Key=f"{restore.folder}/report.json", Body=body, ContentType="application/json")
    return Report(restore, rows, erased, key)


def _exists(target: Target, outputs: Mapping[str, str], order_id: str) -> bool:
    found = target.client("dynamodb").get_item(
        TableName=outputs["OrdersTableName"],
        Key={"orderId": {"S": order_id}},
        ProjectionExpression="orderId",
        ConsistentRead=True,
    )
    return "Item" in found


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
