"""For staff: all orders, retrying one, and discrepancies."""

from __future__ import annotations

from itertools import islice
from typing import Any

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...kit.redaction import reason_of
from ...orders import order_list, requests
from ...orders.discrepancies import Finding, Kind
from ...orders.views import staff_view
from ..shared import http, pages
from ..shared.callers import staff
from ..shared.changes import change_order
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)

_MOST_SHOWN = 1000
_SUBJECTS = {Kind.RESERVED_MISMATCH: "productId", Kind.DAMAGED_ITEM: "item"}
"""What a finding is about, where it is no order."""


@serves(
    bp,
    "GET /admin/orders",
    Caller.STAFF,
    "Staff",
    "List all orders, newest first",
    "Orders of all partners and customers of the last 400 days.",
    {200: ("A page", "StaffOrderPage")},
    query=("status", "limit", "cursor"),
    may=Permission.READ,
)
def all_orders() -> Response:
    """All orders, newest first."""
    query = http.query_of(bp.current_request)
    scope = "\n".join(["all orders", query.get("status", "")])
    _, status, limit, position = http.together(
        lambda: http.only(query, "status", "limit", "cursor"),
        lambda: requests.status_of(query),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, {"day"}, {"day", "createdAt", "orderId"}),
    )
    page = services().orders.listing(limit, position, status)
    orders: dict[str, Any] = {order.order_id: staff_view(order) for order in page.items}
    damaged = {error.key: {"orderId": error.key, "reason": reason_of(error)} for error in page.damaged}
    entries = (((orders | damaged)[place[1]], order_list.position(place)) for place in page.places)
    shown, following = pages.page_of(entries, page.next)
    return http.json_response(
        {
            "orders": [entry for entry in shown if entry["orderId"] in orders],
            "damaged": [entry for entry in shown if entry["orderId"] in damaged],
            "nextCursor": http.cursor_for(following, scope),
        }
    )


@serves(
    bp,
    "POST /admin/orders/{order_id}/retry",
    Caller.STAFF,
    "Staff",
    "Retry an order",
    "Hands an open or marked order over again.",
    {200: ("The order as staff see it", "StaffOrder.retried")},
    errors=("NOTHING_TO_RETRY", "CONFLICT"),
    may=Permission.RETRY,
)
def retry_order(order_id: str) -> Response:
    """Retries a stuck order. 409 if nothing is left to do for it."""
    order = services().orders.queries.any(http.path_key(order_id, "order"))
    return change_order(bp.current_request, "retry", order, lambda: services().workflow.retry(order))


@serves(
    bp,
    "POST /admin/orders/{order_id}/resend",
    Caller.STAFF,
    "Staff",
    "Resend messages",
    "Sends the mails and SMS that may not have reached the customer.",
    {202: ("The mails and SMS that are sent now", "Resent")},
    errors=("NOTHING_TO_RESEND", "CONFLICT"),
    may=Permission.RESEND,
)
def resend_messages(order_id: str) -> Response:
    """Send the mails and SMS that may not have reached the customer. 409 if all were sent."""
    who = staff(bp.current_request)
    order = services().orders.queries.any(http.path_key(order_id, "order"))
    messages = services().operations.resend_messages(who, order)
    return http.json_response({"orderId": order.order_id, "messages": messages}, status=202)


@serves(
    bp,
    "GET /admin/discrepancies",
    Caller.STAFF,
    "Staff",
    "List discrepancies",
    "What the hourly check of payments, stock and receipts found.",
    {200: ("What was found", "DiscrepancyList")},
    may=Permission.READ,
)
def discrepancies() -> Response:
    """What the reconciler found, and how far it came."""
    http.only(http.query_of(bp.current_request))
    findings = services().operations.findings
    found, checkpoint = list(islice(findings.all(), _MOST_SHOWN + 1)), findings.checkpoint()
    shown = pages.fitting(_view(finding) for finding in found[:_MOST_SHOWN])
    return http.json_response(
        {
            "discrepancies": shown,
            "more": len(found) > len(shown),
            "checkedUpTo": checkpoint.up_to if checkpoint else None,
            "checkedAt": checkpoint.at if checkpoint else None,
        }
    )


def _view(finding: Finding) -> dict[str, Any]:
    subject = _SUBJECTS.get(finding.kind, "orderId")
    return {
        "kind": finding.kind.value,
        subject: finding.subject,
        "details": dict(finding.details),
        "foundAt": finding.found_at,
        "lastSeenAt": finding.last_seen_at,
        "repaired": finding.repaired,
    }
