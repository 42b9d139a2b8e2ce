"""From a body to an export that staff ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..kit.clock import from_iso, to_iso
from ..kit.errors import FieldError, InvalidRequest
from ..kit.moments import FORM, moment_of
from ..kit.request_rules import fingerprint, is_named, key_errors
from ..kit.validation import read
from ..kit.wiring import dataclass
from .model import Format
from .schema import EXPORT_REQUEST, MOST_DAYS

_LONGEST = timedelta(days=MOST_DAYS)


@dataclass(frozen=True)
class ExportRequest:
    what: str
    format: Format
    start: str
    end: str
    """Not later than the request."""
    idempotency_key: str | None
    fingerprint: bytes


def export(body: dict[str, Any], idempotency_key: str | None, now: str) -> ExportRequest:
    """Raises InvalidRequest with every wrong field."""
    meant, errors = read(body, EXPORT_REQUEST)
    errors = [*key_errors(idempotency_key), *errors]
    start, end = _moment(meant, "from", errors), _moment(meant, "to", errors)
    if start and end:
        errors += _span_errors(start, end, from_iso(now))
    if errors or start is None or end is None:
        raise InvalidRequest(errors)
    last = min(to_iso(end), now)
    return ExportRequest(
        meant["what"], Format(meant["format"]), to_iso(start), last, idempotency_key, fingerprint(meant)
    )


def _moment(body: Mapping[str, Any], name: str, errors: list[FieldError]) -> datetime | None:
    """Adds to the errors. None for one that is wrong."""
    if is_named(errors, name):
        return None
    try:
        return moment_of(body[name], UTC, whole_day=name == "to")
    except ValueError:
        errors.append(FieldError(name, FORM))
        return None


def _span_errors(start: datetime, end: datetime, now: datetime) -> list[FieldError]:
    if end <= start:
        return [FieldError("to", "must be later than from")]
    if end - start > _LONGEST:
        return [FieldError("to", f"must be at most {MOST_DAYS} days later than from")]
    if to_iso(start) >= to_iso(now):
        return [FieldError("from", "must be earlier than now")]
    return []
