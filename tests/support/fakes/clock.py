"""A clock that tests set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.kit.clock import to_iso


class FakeClock:
    """Time that passes only when told to."""

    def __init__(self, start: str = "2026-11-21T14:30:25.123Z") -> None:
        self.moment = datetime.fromisoformat(start).astimezone(UTC)

    def now(self) -> str:
        return to_iso(self.moment)

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
