"""Serves a site at a plain address, `http://127.0.0.1:<EMULATOR_SITE_PORT>`.

CloudFront has a host name for each distribution, and MiniStack picks the distribution by it; no browser finds that name
on this machine. So this port passes all requests on to the first distribution. It also does what MiniStack leaves out:
requests count as made over TLS, and answers are compressed where the viewer takes that.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html
"""

from __future__ import annotations

import gzip
import http.client
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .settings import GATEWAY_PORT, SITE_PORT

_COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg+xml")
_LEAST = 1000
"""Bytes; CloudFront compresses nothing smaller."""
_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
_log = logging.getLogger("site_port")


def install() -> None:
    """Listen, if a port was chosen."""
    if SITE_PORT:
        server = ThreadingHTTPServer(("127.0.0.1", SITE_PORT), _Site)
        threading.Thread(target=server.serve_forever, name="site_port", daemon=True).start()


def compressed(content: bytes, media_type: str, accepted: str) -> bytes | None:
    """The content in gzip, or None where CloudFront would send it as it is."""
    if len(content) < _LEAST or "gzip" not in accepted or not media_type.startswith(_COMPRESSED):
        return None
    return gzip.compress(content, 6, mtime=0)


def _domain() -> str | None:
    from ministack.services import cloudfront  # here, so that tests run without it

    for distribution in list(cloudfront._distributions._data.values()):
        if distribution.get("enabled"):
            return str(distribution["DomainName"])
    return None


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        domain = _domain()
        if domain is None:
            self._answer(404, {"Content-Type": "text/plain"}, b"No site is deployed here.\n")
            return
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _OF_THE_CONNECTION}
        upstream = http.client.HTTPConnection("127.0.0.1", GATEWAY_PORT, timeout=30)
        try:
            sent = {**kept, "Host": domain, "X-Forwarded-Proto": "https", "Accept-Encoding": "identity"}
            upstream.request(self.command, self.path, headers=sent)
            answer = upstream.getresponse()
            self._pass_on(answer.status, answer.getheaders(), answer.read())
        finally:
            upstream.close()

    do_HEAD = do_GET  # noqa: N815

    def _pass_on(self, status: int, given: list[tuple[str, str]], content: bytes) -> None:
        headers = {name: value for name, value in given if name.lower() not in _OF_THE_CONNECTION}
        media_type = next((value for name, value in given if name.lower() == "content-type"), "")
        small = compressed(content, media_type, self.headers.get("Accept-Encoding", "")) if status == 200 else None
        if small is not None:
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self._answer(status, headers, content if small is None else small)

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Without a Server and a Date of our own."""
        self.send_response_only(code, message)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        _log.debug(format, *args)
