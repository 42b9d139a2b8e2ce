"""What a browser needs to be let in, on answers of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
from chalice.app import Chalice
from chalice.local import LocalGateway
from chalice.test import Client

from tests.support.api.gateway import Gateway
from tests.support.builders.examples import body

EXPOSED = "Location,ETag,X-Correlation-Id,Retry-After,Allow,Content-Disposition,x-amzn-RequestId"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/products", 200),
        ("GET", "/products/NOTHING", 404),
        ("GET", "/products?limit=0", 400),
        ("POST", "/orders", 400),
        ("POST", "/orders/x/cancel", 404),
        ("GET", "/feedback/x", 404),
        ("POST", "/feedback/x", 404),
    ],
)
def test_errors_can_be_read_from_a_browser_as_well_as_successes(
    api: Gateway, method: str, path: str, status: int
) -> None:
    answer = api.call(method, path)

    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == EXPOSED
    assert "access-control-allow-credentials" not in answer.headers  # with `*` no browser would take it


def test_refused_media_types_can_be_read_too(api: Gateway) -> None:
    answer = api.post("/orders", "x", headers={"Content-Type": "text/plain"})

    assert (answer.status, answer.headers["access-control-expose-headers"]) == (415, EXPOSED)


def test_every_route_that_a_browser_may_call_has_it(app: Chalice) -> None:
    for path, entries in app.routes.items():
        for entry in [] if path.startswith("/webhooks/") else entries.values():
            assert entry.cors.get_access_control_headers()["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/orders", {"GET", "HEAD", "POST"}),
        ("/orders/x/cancel", {"POST"}),
        ("/products/x", {"GET", "HEAD", "PUT", "DELETE"}),
        ("/health", {"GET", "HEAD"}),
        ("/feedback/x", {"GET", "HEAD", "POST"}),
        ("/no-such-path", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}),
    ],
)
def test_a_preflight_is_told_what_may_be_sent(client: Client, path: str, methods: set[str]) -> None:
    gateway: LocalGateway = client.http._local_gateway
    answer = gateway.handle_request("OPTIONS", path, {}, b"")

    headers = answer["headers"]
    assert answer["statusCode"] == 200
    assert set(headers["Access-Control-Allow-Methods"].split(",")) == {*methods, "OPTIONS"}
    sendable = {name.lower() for name in headers["Access-Control-Allow-Headers"].split(",")}
    assert sendable >= {"content-type", "x-api-key", "authorization", "idempotency-key", "x-correlation-id"}
    assert headers["Access-Control-Max-Age"] == "600"


def test_the_location_of_a_new_order_leads_to_it(api: Gateway) -> None:
    answer = api.post("/orders", body())

    found = urljoin("https://api.test/restapis/r/api/_user_request_/orders", answer.headers["location"])
    assert found == f"https://api.test/restapis/r/api/_user_request_/orders/{answer.json['orderId']}"


_WITH_A_SITE = """
import json, app
from chalicelib import bootstrap
from tests.support.api.gateway import Gateway
from tests.support.builders.examples import LAPTOP, SETTINGS
from tests.support.fakes.adapters import FakeAdapters

adapters = FakeAdapters()
adapters.catalogue.put(LAPTOP, 5)
bootstrap.use(bootstrap.Services(SETTINGS, adapters))
api = Gateway(app.app)
asked = ["GET /products", "GET /products/NOTHING", "GET /problems", "GET /orders", "POST /orders", "GET /cart"]
asked += ["GET /guest/order", "POST /place-order", "PUT /products/LAPTOP001"]
answers = {route: api.call(*route.split()).headers for route in asked}
preflights = {p: e.cors.get_access_control_headers() for p, es in app.app.routes.items() for e in es.values() if e.cors}
print(json.dumps([answers, preflights]))
"""


def test_with_a_site_only_its_pages_may_call_with_keys_and_tokens() -> None:
    """In a process of its own: routes get their headers when the app is imported."""
    env = {**os.environ, "SITE_ORIGIN": "https://shop.test", "PYTHONPATH": f"{ROOT}:{ROOT / 'orderproc'}"}
    said = subprocess.run([sys.executable, "-c", _WITH_A_SITE], env=env, capture_output=True, text=True, check=True)
    answers, preflights = json.loads(said.stdout.splitlines()[-1])

    for route, headers in answers.items():
        for_anyone = route in {"GET /products", "GET /products/NOTHING", "GET /problems"}
        assert headers["access-control-allow-origin"] == ("*" if for_anyone else "https://shop.test"), route
    assert len(preflights) > 40
    for path, headers in preflights.items():
        assert headers["Access-Control-Allow-Origin"] == "https://shop.test", path
        assert {"Authorization", "X-API-Key", "Idempotency-Key"} <= set(
            headers["Access-Control-Allow-Headers"].split(",")
        )
        assert {"Retry-After", "Content-Disposition"} <= set(headers["Access-Control-Expose-Headers"].split(","))
