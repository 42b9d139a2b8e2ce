"""Stops asking what fails again and again, so that it does not slow everything else down."""

from __future__ import annotations

from collections.abc import Callable


class CircuitBreaker:
    """Rests for some seconds after so many failures in a row; then one call at a time finds out whether it is over.

    Kept per process: each instance of a function learns it for itself, which costs no call. `seconds` is a clock."""

    def __init__(self, failures: int, rest: float, seconds: Callable[[], float]) -> None:
        self._most, self._rest, self._seconds = failures, rest, seconds
        self._failures = 0
        self._rests_until = 0.0

    def rests(self) -> bool:
        """Whether not to call now. If not, the others rest while this one calls."""
        if self._failures < self._most:
            return False
        now = self._seconds()
        if now < self._rests_until:
            return True
        self._rests_until = now + self._rest
        return False

    def failed(self) -> None:
        self._failures += 1
        self._rests_until = self._seconds() + self._rest

    def answered(self) -> None:
        self._failures = 0
