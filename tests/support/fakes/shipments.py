"""The ports of shipping in memory: whose shipment a number is, and the secrets that carriers sign with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.fulfilment.ports import ShipmentNumber
from chalicelib.kit.errors import TemporarilyUnavailable

_SECONDS = 400 * 24 * 3600


class FakeShipmentNumbers:
    """`seconds` is the time by which notes expire."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self.notes: dict[tuple[str, str], tuple[ShipmentNumber, float]] = {}

    def note(self, number: ShipmentNumber) -> ShipmentNumber | None:
        with self._lock:
            there = self._there(number.carrier, number.tracking_number)
            if there and there.order_id != number.order_id:
                return there
            self._put(number)
            return None

    def take_over(self, number: ShipmentNumber, of: ShipmentNumber) -> bool:
        with self._lock:
            if self._there(number.carrier, number.tracking_number) not in (of, number):
                return False
            self._put(number)
            return True

    def order_of(self, carrier: str, tracking_number: str) -> str | None:
        there = self._there(carrier, tracking_number)
        return there.order_id if there else None

    def _there(self, carrier: str, tracking_number: str) -> ShipmentNumber | None:
        note, until = self.notes.get((carrier, tracking_number), (None, 0.0))
        return note if until >= self._seconds() else None

    def _put(self, number: ShipmentNumber) -> None:
        self.notes[number.carrier, number.tracking_number] = number, self._seconds() + _SECONDS


@dataclass
class FakeCarrierSecrets:
    """`stored` is what is there, `read` what was read last."""

    stored: list[bytes] = field(default_factory=lambda: [b"the carriers' secret"])
    read: list[bytes] = field(default_factory=list)
    down: bool = False

    def accepted(self, *, fresh: bool = False) -> Sequence[bytes]:
        if self.down:
            raise TemporarilyUnavailable("no answer")
        if fresh or not self.read:
            self.read = list(self.stored)
        return self.read
