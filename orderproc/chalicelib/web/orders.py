"""Orders of partners: place, read, list, cancel, receipt."""

from __future__ import annotations

from datetime import timedelta

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..domain.clock import from_iso, to_iso
from ..domain.order import Order
from ..observability import log
from ..services.receipts import LINK_SECONDS
from ..services.views import order_view
from . import http, requests
from .callers import partner

bp = Blueprint(__name__)
ANY_BODY = ["*/*"]


@bp.route("/orders", methods=["POST"], api_key_required=True, cors=http.CORS)
@http.endpoint(bp)
def place_order() -> Response:
    """Accept an order: 201 once it is stored."""
    request = bp.current_request
    owner = partner(request)
    command = requests.place_order(
        http.body_of(request),
        owner=owner,
        default_currency=services().settings.default_currency,
        idempotency_key=http.idempotency_key(request),
        correlation_id=log.correlation_id,
    )
    order = services().accept_order(command)
    return http.json_response(order_view(order), 201, {"Location": f"./orders/{order.order_id}"})


@bp.route("/orders", methods=["GET"], api_key_required=True, cors=http.CORS, content_types=ANY_BODY)
@http.endpoint(bp)
def list_orders() -> Response:
    """The caller's orders, newest first."""
    owner = partner(bp.current_request)
    query = http.query_of(bp.current_request)
    scope = "\n".join(["orders", owner, query.get("customerId", ""), query.get("status", "")])
    _, customer_id, status, limit, position = http.together(
        lambda: http.only(query, "customerId", "status", "limit", "cursor"),
        lambda: requests.customer_of(query),
        lambda: requests.status_of(query),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope),
    )
    page = services().queries.page(owner, limit, position, customer_id, status)
    return http.json_response(
        {
            "orders": [order_view(order) for order in page.items],
            "nextCursor": http.cursor_for(page.next, scope),
        }
    )


@bp.route("/orders/{order_id}", methods=["GET"], api_key_required=True, cors=http.CORS, content_types=ANY_BODY)
@http.endpoint(bp)
def get_order(order_id: str) -> Response:
    return http.json_response(order_view(_order(order_id)))


@bp.route(
    "/orders/{order_id}/cancel",
    methods=["POST"],
    api_key_required=True,
    cors=http.CORS,
    content_types=ANY_BODY,
)
@http.endpoint(bp)
def cancel_order(order_id: str) -> Response:
    order = _order(order_id)
    return http.json_response(order_view(services().cancel_order(order)))


@bp.route(
    "/orders/{order_id}/receipt",
    methods=["GET"],
    api_key_required=True,
    cors=http.CORS,
    content_types=ANY_BODY,
)
@http.endpoint(bp)
def get_receipt(order_id: str) -> Response:
    """A presigned link to the PDF, and when it stops working."""
    order = _order(order_id)
    url = services().receipts.link(order)
    expires = from_iso(services().clock.now()) + timedelta(seconds=LINK_SECONDS)
    return http.json_response({"url": url, "expiresAt": to_iso(expires)})


def _order(order_id: str) -> Order:
    """The caller's order. Raises Forbidden, NotFound."""
    owner = partner(bp.current_request)
    return services().queries.get(owner, http.path_key(order_id, "order"))
