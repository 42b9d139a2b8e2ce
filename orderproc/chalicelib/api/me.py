"""A signed-in customer's own orders. Another customer's is answered like one that does not exist."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..feedback import requests
from ..kit.validation import valid
from ..orders.model import Order
from ..orders.schema import CLAIM_REQUEST
from ..orders.views import order_view
from .shared import answers, http
from .shared.callers import customer
from .shared.operations import Caller, serves

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /me/orders",
    Caller.CUSTOMER,
    "My orders",
    "List one's own orders, newest first",
    "Orders of the signed-in customer.",
    {200: ("A page", "OrderPage.mine")},
    query=("status", "limit", "cursor"),
)
def my_orders() -> Response:
    return answers.order_page(http.query_of(bp.current_request), customer(bp.current_request).owner)


@serves(
    bp,
    "GET /me/orders/{order_id}",
    Caller.CUSTOMER,
    "My orders",
    "Get one's own order",
    "Another customer's order is answered like one that does not exist.",
    {200: ("The order", "Order.mine")},
)
def my_order(order_id: str) -> Response:
    return http.json_response(order_view(_order(order_id)))


@serves(
    bp,
    "POST /me/orders/{order_id}/cancel",
    Caller.CUSTOMER,
    "My orders",
    "Cancel one's own order",
    "Possible as long as nothing was shipped.",
    {200: ("The cancelled order", "Order.mine.cancelled")},
    errors=(
        "ALREADY_SHIPPED",
        "NOT_CANCELLABLE",
        "CONFLICT",
        "STILL_PROCESSING",
    ),
)
def cancel_my_order(order_id: str) -> Response:
    order = _order(order_id)
    return http.json_response(order_view(services().workflow.cancel(order)))


@serves(
    bp,
    "GET /me/orders/{order_id}/receipt",
    Caller.CUSTOMER,
    "My orders",
    "Get a link to one's own receipt",
    "A presigned link to the PDF, and when it expires.",
    {200: ("A link", "Link")},
    errors=("RECEIPT_NOT_FOUND",),
)
def my_receipt(order_id: str) -> Response:
    return answers.receipt_link(_order(order_id))


@serves(
    bp,
    "POST /me/orders/{order_id}/feedback",
    Caller.CUSTOMER,
    "Feedback",
    "Give feedback on one's own order",
    "A score and a comment, once per order.",
    {201: ("Stored", "Feedback")},
    body="FeedbackRequest",
    errors=("FEEDBACK_ALREADY_GIVEN", "STILL_PROCESSING", "CONFLICT"),
    id="giveMyFeedback",
)
def my_feedback(order_id: str) -> Response:
    order = _order(order_id)
    return answers.feedback_given(order, *requests.feedback(http.body_of(bp.current_request)))


@serves(
    bp,
    "POST /me/orders/claim",
    Caller.CUSTOMER,
    "My orders",
    "Claim a guest's order",
    "The order that was placed as a guest, with the address that this account has verified, becomes the account's. Its "
    "token then opens it no longer. Claiming it again changes nothing.",
    {200: ("The order, now the customer's", "Order.mine")},
    body="ClaimRequest",
    errors=("EMAIL_NOT_VERIFIED", "ORDER_NOT_FOUND", "ORDER_DAMAGED"),
    id="claimOrder",
)
def claim_order() -> Response:
    """What is wrong with the token, or that the order is another's, is not told apart."""
    request = bp.current_request
    claimant = customer(request)
    if not claimant.email:
        raise http.Forbidden("Verify your e-mail address, then sign in again.", "EMAIL_NOT_VERIFIED")
    token = valid(http.body_of(request), CLAIM_REQUEST)["orderToken"]
    return http.json_response(order_view(services().orders.claim(claimant, token)))


def _order(order_id: str) -> Order:
    """The customer's order. Raises Forbidden, NotFound."""
    owner = customer(bp.current_request).owner
    return services().orders.queries.get(owner, http.path_key(order_id, "order"))
