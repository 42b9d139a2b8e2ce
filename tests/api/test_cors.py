"""What a browser needs to be let in, on answers of every kind."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from chalice.app import Chalice
from chalice.local import LocalGateway
from chalice.test import Client

from tests.support.api.gateway import Gateway
from tests.support.builders.examples import body

EXPOSED = "Location,X-Correlation-Id,Retry-After,Allow,x-amzn-RequestId"


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
        ("/products/x", {"GET", "HEAD", "PUT"}),
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
