"""Who of the staff is signed in, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from chalicelib.kit.errors import TemporarilyUnavailable


@dataclass
class FakeStaffSessions:
    signed_out: bool = False
    down: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def is_open(self, id_token: str, issuer: str) -> bool:
        self.asked.append((id_token, issuer))
        if self.down:
            raise TemporarilyUnavailable("no answer")
        return not self.signed_out
