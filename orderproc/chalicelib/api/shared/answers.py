"""Answers that partners and customers get alike, each for their own orders."""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Response

from ...bootstrap import services
from ...kit.clock import from_iso, to_iso
from ...orders import requests
from ...orders.model import Order
from ...orders.paginate import position_after
from ...orders.views import feedback_view, order_view
from . import http, pages


def order_page(query: Mapping[str, str], owner: str, *more: str) -> Response:
    """A page of the owner's orders, newest first, as the query asks. `more` are the parameters that the route knows
    besides those of every such list. Raises InvalidRequest."""
    scope = "\n".join(["orders", owner, query.get("customerId", ""), query.get("status", "")])
    _, customer_id, status, limit, position = http.together(
        lambda: http.only(query, "status", "limit", "cursor", *more),
        lambda: requests.customer_of(query),
        lambda: requests.status_of(query),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, {"createdAt", "orderId"}),
    )
    page = services().orders.queries.page(owner, limit, position, customer_id, status)
    entries = ((order_view(order), position_after((order.created_at, order.order_id))) for order in page.items)
    shown, following = pages.page_of(entries, page.next)
    return http.json_response({"orders": shown, "nextCursor": http.cursor_for(following, scope)})


def accepted(order: Order, location: str, order_token: str | None = None) -> Response:
    """202 with what follows the order; a guest's token lets its bearer in to this order."""
    body = {
        "orderId": order.order_id,
        "orderNumber": order.order_number or None,
        "executionArn": services().workflow.execution_arn(order),
        "status": order.status.value,
        **({"orderToken": order_token} if order_token else {}),
    }
    return http.json_response(body, 202, {"Location": location})


def receipt_link(order: Order) -> Response:
    """A presigned link to the PDF, and when it stops working. Raises NotFound until there is one."""
    url, lasts = services().workflow.receipts.link(order)
    return http.json_response({"url": url, "expiresAt": to_iso(from_iso(services().clock.now()) + lasts)})


def feedback_given(order: Order, score: int, comment: str) -> Response:
    """201 the first time. Raises Conflict after that."""
    return http.json_response(feedback_view(services().customers.give_feedback(order, score, comment)), 201)
