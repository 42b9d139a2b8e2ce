"""Orders of partners: place, read, list, cancel, receipt."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..feedback import requests as feedback_requests
from ..kit.observability import log
from ..orders import requests as orders_requests
from ..orders.model import Order
from ..orders.views import order_view
from .shared import answers, http
from .shared.callers import partner
from .shared.operations import Caller, serves

bp = Blueprint(__name__)


@serves(
    bp,
    "POST /orders",
    Caller.PARTNER,
    "Orders",
    "Place an order",
    "Answers once the order is stored. Prices, currency and total are the catalogue's: what you send must agree, and "
    "what you leave out is completed.",
    {201: ("Accepted and stored; or the order this Idempotency-Key made before", "Order.placed")},
    body="OrderRequest",
    errors=("IDEMPOTENCY_KEY_REUSED", "CONFLICT", "ORDER_DAMAGED"),
    idempotency_key="With the same key and body the first order is answered again.",
)
def place_order() -> Response:
    """Accept an order: 201 once it is stored."""
    request = bp.current_request
    owner = partner(request)
    command = orders_requests.place_order(
        http.body_of(request),
        owner=owner,
        default_currency=services().settings.default_currency,
        idempotency_key=http.idempotency_key(request),
        correlation_id=log.correlation_id,
    )
    order = services().orders.place(command)
    return http.json_response(order_view(order), 201, {"Location": f"./orders/{order.order_id}"})


@serves(
    bp,
    "GET /orders",
    Caller.PARTNER,
    "Orders",
    "List orders, newest first",
    "Only orders that were placed with the caller's key.",
    {200: ("A page", "OrderPage")},
    query=("customerId", "status", "limit", "cursor"),
)
def list_orders() -> Response:
    """The caller's orders, newest first."""
    return answers.order_page(http.query_of(bp.current_request), partner(bp.current_request), "customerId")


@serves(
    bp,
    "GET /orders/{order_id}",
    Caller.PARTNER,
    "Orders",
    "Get an order",
    "With its history, payment and shipments.",
    {200: ("The order", "Order")},
)
def get_order(order_id: str) -> Response:
    return http.json_response(order_view(_order(order_id)))


@serves(
    bp,
    "POST /orders/{order_id}/cancel",
    Caller.PARTNER,
    "Orders",
    "Cancel an order",
    "Possible as long as nothing was shipped. A captured payment is refunded, and the stock is released.",
    {200: ("The cancelled order", "Order.cancelled")},
    errors=(
        "ALREADY_SHIPPED",
        "NOT_CANCELLABLE",
        "CONFLICT",
        "STILL_PROCESSING",
    ),
)
def cancel_order(order_id: str) -> Response:
    order = _order(order_id)
    return http.json_response(order_view(services().workflow.cancel(order)))


@serves(
    bp,
    "GET /orders/{order_id}/receipt",
    Caller.PARTNER,
    "Orders",
    "Get a link to the receipt",
    "A presigned link to the PDF, and when it expires.",
    {200: ("A link", "Link")},
    errors=("RECEIPT_NOT_FOUND",),
)
def get_receipt(order_id: str) -> Response:
    """A presigned link to the PDF, and when it stops working."""
    return answers.receipt_link(_order(order_id))


@serves(
    bp,
    "POST /orders/{order_id}/feedback",
    Caller.PARTNER,
    "Feedback",
    "Give feedback on an order",
    "A score and a comment, once per order.",
    {201: ("Stored", "Feedback")},
    body="FeedbackRequest",
    errors=("FEEDBACK_ALREADY_GIVEN", "STILL_PROCESSING", "CONFLICT"),
)
def give_feedback(order_id: str) -> Response:
    order = _order(order_id)
    return answers.feedback_given(order, *feedback_requests.feedback(http.body_of(bp.current_request)))


def _order(order_id: str) -> Order:
    """The caller's order. Raises Forbidden, NotFound."""
    owner = partner(bp.current_request)
    return services().orders.queries.get(owner, http.path_key(order_id, "order"))
