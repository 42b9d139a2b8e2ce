"""The ports of imports: what their adapters implement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO

from ..kit.page import Page
from ..kit.uploads import UploadForm
from ..kit.wiring import Protocol, service
from ..orders.model import Order
from .model import Import, ImportStatus


@service
class Upload:
    """A file as it was found; its content is read as it is asked for."""

    etag: str
    size: int
    uploaded_at: str
    blocks: Callable[[], Iterable[bytes]]


class ImportFiles(Protocol):
    """The imports bucket. All may raise TemporarilyUnavailable, or what the SDK raises."""

    def open(self, key: str, etag: str) -> AbstractContextManager[Upload | None]:
        """The file of that key, if it still is the one with that etag: None if it was replaced or deleted."""

    def put_result(self, import_id: str, chunk: int, content: bytes) -> None: ...

    def results(self, import_id: str, chunks: int) -> Iterator[bytes | None]:
        """Of all chunks from 1, in order, a few at a time; None of one that has none."""

    def put_report(self, key: str, content: IO[bytes], content_type: str) -> None:
        """From the content's beginning; replaces one that is there."""

    def form(self, key: str, most_bytes: int, seconds: int) -> UploadForm:
        """A form that lets its owner upload one file of this key and at most this size, for so long."""

    def link(self, key: str, seconds: int, file_name: str) -> str:
        """An address from which a report can be downloaded under that name, for so long."""


class Imports(Protocol):
    """How far each import is."""

    def begin(self, new: Import) -> Import:
        """Store it, unless it is there; the one that is there now."""

    def get(self, import_id: str) -> Import | None: ...

    def sent(self, import_id: str) -> None:
        """All its messages were sent."""

    def add(self, import_id: str, chunk: int, counts: Mapping[str, int]) -> Import | None:
        """Count what became of a chunk, once however often this is called. The import as it is then."""

    def reopen(self, import_id: str) -> None:
        """If it failed, it is running again."""

    def running(self, since: str) -> Sequence[Import]:
        """Those uploaded since then that run. Eventually consistent."""

    def end(
        self,
        import_id: str,
        status: ImportStatus,
        at: str,
        counts: Mapping[str, int] | None = None,
        error: str | None = None,
    ) -> None:
        """If it is still running."""

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Import]:
        """Those uploaded last first."""


class RowMessages(Protocol):
    def send(self, bodies: Sequence[str]) -> None:
        """All of them, at least once each. Raises TemporarilyUnavailable."""

    def send_later(self, body: str, seconds: int) -> None:
        """One, to be received after so many seconds, at most 900. Raises what the SDK raises."""

    def waiting(self) -> int:
        """About how many there are that were not processed yet: in the queue, under way, and those sent for later."""


class ManyHandOvers(Protocol):
    def hand_over(self, orders: Sequence[Order]) -> Sequence[Order]:
        """Give accepted orders to the order queue. Those that it did not take."""

    def waiting(self) -> int:
        """About how many orders wait in the order queue."""
