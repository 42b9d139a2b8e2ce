"""The ports of exports: what their adapters implement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..kit.page import Page
from ..kit.wiring import Protocol
from .model import Export, Part


class Exports(Protocol):
    """What was asked for, and how far it is."""

    def id_for(self, who: str, key: str, fingerprint: bytes, export_id: str) -> tuple[str, bytes]:
        """The export's id that this caller's idempotency key leads to, and the fingerprint of the body it came with:
        those given, if the key was never used before."""

    def add(self, new: Export) -> Export:
        """Store it, unless it is there; the one that is there now."""

    def get(self, export_id: str) -> Export | None:
        """As last written."""

    def replace(self, changed: Export) -> Export | None:
        """Store it if the one that is there has its revision; as stored, with the next one. None if another process
        changed it since, or it is gone. A write whose reply was lost is recognised by its `run`."""

    def unfinished(self, since: str) -> Sequence[Export]:
        """Those requested since then that have not ended."""

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Export]:
        """Those requested last first."""


class ExportFiles(Protocol):
    """The files in the documents bucket. All may raise what the SDK raises."""

    def put(self, export: Export, content: bytes) -> None:
        """The whole file in one call; replaces one that is there."""

    def begin(self, export: Export) -> str:
        """A new upload of its file in parts."""

    def put_part(self, export: Export, upload_id: str, number: int, content: bytes) -> Part:
        """The part of that number, from 1; replaces one that is there. Raises UploadGone."""

    def complete(self, export: Export) -> None:
        """Make the file of its parts; replaces one that is there. Raises UploadGone, also if one of the parts is
        another than it was, and perhaps if it was completed before."""

    def abandon(self, export: Export, upload_id: str) -> None:
        """Delete the parts of an upload that is no longer wanted, if it is there."""

    def exists(self, export: Export) -> bool: ...

    def link(self, export: Export, seconds: int) -> str:
        """A link to the file that works so long for anybody who has it."""


class ExportMessages(Protocol):
    def send(self, export_id: str, seconds: int = 0) -> None:
        """Have a process go on with the export, so many seconds later, at most 900. At least once."""
