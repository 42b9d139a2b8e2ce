"""Messages to customers in memory, and the claims that send each of them once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.kit.claims import Claim, ClaimState
from chalicelib.kit.clock import to_iso
from chalicelib.orders.model import Order, Shipment, ShipmentStatus


class FakeClaims:
    """`seconds` is the time by which claims expire."""

    def __init__(self, seconds: Callable[[], float] = time.time) -> None:
        self._lock = threading.Lock()
        self._seconds = seconds
        self.until: dict[str, float] = {}
        self.states: dict[str, tuple[ClaimState, str]] = {}
        self.counted: dict[str, set[str]] = {}

    @property
    def claimed(self) -> set[str]:
        return set(self.until)

    def claim(self, occasion: str, asked_at: str | None = None) -> bool:
        with self._lock:
            until = self.until.get(occasion, float("-inf"))
            if until >= self._seconds() and not (asked_at and self._in_doubt(occasion, asked_at)):
                return False
            self._set(occasion, ClaimState.CLAIMED)
            return True

    def release(self, occasion: str) -> None:
        self.until.pop(occasion, None)

    def sent(self, occasion: str) -> None:
        self._set(occasion, ClaimState.SENT)

    def refused(self, occasion: str, reason: str) -> None:
        self._set(occasion, ClaimState.REFUSED, reason)

    def count(self, occasion: str, scope: str, most: int) -> bool:
        with self._lock:
            counted = self.counted.setdefault(scope, set())
            if occasion not in counted and len(counted) >= most:
                return False
            counted.add(occasion)
            return True

    def look_up(self, occasions: Sequence[str], *, consistent: bool = False) -> dict[str, Claim]:
        now, kept = self._seconds(), {o: u for o, u in self.until.items() if o in occasions}
        return {o: Claim(self.states[o][0], self._at(o), self.states[o][1]) for o, u in kept.items() if u >= now}

    def _in_doubt(self, occasion: str, asked_at: str) -> bool:
        long_before = datetime.fromisoformat(asked_at) - timedelta(seconds=120)
        return self.states[occasion][0] is not ClaimState.SENT and self._at(occasion) < to_iso(long_before)

    def _at(self, occasion: str) -> str:
        return to_iso(datetime.fromtimestamp(self.until[occasion] - _CLAIM_SECONDS, UTC))

    def _set(self, occasion: str, state: ClaimState, reason: str = "") -> None:
        self.until[occasion] = int(self._seconds()) + _CLAIM_SECONDS
        self.states[occasion] = state, reason


_CLAIM_SECONDS = 30 * 24 * 3600


class FakeMailer:
    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []

    def send(self, sender: str, recipient: str, message: bytes) -> None:
        self.sent.append((recipient, message))


class FakeTexter:
    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send(self, phone_number: str, text: str) -> None:
        self.sent.append((phone_number, text))


class FakeMessages:
    """Words short enough to compare."""

    def sms_created(self, order: Order) -> str:
        return "created"

    def sms_completed(self, order: Order) -> str:
        return "completed"

    def sms_failed(self, order: Order) -> str:
        return "failed"

    def confirmation(self, order: Order, receipt: bytes, link: str) -> bytes:
        return b"confirmation " + link.encode()

    def notice(self, order: Order) -> bytes:
        return b"notice " + order.status.value.encode()

    def shipment(self, order: Order, shipment: Shipment, status: ShipmentStatus) -> bytes:
        return f"{status.value.lower()} {shipment.carrier} {shipment.tracking_number}".encode()
