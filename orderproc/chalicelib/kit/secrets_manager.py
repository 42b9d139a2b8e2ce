"""Secrets of ours in Secrets Manager: the present one and, after a rotation, the one before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .aws import or_unavailable, unless
from .errors import TemporarilyUnavailable
from .ports import Log

KEPT = 300
"""Seconds for which a process caches what it read."""
CURRENT_KEPT = 3600
"""Seconds for which a process signs with the secret that it read. After a rotation it goes on with the one before for
as long, which is accepted still."""
KEPT_AT_LEAST = 10
"""So often at most a signature that fits no known secret makes it read again: forgeries must not cost calls. So often
at most it is asked again that failed, too."""
KEPT_WHILE_IT_FAILS = 24 * 3600
"""Seconds for which a cached value is used while Secrets Manager can't be asked. Not for ever: it may have been
rotated out since."""
_UNREADABLE = "A secret can't be read now."

PERMISSIONS = {
    "read": ["secretsmanager:GetSecretValue secret/{}"],
}


@dataclass
class ManagedSecrets:
    client: Any
    arn: str
    log: Log
    seconds: Callable[[], float] = time.monotonic
    _read: tuple[float, Sequence[bytes]] | None = None
    _failed_at: float = float("-inf")
    _current: tuple[float, bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accepted(self, *, fresh: bool = False) -> Sequence[bytes]:
        """While Secrets Manager fails, the last ones that were read, but not to those who ask for `fresh` ones: a
        signature that fits none of them may be made with a newer secret. Raises TemporarilyUnavailable."""
        with self._lock:
            now = self.seconds()
            if self._read is None or now - self._read[0] >= (KEPT_AT_LEAST if fresh else KEPT):
                self._read = self._read_again(now, fresh)
            return self._read[1]

    def current(self) -> bytes:
        """While Secrets Manager fails, the last one that was read. Raises TemporarilyUnavailable if there is none."""
        with self._lock:
            now = self.seconds()
            if self._current is None or now - self._current[0] >= CURRENT_KEPT:
                self._current = self._current_again(now)
            return self._current[1]

    def _current_again(self, now: float) -> tuple[float, bytes]:
        """A batch whose orders all need it must not wait for each of them."""
        known = self._current
        if now - self._failed_at < KEPT_AT_LEAST:
            if known:
                return known
            raise TemporarilyUnavailable(_UNREADABLE)
        try:
            return now, self._secret("AWSCURRENT")
        except TemporarilyUnavailable:
            self._failed_at = now
            if known is None:
                raise
        self._warn(now - known[0])
        return known

    def _read_again(self, now: float, fresh: bool) -> tuple[float, Sequence[bytes]]:
        known = self._read
        may_do = known if known and not fresh and now - known[0] < KEPT_WHILE_IT_FAILS else None
        if known and now - self._failed_at < KEPT_AT_LEAST:
            if may_do:
                return may_do
            raise TemporarilyUnavailable(_UNREADABLE)
        try:
            both = self._both()
            self._current = now, both[0]
            return now, both
        except TemporarilyUnavailable:
            self._failed_at = now
            if may_do is None:
                raise
        self._warn(now - may_do[0])
        return may_do

    def _warn(self, age: float) -> None:
        self.log.warning("secret_not_read", secret=self.arn.rpartition(":")[2], age=round(age))

    def _both(self) -> Sequence[bytes]:
        """The present one, and the one before it if there was one."""
        current = self._secret("AWSCURRENT")
        before = unless(["ResourceNotFoundException"], lambda: self._secret("AWSPREVIOUS"))
        return [current] if before is None else [current, before]

    def _secret(self, stage: str) -> bytes:
        with or_unavailable(_UNREADABLE):
            answer = self.client.get_secret_value(SecretId=self.arn, VersionStage=stage)
        return str(answer["SecretString"]).encode()
