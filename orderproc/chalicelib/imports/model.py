"""Files of orders or products, and how far their import is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from ..kit.clock import stamp
from ..kit.errors import OrderProcError
from ..kit.wiring import dataclass

MAX_ROWS = 100_000
MAX_BYTES = 256 * 1024 * 1024
_LONGEST_NAME = 1000
"""Bytes of a file's name in those of its reports."""


class ImportStatus(StrEnum):
    RUNNING = "RUNNING"  # rows are being processed
    DONE = "DONE"  # every row has its outcome, and the report is there
    REFUSED = "REFUSED"  # the file can't be read: nothing of it was placed
    FAILED = "FAILED"  # some of its messages were given up: the report has the other rows, and it can be resumed
    SUPERSEDED = "SUPERSEDED"  # the file was replaced while it was being read; the new one has an import of its own


class FileRefused(OrderProcError):
    """The file as a whole can't be read; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class RowError:
    """One wrong field of a row; `field` is a path of the API's body, empty for the row as a whole."""

    field: str
    message: str
    value: str | None = None


class OutOfTime(OrderProcError):
    """The function's time is nearly over: what is left of the message comes again, without having failed."""


class RowRejected(OrderProcError):
    """The row can't become what it should; its neighbours can."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


@dataclass(frozen=True)
class Import:
    """One upload of one file. `chunks` are the messages it is cut into, `chunks_done` how many were processed."""

    import_id: str
    key: str
    uploaded_at: str
    started_at: str
    status: ImportStatus = ImportStatus.RUNNING
    rows: int = 0
    chunks: int = 0
    chunks_done: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    is_cut: bool = False
    """Whether every message was sent."""
    finished_at: str | None = None
    error: str | None = None

    @property
    def kind(self) -> str:
        """`orders` or `products`: the folder."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """The file's name below its folder: `orders/2026/week47.csv` is `2026/week47.csv`."""
        return self.key.partition("/")[2]

    @property
    def reports(self) -> dict[str, str]:
        """Where the reports are put: `json` under both readings of "the file's name", and `csv` for spreadsheets."""
        name = _short(self.name)
        stem = re.sub(r"(?<=[^/])\.[^./]*$", "", name)
        return {"json": f"reports/{stem}.json", "named": f"reports/{name}.json", "csv": f"reports/{stem}.csv"}


def _short(name: str) -> str:
    """S3 takes 1,024 bytes of a key, of which the reports' folder and ending need some."""
    whole = name.encode()
    if len(whole) <= _LONGEST_NAME:
        return name
    return f"{whole[: _LONGEST_NAME - 13].decode(errors='ignore')}-{hashlib.sha256(whole).hexdigest()[:12]}"


def import_id_for(key: str, etag: str, uploaded_at: str) -> str:
    """The same for every event about one upload, another for the next upload; sorts by time."""
    digest = hashlib.sha256(f"{key}\n{etag}\n{uploaded_at}".encode()).hexdigest()[:12]
    return f"{since_id(uploaded_at)}-{digest}"


def since_id(uploaded_at: str) -> str:
    """Where the ids begin of what was uploaded in that second or later."""
    return stamp(uploaded_at)


def as_of(uploaded_at: str, import_id: str, row: int) -> str:
    """When a row of a file spoke: what was said later, by a later row, file or person, sorts behind it.

    S3's times have seconds only: of two files of one second the one whose id sorts behind counts, for all its rows."""
    return f"{uploaded_at}#{import_id[-12:]}#{row:06d}"
