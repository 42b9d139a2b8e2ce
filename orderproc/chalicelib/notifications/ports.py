"""The ports of notifications: what their adapters implement."""

from __future__ import annotations

from ..kit.wiring import Protocol


class Mailer(Protocol):
    def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Send one MIME message. Raises TemporarilyUnavailable and Undeliverable only where it was certainly not
        sent."""


class Texter(Protocol):
    def send(self, phone_number: str, text: str) -> None:
        """Send one SMS. Raises TemporarilyUnavailable and Undeliverable only where it was certainly not sent."""
