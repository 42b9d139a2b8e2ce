"""How an export looks to staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..kit.clock import from_iso, to_iso
from ..kit.ports import Clock
from ..kit.wiring import service
from .model import Export, ExportStatus
from .ports import ExportFiles

LINK_SECONDS = 15 * 60
FILE_KEPT = timedelta(days=7)
"""As the lifecycle rule of the documents bucket has it."""
EXPIRED = "EXPIRED"


def entry_view(export: Export, now: str) -> dict[str, Any]:
    """As lists show it."""
    return {
        "exportId": export.export_id,
        "what": export.what,
        "format": export.format.value,
        "from": export.start,
        "to": export.end,
        "status": EXPIRED if _is_over(export, now) else export.status.value,
        "requestedBy": export.requested_by,
        "requestedAt": export.requested_at,
        "updatedAt": export.updated_at,
        "finishedAt": export.finished_at,
        "orders": export.orders,
        "damaged": export.damaged,
        "error": export.error,
    }


@service
class ExportView:
    files: ExportFiles
    clock: Clock

    def __call__(self, export: Export) -> dict[str, Any]:
        """With a new link to its file, if that is there."""
        now = self.clock.now()
        shown = {**entry_view(export, now), "url": None, "expiresAt": None}
        if shown["status"] != ExportStatus.DONE:
            return shown
        if not self.files.exists(export):  # deleted by hand, as when a person was erased
            return {**shown, "status": EXPIRED}
        ends = to_iso(from_iso(now) + timedelta(seconds=LINK_SECONDS))
        return {**shown, "url": self.files.link(export, LINK_SECONDS), "expiresAt": ends}


def _is_over(export: Export, now: str) -> bool:
    done = export.status is ExportStatus.DONE and export.finished_at
    return bool(done) and from_iso(now) - from_iso(str(export.finished_at)) >= FILE_KEPT
