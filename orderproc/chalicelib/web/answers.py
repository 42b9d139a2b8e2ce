"""Answers that partners and customers get alike, each for their own orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chalice.app import Response

from ..bootstrap import services
from ..domain.clock import from_iso, to_iso
from ..domain.errors import FieldError, InvalidRequest
from ..domain.order import Order, Status
from ..services.receipts import LINK_SECONDS
from ..services.views import order_view
from . import http


def order_page(query: Mapping[str, str], owner: str) -> Response:
    """A page of the owner's orders, newest first, as the query asks. Raises InvalidRequest."""
    customer_id = query.get("customerId")
    status = _status(query["status"]) if "status" in query else None
    scope = f"orders\n{owner}\n{customer_id or ''}\n{status or ''}"
    page = services().queries.page(owner, http.limit_of(query), http.position_of(query, scope), customer_id, status)
    return http.json_response(
        {"orders": [order_view(order) for order in page.items], "nextCursor": http.cursor_for(page.next, scope)}
    )


def receipt_link(order: Order) -> Response:
    """A presigned link to the PDF, and when it stops working. Raises NotFound until there is one."""
    url = services().receipts.link(order)
    expires = from_iso(services().clock.now()) + timedelta(seconds=LINK_SECONDS)
    return http.json_response({"url": url, "expiresAt": to_iso(expires)})


def feedback_given(order: Order, score: int, comment: str) -> Response:
    """201 the first time. Raises Conflict after that."""
    feedback = services().give_feedback(order, score, comment)
    return http.json_response({"score": feedback.score, "comment": feedback.comment, "at": feedback.at}, 201)


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError:
        known = ", ".join(status.value for status in Status)
        raise InvalidRequest([FieldError("status", f"must be one of {known}")]) from None
