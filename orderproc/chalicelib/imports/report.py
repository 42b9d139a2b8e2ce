"""What became of each row, as a file for programs and one for spreadsheets, written when the last row is done."""

from __future__ import annotations

import csv
import io
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import IO, Any

from ..kit.jsonio import dumps, loads
from ..kit.ports import Clock, Log
from ..kit.spreadsheets import safe
from ..kit.wiring import service
from .model import Import, ImportStatus, RowError
from .ports import ImportFiles, Imports

_OUTCOMES = ("accepted", "rejected", "duplicate", "superseded")
_END = b"\n]}\n"
_MOST_ERRORS = 20
"""Of a row: a short line of JSON can name hundreds, and the report has to fit on the function's disk."""
_LONGEST_MESSAGE = 300
_NO_ROOM = {"field": "", "message": "has more errors, which this report has no room for"}
_GIVEN_UP = (
    "messages, of at most 100 rows each, were given up on: their rows have no outcome here, and some may be placed. "
    "Redrive the dead letters of `imports`, or upload the file again: no row makes a second order."
)
_COLUMNS = ("row", "line", "outcome", "orderId", "productId", "field", "message", "value")


def rejected(errors: list[RowError]) -> dict[str, Any]:
    """A row's outcome, with texts of the file in it that are safe to show."""
    shown = [
        {
            "field": safe(e.field),
            "message": safe(e.message)[:_LONGEST_MESSAGE],
            **({} if e.value is None else {"value": safe(e.value)}),
        }
        for e in errors[:_MOST_ERRORS]
    ]
    if more := len(errors) - len(shown):
        shown.append({"field": "", "message": f"has {more} more errors"})
    return {"outcome": "rejected", "errors": shown}


@service
class ImportReport:
    files: ImportFiles
    imports: Imports
    clock: Clock
    log: Log
    details: int = 64 * 1024 * 1024
    """Bytes of rows with several errors; after that, a row's first error is all that is said of it. 100,000 rows can
    have twenty each, and the function's disk holds 512 MB."""

    def refused(self, refused: Import) -> None:
        with tempfile.TemporaryFile() as whole, tempfile.TemporaryFile() as nothing:
            whole.write(_head(refused, _no_rows(0)) + _END)
            self._put(refused, whole, nothing)

    def finish(self, running: Import) -> None:
        """Write the reports, and then only has the import ended: after a crash in between, both are done again. It is
        done, or has failed if messages have no result; then the report has the rows of all others."""
        counts, missing = _no_rows(running.rows), list[int]()
        unknown = running.chunks if running.chunks_done < running.chunks else 0
        with tempfile.TemporaryFile() as whole, tempfile.TemporaryFile() as as_csv:
            # Without the mark that `sig` writes Excel takes the file for Windows-1252.
            text = io.TextIOWrapper(as_csv, "utf-8-sig", newline="")
            sheet = csv.writer(text)
            sheet.writerow(_COLUMNS)
            # The counts stand before the rows, and are known after them. A copy would need as much disk again.
            room = len(_head(self._ended(running, unknown), Counter(dict.fromkeys(counts, running.rows))))
            whole.write(b" " * room)
            for n, (row, as_json) in enumerate(self._within_limit(self._rows(running, missing))):
                counts[row["outcome"]] += 1
                whole.write((b",\n" if n else b"") + as_json)
                sheet.writerows(_cells(row))
            text.detach()
            whole.write(_END)
            ended = self._ended(running, len(missing))
            whole.seek(0)
            whole.write(_head(ended, counts, room))
            self._put(ended, whole, as_csv)
        self.imports.end(running.import_id, ended.status, str(ended.finished_at), counts, ended.error)
        if not missing:
            self.log.info("import_done", key=running.key, **counts)
            return
        self.log.warning("import_failed", key=running.key, missing=len(missing), chunks=running.chunks, **counts)
        now = self.imports.get(running.import_id)
        if now and now.status is ImportStatus.DONE:  # meanwhile: its report was replaced by this one
            self.finish(now)

    def _ended(self, running: Import, missing: int) -> Import:
        error = f"{missing} of {running.chunks} {_GIVEN_UP}" if missing else None
        status = ImportStatus.FAILED if missing else ImportStatus.DONE
        return replace(running, status=status, finished_at=self.clock.now(), error=error)

    def _rows(self, running: Import, missing: list[int]) -> Iterator[dict[str, Any]]:
        """A row that repeats an earlier one is recognised only here, where all rows are in order. `missing`
        gets the numbers of messages without a result."""
        seen: set[bytes] = set()
        for number, result in enumerate(self.files.results(running.import_id, running.chunks), 1):
            if result is None:
                missing.append(number)
                continue
            for row in loads(result)["rows"]:
                if row["outcome"] == "accepted" and "orderId" in row:
                    order = uuid.UUID(row["orderId"]).bytes
                    row = {**row, "outcome": "duplicate"} if order in seen else row  # noqa: PLW2901
                    seen.add(order)
                yield row

    def _within_limit(self, rows: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Each row, and as JSON."""
        spent = 0
        for row in rows:
            text = dumps(row).encode()
            if len(row.get("errors", ())) > 1:
                spent += len(text)
                if spent > self.details:
                    row = {**row, "errors": [row["errors"][0], _NO_ROOM]}  # noqa: PLW2901
                    text = dumps(row).encode()
            yield row, text

    def _put(self, ended: Import, whole: IO[bytes], sheet: IO[bytes]) -> None:
        for name in ("json", "named"):
            self.files.put_report(ended.reports[name], whole, "application/json")
        self.files.put_report(ended.reports["csv"], sheet, "text/csv; charset=utf-8")


def _head(ended: Import, counts: Mapping[str, int], room: int = 0) -> bytes:
    """The report up to its first row, in at least so many bytes."""
    head = {
        "file": ended.key,
        "importId": ended.import_id,
        "status": ended.status,
        **({"error": ended.error} if ended.error else {}),
        "uploadedAt": ended.uploaded_at,
        "startedAt": ended.started_at,
        "finishedAt": ended.finished_at,
        "counts": counts,
    }
    text = dumps(head).encode()[:-1] + b',"rows":['
    if room and len(text) >= room:  # it would overwrite rows: results are gone that were there
        raise ValueError(f"The head of the report of {ended.import_id} is longer than it can be.")
    return text.ljust(room - 1) + b"\n"


def _no_rows(whole: int) -> Counter[str]:
    """Every outcome is named, so that readers of the report find a number for each."""
    return Counter({"rows": whole, **dict.fromkeys(_OUTCOMES, 0)})


def _cells(row: Mapping[str, Any]) -> Iterator[list[Any]]:
    first = [row["row"], row["line"], row["outcome"], row.get("orderId", ""), safe(row.get("productId", ""))]
    for error in row.get("errors", [{}]):
        yield [*first, *(error.get(name, "") for name in ("field", "message", "value"))]
