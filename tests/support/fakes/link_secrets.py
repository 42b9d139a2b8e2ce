"""What links, cursors and pseudonyms are made with, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.pseudonyms import Pseudonyms


@dataclass
class FakeLinkSecrets:
    """`stored` is what is there, the present one first; `read` what was read last."""

    stored: list[bytes] = field(default_factory=lambda: [b"the links' secret"])
    read: list[bytes] = field(default_factory=list)
    down: bool = False

    def current(self) -> bytes:
        self._answer()
        return self.stored[0]

    def accepted(self, *, fresh: bool = False) -> Sequence[bytes]:
        self._answer()
        if fresh or not self.read:
            self.read = list(self.stored)
        return self.read

    def _answer(self) -> None:
        if self.down:
            raise TemporarilyUnavailable("no answer")


def pseudonyms(secrets: FakeLinkSecrets | None = None) -> Pseudonyms:
    used = secrets or FakeLinkSecrets()
    return Pseudonyms(lambda: used)
