"""Every problem has a code that programs can read, from one list that the guide, the OpenAPI document and the page
show."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chalicelib import bootstrap
from chalicelib.api.shared import http, problems
from chalicelib.api.shared.problems import PROBLEMS
from chalicelib.bootstrap import Services
from chalicelib.kit import errors

from infra.deploy import gateway_responses
from infra.paths import APP, ROOT
from tests.support.api import published
from tests.support.api.gateway import Gateway
from tests.support.builders.examples import SETTINGS, body
from tests.support.fakes.adapters import FakeAdapters
from tests.support.sources import nodes

SOURCES = [path for path in (APP / "chalicelib").rglob("*.py") if path.name != "problems.py"]
FAMILIES = {"NotFound": 404, "Conflict": 409, "Forbidden": 403, "Unauthorized": 401}
GENERAL = {
    cls.code
    for cls in (*vars(errors).values(), http.Forbidden, http.Unauthorized)
    if isinstance(cls, type) and issubclass(cls, errors.OrderProcError)
}


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call) and name in (getattr(node.func, "id", ""), getattr(node.func, "attr", "")):
                yield path, node


@pytest.mark.parametrize("name", FAMILIES)
def test_every_refusal_names_a_code_of_its_status(name: str) -> None:
    found = list(calls(name))

    assert found
    for path, call in found:
        where = f"{path.name}:{call.lineno}"
        if path.name == "http.py" and isinstance(call.args[-1], ast.JoinedStr):
            continue  # of a path's key, see below
        if name in ("Forbidden", "Unauthorized") and len(call.args) == 1:
            continue  # the class's own says enough
        assert len(call.args) == 2, f"{where} names no code"
        code = call.args[1]
        assert isinstance(code, ast.Constant), where
        assert PROBLEMS[str(code.value)].status == FAMILIES[name], where


def test_every_key_of_a_path_that_is_none_has_a_code() -> None:
    kinds = {call.args[1].value for _, call in calls("path_key") if isinstance(call.args[1], ast.Constant)}

    assert kinds == {"order", "product", "import", "export", "customer", "staff", "partner", "key"}
    assert all(PROBLEMS[f"{str(kind).upper()}_NOT_FOUND"].status == 404 for kind in kinds)


def test_no_code_is_listed_that_nothing_answers_with() -> None:
    words = {node.value for path in SOURCES for node in nodes(path) if isinstance(node, ast.Constant)}
    words |= {problem.code for problem in gateway_responses.PROBLEMS}

    assert [code for code in PROBLEMS if code not in words and code not in GENERAL] == []


def test_the_class_of_every_error_for_callers_has_a_code_of_the_list() -> None:
    assert {cls.code for cls in http._FOR_CALLERS} <= set(PROBLEMS)


def test_the_guide_shows_the_list() -> None:
    assert problems.table() in (ROOT / "docs" / "guide" / "errors.md").read_text(encoding="utf-8")


def test_the_openapi_document_shows_the_list() -> None:
    schema = published.whole()["components"]["schemas"]["Problem"]

    assert schema["properties"]["code"]["enum"] == list(PROBLEMS)
    assert problems.table() in schema["description"]


def test_the_type_leads_to_where_the_code_is_explained(api: Gateway, adapters: FakeAdapters) -> None:
    bootstrap.use(Services(replace(SETTINGS, public_url="https://api.my.shop/v1"), adapters))
    event = api.event("GET", "/orders/none", key="one")
    problem = api.app(event, None)["body"]
    page = api.get("/problems", key=None)

    assert '"type":"https://api.my.shop/v1/problems#ORDER_NOT_FOUND"' in problem
    assert '"code":"ORDER_NOT_FOUND"' in problem
    assert page.status == 200
    assert all(f'<dt id="{code}">' in page.text for code in PROBLEMS)
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "groups", "code"),
    [
        ("POST", "/orders", body(items=[]), None, "INVALID_REQUEST"),
        ("GET", "/orders/none", None, None, "ORDER_NOT_FOUND"),
        ("GET", "/orders/%00", None, None, "ORDER_NOT_FOUND"),
        ("GET", "/products/none", None, None, "PRODUCT_NOT_FOUND"),
        ("POST", "/products/LAPTOP001/stock", {"delta": -6, "reason": "x"}, "admin", "STOCK_TOO_LOW"),
        ("GET", "/admin/orders", None, "customers", "NOT_STAFF"),
        ("POST", "/checkout", {}, None, "INVALID_TOKEN"),
        ("POST", "/webhooks/carrier", {}, None, "INVALID_SIGNATURE"),
        ("GET", "/feedback/x", None, None, "LINK_NOT_FOUND"),
        ("GET", "/admin/imports/none", None, "admin", "IMPORT_NOT_FOUND"),
        ("GET", "/admin/exports/none", None, "admin", "EXPORT_NOT_FOUND"),
    ],
)
def test_a_program_can_tell_problems_apart(
    api: Gateway, method: str, path: str, sent: object, groups: str | None, code: str
) -> None:
    assert api.call(method, path, sent, groups=groups).json["code"] == code


def test_an_api_key_in_the_wrong_header_is_told_the_right_one(api: Gateway) -> None:
    answer = api.get("/orders", key=None, headers={"Authorization": "Bearer a-partners-key"})

    assert answer.status == 403
    assert "X-API-Key" in answer.json["detail"]
    assert "a-partners-key" not in answer.text


def test_browsers_may_be_told_to_come_back_by_tls_only(api: Gateway) -> None:
    for path in ("/feedback/x", "/products", "/nope", "/problems"):
        answer = api.get(path, headers={"Accept": "text/html"})

        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        assert answer.headers["x-content-type-options"] == "nosniff"
