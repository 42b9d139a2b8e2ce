"""For staff: all orders, retrying one, and discrepancies."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...operations import requests as operations_requests
from ...orders.filters import NAMES, filters_of
from ..shared import http, order_pages, pages
from ..shared.callers import staff
from ..shared.changes import change_order
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

if TYPE_CHECKING:
    from ...orders.discrepancies import Finding

bp = Blueprint(__name__)

_MOST_SHOWN = 1000


@serves(
    bp,
    "GET /admin/orders",
    Caller.STAFF,
    "Staff",
    "List or search orders, newest first",
    "Orders of all partners and customers. Each parameter narrows the list. Without `q`, `email`, `customerId`, "
    "`reference` and `tag`, those of the last 400 days. An order is found some seconds after it was placed or changed.",
    {200: ("A page", "StaffOrderPage")},
    errors=("SEARCH_OFF",),
    query=(
        *("orders:q", "status", "orders:email", "customerId", "orders:reference", "orders:tag"),
        *("orders:from", "orders:to", "limit", "cursor"),
    ),
    may=Permission.READ,
)
def all_orders() -> Response:
    """All orders, or those that are searched for, newest first."""
    query = http.query_of(bp.current_request)
    scope = order_pages.scope_of("all orders", query)
    _, filters, limit, position = http.together(
        lambda: http.only(query, *NAMES, "limit", "cursor"),
        lambda: filters_of(query),
        lambda: http.limit_of(query),
        lambda: http.position_of(query, scope, *order_pages.POSITIONS),
    )
    page = services().search.orders(limit, position, filters)
    return http.json_response(order_pages.body_of(page, scope))


@serves(
    bp,
    "POST /admin/orders/{order_id}/retry",
    Caller.STAFF,
    "Staff",
    "Retry an order",
    "Hands an open or marked order over again.",
    {200: ("The order as staff see it", "StaffOrder.retried")},
    errors=("NOTHING_TO_RETRY", "CONFLICT"),
    versioned=True,
    may=Permission.RETRY,
)
def retry_order(order_id: str) -> Response:
    """Retries a stuck order. 409 if nothing is left to do for it."""
    order = services().orders.queries.any(http.path_key(order_id, "order"))
    return change_order(bp.current_request, "retry", order, lambda seen: services().workflow.retry(order, seen))


@serves(
    bp,
    "POST /admin/orders/{order_id}/resend",
    Caller.STAFF,
    "Staff",
    "Resend messages",
    "Sends the mails and SMS that may not have reached the customer; with `what`, the confirmation once more, also if "
    "it was sent: once a minute.",
    {202: ("The mails and SMS that are sent now", "Resent")},
    body="ResendRequest",
    body_required=False,
    errors=("NOTHING_TO_RESEND", "CONFLICT"),
    may=Permission.RESEND,
)
def resend_messages(order_id: str) -> Response:
    """Send the mails and SMS that may not have reached the customer. 409 if all were sent."""
    who = staff(bp.current_request)
    order = services().orders.queries.any(http.path_key(order_id, "order"))
    resend = services().operations.resend_messages
    confirmation = operations_requests.resend(http.optional_body_of(bp.current_request))
    messages = resend.confirmation(who, order) if confirmation else resend(who, order)
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
    return {
        "kind": finding.kind.value,
        finding.subject_is: finding.subject,
        "details": dict(finding.details),
        "foundAt": finding.found_at,
        "lastSeenAt": finding.last_seen_at,
        "repaired": finding.repaired,
    }
