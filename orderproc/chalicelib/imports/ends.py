"""Finds imports whose messages exhausted their retries or were lost with their process: they would never end."""

from __future__ import annotations

from datetime import timedelta

from ..kit.clock import from_iso, to_iso
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .model import Import
from .ports import Imports, RowMessages
from .records import as_message

_LOOKED_AT = timedelta(days=30)
"""Results of messages are kept as long."""
_IS_CUT_AFTER = timedelta(hours=1)
"""Cutting takes up to 15 minutes, and is tried three times."""
_IS_BEGUN_AFTER = timedelta(minutes=10)
"""SQS's numbers are about right, and within a minute."""


@service
class EndImports:
    imports: Imports
    messages: RowMessages
    clock: Clock
    log: Log

    def __call__(self) -> None:
        """Send for the ends of those that can't go on. It is a message as their rows were, because a report of 100,000
        rows takes longer than a job of each minute has. Harmless when repeated."""
        now = from_iso(self.clock.now())
        stale = [one for one in self.imports.running(to_iso(now - _LOOKED_AT)) if self._is_stale(one)]
        if not stale or self.messages.waiting():
            return
        for one in stale:
            self.log.correlate(one.import_id)
            self.log.warning("import_given_up", key=one.key, chunks=one.chunks, chunksDone=one.chunks_done)
        self.messages.send(
            [as_message({"importId": one.import_id, "end": True, "correlationId": one.import_id}) for one in stale]
        )

    def _is_stale(self, one: Import) -> bool:
        age = from_iso(self.clock.now()) - from_iso(one.started_at)
        return age > (_IS_BEGUN_AFTER if one.is_cut else _IS_CUT_AFTER)
