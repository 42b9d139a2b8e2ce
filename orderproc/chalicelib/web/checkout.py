"""Carts, and the two short ways to an order: `/checkout` for customers, `/place-order` for partners."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..domain.order import Order
from ..observability import log
from ..services.views import cart_view
from . import http, requests
from .callers import USER_POOL, customer, partner

bp = Blueprint(__name__)


@bp.route("/cart", methods=["GET"], authorizer=USER_POOL, cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def show_cart() -> Response:
    return http.json_response(cart_view(services().show_cart(customer(bp.current_request).id)))


@bp.route("/cart", methods=["DELETE"], authorizer=USER_POOL, cors=http.CORS, content_types=http.ANY_BODY)
@http.endpoint(bp)
def clear_cart() -> Response:
    customer_id = customer(bp.current_request).id
    services().change_cart.clear(customer_id)
    return http.json_response(cart_view(services().show_cart(customer_id)))


@bp.route("/cart/items/{product_id}", methods=["PUT"], authorizer=USER_POOL, cors=http.CORS)
@http.endpoint(bp)
def put_cart_item(product_id: str) -> Response:
    """Set how many pieces are wanted; the whole cart comes back."""
    customer_id = customer(bp.current_request).id
    product_id = http.path_key(product_id, "product")
    quantity = requests.cart_item(product_id, http.body_of(bp.current_request))
    cart = services().change_cart.put(customer_id, product_id, quantity)
    return http.json_response(cart_view(cart))


@bp.route(
    "/cart/items/{product_id}",
    methods=["DELETE"],
    authorizer=USER_POOL,
    cors=http.CORS,
    content_types=http.ANY_BODY,
)
@http.endpoint(bp)
def remove_cart_item(product_id: str) -> Response:
    customer_id = customer(bp.current_request).id
    product_id = requests.product_id(http.path_key(product_id, "product"))
    cart = services().change_cart.remove(customer_id, product_id)
    return http.json_response(cart_view(cart))


@bp.route("/checkout", methods=["POST"], authorizer=USER_POOL, cors=http.CORS)
@http.endpoint(bp)
def checkout() -> Response:
    """Buy what is in the cart: 202 once the order is stored."""
    request = bp.current_request
    buyer = customer(request)
    command, total, currency = requests.checkout(
        http.optional_body_of(request),
        buyer,
        idempotency_key=http.idempotency_key(request),
        correlation_id=log.correlation_id,
    )
    return _accepted(services().checkout(command, total, currency), "./me/orders")


@bp.route("/place-order", methods=["POST"], api_key_required=True, cors=http.CORS)
@http.endpoint(bp)
def place_order_of_one() -> Response:
    """Buy one product at the catalogue's price: 202 once the order is stored."""
    request = bp.current_request
    owner = partner(request)
    command, product_id, quantity = requests.buy_now(
        http.body_of(request),
        owner=owner,
        idempotency_key=http.idempotency_key(request),
        correlation_id=log.correlation_id,
    )
    return _accepted(services().buy_now(command, product_id, quantity), "./orders")


def _accepted(order: Order, at: str) -> Response:
    body = {
        "orderId": order.order_id,
        "executionArn": services().execution_arn(order),
        "status": order.status.value,
    }
    return http.json_response(body, 202, {"Location": f"{at}/{order.order_id}"})
