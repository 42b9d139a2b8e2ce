"""The storefront without the local cloud: `python -m web.dev.shop [--port 5180] [--seconds 0.6]`.

At the port the site as it was built, with the headers that CloudFront adds; at the next one the API (the real app over
the tests' fakes), Cognito and receipts. Nothing is kept. `POST /__shop/faults` on the API's port makes requests fail,
for the journeys: see `_Faults`."""

from __future__ import annotations

import argparse
import gzip
import json
import mimetypes
import re
import sys
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from chalice.local import LambdaContext
from chalicelib.access.model import Role

from infra.deploy import gateway_responses
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type
from tests.support.api.gateway import Gateway
from tests.support.builders.examples import SETTINGS
from web.dev.memory_shop import MemoryShop
from web.dev.office import DOWNLOADS, UPLOADS, Images
from web.dev.people import Refused, UserPool

WEB = Path(__file__).parents[1]
CLIENT_ID = "5f8v1q3n2m7k9j4h6g0d1s2a3p"
PUBLISHABLE_KEY = "pk_local_storefront"
CUSTOMER = ("customer@example.com", "Customer-Password-1")
STAFF = ("admin@example.com", "Admin-Password-1")
VIEWER = ("viewer@example.com", "Viewer-Password-1")
_PASSED_ON = ("authorization", "content-type", "idempotency-key", "if-match")
_KEPT = ("content-type", "etag", "content-disposition", "retry-after", "location")
_ALLOWED = "Content-Type,X-Amz-Target,Authorization,X-API-Key,Idempotency-Key,X-Correlation-Id,If-Match"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: str


class Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    """With lower-case names."""
    body: str


def problem(status: int, code: str, detail: str) -> Answer:
    said = {
        "type": f"/problems#{code}",
        "title": code,
        "status": status,
        "detail": detail,
        "requestId": "-",
        "code": code,
    }
    return Answer(status, {"Content-Type": "application/problem+json"}, json.dumps(said))


def _needs_token(method: str, path: str) -> bool:
    """Of a customer or of staff: the gateway checks it before the app is called."""
    changes_products = path.startswith("/products/") and method != "GET"
    return changes_products or path.startswith(("/me/", "/cart", "/checkout", "/admin/"))


def _claim(value: Any) -> str:
    """As API Gateway passes it on: all is text, a list in brackets."""
    return f"[{' '.join(value)}]" if isinstance(value, list) else str(value)


class _Faults:
    """Rules `{"match": "POST /checkout", "kind": …, "times": 1, "seconds": 0}`, the first that matches is used up:
    `status` answers `status` and does nothing, `lose` does it and drops the answer, `delay` waits first, `expire` makes
    all ID tokens expire first, `end` also ends all sessions. `gateway` answers as API Gateway does without calling us,
    by a `type` such as `THROTTLED`; `unreadable` leaves its CORS headers out, as a proxy's own answer has none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.rules: list[dict[str, Any]] = []
        self.seen: list[str] = []

    def take(self, call: str) -> dict[str, Any]:
        with self._lock:
            self.seen.append(call)
            for rule in self.rules:
                if call.startswith(rule["match"]) and rule.get("times", 1) > 0:
                    rule["times"] = rule.get("times", 1) - 1
                    return rule
        return {"kind": "none"}


class Shop:
    """All behind the API's port."""

    def __init__(self, api_url: str, site_url: str, seconds: float) -> None:
        from app import app

        self.pool = UserPool(CLIENT_ID)
        self.pool.add(*CUSTOMER)
        self.pool.add(*STAFF, "admin")
        self.pool.add(*VIEWER, "viewer")
        self.faults = _Faults()
        self.memory = MemoryShop(api_url, site_url, seconds)
        for email, role in ((STAFF[0], Role.ADMIN), (VIEWER[0], Role.VIEWER)):
            self.memory.adapters.staff_users.known(self.pool.sub_of(email), role, email=email)
        self._app = app
        self._gateway = Gateway(app)
        self._lock = threading.RLock()

    def answer(self, request: Request) -> Answer:
        """As API Gateway does: whose key or token it is is found out first."""
        path, headers = request.path.partition("?")[0], request.headers
        claims = self.pool.claims(headers.get("authorization", "").removeprefix("Bearer "))
        if _needs_token(request.method, path) and claims is None:
            return problem(401, "INVALID_TOKEN", "The ID token is missing or expired.")
        key = SETTINGS.publishable_key_id if headers.get("x-api-key") == PUBLISHABLE_KEY else None
        event = self._gateway.event(request.method, request.path, request.body or None, key=key)
        event["headers"] = {name: headers[name] for name in _PASSED_ON if name in headers}
        if claims is not None:
            event["requestContext"]["authorizer"] = {"claims": {n: _claim(v) for n, v in claims.items()}}
        with self._lock:  # a Blueprint has one current request
            answered = self._app(event, LambdaContext("api_handler", 512, 60_000))
        flat = {**answered["headers"], **{k: v[-1] for k, v in answered["multiValueHeaders"].items()}}
        return Answer(answered["statusCode"], flat, answered["body"])

    def cognito(self, operation: str, body: str) -> Answer:
        try:
            return Answer(200, {}, json.dumps(self.pool.answer(operation, json.loads(body))))
        except Refused as refused:
            return Answer(400, {}, json.dumps({"__type": refused.code, "message": str(refused)}))


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002
        return

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class ApiHandler(_Quiet):
    shop: Shop

    def _handle(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = urlsplit(self.path).path
        if path == UPLOADS:
            self.shop.memory.office.upload(self.headers["Content-Type"], sent)
            return self._say(Answer(204, {}, ""))
        if path.startswith("/__shop/"):
            return self._say(self._by_journey(path.removeprefix("/__shop/"), sent.decode()))
        fault = self.shop.faults.take(f"{self.command} {self.path}")
        time.sleep(fault.get("seconds", 0))
        if fault["kind"] in ("expire", "end"):
            (self.shop.pool.end_sessions if fault["kind"] == "end" else self.shop.pool.expire_tokens)()
        if fault["kind"] in ("gateway", "unreadable"):
            return self._by_gateway(fault["type"], readable=fault["kind"] == "gateway")
        if fault["kind"] == "status":
            return self._say(problem(fault["status"], "TEMPORARILY_UNAVAILABLE", "A fault was asked for."))
        answer = self._routed(path, sent.decode())
        if fault["kind"] == "lose":
            self.close_connection = True
            return None
        return self._say(answer)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815

    def do_OPTIONS(self) -> None:
        self._say(Answer(204, {"Access-Control-Allow-Headers": _ALLOWED, "Access-Control-Allow-Methods": "*"}, ""))

    def _routed(self, path: str, body: str) -> Answer:
        if path == "/cognito/":
            return self.shop.cognito(self.headers["X-Amz-Target"].split(".")[-1], body)
        self.shop.memory.office.catch_up(path)
        if path.startswith(DOWNLOADS):
            found = self.shop.memory.office.download(unquote(path).lstrip("/"))
            as_file = {"Content-Disposition": "attachment"}
            return Answer(200, as_file, found.decode()) if found else problem(404, "NOT_FOUND", "No such file.")
        if path.startswith("/documents/"):
            return Answer(200, {"Content-Type": "application/pdf"}, path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.shop.answer(Request(self.command, self.path, headers, body))

    def _by_journey(self, wanted: str, body: str) -> Answer:
        if wanted == "faults":
            self.shop.faults.rules = json.loads(body)
            self.shop.faults.seen.clear()
        if wanted == "price":
            self._price(json.loads(body))
        if wanted == "poison":
            self.shop.memory.office.poison(json.loads(body).get("orderId"))
        orders = self.shop.memory.adapters.store.orders.values()
        said = {"orders": [order.order_id for order in orders], "seen": self.shop.faults.seen}
        return Answer(200, {}, json.dumps(said))

    def _price(self, asked: dict[str, str]) -> None:
        from dataclasses import replace
        from decimal import Decimal

        products = self.shop.memory.adapters.store.products
        products[asked["productId"]] = replace(products[asked["productId"]], price=Decimal(asked["price"]))

    def _by_gateway(self, response_type: str, *, readable: bool) -> None:
        answer = gateway_responses.document("")[response_type]
        headers = {
            name.removeprefix("gatewayresponse.header."): value.strip("'")
            for name, value in answer["responseParameters"].items()
            if readable or "Access-Control" not in name
        }
        self.reply(int(answer["statusCode"]), headers, answer["responseTemplates"]["application/json"].encode())

    def _say(self, answer: Answer) -> None:
        body = answer.body.encode()
        if answer.headers.get("Content-Type") == "application/pdf":
            body = self.shop.memory.documents.files[answer.body.removeprefix("/documents/")]
        kept = {n: v for n, v in answer.headers.items() if n.lower() in _KEPT}
        # Chalice's own answers have them; a gateway adds them to all others.
        cors = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Location,ETag,Retry-After,x-amzn-RequestId",
        }
        more = {n: v for n, v in answer.headers.items() if n.lower().startswith("access-control-allow-")}
        try:
            self.reply(answer.status, {"Content-Type": "application/json", **kept, **cors, **more}, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


def content_security_policy(api_url: str, policy: str = "PageHeaders") -> str:
    """What the site's distribution sends, by the policy of that name in its template."""
    found = of_type(load(TEMPLATES / "site.yaml"), "AWS::CloudFront::ResponseHeadersPolicy")[policy]
    headers = found["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    text: str = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    known = text.replace("${ConnectOrigins}", api_url)
    return re.sub(r"https://[^\s;]*\$\{[^\s;]*", "", known)  # the buckets: here the API takes uploads


class SiteHandler(_Quiet):
    config: dict[str, Any]
    pages: Path
    images: Images
    """Those that staff have uploaded."""
    policies: Mapping[str, str]
    """By path; `/` for all others."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/config.json":
            return self.reply(200, {"Content-Type": "application/json"}, json.dumps(self.config).encode())
        if uploaded := self.images.shown.get(path.lstrip("/")):
            return self.reply(200, {"Content-Type": uploaded[1]}, uploaded[0])
        folder = WEB / "pictures" if path.startswith("/pictures/") else self.pages
        file = (folder / path.removeprefix("/pictures").lstrip("/")).resolve()
        if path == "/":
            file = folder / "index.html"
        if not (file.is_relative_to(folder) and file.is_file()):
            return self.reply(404, {"Content-Type": "text/plain"}, b"No such file.")
        media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {
            "Content-Type": media_type,
            "Content-Security-Policy": self.policies.get(path, self.policies["/"]),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "max-age=31536000, immutable" if "/assets/" in path else "no-cache",
        }
        content = file.read_bytes()
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = gzip.compress(content)
        return self.reply(200, headers, content)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="web.dev.shop")
    parser.add_argument("--port", type=int, default=5180)
    parser.add_argument("--seconds", type=float, default=0.6, help="how long each step of an order takes")
    parser.add_argument("--pages", type=Path, default=WEB / "storefront/dist", help="the folder of the built site")
    parser.add_argument("--orders", type=int, default=0, help="how many completed orders there are already")
    options = parser.parse_args(arguments)
    site_url, api_url = (f"http://127.0.0.1:{port}" for port in (options.port, options.port + 1))
    ApiHandler.shop = Shop(api_url, site_url, options.seconds)
    ApiHandler.shop.memory.fill(options.orders)
    SiteHandler.pages = options.pages.resolve()
    SiteHandler.images = ApiHandler.shop.memory.office.images
    policies = {"/": "PageHeaders", "/admin.html": "OfficeHeaders", "/api.html": "ReferenceHeaders"}
    SiteHandler.policies = {path: content_security_policy(api_url, name) for path, name in policies.items()}
    SiteHandler.config = {
        "apiUrl": api_url,
        "region": "us-east-1",
        "userPoolId": "us-east-1_memory",
        "userPoolClientId": CLIENT_ID,
        "cognitoUrl": f"{api_url}/cognito/",
        "publishableKey": PUBLISHABLE_KEY,
        "shopName": "Orderproc Shop",
        "payments": "simulated",
    }
    api = ThreadingHTTPServer(("127.0.0.1", options.port + 1), ApiHandler)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    said = (
        f"The shop is at {site_url}; sign in as {CUSTOMER[0]} with {CUSTOMER[1]}; codes are 123456, 654321.\n"
        f"The back office is at {site_url}/admin.html; sign in as {STAFF[0]} with {STAFF[1]}."
    )
    print(said, flush=True)  # noqa: T201
    try:
        ThreadingHTTPServer(("127.0.0.1", options.port), SiteHandler).serve_forever()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
