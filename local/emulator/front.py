"""Stands in front of MiniStack: the TLS end point that AWS has and this plain-HTTP port lacks, and the routes under
`/_emulator/`: what `iam_record` and `mail_record` hold, `about` (who started it), and `state` (`kept_state`).

The buckets' policies refuse calls without TLS, and stay unchanged here. So a call counts as made over TLS, as
it would behind a terminating proxy, unless it says `X-Forwarded-Proto: http`: that is how a test sees the
refusal.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

import ministack.app

from . import iam_record, kept_state, mail_record
from .replacing import replaces
from .settings import OWNER

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_ROUTES: dict[tuple[str, str], Callable[[], Any]] = {
    ("GET", "/_emulator/about"): lambda: {"owner": OWNER},
    ("GET", "/_emulator/iam-calls"): iam_record.entries,
    ("GET", "/_emulator/mails"): mail_record.entries,
    ("POST", "/_emulator/state"): kept_state.save,
}
_says_plain_http: ContextVar[bool] = ContextVar("says_plain_http", default=False)


def install() -> None:
    """Wrap MiniStack's ASGI application and its note of the transport."""

    @replaces(ministack.app, "pin_request_origin")
    def pin_request_origin(pin: Any, source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, secure_transport or not _says_plain_http.get())

    inner = ministack.app.app

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope.get("headers", []))
            _says_plain_http.set(headers.get(b"x-forwarded-proto", b"").lower() == b"http")
            answer = _ROUTES.get((scope["method"], scope["path"]))
            if answer is not None:
                found = await asyncio.to_thread(answer) if scope["method"] == "POST" else answer()
                await _send(send, b"" if found is None else json.dumps(found).encode())
                return
        await inner(scope, receive, send)

    ministack.app.app = app


async def _send(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")] if body else []
    await send({"type": "http.response.start", "status": 200 if body else 204, "headers": headers})
    await send({"type": "http.response.body", "body": body})
