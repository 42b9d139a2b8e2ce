"""The port at which the local cloud serves its site."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from local.emulator import site_port
from local.emulator.site_port import compressed

PAGE = b"<!doctype html>" + b"x" * 2000


class _Upstream(BaseHTTPRequestHandler):
    """Answers as a distribution would, and notes what it was asked."""

    seen: dict[str, Any]

    def do_GET(self) -> None:
        type(self).seen = {"path": self.path, "method": self.command, **dict(self.headers.items())}
        status = 304 if self.headers.get("If-None-Match") else 200
        content = b"" if status == 304 or self.command == "HEAD" else PAGE
        self.send_response(status)
        for name, value in {"Content-Type": "text/html", "ETag": '"1"', "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    site = ThreadingHTTPServer(("127.0.0.1", 0), site_port._Site)
    monkeypatch.setattr(site_port, "GATEWAY_PORT", upstream.server_port)
    monkeypatch.setattr(site_port, "_domain", lambda: "d1.cloudfront.net")
    for server in (upstream, site):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}"
    for server in (upstream, site):
        server.shutdown()
        server.server_close()


def test_the_distribution_is_asked_by_its_name_and_over_tls(url: str) -> None:
    answer = requests.get(f"{url}/assets/a.js?x=1", timeout=5)

    assert answer.content == PAGE
    assert _Upstream.seen["path"] == "/assets/a.js?x=1"
    assert (_Upstream.seen["Host"], _Upstream.seen["X-Forwarded-Proto"]) == ("d1.cloudfront.net", "https")


def test_text_is_compressed_for_those_who_take_it(url: str) -> None:
    answer = requests.get(url, timeout=5, stream=True, headers={"Accept-Encoding": "gzip"})
    plain = requests.get(url, timeout=5, stream=True, headers={"Accept-Encoding": "identity"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.raw.read(decode_content=False)) == PAGE
    assert "Content-Encoding" not in plain.headers


def test_what_the_browser_has_is_not_sent_again(url: str) -> None:
    answer = requests.get(url, timeout=5, headers={"If-None-Match": '"1"'})

    assert (answer.status_code, answer.content) == (304, b"")


def test_head_has_no_body(url: str) -> None:
    answer = requests.head(url, timeout=5)

    assert (answer.status_code, answer.content, _Upstream.seen["method"]) == (200, b"", "HEAD")


def test_without_a_site_that_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_port, "_domain", lambda: None)

    answer = requests.get(url, timeout=5)

    assert (answer.status_code, answer.text) == (404, "No site is deployed here.\n")


@pytest.mark.parametrize(
    ("content", "media_type", "accepted"),
    [(b"x" * 999, "text/html", "gzip"), (PAGE, "image/webp", "gzip"), (PAGE, "text/html", "br")],
)
def test_what_is_small_or_compressed_already_is_sent_as_it_is(content: bytes, media_type: str, accepted: str) -> None:
    assert compressed(content, media_type, accepted) is None
