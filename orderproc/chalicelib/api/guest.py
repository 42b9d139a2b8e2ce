"""Orders of guests, who don't sign in: the shop's page places them with the publishable key, and the token of the
answer opens the one order."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..checkout import requests as checkout_requests
from ..feedback import requests as feedback_requests
from ..kit.observability import log
from ..orders.views import order_view
from .shared import answers, http
from .shared.callers import guests_order, page_only
from .shared.operations import Caller, serves

bp = Blueprint(__name__)


@serves(
    bp,
    "POST /guest/checkout",
    Caller.PAGE,
    "Guests",
    "Buy a guest's cart",
    "The page keeps the cart and sends it. The prices are the catalogue's. `orderToken` opens this order alone.",
    {202: ("Accepted and stored; an execution takes it on", "GuestAccepted")},
    body="GuestCheckoutRequest",
    errors=(
        "CART_NOT_ORDERABLE",
        "TOTAL_MISMATCH",
        "NOT_ORDERABLE",
        "CONFLICT",
        "ORDER_DAMAGED",
        "IDEMPOTENCY_KEY_REUSED",
    ),
    idempotency_key="Random, at least 22 characters. With the same key and body the first order is answered again.",
)
def guest_checkout() -> Response:
    """202 once the order is stored."""
    request = bp.current_request
    page_only(request)
    command, units, total, currency = checkout_requests.guest_checkout(
        http.body_of(request), idempotency_key=http.idempotency_key(request), correlation_id=log.correlation_id
    )
    token_of = services().orders.tokens.signer()
    order = services().carts.guest_checkout(command, units, total, currency)
    return answers.accepted(order, "./order", token_of(order))


@serves(
    bp,
    "GET /guest/order",
    Caller.GUEST,
    "Guests",
    "Get the guest's order",
    "The one that the token is for.",
    {200: ("The order", "Order.guest")},
    errors=("ORDER_NOT_FOUND", "ORDER_DAMAGED"),
)
def guest_order() -> Response:
    return http.json_response(order_view(guests_order(bp.current_request)))


@serves(
    bp,
    "POST /guest/order/cancel",
    Caller.GUEST,
    "Guests",
    "Cancel the guest's order",
    "Possible as long as nothing was shipped.",
    {200: ("The cancelled order", "Order.guest.cancelled")},
    errors=(
        "ORDER_NOT_FOUND",
        "ORDER_DAMAGED",
        "ALREADY_SHIPPED",
        "NOT_CANCELLABLE",
        "CONFLICT",
        "STILL_PROCESSING",
    ),
)
def cancel_guest_order() -> Response:
    order = guests_order(bp.current_request)
    return http.json_response(order_view(services().workflow.cancel(order)))


@serves(
    bp,
    "GET /guest/order/receipt",
    Caller.GUEST,
    "Guests",
    "Get a link to the guest's receipt",
    "A presigned link to the PDF, and when it expires.",
    {200: ("A link", "Link")},
    errors=("ORDER_NOT_FOUND", "ORDER_DAMAGED", "RECEIPT_NOT_FOUND"),
)
def guest_receipt() -> Response:
    return answers.receipt_link(guests_order(bp.current_request))


@serves(
    bp,
    "POST /guest/order/feedback",
    Caller.GUEST,
    "Feedback",
    "Give feedback on the guest's order",
    "A score and a comment, once per order.",
    {201: ("Stored", "Feedback")},
    body="FeedbackRequest",
    errors=("ORDER_NOT_FOUND", "ORDER_DAMAGED", "FEEDBACK_ALREADY_GIVEN", "STILL_PROCESSING", "CONFLICT"),
    id="giveGuestFeedback",
)
def guest_feedback() -> Response:
    order = guests_order(bp.current_request)
    return answers.feedback_given(order, *feedback_requests.feedback(http.body_of(bp.current_request)))
