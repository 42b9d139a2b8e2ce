"""Time as the system writes it: UTC, ISO 8601, milliseconds, `Z` (`2026-11-21T14:30:25.123Z`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The clock of this machine."""

    def now(self) -> str:
        return to_iso(datetime.now(UTC))


def to_iso(moment: datetime) -> str:
    """An aware datetime as text, cut to the millisecond. Texts of this form sort like the times they name."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def from_iso(text: str) -> datetime:
    """The time a text of `to_iso` names. Raises ValueError for anything else."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def stamp(text: str) -> str:
    """The second of a text of `to_iso` in few characters, `20261121T143025`: ids that begin with it sort by time."""
    return text[:19].replace("-", "").replace(":", "")


def to_millis(text: str) -> int:
    """Milliseconds since 1970 of a text of `to_iso`: how history is stored, in a third of the bytes."""
    # Integer arithmetic: a float of seconds would lose the last millisecond now and then.
    return (from_iso(text) - _EPOCH) // timedelta(milliseconds=1)


def from_millis(millis: int) -> str:
    """The inverse of `to_millis`."""
    return to_iso(_EPOCH + timedelta(milliseconds=millis))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
