"""HMAC-SHA256 with a secret of ours, which may have been rotated a moment ago."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence

from .ports import AcceptedSecrets


def mac_of(secret: bytes, message: bytes) -> bytes:
    return hmac.new(secret, message, hashlib.sha256).digest()


def is_signed(
    secrets: AcceptedSecrets,
    message: bytes,
    signatures: Sequence[bytes],
    as_sent: Callable[[bytes], bytes] = lambda mac: mac,
) -> bool:
    """Whether one of the signatures is the message's, in the form in which it is sent, with the secret or, after a
    rotation, with the one before it. Takes as long for a signature that is nearly right. Raises TemporarilyUnavailable
    if the secret can't be read."""
    return any(_is_signed(secrets.accepted(fresh=fresh), message, signatures, as_sent) for fresh in (False, True))


def _is_signed(
    secrets: Iterable[bytes], message: bytes, signatures: Sequence[bytes], as_sent: Callable[[bytes], bytes]
) -> bool:
    found = False
    for secret in secrets:
        expected = as_sent(mac_of(secret, message))
        for signature in signatures:
            found |= hmac.compare_digest(expected, signature)
    return found
