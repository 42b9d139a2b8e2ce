"""Orders of partners: place, read, list, cancel, receipt."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..domain.order import Order
from ..observability import log
from ..services.views import order_view
from . import answers, http, requests
from .callers import partner

bp = Blueprint(__name__)


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


@bp.route("/orders", methods=["GET"], api_key_required=True, cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def list_orders() -> Response:
    """The caller's orders, newest first."""
    return answers.order_page(http.query_of(bp.current_request), partner(bp.current_request), "customerId")


@bp.route("/orders/{order_id}", methods=["GET"], api_key_required=True, cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def get_order(order_id: str) -> Response:
    return http.json_response(order_view(_order(order_id)))


@bp.route(
    "/orders/{order_id}/cancel",
    methods=["POST"],
    api_key_required=True,
    cors=http.CORS,
    content_types=http.ANY_BODY,
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
    content_types=http.ANY_BODY,
)
@http.endpoint(bp)
def get_receipt(order_id: str) -> Response:
    """A presigned link to the PDF, and when it stops working."""
    return answers.receipt_link(_order(order_id))


@bp.route("/orders/{order_id}/feedback", methods=["POST"], api_key_required=True, cors=http.CORS)
@http.endpoint(bp)
def give_feedback(order_id: str) -> Response:
    order = _order(order_id)
    return answers.feedback_given(order, *requests.feedback(http.body_of(bp.current_request)))


def _order(order_id: str) -> Order:
    """The caller's order. Raises Forbidden, NotFound."""
    owner = partner(bp.current_request)
    return services().queries.get(owner, http.path_key(order_id, "order"))
