"""Who did what: what staff and operators change by hand is written down before it is done, and how it ended after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from .masking import masked, reason_of
from .ports import AuditRecord, AuditRecords, Clock, Log, Page


@dataclass(frozen=True)
class AuditTrail:
    records: AuditRecords
    clock: Clock
    log: Log
    new_id: Callable[[], str]

    @contextmanager
    def of(self, who: str, action: str, **details: Any) -> Iterator[dict[str, Any]]:
        """Around an action; the body fills in the outcome. Nothing is done if the record can't be written.

        A process that dies inside leaves a record without an outcome: it may have been done, wholly or in part."""
        record = AuditRecord(self.new_id(), self.clock.now(), who, action, masked(details))
        self.records.put(record)
        outcome: dict[str, Any] = {}
        try:
            yield outcome
        except Exception as error:
            self._ended(record, {**outcome, "error": reason_of(error)})
            raise
        self._ended(record, outcome or {"done": True})

    def page(self, day: str, limit: int, after: Mapping[str, str] | None = None) -> Page[AuditRecord]:
        """The day's records (`2026-11-21`, UTC), newest first."""
        return self.records.page(day, limit, after)

    def _ended(self, record: AuditRecord, outcome: Mapping[str, Any]) -> None:
        try:
            self.records.put(replace(record, outcome=outcome))
        except Exception as error:  # noqa: BLE001
            # It is done and can't be undone. An error now would have it done again; the record says who began it.
            self.log.warning("audit_outcome_not_kept", action=record.action, reason=type(error).__name__)


def audit_view(record: AuditRecord) -> dict[str, Any]:
    """As the API and the command show it."""
    return {
        "id": record.record_id,
        "at": record.at,
        "who": record.who,
        "action": record.action,
        "details": record.details,
        "outcome": record.outcome,
    }
