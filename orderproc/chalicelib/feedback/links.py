"""Links in mails that lead to the feedback page: anyone who has one may rate that one order, without key or account.

A token is, url-safe in base64, four bytes of when it ends (seconds since 1970), an HMAC-SHA256, and the order's id. The
HMAC is about the first and the last, and about what the link is for: a signature made for anything else is none."""

from __future__ import annotations

import base64
import binascii
import re

from ..kit.clock import to_millis
from ..kit.ports import Clock, LinkSecrets
from ..kit.signing import is_signed, mac_of
from ..kit.wiring import service

LIFETIME = 180 * 24 * 3600
"""Seconds for which a link works."""
_PURPOSE = b"orderproc feedback\n"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{50,256}", re.ASCII)
_END, _MAC = 4, 32


@service
class FeedbackLinks:
    """`public_url` is the API's address as customers reach it, empty where it is not known."""

    secrets: LinkSecrets
    clock: Clock
    public_url: str

    def link(self, order_id: str) -> str:
        """The address of the order's feedback page; empty where the API's own is not known.

        Raises TemporarilyUnavailable."""
        return f"{self.public_url}/feedback/{self.token(order_id)}" if self.public_url else ""

    def token(self, order_id: str) -> str:
        end = (self._now() + LIFETIME).to_bytes(_END, "big")
        order = order_id.encode()
        signed = end + mac_of(self.secrets.current(), _PURPOSE + end + order) + order
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def order_of(self, token: str) -> str | None:
        """The id of the order that the link is for; None if we did not sign it, or it ended.

        Raises TemporarilyUnavailable if the secret can't be read."""
        parts = _parts(token)
        if parts is None or int.from_bytes(parts[0], "big") < self._now():
            return None
        end, signature, order = parts
        return order.decode() if is_signed(self.secrets, _PURPOSE + end + order, [signature]) else None

    def _now(self) -> int:
        return to_millis(self.clock.now()) // 1000


def _parts(token: str) -> tuple[bytes, bytes, bytes] | None:
    """End, signature, order; None for what is no token of ours, whoever signed it."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except binascii.Error:
        return None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != token:
        return None  # spare bits at the end: one link has one spelling
    return raw[:_END], raw[_END : _END + _MAC], raw[_END + _MAC :]
