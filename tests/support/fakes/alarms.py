"""The stage's alarms, in memory."""

from __future__ import annotations

from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.operations.ports import Alarm


class FakeAlarms:
    def __init__(self) -> None:
        self.found: list[Alarm] = []
        self.down = False

    def all(self) -> list[Alarm]:
        if self.down:
            raise TemporarilyUnavailable("no answer")
        return list(self.found)
