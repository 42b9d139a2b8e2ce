"""A signed-in customer's own orders. Somebody else's answers as one that is not there."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..domain.order import Order
from ..services.views import order_view
from . import answers, http, requests
from .callers import USER_POOL, customer

bp = Blueprint(__name__)


@bp.route("/me/orders", methods=["GET"], authorizer=USER_POOL, cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def my_orders() -> Response:
    return answers.order_page(http.query_of(bp.current_request), customer(bp.current_request).owner)


@bp.route("/me/orders/{order_id}", methods=["GET"], authorizer=USER_POOL, cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def my_order(order_id: str) -> Response:
    return http.json_response(order_view(_order(order_id)))


@bp.route(
    "/me/orders/{order_id}/cancel",
    methods=["POST"],
    authorizer=USER_POOL,
    cors=http.CORS,
    content_types=http.ANY_BODY,
)
@http.endpoint(bp)
def cancel_my_order(order_id: str) -> Response:
    order = _order(order_id)
    return http.json_response(order_view(services().cancel_order(order)))


@bp.route(
    "/me/orders/{order_id}/receipt",
    methods=["GET"],
    authorizer=USER_POOL,
    cors=http.CORS,
    content_types=http.ANY_BODY,
)
@http.endpoint(bp)
def my_receipt(order_id: str) -> Response:
    return answers.receipt_link(_order(order_id))


@bp.route("/me/orders/{order_id}/feedback", methods=["POST"], authorizer=USER_POOL, cors=http.CORS)
@http.endpoint(bp)
def my_feedback(order_id: str) -> Response:
    order = _order(order_id)
    return answers.feedback_given(order, *requests.feedback(http.body_of(bp.current_request)))


def _order(order_id: str) -> Order:
    """The customer's order. Raises Forbidden, NotFound."""
    owner = customer(bp.current_request).owner
    return services().queries.get(owner, http.path_key(order_id, "order"))
