"""The published document: valid, complete, and true. That answers are as published is checked on each of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice
from chalicelib.api.shared import openapi_examples
from chalicelib.api.shared.problems import PROBLEMS
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.support.api import published
from tests.support.api.gateway import Gateway
from tests.support.api.guests import with_token
from tests.support.api.routes import WITH_BODY, Route

REST = {"/", "/{proxy+}"}
"""What answers that there is no such route."""
ROOT = Path(__file__).parents[2] / "orderproc"
EXAMPLES = published.whole()["components"]["examples"]
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def _operations() -> Iterator[tuple[str, str, Any]]:
    for path, methods in published.whole()["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield method.upper(), path, operation


def _contents(operation: Any) -> Iterator[tuple[str, Any]]:
    bodies = {"body": operation.get("requestBody", {}), **operation["responses"]}
    for name, body in bodies.items():
        yield from ((f"{name} {media_type}", content) for media_type, content in body.get("content", {}).items())


def _parameters(operation: Any, where: str) -> list[str]:
    return [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == where]


def test_it_is_served_to_anybody(api: Gateway) -> None:
    answer = api.get("/openapi.json", key=None)

    assert (answer.status, answer.json["openapi"]) == (200, "3.1.0")


def test_it_is_valid() -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(published.whole()).iter_errors()] == []


def test_it_lists_exactly_the_apps_routes(app: Chalice) -> None:
    """HEAD goes without saying where there is GET (RFC 9110 §9.3.2)."""
    routes = {(method, path) for path, entries in app.routes.items() if path not in REST for method in entries}

    routes = {(method, path) for method, path in routes if method != "HEAD"}
    assert {(method, path) for method, path, _ in _operations()} == routes


def test_every_variable_of_a_path_is_a_parameter() -> None:
    for _, path, operation in _operations():
        variables = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        assert _parameters(operation, "path") == variables


def test_every_parameter_of_a_query_is_taken_and_no_other(api: Gateway) -> None:
    for method, path, operation in _operations():
        if names := _parameters(operation, "query"):
            groups = "admin" if operation["security"] == [{"idToken": []}] else None
            answer = api.call(
                method, path + "?" + "&".join(f"{name}=%00" for name in [*names, "surprise"]), groups=groups
            )
            assert {e["message"] for e in answer.json["errors"] if e["field"] == "surprise"} == {
                "is not a known parameter"
            }
            assert "is not a known parameter" not in [
                e["message"] for e in answer.json["errors"] if e["field"] in names
            ]
            assert set(answer.fields) == {*names, "surprise"}


def test_what_needs_a_key_or_a_token_says_so(app: Chalice) -> None:
    for method, path, operation in _operations():
        entry = app.routes[path][method]
        expected = [{"apiKey": []}] if entry.api_key_required else [{"idToken": []}] if entry.authorizer else []
        if path == "/webhooks/carrier":
            expected = [{"carrierSignature": []}]
        if path.startswith("/guest/order"):
            expected = [{"orderToken": []}]
        assert operation["security"] == expected


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in _operations()]

    assert len(set(names)) == len(names)


CONTENTS = {
    f"{method} {path} {name}": content
    for method, path, operation in _operations()
    for name, content in _contents(operation)
}
"""All that is sent and answered, by operation, status and media type."""


@pytest.mark.parametrize("name", CONTENTS)
def test_whatever_is_sent_or_answered_has_examples_and_they_are_right(name: str) -> None:
    """With no field that the schema does not name; requests' schemas say so themselves."""
    content = CONTENTS[name]
    validator_of = published.validator_of if " body " in name else published.strict_validator_of
    examples = [EXAMPLES[example["$ref"].rpartition("/")[2]]["value"] for example in content["examples"].values()]

    assert examples
    for example in examples:
        errors = validator_of(content["schema"]).iter_errors(example)
        assert [f"{error.instance_path}: {error.message}" for error in errors] == []


def test_examples_of_problems_have_the_status_of_their_answer() -> None:
    for name, content in CONTENTS.items():
        _, _, status, media_type = name.split()
        if media_type == "application/problem+json":
            assert {EXAMPLES[code]["value"]["status"] for code in content["examples"]} == {int(status)}
            assert all(EXAMPLES[code]["value"]["code"] == code for code in content["examples"])


def test_examples_of_orders_add_up() -> None:
    orders = [example["value"] for name, example in EXAMPLES.items() if name.startswith(("Order.", "StaffOrder."))]

    assert len(orders) >= 5
    for order in orders:
        assert Decimal(str(order["totalAmount"])) == sum(
            Decimal(str(line["price"])) * line["quantity"] for line in order["items"]
        )
        assert (order["status"], order["updatedAt"]) == (order["history"][-1]["status"], order["history"][-1]["at"])
        assert order["createdAt"] == order["history"][0]["at"]
        if order["payment"]:
            assert order["payment"]["amount"] == order["totalAmount"]


def test_every_example_that_is_kept_is_shown() -> None:
    kept = json.loads(Path(openapi_examples.__file__).with_name("examples.json").read_text(encoding="utf-8"))
    likes = set(re.findall(r'"\$like": "([\w.]+)"', json.dumps(kept)))

    assert set(kept) == (set(EXAMPLES) - set(PROBLEMS)) | (likes - set(EXAMPLES))


def test_examples_in_schemas_are_right() -> None:
    for schema, example in _examples(published.whole()["components"]["schemas"]):
        assert [error.message for error in published.validator_of(schema).iter_errors(example)] == []


def test_the_examples_of_bodies_are_accepted(api: Gateway) -> None:
    assert api.post("/orders", EXAMPLES["OrderRequest"]["value"]).status == 201
    assert api.post("/place-order", EXAMPLES["PlaceOrderRequest"]["value"]).status == 202
    api.put("/products/MOUSE001", {"name": "Wireless Mouse", "price": 20, "stock": 5}, groups="admin")
    guests = api.post("/guest/checkout", EXAMPLES["GuestCheckoutRequest"]["value"], key="page")
    assert guests.status == 202
    question = EXAMPLES["GuestChatbotRequest"]["value"]
    assert with_token(api, guests.json["orderToken"], "POST", "/chatbot", question).status == 200
    assert api.put("/products/LAPTOP001", EXAMPLES["ProductRequest"]["value"], groups="admin").status == 200
    assert (
        api.post("/products/LAPTOP001/stock", EXAMPLES["StockRequest"]["value"], groups="admin").json
        == EXAMPLES["Stock"]["value"]
    )
    assert api.post("/chatbot", EXAMPLES["ChatbotRequest"]["value"]).status == 200


def test_importing_the_app_does_not_load_the_document() -> None:
    code = "import sys, app; print([name for name in sys.modules if 'openapi' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_body_that_is_taken_is_right_by_the_document(api: Gateway, route: Route) -> None:
    event = api.event(route.method, route.path, route.body)
    [schema] = [
        operation["requestBody"]["content"]["application/json"]["schema"]
        for method, path, operation in _operations()
        if (method, path) == (route.method, event["resource"])
    ]

    assert published.validator_of(schema).is_valid(json.loads(event["body"]))


def test_problems_are_published_wherever_they_can_happen() -> None:
    for method, path, operation in _operations():
        statuses = set(operation["responses"])
        expected = {"500"}
        expected |= {"403", "429"} if operation["security"] == [{"apiKey": []}] else set()
        expected |= {"401", "403", "429"} if operation["security"] == [{"idToken": []}] else set()
        expected |= {"400", "415"} if "requestBody" in operation else set()
        expected |= {"400"} if _parameters(operation, "query") else set()
        assert expected <= statuses, (method, path, expected - statuses)


def _examples(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every schema that has examples, with each of them."""
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield from ((node, example) for example in node["examples"])
        for inner in node.values():
            yield from _examples(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _examples(inner)
