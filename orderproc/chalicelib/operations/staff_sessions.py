"""What staff's requests need besides: whether who sends one is still signed in."""

from __future__ import annotations

from ..kit.wiring import Protocol


class StaffSessions(Protocol):
    def is_open(self, id_token: str, issuer: str) -> bool:
        """False once the token's user has signed out everywhere, was disabled or deleted. `issuer` is the token's own,
        as it was verified. Raises TemporarilyUnavailable."""
