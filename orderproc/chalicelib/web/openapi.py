"""The OpenAPI 3.1 document, made from the very schemas that requests are judged by."""

from __future__ import annotations

from typing import Any

from ..domain.order import Status
from . import schemas

VERSION = "0.1.0"
Document = dict[str, Any]

_KEY: list[dict[str, list[str]]] = [{"apiKey": []}]
_USER: list[dict[str, list[str]]] = [{"idToken": []}]


def document() -> Document:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "orderproc",
            "version": VERSION,
            "description": "Order processing for online shops. Errors are RFC 9457 problems; see docs/guide.md.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": _paths(),
        "components": {
            "schemas": {
                "OrderRequest": schemas.ORDER_REQUEST,
                "Order": schemas.ORDER,
                "ProductRequest": schemas.PRODUCT_REQUEST,
                "Product": schemas.PRODUCT,
                "StockRequest": schemas.STOCK_REQUEST,
                "Problem": schemas.PROBLEM,
            },
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "idToken": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "A Cognito ID token, with or without `Bearer `.",
                },
            },
        },
    }


def _paths() -> Document:
    order_id, product_id = _path("order_id"), _path("product_id", schemas.PRODUCT_ID)
    order, product = _ref("Order"), _ref("Product")
    return {
        "/orders": {
            "post": _operation(
                "placeOrder",
                "Place an order",
                {201: ("Accepted and stored; or the order this Idempotency-Key made before", order)},
                (422,),
                _KEY,
                [_header("Idempotency-Key")],
                "OrderRequest",
            ),
            "get": _operation(
                "listOrders",
                "List orders, newest first",
                {200: ("A page", schemas.page_of("orders", order))},
                (400,),
                _KEY,
                [_query("customerId", schemas.CUSTOMER_ID), _query("status", _STATUS), *_PAGING],
            ),
        },
        "/orders/{order_id}": {
            "get": _operation("getOrder", "One order", {200: ("The order", order)}, (404,), _KEY, [order_id])
        },
        "/orders/{order_id}/cancel": {
            "post": _operation(
                "cancelOrder",
                "Call an order off, as long as nothing was shipped",
                {200: ("The cancelled order", order)},
                (404, 409),
                _KEY,
                [order_id],
            )
        },
        "/orders/{order_id}/receipt": {
            "get": _operation("getReceipt", "A link to the receipt", {200: ("A link", _LINK)}, (404,), _KEY, [order_id])
        },
        "/products": {
            "get": _operation(
                "listProducts",
                "The catalogue",
                {200: ("A page", schemas.page_of("products", product))},
                (400,),
                [],
                _PAGING,
            )
        },
        "/products/{product_id}": {
            "get": _operation("getProduct", "One product", {200: ("The product", product)}, (404,), [], [product_id]),
            "put": _operation(
                "putProduct",
                "Create or replace a product (staff)",
                {200: ("Replaced", product), 201: ("Created", product)},
                (),
                _USER,
                [product_id],
                "ProductRequest",
            ),
        },
        "/products/{product_id}/stock": {
            "post": _operation(
                "changeStock",
                "Add or take stock (staff)",
                {200: ("The new stock", _NEW_STOCK)},
                (404, 409),
                _USER,
                [product_id],
                "StockRequest",
            )
        },
        "/health": {
            "get": _operation(
                "health", "Is the API ready", {200: ("Ready", _ANY), 503: ("Not ready", _ANY)}, (), [], []
            )
        },
        "/openapi.json": {"get": _operation("openapi", "This document", {200: ("OpenAPI 3.1", _ANY)}, (), [], [])},
    }


_ANY: Document = {"type": "object"}
_STATUS: Document = {"enum": [status.value for status in Status]}
_LINK: Document = {
    "type": "object",
    "required": ["url", "expiresAt"],
    "properties": {"url": {"type": "string"}, "expiresAt": {"type": "string", "format": "date-time"}},
}
_NEW_STOCK: Document = {
    "type": "object",
    "required": ["productId", "stock"],
    "properties": {"productId": schemas.PRODUCT_ID, "stock": {"type": "integer", "minimum": 0}},
}
_TITLES = {
    400: "What was sent is wrong; `errors` names every field",
    401: "No token, or one that is not valid",
    403: "No API key or a wrong one; or not in the group admin",
    404: "No such thing for this caller",
    409: "Not possible in its present state",
    415: "The body is not application/json",
    422: "The Idempotency-Key was used with another body",
    429: "Over the plan's rate",
    500: "A bug; the requestId finds it",
    503: "Something that is needed does not answer: try again after Retry-After seconds",
}


def _operation(
    operation_id: str,
    summary: str,
    answers: dict[int, tuple[str, Document]],
    problems: tuple[int, ...],
    security: list[dict[str, list[str]]],
    parameters: list[Document],
    body: str | None = None,
) -> Document:
    responses: Document = {
        str(status): {"description": text, "content": {"application/json": {"schema": schema}}}
        for status, (text, schema) in answers.items()
    }
    anywhere = [500, 503]
    anywhere += [400, 415] if body else []
    anywhere += {"apiKey": [403, 429], "idToken": [401, 403, 429]}[next(iter(security[0]))] if security else []
    for status in sorted({*problems, *anywhere}):
        content = {"application/problem+json": {"schema": _ref("Problem")}}
        responses.setdefault(str(status), {"description": _TITLES[status], "content": content})
    operation: Document = {"operationId": operation_id, "summary": summary, "security": security}
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(body)}}}
    return {**operation, "responses": responses}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _path(name: str, schema: Document | None = None) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def _query(name: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "schema": schema}


def _header(name: str) -> Document:
    return {"name": name, "in": "header", "schema": {"type": "string", "maxLength": 255}}


_PAGING = [
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    _query("cursor", {"type": "string"}),
]
