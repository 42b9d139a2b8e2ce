"""The ports that all areas use."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from .wiring import Protocol


class Clock(Protocol):
    def now(self) -> str:
        """The time as text of `domain.clock.to_iso`."""


class Log(Protocol):
    """Structured logging as the services use it: an event's name and fields that identify no person."""

    def info(self, event: str, **fields: Any) -> None: ...

    def warning(self, event: str, **fields: Any) -> None: ...

    def correlate(self, correlation_id: str) -> str:
        """All lines until the next call carry this id; the one chosen is returned."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Measures what is done in it: the order's next line says how long it took."""


class AcceptedSecrets(Protocol):
    """What others sign with, or we did."""

    def accepted(self, *, fresh: bool = False) -> Sequence[bytes]:
        """The secret and, after a rotation, the one before it; as they were a few minutes ago, or with `fresh` seconds
        ago. Raises TemporarilyUnavailable."""


class LinkSecrets(AcceptedSecrets, Protocol):
    """What links are signed with."""

    def current(self) -> bytes:
        """To sign with: read once, for a mail must not cost calls. One that was rotated since is accepted still.
        Raises TemporarilyUnavailable."""
