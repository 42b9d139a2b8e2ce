"""Keeps every mail that SES accepted as it was sent, attachments included, which MiniStack's own list leaves
out.

Served at `GET /_emulator/mails` as a list of `{"from", "to", "mime"}`, oldest first, `mime` being the whole message as
text (RFC 5322).
"""

import threading
from typing import Any

from ministack.services import ses, ses_v2

from .replacing import replaces

_mails: list[dict[str, Any]] = []
_lock = threading.Lock()


def install() -> None:
    """Listen where MiniStack would relay an accepted mail to an SMTP server."""

    @replaces(ses, "_smtp_relay")
    @replaces(ses_v2, "_smtp_relay")
    def relay(original: Any, source: str, to_addrs: list[str], message: str) -> None:
        with _lock:
            _mails.append({"from": source, "to": list(to_addrs), "mime": message})
        original(source, to_addrs, message)


def entries() -> list[dict[str, Any]]:
    """All mails so far."""
    with _lock:
        return list(_mails)
