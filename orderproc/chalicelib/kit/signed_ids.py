"""Tokens that say what their bearer may do with one thing, without key or account, for some time.

A token is, url-safe in base64, four bytes of when it ends (seconds since 1970), an HMAC-SHA256, and the thing's id. The
HMAC is about the first and the last, and about what the token is for: a signature made for anything else is none."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from .clock import to_millis
from .ports import Clock, LinkSecrets
from .signing import is_signed, mac_of
from .wiring import service

_TOKEN = re.compile(r"[A-Za-z0-9_-]{50,256}", re.ASCII)
_END, _MAC = 4, 32


@service
class SignedIds:
    """`purpose` tells these tokens from all others that are made with the same secret. None begins with another."""

    secrets: LinkSecrets
    clock: Clock
    purpose: bytes

    def signer(self) -> Callable[[str, int], str]:
        """Makes tokens of an id and the second at which they end. Once there is one, nothing can keep it from working.
        Raises TemporarilyUnavailable if the secret can't be read."""
        secret = self.secrets.current()

        def signed(thing_id: str, end_at: int) -> str:
            end, thing = end_at.to_bytes(_END, "big"), thing_id.encode()
            mac = mac_of(secret, self.purpose + end + thing)
            return base64.urlsafe_b64encode(end + mac + thing).decode().rstrip("=")

        return signed

    def id_of(self, token: str) -> str | None:
        """The id of the thing that the token is for; None if we did not sign it for this purpose, or it ended.

        Raises TemporarilyUnavailable if the secret can't be read."""
        parts = _parts(token)
        if parts is None or int.from_bytes(parts[0], "big") < self.now():
            return None
        end, mac, thing = parts
        return thing.decode() if is_signed(self.secrets, self.purpose + end + thing, [mac]) else None

    def now(self) -> int:
        """In seconds since 1970."""
        return to_millis(self.clock.now()) // 1000


def _parts(token: str) -> tuple[bytes, bytes, bytes] | None:
    """End, signature, id; None for text of another form. The signature is not checked here."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except binascii.Error:
        return None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
        return None  # spare bits at the end: one token has one spelling
    return raw[:_END], raw[_END : _END + _MAC], raw[_END + _MAC :]
