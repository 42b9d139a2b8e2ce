"""Finds exports whose message was lost with its process: they would never end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ..kit.clock import from_iso, to_iso
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .model import Export, ExportStatus
from .ports import ExportMessages, Exports

_LOOKED_AT = timedelta(days=3)
_STANDS_STILL_AFTER = timedelta(minutes=15)
"""Longer than a function runs, and than the pause between two tries."""
_MOST_TIMES = 3
_GIVEN_UP = "It stood still three times. Ask for it again; the logs say why."


@service
class ResumeExports:
    exports: Exports
    messages: ExportMessages
    clock: Clock
    log: Log

    def __call__(self) -> None:
        """Harmless when repeated, and while a process is at work on them."""
        now = from_iso(self.clock.now())
        for export in self.exports.unfinished(to_iso(now - _LOOKED_AT)):
            if now - from_iso(export.updated_at) > _STANDS_STILL_AFTER:
                self._resume(export, to_iso(now))

    def _resume(self, export: Export, now: str) -> None:
        if export.resumed >= _MOST_TIMES:
            failed = replace(export, status=ExportStatus.FAILED, updated_at=now, finished_at=now, error=_GIVEN_UP)
            if self.exports.replace(failed):
                self.log.warning("export_failed", exportId=export.export_id, reason="StoodStill")
            return
        # Counted before it is sent: one that kills every process must not be sent for ever.
        if self.exports.replace(replace(export, updated_at=now, resumed=export.resumed + 1)):
            self.messages.send(export.export_id)
            self.log.warning("export_resumed", exportId=export.export_id, orders=export.orders)
