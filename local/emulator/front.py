"""Stands in front of MiniStack: the TLS end point that AWS has and this plain-HTTP port lacks, and our own
routes.

The buckets' policies refuse calls without TLS, and stay unchanged here. So a call counts as made over TLS, as
it would behind a terminating proxy, unless it says `X-Forwarded-Proto: http`: that is how a test sees the
refusal.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

import ministack.app

from local.emulator import iam_record, kept_state, mail_record

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_RECORDS = {"/_orderproc/iam-calls": iam_record, "/_orderproc/mails": mail_record}
_ROOT = str(Path(__file__).resolve().parents[2])
"""The clone that this cloud belongs to."""

_says_plain_http: ContextVar[bool] = ContextVar("says_plain_http", default=False)


def install() -> None:
    """Wrap MiniStack's ASGI application and its note of the transport."""
    inner = ministack.app.app
    pin = ministack.app.pin_request_origin

    def pin_request_origin(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, secure_transport or not _says_plain_http.get())

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = dict(scope.get("headers", []))
            _says_plain_http.set(headers.get(b"x-forwarded-proto", b"").lower() == b"http")
            record = _RECORDS.get(scope["path"])
            if record is not None:
                await _answer(record, scope["method"], send)
                return
            if scope["path"] == "/_orderproc/about":
                await _send(send, 200, json.dumps({"root": _ROOT}).encode())
                return
            if scope["path"] == "/_orderproc/state" and scope["method"] == "POST":
                await asyncio.to_thread(kept_state.save)
                await _send(send, 204, b"")
                return
        await inner(scope, receive, send)

    ministack.app.pin_request_origin = pin_request_origin
    ministack.app.app = app


async def _answer(record: ModuleType, method: str, send: Send) -> None:
    status, body = 405, b""
    if method == "GET":
        status, body = 200, json.dumps(record.entries()).encode()
    elif method == "DELETE":
        record.clear()
        status = 204
    await _send(send, status, body)


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")] if body else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
