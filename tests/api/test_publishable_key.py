"""The publishable key can be read by anyone in the shop's page: with it alone nothing opens but placing an order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from chalice.app import Chalice

from tests.support.api import published
from tests.support.api.gateway import Gateway
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters

PAGE = SETTINGS.publishable_key_id
QUICK = {"productId": "MOUSE001", "quantity": 1, "customerEmail": "noor@example.com"}
PLACING = {("POST", "/place-order"), ("POST", "/guest/checkout")}
FOR_ANYONE = {
    ("GET", "/products"),
    ("GET", "/products/{product_id}"),
    ("GET", "/health"),
    ("GET", "/openapi.json"),
    ("GET", "/problems"),
}
"""Open without any key, and so with this one. All others ask for a signature: a link's, a token's, a carrier's."""
_EXPECTED = {
    "[{'apiKey': []}]": {403},
    "[{'idToken': []}]": {401},
    "[{'orderToken': []}]": {401},
    "[{'carrierSignature': []}]": {401},
    "[]": {404},
}
"""What is missing is the caller's own token or signature: 401 (contract §2). A link of a mail that is none is 404."""
_ROUTES = [
    (method.upper(), path, operation["security"])
    for path, methods in published.whole()["paths"].items()
    for method, operation in methods.items()
]


def _path(template: str, order_id: str) -> str:
    return re.sub(r"{\w+}", "LAPTOP001", template.replace("{order_id}", order_id))


@pytest.mark.parametrize(("method", "path", "security"), _ROUTES)
def test_with_the_key_and_no_token_nothing_else_opens(
    api: Gateway, adapters: FakeAdapters, method: str, path: str, security: object
) -> None:
    if (method, path) in PLACING | FOR_ANYONE:
        return
    order_id = api.post("/place-order", QUICK, key=PAGE).json["orderId"]
    before = dict(adapters.store.orders), dict(adapters.store.stock), list(adapters.queue.messages)

    answer = api.call(method, _path(path, order_id), {}, key=PAGE)

    assert answer.status in _EXPECTED[str(security)], (method, path, answer.text)
    assert QUICK["customerEmail"] not in answer.text
    assert (dict(adapters.store.orders), dict(adapters.store.stock), list(adapters.queue.messages)) == before


def test_every_route_of_the_app_is_among_them(app: Chalice) -> None:
    routes = {(method, path) for path, entries in app.routes.items() for method in entries if method != "HEAD"}

    assert {(method, path) for method, path, *_ in _ROUTES} == {r for r in routes if r[1] not in ("/", "/{proxy+}")}


def test_what_it_may_needs_it(api: Gateway, untouched: Callable[[], bool]) -> None:
    for _, path in PLACING:
        assert api.post(path, QUICK, key=None).json["code"] == "INVALID_API_KEY"
    assert api.post("/guest/checkout", body(), key="a partner").json["code"] == "FORBIDDEN"
    assert untouched()


@pytest.mark.parametrize("key", ["PAGE", "page ", "p-page", "pag", "guest", "p-guest"])
def test_a_key_of_nearly_that_id_is_another(api: Gateway, key: str) -> None:
    assert "orderToken" not in api.post("/place-order", QUICK, key=key).json
    assert api.get("/orders", key=key).status == 200


@pytest.mark.parametrize(
    ("path", "security"), [(path, security) for method, path, security in _ROUTES if method == "GET"]
)
def test_head_is_refused_as_get_is(api: Gateway, path: str, security: object) -> None:
    """The document does not list HEAD, which every GET has beside it."""
    if ("GET", path) in FOR_ANYONE:
        return

    assert api.call("HEAD", _path(path, "x"), key=PAGE).status in _EXPECTED[str(security)]
