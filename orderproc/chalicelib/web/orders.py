"""Orders of partners: place, read, list, cancel, receipt."""

from __future__ import annotations

from datetime import timedelta

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..domain.clock import from_iso, to_iso
from ..domain.errors import FieldError, InvalidRequest
from ..domain.order import Status
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
    command = requests.place_order(
        http.body_of(request),
        owner=partner(request),
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
    request = bp.current_request
    query = http.query_of(request, "customerId", "status", "limit", "cursor")
    owner, customer_id = partner(request), query.get("customerId")
    status = _status(query["status"]) if "status" in query else None
    scope = f"orders\n{owner}\n{customer_id or ''}\n{status or ''}"
    page = services().queries.page(owner, http.limit_of(query), http.position_of(query, scope), customer_id, status)
    return http.json_response(
        {
            "orders": [order_view(order) for order in page.items],
            "nextCursor": http.cursor_for(page.next, scope),
        }
    )


@bp.route("/orders/{order_id}", methods=["GET"], api_key_required=True, cors=http.CORS, content_types=ANY_BODY)
@http.endpoint(bp)
def get_order(order_id: str) -> Response:
    return http.json_response(order_view(services().queries.get(partner(bp.current_request), order_id)))


@bp.route(
    "/orders/{order_id}/cancel",
    methods=["POST"],
    api_key_required=True,
    cors=http.CORS,
    content_types=ANY_BODY,
)
@http.endpoint(bp)
def cancel_order(order_id: str) -> Response:
    order = services().queries.get(partner(bp.current_request), order_id)
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
    order = services().queries.get(partner(bp.current_request), order_id)
    url = services().receipts.link(order)
    expires = from_iso(services().clock.now()) + timedelta(seconds=LINK_SECONDS)
    return http.json_response({"url": url, "expiresAt": to_iso(expires)})


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError:
        known = ", ".join(status.value for status in Status)
        raise InvalidRequest([FieldError("status", f"must be one of {known}")]) from None
