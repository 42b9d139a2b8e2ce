"""A log that keeps what is written."""

from __future__ import annotations

from typing import Any


class FakeLog:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def info(self, event: str, **fields: Any) -> None:
        self.lines.append({"event": event, **fields})

    warning = info

    def correlate(self, correlation_id: str) -> str:
        return correlation_id
