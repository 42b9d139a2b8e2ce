"""Reports stored items that can't be read to staff: once, in the list of discrepancies, and in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from ..kit.errors import Damaged
from ..kit.ports import Clock, Log
from ..kit.redaction import reason_of
from ..kit.wiring import service
from ..orders.discrepancies import Finding, Findings, Kind


@service
class ReportDamage:
    findings: Callable[[], Findings]
    """Asked for only when something is damaged."""
    clock: Clock
    log: Log
    _reported: set[tuple[str, str, str]] = field(default_factory=set)
    """What this process reported, by the day: a list that is read each second must not write each second."""

    def __call__(self, error: Damaged) -> None:
        """Never raises: the caller goes on with what can be read, and the next to meet the item reports it."""
        now = self.clock.now()
        mark = (error.what, error.key, now[:10])
        if mark in self._reported:
            return
        reason = reason_of(error)
        try:
            is_new = self.findings().add(_finding(error, reason, now))
        except Exception as trouble:  # noqa: BLE001 - reporting must not stop a job that can go on
            self.log.warning("damage_not_listed", item=error.what, key=error.key, reason=type(trouble).__name__)
            return
        self._reported.add(mark)
        if is_new:
            self.log.warning("item_damaged", item=error.what, key=error.key, reason=reason)


def _finding(error: Damaged, reason: str, now: str) -> Finding:
    if error.what == "order":
        return Finding(Kind.DAMAGED_ORDER, error.key, {"reason": reason}, now, now)
    details = {"item": error.what, "key": error.key, "reason": reason}
    return Finding(Kind.DAMAGED_ITEM, f"{error.what} {error.key}", details, now, now)
