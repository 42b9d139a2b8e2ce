"""Signs as carriers do; written from the documentation and not from the code that checks."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from tests.support.fakes.clock import FakeClock

SECRET = b"the carriers' secret"


def v1(body: bytes, moment: str | int, secret: bytes = SECRET) -> str:
    return hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def header(body: bytes, moment: str | int, *secrets: bytes) -> str:
    """With a signature by each of the secrets."""
    signatures = ",".join(f"v1={v1(body, moment, secret)}" for secret in secrets or (SECRET,))
    return f"t={moment},{signatures}"


def seconds(clock: FakeClock | datetime) -> int:
    return int((clock.moment if isinstance(clock, FakeClock) else clock).timestamp())
