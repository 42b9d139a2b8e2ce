"""Staff ask for an export: it is stored before it is answered, then a process is sent for."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from ..kit.clock import stamp
from ..kit.errors import IdempotencyMismatch
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .model import Export, ExportStatus
from .ports import ExportMessages, Exports
from .requests import ExportRequest

INDEXED_AFTER = 5
"""Seconds until the index of orders by their day, which is eventually consistent, has what was accepted before."""


@service
class StartExport:
    exports: Exports
    messages: ExportMessages
    may_pass: Callable[[Exception], bool]
    clock: Clock
    log: Log
    new_id: Callable[[], str] = lambda: uuid.uuid4().hex[:12]

    def __call__(self, who: str, asked: ExportRequest) -> Export:
        """The export, new or the one that the caller's key led to before. Harmless when repeated with a key. Raises
        IdempotencyMismatch."""
        now = self.clock.now()
        export_id = f"{stamp(now)}-{self.new_id()}"
        if asked.idempotency_key is not None:
            export_id, fingerprint = self.exports.id_for(who, asked.idempotency_key, asked.fingerprint, export_id)
            if fingerprint != asked.fingerprint:
                raise IdempotencyMismatch("This Idempotency-Key was used before with another body.")
        new = Export(export_id, who, asked.what, asked.format, asked.start, asked.end, now, now)
        stored = self.exports.add(new)
        if stored.status is ExportStatus.QUEUED:
            self._send(stored)
        return stored

    def _send(self, export: Export) -> None:
        try:
            self.messages.send(export.export_id, INDEXED_AFTER)
        except Exception as error:
            if not self.may_pass(error):
                raise
            # It is stored, and so accepted: ResumeExports finds it.
            self.log.warning("export_not_sent", exportId=export.export_id, reason=type(error).__name__)
