"""Carts, and two short ways to an order: `/checkout` for customers, `/place-order` for partners and the shop's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..checkout import requests as checkout_requests
from ..checkout.views import cart_view
from ..inventory import requests as inventory_requests
from ..kit.observability import log
from ..orders.commands import GUEST
from .shared import answers, http
from .shared.callers import customer, partner_or_guest
from .shared.operations import Caller, serves

if TYPE_CHECKING:
    from ..checkout.model import Cart

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /cart",
    Caller.CUSTOMER,
    "Cart",
    "Get the cart",
    "With what keeps a line from being bought, if anything does.",
    {200: ("The cart at the prices of now", "Cart")},
    errors=("CART_DAMAGED",),
)
def show_cart() -> Response:
    return _shown(services().carts.show(customer(bp.current_request).id))


@serves(
    bp,
    "DELETE /cart",
    Caller.CUSTOMER,
    "Cart",
    "Empty the cart",
    "The empty cart is answered.",
    {200: ("The cart at the prices of now", "Cart.empty")},
)
def clear_cart() -> Response:
    customer_id = customer(bp.current_request).id
    services().carts.change.clear(customer_id)
    return _shown(services().carts.show(customer_id))


@serves(
    bp,
    "PUT /cart/items/{product_id}",
    Caller.CUSTOMER,
    "Cart",
    "Set a product's quantity",
    "Adds the product if it is not in the cart. The whole cart is answered.",
    {200: ("The cart at the prices of now", "Cart")},
    body="CartItemRequest",
    errors=("PRODUCT_NOT_FOUND", "CURRENCY_MISMATCH", "CART_FULL", "CART_DAMAGED", "CONFLICT"),
)
def put_cart_item(product_id: str) -> Response:
    """Set how many units are wanted; the whole cart comes back."""
    customer_id = customer(bp.current_request).id
    product_id = http.path_key(product_id, "product")
    quantity = checkout_requests.cart_item(product_id, http.body_of(bp.current_request))
    cart = services().carts.change.put(customer_id, product_id, quantity)
    return _shown(cart)


@serves(
    bp,
    "DELETE /cart/items/{product_id}",
    Caller.CUSTOMER,
    "Cart",
    "Remove a product",
    "The whole cart is answered, also if the product was not in it.",
    {200: ("The cart at the prices of now", "Cart")},
    errors=("INVALID_REQUEST", "CART_DAMAGED", "CONFLICT"),
)
def remove_cart_item(product_id: str) -> Response:
    customer_id = customer(bp.current_request).id
    product_id = inventory_requests.product_id(http.path_key(product_id, "product"))
    cart = services().carts.change.remove(customer_id, product_id)
    return _shown(cart)


@serves(
    bp,
    "POST /checkout",
    Caller.CUSTOMER,
    "Cart",
    "Buy the cart",
    "Answers once the order is stored.",
    {202: ("Accepted and stored; an execution takes it on", "Accepted")},
    body="CheckoutRequest",
    body_required=False,
    errors=(
        "CART_NOT_ORDERABLE",
        "TOTAL_MISMATCH",
        "NOT_ORDERABLE",
        "CART_DAMAGED",
        "CONFLICT",
        "ORDER_DAMAGED",
        "IDEMPOTENCY_KEY_REUSED",
    ),
    idempotency_key="The cart as it stands is the key when none is sent.",
)
def checkout() -> Response:
    """Buy what is in the cart: 202 once the order is stored."""
    request = bp.current_request
    buyer = customer(request)
    command, total, currency = checkout_requests.checkout(
        http.optional_body_of(request),
        buyer,
        idempotency_key=http.idempotency_key(request),
        correlation_id=log.correlation_id,
    )
    order = services().carts.checkout(command, total, currency)
    return answers.accepted(order, f"./me/orders/{order.order_id}")


@serves(
    bp,
    "POST /place-order",
    Caller.PARTNER_OR_PAGE,
    "Orders",
    "Buy one product",
    "At the catalogue's price, without a cart. With the publishable key it is a guest's order: the answer has its "
    "`orderToken`, and no phone number is accepted.",
    {202: ("Accepted and stored; an execution takes it on", "PlacedOrder")},
    body="PlaceOrderRequest",
    errors=(
        "PRODUCT_NOT_FOUND",
        "NOT_ORDERABLE",
        "STOCK_TOO_LOW",
        "CONFLICT",
        "ORDER_DAMAGED",
        "IDEMPOTENCY_KEY_REUSED",
    ),
    idempotency_key="With the same key and body the first order is answered again. With the publishable key it must "
    "be random, at least 22 characters.",
)
def place_order_of_one() -> Response:
    """Buy one product at the catalogue's price: 202 once the order is stored."""
    request = bp.current_request
    owner = partner_or_guest(request)
    command, product_id, quantity = checkout_requests.buy_now(
        http.body_of(request),
        owner=owner,
        idempotency_key=http.idempotency_key(request),
        correlation_id=log.correlation_id,
    )
    if owner != GUEST:
        order = services().carts.buy_now(command, product_id, quantity)
        return answers.accepted(order, f"./orders/{order.order_id}")
    token_of = services().orders.tokens.signer()
    order = services().carts.buy_now(command, product_id, quantity)
    return answers.accepted(order, "./guest/order", token_of(order))


def _shown(cart: Cart) -> Response:
    return http.json_response(cart_view(cart, services().settings.site_url))
