"""Ends imports whose messages were given up on or died with their process: nothing comes back by itself to end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..domain.clock import from_iso, to_iso
from ..domain.imports import Import, ImportStatus
from .import_ports import Imports, RowMessages
from .import_report import ImportReport
from .ports import Clock, Log

_LOOKED_AT = timedelta(days=30)
"""Results of messages are kept as long."""
_IS_CUT_AFTER = timedelta(hours=1)
"""Cutting takes up to 15 minutes, and is tried three times."""
_IS_BEGUN_AFTER = timedelta(minutes=10)
"""SQS's numbers are about right, and within a minute."""


@dataclass(frozen=True)
class EndImports:
    imports: Imports
    messages: RowMessages
    report: ImportReport
    clock: Clock
    log: Log

    def __call__(self) -> None:
        """Write the reports of those that can't go on, with what was done of them. Harmless when repeated."""
        now = from_iso(self.clock.now())
        stale = [one for one in self.imports.running(to_iso(now - _LOOKED_AT)) if self._is_stale(one)]
        if not stale or self.messages.waiting():
            return
        for one in stale:
            # As it is now: the last of its messages may have been counted since.
            self.log.correlate(one.import_id)
            found = self.imports.get(one.import_id)
            if found and found.status is ImportStatus.RUNNING:
                self.report.finish(found)

    def _is_stale(self, one: Import) -> bool:
        age = from_iso(self.clock.now()) - from_iso(one.started_at)
        return age > (_IS_BEGUN_AFTER if one.is_cut else _IS_CUT_AFTER)
