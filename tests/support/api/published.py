"""The API's OpenAPI document as a judge of its answers."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from chalicelib.api.shared.openapi import document
from chalicelib.api.shared.problems import PROBLEMS
from chalicelib.kit.jsonio import dumps

if TYPE_CHECKING:
    from tests.support.api.gateway import Answer

PROBLEM_FIELDS = ["type", "title", "status", "detail", "requestId", "code"]
_NO_ROUTE = {"404", "405"}
"""What a path or a method answers that is not in the document."""


@cache
def whole() -> Any:
    """The document as clients read it."""
    return json.loads(dumps(document()))


def validator_of(schema: Any) -> Any:
    """A validator of a schema of the document, with its references, and formats asserted."""
    return _validator(json.dumps(schema), strict=False)


@cache
def _validator(text: str, *, strict: bool) -> Any:
    """Only what the schema refers to is compiled with it: all of the document would take many times as long."""
    schema, schemas = json.loads(text), _closed_schemas() if strict else whole()["components"]["schemas"]
    needed: dict[str, Any] = {}
    missing = _referred(schema)
    while missing:
        needed |= {name: schemas[name] for name in missing}
        missing = set().union(*(_referred(schemas[name]) for name in missing)) - needed.keys()
    return jsonschema_rs.Draft202012Validator({**schema, "components": {"schemas": needed}}, validate_formats=True)


def _referred(schema: Any) -> set[str]:
    """Names of the document's schemas in it."""
    return set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(schema)))


def _closed(schema: Any) -> Any:
    """The schema with no fields but those it names. Clients must take new ones; we must not send what is not said."""
    if isinstance(schema, list):
        return [_closed(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(inner) for name, inner in schema.items()}
    return {**closed, "additionalProperties": False} if isinstance(schema.get("properties"), dict) else closed


@cache
def _closed_schemas() -> Any:
    return _closed(whole()["components"]["schemas"])


def strict_validator_of(schema: Any) -> Any:
    """The same, of which a field that no schema names is an error."""
    return _validator(json.dumps(_closed(schema)), strict=True)


def _published(method: str, resource: str, status: int) -> Any:
    """What the document says of such an answer, by media type."""
    operation = whole()["paths"].get(resource, {}).get(method.lower())
    if operation is None:
        assert str(status) in _NO_ROUTE
        return {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = operation["responses"]
    assert str(status) in responses, f"{method} {resource} answers {status}, which is not published"
    return responses[str(status)]["content"]


@cache
def _response(method: str, resource: str, status: int, media_type: str) -> Any:
    content = _published(method, resource, status)
    assert media_type in content, f"{method} {resource} answers {status} as {media_type}, which is not published"
    return strict_validator_of(content[media_type]["schema"])


def check(method: str, resource: str, answer: Answer) -> None:
    """Fails unless the answer's status, media type and body are published for this route."""
    if method == "HEAD":  # as GET, which is checked
        assert answer.text == ""
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == "text/html":
        assert media_type in _published(method, resource, answer.status)
        return
    errors = _response(method, resource, answer.status, answer.headers["content-type"]).iter_errors(answer.json)
    found = [f"{error.instance_path}: {error.message}" for error in errors]
    assert found == [], f"{method} {resource} {answer.status} is not as published: {found}"
    if answer.status >= 400 and answer.headers["content-type"] == "application/problem+json":
        code = answer.json["code"]
        if resource in whole()["paths"] and method.lower() in whole()["paths"][resource]:
            said = whole()["paths"][resource][method.lower()]["responses"][str(answer.status)]["description"]
            assert f"`{code}`" in said, f"{method} {resource} answers {code}, which is not declared beside its route"
        known = PROBLEMS[code]
        assert [name for name in answer.json if name != "errors"] == PROBLEM_FIELDS
        assert answer.json["status"] == answer.status == known.status
        assert answer.json["type"] == f"/problems#{answer.json['code']}"
