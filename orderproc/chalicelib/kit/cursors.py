"""Cursors of lists: where the next page begins, signed, so that only what a list gave out leads into it.

A cursor is, url-safe in base64, an HMAC-SHA256 cut to 16 bytes and the position as JSON. The HMAC is about the
position, the list (`scope`), and what it is for: a signature made for a link in a mail is none."""

from __future__ import annotations

import base64
import binascii

from .ports import LinkSecrets
from .signing import is_signed, mac_of
from .wiring import service

_PURPOSE = b"orderproc cursor\n"
_MAC = 16
_LONGEST = 4096
"""Characters: a key of DynamoDB has 1,024 bytes at most, and positions have one or two."""


@service
class Cursors:
    secrets: LinkSecrets

    def signed(self, position: bytes, scope: str) -> str:
        """Raises TemporarilyUnavailable."""
        mac = mac_of(self.secrets.current(), _signed(position, scope))[:_MAC]
        return base64.urlsafe_b64encode(mac + position).decode().rstrip("=")

    def position(self, cursor: str, scope: str) -> bytes | None:
        """None for what was not signed for this list with the secret or, after a rotation, with the one before it.

        Raises TemporarilyUnavailable if the secret can't be read."""
        raw = _decoded(cursor)
        if raw is None:
            return None
        mac, position = raw[:_MAC], raw[_MAC:]
        return position if is_signed(self.secrets, _signed(position, scope), [mac], lambda mac: mac[:_MAC]) else None


def _decoded(cursor: str) -> bytes | None:
    if len(cursor) > _LONGEST:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) > _MAC else None


def _signed(position: bytes, scope: str) -> bytes:
    return _PURPOSE + scope.encode() + b"\n" + position
