"""What reconciliation needs of the outside world."""

from __future__ import annotations

from collections.abc import Mapping

from ..kit.wiring import Protocol
from ..orders.discrepancies import Kind


class Metrics(Protocol):
    def discrepancies(self, found: Mapping[Kind, int]) -> None:
        """How many there are of each kind."""
