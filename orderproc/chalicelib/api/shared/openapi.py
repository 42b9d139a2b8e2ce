"""The OpenAPI 3.1 document, made from the operations beside the routes and the very schemas that requests are judged
by. It is imported where the document is asked for, not with the app."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...kit.jsonio import dumps
from .. import catalogue, chatbot, checkout, feedback, guest, me, meta, orders, webhooks
from ..staff import (
    access,
    customers,
    dead_letters,
    exports,
    history,
    images,
    imports,
    metrics,
    partners,
    reconciliation,
)
from ..staff import orders as admin
from .openapi_components import PARAMETERS, SCHEMAS, SECURITY_SCHEMES
from .openapi_examples import example
from .operations import DECLARED, FORM, HTML, JSON, Caller, Operation
from .permissions import roles_that_may
from .problems import PROBLEMS

VERSION = "0.1.0"
Document = dict[str, Any]

BLUEPRINTS = (
    orders,
    catalogue,
    images,
    checkout,
    guest,
    me,
    feedback,
    chatbot,
    access,
    partners,
    admin,
    history,
    reconciliation,
    customers,
    dead_letters,
    imports,
    exports,
    metrics,
    webhooks,
    meta,
)
"""Importing one declares its operations."""

_TAGS = {
    "Orders": "Orders of partners, by API key.",
    "Catalogue": "Products and their stock: read by anyone, changed by staff.",
    "Cart": "A signed-in customer's cart and its checkout.",
    "Guests": "Orders of people who do not sign in, by the page's publishable key, then by the order's token.",
    "My orders": "A signed-in customer's own orders.",
    "Feedback": "What customers thought of an order.",
    "Chatbot": "Questions about orders in people's own words.",
    "Access": "Staff, what they may, and partners' keys, for admins.",
    "Staff": "Any order, who buys, and discrepancies.",
    "Queues": "Queues, dead letters and the audit trail.",
    "Imports": "Files of orders and products.",
    "Exports": "Files of orders for staff.",
    "Metrics": "The shop's figures by the hour or day.",
    "Webhooks": "Reports of carriers.",
    "About": "The API itself.",
}
_ALWAYS = ("RATE_EXCEEDED", "INTERNAL_ERROR", "BAD_GATEWAY", "TEMPORARILY_UNAVAILABLE", "DATA_DAMAGED")
_OF_BODIES = ("INVALID_REQUEST", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE")
_OF_CALLERS = {
    Caller.ANYONE: (),
    Caller.PARTNER: ("INVALID_API_KEY", "FORBIDDEN", "QUOTA_EXCEEDED"),
    Caller.PAGE: ("INVALID_API_KEY", "FORBIDDEN", "QUOTA_EXCEEDED"),
    Caller.PARTNER_OR_PAGE: ("INVALID_API_KEY", "QUOTA_EXCEEDED"),
    Caller.GUEST: ("INVALID_TOKEN",),
    Caller.CUSTOMER: ("INVALID_TOKEN", "EMAIL_REQUIRED"),
    Caller.STAFF: ("INVALID_TOKEN", "NOT_STAFF", "NOT_PERMITTED"),
    Caller.CARRIER: ("INVALID_SIGNATURE",),
}
_ETAG = "The version of the order, for `If-Match`: the same as long as nothing that staff act on has changed."
_TITLES = {
    400: "What was sent is not valid; `errors` names every field",
    401: "No token or signature, or one that is not valid",
    403: "Not allowed for this caller",
    404: "There is no such thing for this caller",
    409: "Not possible in the present state",
    413: "The request is too large",
    415: "The body's media type is not supported",
    422: "The Idempotency-Key was used with another body",
    429: "Too many requests",
    500: "A bug; the requestId finds it",
    502: "The request reached no working function",
    503: "A dependency does not answer: try again after Retry-After seconds",
    504: "It took too long",
}


def document(url: str = "") -> Document:
    """`url` is where the API is reached; without one, servers are relative to the document."""
    paths: dict[str, Document] = {}
    for operation in DECLARED.values():
        paths.setdefault(operation.path, {})[operation.method.lower()] = _published(operation)
    examples = sorted(set(re.findall(r"#/components/examples/([\w.]+)", dumps(paths))))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "orderproc",
            "version": VERSION,
            "description": "Order processing for online shops. Errors are RFC 9457 problems; see docs/guide.",
            "contact": {"name": "The operator of this shop"},
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": url or ".", "description": "This stage"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "examples": {name: example(name, url) for name in examples},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _published(operation: Operation) -> Document:
    scheme = operation.caller.value.partition(":")[0]
    published: Document = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "security": [{scheme: []}] if scheme else [],
    }
    if operation.may:
        roles = roles_that_may(operation.may)
        published["description"] += f"\n\nRoles: {', '.join(f'`{role}`' for role in roles)}."
        published["x-roles"], published["x-permission"] = list(roles), operation.may
    if parameters := _parameters(operation):
        published["parameters"] = parameters
    if operation.body:
        types = [JSON, FORM] if operation.forms else [JSON]
        content = {media_type: _media(operation.body) for media_type in types}
        published["requestBody"] = {"required": operation.body_required, "content": content}
    return {**published, "responses": _responses(operation)}


def _parameters(operation: Operation) -> list[Document]:
    found = [{**_parameter(name, "path"), "required": True} for name in re.findall(r"{(\w+)}", operation.path)]
    found += [_parameter(name, "query") for name in operation.query]
    if operation.versioned and operation.method != "GET":
        found.append(_parameter("If-Match", "header"))
    if operation.idempotency_key:
        key = "Idempotency-Key of a guest" if operation.caller is Caller.PAGE else "Idempotency-Key"
        named = {"name": "Idempotency-Key", "description": operation.idempotency_key}
        found.append({**_parameter(key, "header"), **named})
    return found


def _parameter(name: str, place: str) -> Document:
    description, schema = PARAMETERS[name]
    return {"name": name.rpartition(":")[2], "in": place, "description": description, "schema": schema}


def _responses(operation: Operation) -> Document:
    answers: Document = {}
    for status, (text, body) in operation.answers.items():
        content = {HTML: _page()} if body == "html" else {JSON: _media(body)}
        answers[str(status)] = {"description": text, "content": content}
        if operation.versioned and status < 300:
            answers[str(status)]["headers"] = {"ETag": {"description": _ETAG, "schema": {"type": "string"}}}
    for status, codes in sorted(_codes(operation).items()):
        text = f"{_TITLES[status]}: {', '.join(f'`{code}`' for code in codes)}."
        content = {"application/problem+json": {"schema": _ref("Problem"), "examples": _examples(*codes)}}
        if known := answers.get(str(status)):  # /health says what is not ready
            known["content"].update(content)
            known["description"] = f"{known['description']}. {text}"
        else:
            answers[str(status)] = {"description": text, "content": content}
    if operation.pages:  # browsers get pages, also of what went wrong
        for answer in answers.values():
            answer["content"][HTML] = _page()
    return answers


def _codes(operation: Operation) -> Mapping[int, list[str]]:
    """What may go wrong, by status."""
    codes = [*_ALWAYS, "GATEWAY_TIMEOUT", *_OF_CALLERS[operation.caller], *operation.errors]
    codes += _OF_BODIES if operation.body else ["INVALID_REQUEST"] if operation.query else []
    codes += ["CHANGED_MEANWHILE"] if operation.versioned and operation.method != "GET" else []
    codes += ["NOT_FOUND"] if "{" in operation.path else []
    codes += ["ORDER_NOT_FOUND", "ORDER_DAMAGED"] if "{order_id}" in operation.path else []
    found: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        found.setdefault(PROBLEMS[code].status, []).append(code)
    return found


def _media(name: str) -> Document:
    """A body with its example; `Order.cancelled` is the schema Order with the example of this name."""
    return {"schema": _ref(name.partition(".")[0]), "examples": _examples(name)}


def _page() -> Document:
    return {"schema": {"type": "string"}, "examples": _examples("html")}


def _examples(*names: str) -> Document:
    return {name: {"$ref": f"#/components/examples/{name}"} for name in names}


def _ref(name: str) -> Document:
    if name not in SCHEMAS:
        raise KeyError(f"{name} is no schema of openapi_components.SCHEMAS")
    return {"$ref": f"#/components/schemas/{name}"}
