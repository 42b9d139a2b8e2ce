"""An export: a file of orders that staff asked for, and how far it is."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from ..kit.clock import stamp
from ..kit.errors import OrderProcError, TemporarilyUnavailable
from ..kit.page import ListPosition
from ..kit.wiring import dataclass

PART = 5 * 1024 * 1024
"""Bytes of a part: S3 takes no smaller one, but as the last."""
MOST_PARTS = 8000
"""Of a file, 40 GB: their names fit into the export's item. S3 takes 10,000."""


class Format(StrEnum):
    """`csv` is for spreadsheets, `jsonl` (JSON Lines) for programs."""

    CSV = "csv"
    JSONL = "jsonl"


class ExportStatus(StrEnum):
    QUEUED = "QUEUED"  # no order was read yet
    RUNNING = "RUNNING"  # orders are being written
    DONE = "DONE"  # the file is there
    FAILED = "FAILED"  # it was given up; redriving its message goes on where it was


class OutOfTime(TemporarilyUnavailable):
    """The function's time was over before it could write a single part."""


class TooLarge(OrderProcError):
    """The file would have more parts than it can."""


class UploadGone(OrderProcError):
    """The parts of the file that were uploaded are not there any more, or not as they were."""


@dataclass(frozen=True)
class Part:
    """A part of the file as S3 answered it: what the whole is put together from."""

    etag: str
    checksum: str = ""


@dataclass(frozen=True)
class Export:
    """What was asked for, and the checkpoint from which any process can go on: what was written up to `place` is in
    `parts` of `upload_id`."""

    export_id: str
    requested_by: str
    what: str
    format: Format
    start: str
    """Orders created at that time or later …"""
    end: str
    """… and before that one, which is not later than the request: what comes while it runs is not in it."""
    requested_at: str
    updated_at: str
    status: ExportStatus = ExportStatus.QUEUED
    orders: int = 0
    """How many are in the parts, or in the file once it is there."""
    damaged: int = 0
    """How many could not be read, and are not."""
    place: ListPosition | None = None
    upload_id: str = ""
    parts: tuple[Part, ...] = ()
    read_all: bool = False
    """Whether no order is left to be written."""
    run: str = ""
    """Names the process that wrote this checkpoint."""
    leased_until: str = ""
    """Until then only that process goes on; empty if none does."""
    resumed: int = 0
    """How often it was found standing still since it last got on."""
    restarts: int = 0
    """How often it began anew."""
    finished_at: str | None = None
    error: str | None = None
    revision: int = 0

    @property
    def key(self) -> str:
        """The file's, in the bucket."""
        return f"exports/{self.export_id}.{self.format}"

    @property
    def media_type(self) -> str:
        return "text/csv; charset=utf-8" if self.format is Format.CSV else "application/x-ndjson"

    @property
    def file_name(self) -> str:
        """What it is saved as."""
        return f"{self.what}-{stamp(self.start)}-{stamp(self.end)}.{self.format}"

    @property
    def ended(self) -> bool:
        return self.status in (ExportStatus.DONE, ExportStatus.FAILED)

    def from_the_beginning(self) -> Export:
        """With nothing written."""
        return replace(self, orders=0, damaged=0, place=None, upload_id="", parts=(), read_all=False)
