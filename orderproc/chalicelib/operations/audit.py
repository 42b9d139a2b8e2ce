"""Who did what: what staff and operators change by hand is written down before it is done, and how it ended after.

A record always fits its item: what would be too long is cut, and says how much more there was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice, product
from typing import Any

from ..kit.jsonio import dumps
from ..kit.page import Page
from ..kit.ports import Clock, Log
from ..kit.redaction import masked, reason_of
from ..kit.wiring import service
from .ports import AuditRecord, AuditRecords

MOST_BYTES = 180_000
"""Of details, and of an outcome: an item of DynamoDB holds 400 KB, and the rest of a record is short."""
_ENTRIES = (1_000_000, 1000, 300, 100, 30, 10, 3)
"""Of a list or a mapping, in a record that would be too long: as many as fit."""
_CHARACTERS = (20_000, 2000, 200)
"""Of a text in it; texts are cut before entries are."""


@service
class AuditTrail:
    records: AuditRecords
    clock: Clock
    log: Log
    new_id: Callable[[], str]

    @contextmanager
    def of(self, who: str, action: str, **details: Any) -> Iterator[dict[str, Any]]:
        """Around an action; the body fills in the outcome. Nothing is done if the record can't be written.

        A process that dies inside leaves a record without an outcome: it may have been done, wholly or in part."""
        record = AuditRecord(self.new_id(), self.clock.now(), who, action, cut(masked(details)))
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
            self.records.put(replace(record, outcome=cut(outcome)))
        except Exception as error:  # noqa: BLE001
            # It is done and can't be undone. An error now would have it done again; the record says who began it.
            self.log.warning("audit_outcome_not_kept", action=record.action, reason=type(error).__name__)


def cut(values: Mapping[str, Any], most: int = MOST_BYTES) -> Mapping[str, Any]:
    """The same, or what fits of it: the beginning of what is long, and how much more there was."""
    size = _bytes_of(values)
    if size <= most:
        return values
    for entries, characters in product(_ENTRIES, _CHARACTERS):
        shown: Mapping[str, Any] = _cut(values, entries, characters)
        if _bytes_of(shown) <= most:
            return shown
    return {"cut": f"{size} bytes do not fit"}


def _cut(value: Any, entries: int, characters: int) -> Any:
    if isinstance(value, Mapping):
        shown = {name: _cut(inner, entries, characters) for name, inner in islice(value.items(), entries)}
        return {**shown, "…": f"and {len(value) - entries} more"} if len(value) > entries else shown
    if isinstance(value, (list, tuple)):
        first = [_cut(inner, entries, characters) for inner in value[:entries]]
        return [*first, f"… and {len(value) - entries} more"] if len(value) > entries else first
    if isinstance(value, str) and len(value) > characters:
        return f"{value[:characters]}… and {len(value) - characters} characters more"
    return value


def _bytes_of(value: Any) -> int:
    return len(dumps(value).encode(errors="replace"))


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
