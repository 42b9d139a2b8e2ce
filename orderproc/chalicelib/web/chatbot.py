"""Questions in people's own words, about the caller's own orders."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from . import http, requests
from .callers import USER_POOL, customer, partner

bp = Blueprint(__name__)


@bp.route("/chatbot", methods=["POST"], api_key_required=True, cors=http.CORS)
@http.endpoint(bp)
def ask() -> Response:
    """About a partner's orders, or those of one of its customers."""
    return _answered(partner(bp.current_request))


@bp.route("/me/chatbot", methods=["POST"], authorizer=USER_POOL, cors=http.CORS)
@http.endpoint(bp)
def ask_about_mine() -> Response:
    """A `customerId` that is not the caller's own names orders that the caller has not: nothing is found."""
    return _answered(customer(bp.current_request).owner)


def _answered(owner: str) -> Response:
    query, customer_id = requests.question(http.body_of(bp.current_request))
    said = services().answer_question(owner, query, customer_id)
    return http.json_response({"answer": said.answer, "source": said.source, "orders": list(said.orders)})
