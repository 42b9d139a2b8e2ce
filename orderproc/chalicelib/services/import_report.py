"""What became of each row, as a file for programs and one for spreadsheets, written when the last row is done."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any

from ..domain.imports import Import, ImportStatus, RowError
from ..jsonio import dumps, loads
from .import_ports import ImportFiles, Imports
from .ports import Clock, Log

_JSON = "application/json"
_OUTCOMES = ("accepted", "rejected", "duplicate", "superseded")
_MOST_ERRORS = 20
"""Of a row: a short line of JSON can name hundreds, and the report has to fit on the function's disk."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the full-width forms of the first four, which some spreadsheets take for them."""
_COLUMNS = ("row", "line", "outcome", "orderId", "productId", "field", "message", "value")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, whatever a file's sender wrote
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if text.startswith(_FORMULAS) or text.lstrip().startswith(_FORMULAS) else text


def rejected(errors: list[RowError]) -> dict[str, Any]:
    """A row's outcome, with texts of the file in it that are safe to show."""
    shown = [
        {"field": safe(e.field), "message": safe(e.message), **({} if e.value is None else {"value": safe(e.value)})}
        for e in errors[:_MOST_ERRORS]
    ]
    if more := len(errors) - len(shown):
        shown.append({"field": "", "message": f"has {more} more errors"})
    return {"outcome": "rejected", "errors": shown}


@dataclass(frozen=True)
class ImportReport:
    files: ImportFiles
    imports: Imports
    clock: Clock
    log: Log

    def refused(self, refused: Import) -> None:
        with tempfile.TemporaryFile() as nothing:
            self._put(refused, _no_rows(0), nothing, nothing)

    def finish(self, running: Import) -> None:
        """Write the reports, and then only is the import done: who dies in between is followed by one who does both."""
        counts = _no_rows(running.rows)
        with tempfile.TemporaryFile() as as_json, tempfile.TemporaryFile() as as_csv:
            as_csv.write(codecs.BOM_UTF8)  # without it Excel takes the file for Windows-1252
            sheet = csv.writer(_Encoded(as_csv))
            sheet.writerow(_COLUMNS)
            for n, row in enumerate(self._rows(running)):
                counts[row["outcome"]] += 1
                as_json.write((",\n" if n else "").encode() + dumps(row).encode())
                sheet.writerows(_cells(row))
            done = replace(running, status=ImportStatus.DONE, finished_at=self.clock.now())
            self._put(done, counts, as_json, as_csv)
        self.imports.end(running.import_id, ImportStatus.DONE, str(done.finished_at), counts)
        self.log.info("import_done", key=running.key, **counts)

    def _rows(self, running: Import) -> Iterator[dict[str, Any]]:
        """A row that says what one before it said is told from it only here, where all stand in their order."""
        seen: set[bytes] = set()
        for result in self.files.results(running.import_id, running.chunks):
            for row in loads(result)["rows"]:
                if row["outcome"] == "accepted" and "orderId" in row:
                    order = uuid.UUID(row["orderId"]).bytes
                    row = {**row, "outcome": "duplicate"} if order in seen else row  # noqa: PLW2901
                    seen.add(order)
                yield row

    def _put(self, ended: Import, counts: Mapping[str, int], rows: IO[bytes], sheet: IO[bytes]) -> None:
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
        with tempfile.TemporaryFile() as whole:
            whole.write(dumps(head).encode()[:-1] + b',"rows":[\n')
            rows.seek(0)
            while block := rows.read(65536):
                whole.write(block)
            whole.write(b"\n]}\n")
            for name in ("json", "named"):
                self.files.put_report(ended.reports[name], whole, _JSON)
        self.files.put_report(ended.reports["csv"], sheet, "text/csv; charset=utf-8")


def _no_rows(whole: int) -> Counter[str]:
    """Every outcome is named, so that whoever reads the report need not ask whether there is one."""
    return Counter({"rows": whole, **dict.fromkeys(_OUTCOMES, 0)})


def _cells(row: Mapping[str, Any]) -> Iterator[list[Any]]:
    first = [row["row"], row["line"], row["outcome"], row.get("orderId", ""), safe(row.get("productId", ""))]
    for error in row.get("errors", [{}]):
        yield [*first, *(error.get(name, "") for name in ("field", "message", "value"))]


class _Encoded(io.TextIOBase):
    """Text written to a file of bytes, so that csv and S3 can both have it."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to

    def write(self, text: str) -> int:
        return self._to.write(text.encode())
