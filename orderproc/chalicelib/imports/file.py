"""Take a file in: read it once to see that it can be read, then cut it into messages. Two passes, so that a file that
is broken in the middle places nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote_plus

from ..kit.chunks import chunks
from ..kit.errors import MalformedMessage
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .model import MAX_BYTES, FileRefused, Import, ImportStatus, import_id_for
from .ports import ImportFiles, Imports, RowMessages, Upload
from .records import Row, as_message, cut, rows
from .report import ImportReport


@service
class ImportFile:
    files: ImportFiles
    imports: Imports
    messages: RowMessages
    report: ImportReport
    columns: Callable[[str, list[str]], list[str]]
    clock: Clock
    log: Log

    def __call__(self, record: Mapping[str, Any]) -> None:
        """`record` is one of an S3 event. Harmless when repeated; raises what may pass, to be repeated then."""
        key, etag = _found(record)
        if key.endswith("/"):  # a folder, as the console makes them
            return
        with self.files.open(key, etag) as upload:
            if upload is None:
                self.log.info("import_superseded", key=key)
                return
            import_id = import_id_for(key, upload.etag, upload.uploaded_at)
            new = Import(import_id, key, upload.uploaded_at, self.clock.now())
            self.log.correlate(new.import_id)
            if not self._is_to_be_cut(new.import_id):
                return
            try:
                new = self._measured(new, upload)
            except FileRefused as refusal:
                self._refuse(new, str(refusal))
                return
        self._cut(self.imports.begin(new), etag)

    def _is_to_be_cut(self, import_id: str) -> bool:
        known = self.imports.get(import_id)
        if known and known.status is ImportStatus.FAILED:  # redriving the file's event resumes it
            self.imports.reopen(import_id)
            return True
        return known is None or (known.status is ImportStatus.RUNNING and not known.is_cut)

    def _measured(self, new: Import, upload: Upload) -> Import:
        """Reads all of the file. Raises FileRefused."""
        if upload.size > MAX_BYTES:
            raise FileRefused(f"The file has {upload.size} bytes; at most {MAX_BYTES} are accepted. Split it.")
        counted = messages = 0
        for chunk in self._chunks(new, upload):
            counted, messages = counted + len(chunk), messages + 1
        return replace(new, rows=counted, chunks=messages)

    def _chunks(self, of: Import, upload: Upload) -> Iterator[list[Row]]:
        return cut(rows(upload.blocks(), of.name, lambda header: self.columns(of.kind, header)))

    def _refuse(self, new: Import, why: str) -> None:
        refused = replace(new, status=ImportStatus.REFUSED, error=why, finished_at=self.clock.now())
        self.report.refused(refused)  # first: after a crash between the two it is written again
        self.imports.begin(refused)
        self.log.warning("import_refused", key=new.key)

    def _cut(self, running: Import, etag: str) -> None:
        if running.status is not ImportStatus.RUNNING:
            return
        with self.files.open(running.key, etag) as upload:
            if upload is None:
                self.imports.end(running.import_id, ImportStatus.SUPERSEDED, self.clock.now())
                self.log.info("import_superseded", key=running.key)
                return
            numbered = enumerate(self._chunks(running, upload), 1)
            for some in chunks((_message(running, number, chunk) for number, chunk in numbered), 10):
                self.messages.send(some)
        if not running.chunks:
            self.report.finish(running)  # before it counts as sent: after a crash nothing would finish it
        self.imports.sent(running.import_id)
        self.log.info("import_cut", key=running.key, rows=running.rows, chunks=running.chunks)


def _found(record: Mapping[str, Any]) -> tuple[str, str]:
    try:
        found = record["s3"]["object"]
        return unquote_plus(found["key"]), str(found["eTag"]).strip('"')
    except (KeyError, TypeError):
        raise MalformedMessage("The record names no object with an eTag.") from None


def _message(running: Import, chunk: int, content: list[Row]) -> str:
    return as_message(
        {
            "importId": running.import_id,
            "chunk": chunk,
            "kind": running.kind,
            "uploadedAt": running.uploaded_at,
            "rows": content,
            "correlationId": running.import_id,
        }
    )
