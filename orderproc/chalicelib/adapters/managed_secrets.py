"""Secrets of ours in Secrets Manager: the present one and, after a rotation, the one before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..domain.errors import TemporarilyUnavailable
from .aws import code_of, is_temporary

KEPT = 300
"""Seconds for which a process believes what it read."""
KEPT_AT_LEAST = 10
"""So often at most a signature that fits no known secret makes it read again: forgeries must not cost calls."""


@dataclass
class ManagedSecrets:
    client: Any
    arn: str
    seconds: Callable[[], float] = time.monotonic
    _read: tuple[float, Sequence[bytes]] | None = None
    _current: bytes | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def accepted(self, *, fresh: bool = False) -> Sequence[bytes]:
        with self._lock:
            now, kept = self.seconds(), KEPT_AT_LEAST if fresh else KEPT
            if self._read is None or now - self._read[0] >= kept:
                self._read = now, self._both()
            return self._read[1]

    def current(self) -> bytes:
        with self._lock:
            if self._current is None:
                self._current = self._secret("AWSCURRENT")
            return self._current

    def _both(self) -> Sequence[bytes]:
        """The present one, and the one before it if there was one."""
        current = self._secret("AWSCURRENT")
        try:
            return [current, self._secret("AWSPREVIOUS")]
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
            return [current]

    def _secret(self, stage: str) -> bytes:
        try:
            answer = self.client.get_secret_value(SecretId=self.arn, VersionStage=stage)
        except (ClientError, BotoCoreError) as error:
            if is_temporary(error):
                raise TemporarilyUnavailable("A secret can't be read now.") from error
            raise
        return str(answer["SecretString"]).encode()
