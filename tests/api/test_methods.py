"""What API Gateway leaves to its API: HEAD, methods that a path does not take, paths that there are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client
from chalicelib.api.shared.completion import methods_at

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import refused
from tests.support.builders.examples import body

REST = ("/", "/{proxy+}")


def routes(app: Chalice) -> Iterator[tuple[str, Any]]:
    return ((path, methods) for path, methods in app.routes.items() if path not in REST)


def test_head_is_there_wherever_get_is_behind_the_same_key_or_token(app: Chalice) -> None:
    for path, methods in routes(app):
        assert ("HEAD" in methods) == ("GET" in methods), path
        if "GET" in methods:
            get, head = methods["GET"], methods["HEAD"]
            assert (head.method, head.view_function) == ("HEAD", get.view_function)
            assert (head.api_key_required, head.authorizer) == (get.api_key_required, get.authorizer)
            assert (head.cors, head.content_types) == (get.cors, get.content_types)


@pytest.mark.parametrize(
    "path", ["/products", "/products/LAPTOP001", "/products/NOTHING", "/orders", "/openapi.json", "/nope"]
)
def test_head_answers_as_get_does_without_the_body(api: Gateway, path: str) -> None:
    sent = {"X-Correlation-Id": "c-1"}
    get, head = api.get(path, headers=sent), api.call("HEAD", path, headers=sent)

    assert (head.status, head.headers) == (get.status, get.headers)
    assert head.text == ""
    assert get.text


def test_head_of_a_partners_orders_needs_the_key(api: Gateway) -> None:
    assert api.call("HEAD", "/orders", key=None).status == 403


def test_any_other_method_of_a_path_is_405_and_says_which_ones_there_are(app: Chalice, api: Gateway) -> None:
    for path, methods in routes(app):
        here = path.replace("{", "").replace("}", "")
        elsewhere = {method for other, some in routes(app) if _could_be(here, other) for method in some}
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - set(methods) - elsewhere:
            answer = api.call(method, here, key=None)

            assert answer.status == 405, (method, path)
            assert set(answer.headers["allow"].split(", ")) == {*methods, "OPTIONS"}, (method, path)
            if method != "HEAD":
                refused(answer, status=405)
                assert answer.json["code"] == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize("path", ["/nope", "/", "/orders/x/nope", "/admin", "/a/b/c/d/e", "/%00"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_a_path_that_there_is_not_is_404(api: Gateway, method: str, path: str) -> None:
    answer = api.call(method, path, key=None, body="x")

    refused(answer, status=404)
    assert answer.json["code"] == "ROUTE_NOT_FOUND"
    assert "allow" not in answer.headers


def test_a_word_counts_before_a_variable(app: Chalice) -> None:
    assert set(methods_at(app.routes, "admin/dead-letters/redrive")) == {"POST"}
    assert methods_at(app.routes, "orders//cancel") == []
    assert set(methods_at({"/a/{b}": {"GET": None}, "/a/b": {"PUT": None}}, "a/b")) == {"PUT"}  # type: ignore[dict-item]
    assert set(methods_at({"/a/b": {"PUT": None}, "/a/{b}": {"GET": None}}, "a/c")) == {"GET"}  # type: ignore[dict-item]


def test_chalice_local_answers_alike(client: Client) -> None:
    head, wrong, nothing = (
        client.http.head("/products/LAPTOP001"),
        client.http.request("PATCH", "/orders", body=b"x", headers={"Content-Type": "text/plain"}),
        client.http.get("/nope"),
    )

    assert (head.status_code, head.body) == (200, b"")
    assert (wrong.status_code, wrong.json_body["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["Allow"] == "POST, GET, HEAD, OPTIONS"
    assert (nothing.status_code, nothing.json_body["code"]) == (404, "ROUTE_NOT_FOUND")


def test_wrong_requests_change_nothing(api: Gateway, untouched: Any) -> None:
    api.call("PUT", "/orders", body())
    api.call("PATCH", "/products/LAPTOP001", groups="admin")

    assert untouched()


def _could_be(path: str, route: str) -> bool:
    """Whether the route, with something for its variables, is that path: GET /me/orders/claim asks for an order."""
    parts, others = path.split("/"), route.split("/")
    return len(parts) == len(others) and all(
        other == part or other.startswith("{") for part, other in zip(parts, others, strict=True)
    )
