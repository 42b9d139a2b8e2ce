"""The paths of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from ..domain.order import Status
from . import answer_schemas as answers
from . import schemas

Document = dict[str, Any]

_KEY: list[dict[str, list[str]]] = [{"apiKey": []}]
_USER: list[dict[str, list[str]]] = [{"idToken": []}]


def paths() -> Document:
    """Every route with its parameters, bodies and answers."""
    return {**_orders(), **_catalogue(), **_carts(), **_mine(), **_staff(), **_meta()}


def _orders() -> Document:
    order_id, order = _path("order_id"), _ref("Order")
    return {
        "/orders": {
            "post": _operation(
                "placeOrder",
                "Place an order",
                {201: ("Accepted and stored; or the order this Idempotency-Key made before", order)},
                (409, 422),
                _KEY,
                [_header("Idempotency-Key")],
                "OrderRequest",
            ),
            "get": _operation(
                "listOrders",
                "List orders, newest first",
                {200: ("A page", answers.page_of("orders", order))},
                (400,),
                _KEY,
                [_query("customerId", schemas.CUSTOMER_ID), _query("status", _STATUS), *_PAGING],
            ),
        },
        "/orders/{order_id}": {
            "get": _operation("getOrder", "One order", {200: ("The order", order)}, (404, 409), _KEY, [order_id])
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
            "get": _operation(
                "getReceipt", "A link to the receipt", {200: ("A link", _LINK)}, (404, 409), _KEY, [order_id]
            )
        },
        "/orders/{order_id}/feedback": {"post": _feedback("giveFeedback", _KEY)},
        "/place-order": {
            "post": _operation(
                "placeOrderOfOne",
                "Buy one product at the catalogue's price",
                {202: ("Accepted and stored; an execution takes it on", _ref("Accepted"))},
                (404, 409, 422),
                _KEY,
                [_header("Idempotency-Key")],
                "PlaceOrderRequest",
            )
        },
    }


def _catalogue() -> Document:
    product_id, product = _path("product_id", schemas.PRODUCT_ID), _ref("Product")
    return {
        "/products": {
            "get": _operation(
                "listProducts",
                "The catalogue",
                {200: ("A page", answers.page_of("products", product))},
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
    }


def _carts() -> Document:
    product_id = _path("product_id", schemas.PRODUCT_ID)
    cart = {200: ("The cart at the prices of now", _ref("Cart"))}
    return {
        "/cart": {
            "get": _operation("showCart", "The customer's cart", cart, (), _USER, []),
            "delete": _operation("clearCart", "Empty the cart", cart, (), _USER, []),
        },
        "/cart/items/{product_id}": {
            "put": _operation(
                "putCartItem",
                "Set how many pieces are wanted",
                cart,
                (404, 409),
                _USER,
                [product_id],
                "CartItemRequest",
            ),
            "delete": _operation("removeCartItem", "Take it out", cart, (400,), _USER, [product_id]),
        },
        "/checkout": {
            "post": _operation(
                "checkout",
                "Buy what is in the cart",
                {202: ("Accepted and stored; an execution takes it on", _ref("Accepted"))},
                (409, 422),
                _USER,
                [_header("Idempotency-Key", "The cart as it stands is the key when none is sent.")],
                "CheckoutRequest",
                body_required=False,
            )
        },
    }


def _mine() -> Document:
    order_id, order = _path("order_id"), _ref("Order")
    return {
        "/me/orders": {
            "get": _operation(
                "myOrders",
                "The customer's own orders, newest first",
                {200: ("A page", answers.page_of("orders", order))},
                (400,),
                _USER,
                [_query("status", _STATUS), *_PAGING],
            )
        },
        "/me/orders/{order_id}": {
            "get": _operation("myOrder", "One of them", {200: ("The order", order)}, (404, 409), _USER, [order_id])
        },
        "/me/orders/{order_id}/cancel": {
            "post": _operation(
                "cancelMyOrder",
                "Call it off, as long as nothing was shipped",
                {200: ("The cancelled order", order)},
                (404, 409),
                _USER,
                [order_id],
            )
        },
        "/me/orders/{order_id}/receipt": {
            "get": _operation(
                "myReceipt", "A link to the receipt", {200: ("A link", _LINK)}, (404, 409), _USER, [order_id]
            )
        },
        "/me/orders/{order_id}/feedback": {"post": _feedback("giveMyFeedback", _USER)},
    }


def _staff() -> Document:
    order_id, answer = _path("order_id"), {200: ("The order as staff see it", _ref("StaffOrder"))}
    problems = (404, 409)
    return {
        "/admin/orders": {
            "get": _operation(
                "allOrders",
                "Everybody's orders of the last 400 days, newest first (staff)",
                {200: ("A page", answers.staff_page(_ref("StaffOrder")))},
                (400,),
                _USER,
                [_query("status", _STATUS), *_PAGING],
            )
        },
        "/admin/orders/{order_id}/retry": {
            "post": _operation(
                "retryOrder",
                "Hand an open or marked order over again (staff)",
                answer,
                problems,
                _USER,
                [order_id],
            )
        },
        "/admin/orders/{order_id}/resend": {
            "post": _operation(
                "resendMessages", "Send unsent messages (staff)", answers.RESENT, problems, _USER, [order_id]
            )
        },
        "/admin/inconsistencies": {
            "get": _operation(
                "inconsistencies",
                "What contradicts itself (staff)",
                {200: ("What the inspector found", answers.INCONSISTENCIES)},
                (),
                _USER,
                [],
            )
        },
        "/admin/orders/{order_id}": {
            "get": _operation("anyOrder", "Any order (staff)", answer, problems, _USER, [order_id])
        },
        "/admin/orders/{order_id}/cancel": {
            "post": _operation("cancelAnyOrder", "Call it off (staff)", answer, problems, _USER, [order_id])
        },
        "/admin/orders/{order_id}/ship": {
            "post": _operation(
                "shipOrder",
                "Put what is left, or the named pieces, into a parcel (staff)",
                answer,
                problems,
                _USER,
                [order_id],
                "ShipRequest",
            )
        },
        "/admin/orders/{order_id}/deliver": {
            "post": _operation(
                "deliverOrder",
                "A parcel, or all of them, arrived (staff)",
                answer,
                problems,
                _USER,
                [order_id],
                "DeliverRequest",
                body_required=False,
            )
        },
    }


def _meta() -> Document:
    return {
        "/health": {
            "get": _operation(
                "health", "Is the API ready", {200: ("Ready", _HEALTH), 503: ("Not ready", _HEALTH)}, (), [], []
            )
        },
        "/openapi.json": {"get": _operation("openapi", "This document", {200: ("OpenAPI 3.1", _ANY)}, (), [], [])},
        "/problems": {"get": _problems()},
    }


def _problems() -> Document:
    operation = _operation("problems", "What each `code` of a problem means", {}, (), [], [])
    page = {"description": "The page that a problem's `type` leads to", "content": {"text/html": {"schema": _TEXT}}}
    return {**operation, "responses": {"200": page, **operation["responses"]}}


def _feedback(operation_id: str, security: list[dict[str, list[str]]]) -> Document:
    return _operation(
        operation_id,
        "What the customer thought of it, once",
        {201: ("Kept", _ref("Feedback"))},
        (404, 409),
        security,
        [_path("order_id")],
        "FeedbackRequest",
    )


_ANY: Document = {"type": "object"}
_TEXT: Document = {"type": "string"}
_HEALTH: Document = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        "status": {"enum": ["ok", "unavailable"]},
        "checks": {"type": "object", "additionalProperties": {"type": "boolean"}},
    },
}
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
_REFUSALS = {"apiKey": [403], "idToken": [401, 403], "carrierSignature": [401]}
_TITLES = {
    400: "What was sent is wrong; `errors` names every field",
    401: "No token or signature, or one that is not valid",
    403: "No API key or a wrong one; or not in the group admin",
    404: "No such thing for this caller",
    409: "Not possible in its present state, or the order's stored data is damaged",
    413: "The request is too large",
    415: "The body is not application/json",
    422: "The Idempotency-Key was used with another body",
    429: "Too many requests: over the plan's rate or quota, or the stage's",
    500: "A bug; the requestId finds it",
    502: "The request reached no working function: ask for its outcome",
    503: "Something that is needed does not answer: try again after Retry-After seconds",
    504: "It took too long: ask for its outcome",
}


def _operation(
    operation_id: str,
    summary: str,
    answers: dict[int, tuple[str, Document]],
    problems: tuple[int, ...],
    security: list[dict[str, list[str]]],
    parameters: list[Document],
    body: str | None = None,
    *,
    body_required: bool = True,
) -> Document:
    responses: Document = {
        str(status): {"description": text, "content": {"application/json": {"schema": schema}}}
        for status, (text, schema) in answers.items()
    }
    anywhere = [429, 500, 502, 503, 504]
    anywhere += [400, 413, 415] if body else []
    anywhere += [404] if any(parameter["in"] == "path" for parameter in parameters) else []
    anywhere += _REFUSALS[next(iter(security[0]))] if security else []
    for status in sorted({*problems, *anywhere}):
        content = {"application/problem+json": {"schema": _ref("Problem")}}
        responses.setdefault(str(status), {"description": _TITLES[status], "content": content})
    operation: Document = {"operationId": operation_id, "summary": summary, "security": security}
    if parameters:
        operation["parameters"] = parameters
    if body:
        operation["requestBody"] = {"required": body_required, "content": {"application/json": {"schema": _ref(body)}}}
    return {**operation, "responses": responses}


def _ref(name: str) -> Document:
    return {"$ref": f"#/components/schemas/{name}"}


def _path(name: str, schema: Document | None = None) -> Document:
    return {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}


def _query(name: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "schema": schema}


def _header(name: str, description: str = "") -> Document:
    said = {"description": description} if description else {}
    return {"name": name, "in": "header", "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"}, **said}


_PAGING = [
    _query("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}),
    _query("cursor", {"type": "string"}),
]
