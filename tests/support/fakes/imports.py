"""The imports bucket, the imports and their messages, in memory."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, Any
from urllib.parse import quote

from chalicelib.imports.model import Import, ImportStatus
from chalicelib.imports.ports import Upload
from chalicelib.kit.page import Page
from chalicelib.kit.uploads import UploadForm
from chalicelib.orders.model import Order


@dataclass
class FakeImportFiles:
    uploads: dict[str, Upload] = field(default_factory=dict)
    work: dict[tuple[str, int], bytes] = field(default_factory=dict)
    reports: dict[str, bytes] = field(default_factory=dict)

    def upload(self, key: str, content: bytes, at: str, size: int | None = None) -> str:
        """As a client of S3 does. Returns the etag."""
        etag = hashlib.sha256(content).hexdigest()
        self.uploads[key] = Upload(
            etag,
            len(content) if size is None else size,
            at,
            lambda: (content[n : n + 1000] for n in range(0, len(content), 1000)),
        )
        return etag

    @contextmanager
    def open(self, key: str, etag: str) -> Iterator[Upload | None]:
        found = self.uploads.get(key)
        yield found if found and found.etag == etag else None

    def put_result(self, import_id: str, chunk: int, content: bytes) -> None:
        self.work[import_id, chunk] = content

    def results(self, import_id: str, chunks: int) -> Iterator[bytes | None]:
        for chunk in range(1, chunks + 1):
            yield self.work.get((import_id, chunk))

    def form(self, key: str, most_bytes: int, seconds: int) -> UploadForm:
        return UploadForm("https://imports.test/", {"key": key, "x-most-bytes": str(most_bytes)})

    def link(self, key: str, seconds: int, file_name: str) -> str:
        return f"https://imports.test/{quote(key)}?seconds={seconds}&name={quote(file_name)}"

    def put_report(self, key: str, content: IO[bytes], content_type: str) -> None:
        content.seek(0)
        self.reports[key] = content.read()


class FakeImports:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.stored: dict[str, Import] = {}
        self._done: set[tuple[str, int]] = set()

    def begin(self, new: Import) -> Import:
        with self._lock:
            return self.stored.setdefault(new.import_id, new)

    def get(self, import_id: str) -> Import | None:
        return self.stored.get(import_id)

    def sent(self, import_id: str) -> None:
        with self._lock:
            if import_id in self.stored:
                self.stored[import_id] = replace(self.stored[import_id], is_cut=True)

    def add(self, import_id: str, chunk: int, counts: Mapping[str, int]) -> Import | None:
        with self._lock:
            now = self.stored[import_id]
            if (import_id, chunk) not in self._done:
                self._done.add((import_id, chunk))
                both = {n: now.counts.get(n, 0) + counts.get(n, 0) for n in {*now.counts, *counts}}
                now = replace(now, chunks_done=now.chunks_done + 1, counts=both)
                self.stored[import_id] = now
            return now

    def reopen(self, import_id: str) -> None:
        with self._lock:
            now = self.stored.get(import_id)
            if now and now.status is ImportStatus.FAILED:
                self.stored[import_id] = replace(now, status=ImportStatus.RUNNING, finished_at=None, error=None)

    def running(self, since: str) -> Sequence[Import]:
        return [one for one in self.stored.values() if one.status is ImportStatus.RUNNING and one.uploaded_at >= since]

    def end(
        self,
        import_id: str,
        status: ImportStatus,
        at: str,
        counts: Mapping[str, int] | None = None,
        error: str | None = None,
    ) -> None:
        with self._lock:
            now = self.stored.get(import_id)
            if now is None or now.status is not ImportStatus.RUNNING:
                return
            told = ("accepted", "rejected", "superseded", "duplicate")
            ended = now.counts if counts is None else {name: counts.get(name, 0) for name in told}
            said = now.error if error is None else error
            self.stored[import_id] = replace(now, status=status, finished_at=at, counts=ended, error=said)

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Import]:
        ids = sorted((i for i in self.stored if after is None or i < after["item"]), reverse=True)
        more = {"item": ids[limit - 1]} if len(ids) > limit else None
        return Page([self.stored[i] for i in ids[:limit]], more)


@dataclass
class FakeRowMessages:
    bodies: list[str] = field(default_factory=list)
    later: list[tuple[int, str]] = field(default_factory=list)

    def send(self, bodies: Sequence[str]) -> None:
        self.bodies += bodies

    def send_later(self, body: str, seconds: int) -> None:
        assert 0 <= seconds <= 900  # as SQS has it
        self.later.append((seconds, body))

    def waiting(self) -> int:
        return len(self.bodies) + len(self.later)


class FakeManyHandOvers:
    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def hand_over(self, orders: Sequence[Order]) -> Sequence[Order]:
        for order in orders:
            self._queue.hand_over(order)
        return []

    def waiting(self) -> int:
        return self.waits

    waits = 0
    """Set by tests: many fakes of the queue keep what they were given for ever."""
