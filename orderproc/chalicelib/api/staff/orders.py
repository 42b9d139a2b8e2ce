"""For staff: see any order with what customers do not see of it, cancel, ship, deliver."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...fulfilment import requests
from ...orders import requests as orders_requests
from ...orders.model import Order
from ..shared import http
from ..shared.changes import change_order, shown
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/orders/{order_id}",
    Caller.STAFF,
    "Staff",
    "Get any order",
    "With what partners and customers do not see.",
    {200: ("The order as staff see it", "StaffOrder")},
    versioned=True,
    may=Permission.READ,
)
def any_order(order_id: str) -> Response:
    return shown(_order(order_id))


@serves(
    bp,
    "POST /admin/orders/{order_id}/cancel",
    Caller.STAFF,
    "Staff",
    "Cancel any order",
    "Possible as long as nothing was shipped. The audit trail records it.",
    {200: ("The order as staff see it", "StaffOrder.cancelled")},
    errors=(
        "ALREADY_SHIPPED",
        "NOT_CANCELLABLE",
        "CONFLICT",
        "STILL_PROCESSING",
    ),
    versioned=True,
    may=Permission.CANCEL,
)
def cancel_any_order(order_id: str) -> Response:
    order = _order(order_id)

    def cancel(seen: str | None) -> Order:
        return services().workflow.cancel(order, "CANCELLED_BY_STAFF", "Cancelled by the shop.", seen)

    return change_order(bp.current_request, "cancel", order, cancel)


@serves(
    bp,
    "POST /admin/orders/{order_id}/ship",
    Caller.STAFF,
    "Staff",
    "Ship an order",
    "All that is left, or the named units, as one shipment.",
    {200: ("The order as staff see it", "StaffOrder")},
    body="ShipRequest",
    errors=(
        "NOT_SHIPPABLE",
        "ALREADY_SHIPPED",
        "STILL_PROCESSING",
        "TRACKING_NUMBER_TAKEN",
        "TOO_MANY_SHIPMENTS",
        "CONFLICT",
    ),
    versioned=True,
    may=Permission.SHIP,
)
def ship_order(order_id: str) -> Response:
    """Put all that is left, or the named units, into a shipment."""
    order = _order(order_id)
    carrier, tracking_number, items = requests.ship(http.body_of(bp.current_request))

    def ship(seen: str | None) -> Order:
        return services().workflow.ship.ship(order, carrier, tracking_number, items, seen)

    named = {"carrier": carrier, "trackingNumber": tracking_number, "items": items}
    return change_order(bp.current_request, "ship", order, ship, **named)


@serves(
    bp,
    "POST /admin/orders/{order_id}/deliver",
    Caller.STAFF,
    "Staff",
    "Mark shipments as delivered",
    "One shipment, or all of them.",
    {200: ("The order as staff see it", "StaffOrder.delivered")},
    body="DeliverRequest",
    body_required=False,
    errors=("NO_SUCH_SHIPMENT", "NOT_SHIPPABLE", "CONFLICT"),
    versioned=True,
    may=Permission.DELIVER,
)
def deliver_order(order_id: str) -> Response:
    """One shipment, or all of them, arrived."""
    order = _order(order_id)
    tracking_number = requests.deliver(http.optional_body_of(bp.current_request))

    def deliver(seen: str | None) -> Order:
        return services().workflow.ship.deliver(order, tracking_number, seen)

    return change_order(bp.current_request, "deliver", order, deliver, trackingNumber=tracking_number)


@serves(
    bp,
    "PUT /admin/orders/{order_id}/tags",
    Caller.STAFF,
    "Staff",
    "Set an order's tags",
    "Just these. Customers and partners do not see them.",
    {200: ("The order as staff see it", "StaffOrder")},
    body="TagsRequest",
    errors=("CONFLICT",),
    id="setOrderTags",
    versioned=True,
    may=Permission.TAGS,
)
def set_order_tags(order_id: str) -> Response:
    order = _order(order_id)
    tags = orders_requests.tags(http.body_of(bp.current_request))

    def tag(seen: str | None) -> Order:
        return services().orders.tag(order, tags, seen)

    return change_order(bp.current_request, "set_tags", order, tag, tags=tags)


def _order(order_id: str) -> Order:
    """Any order, for staff. Raises Forbidden, NotFound."""
    return services().orders.queries.any(http.path_key(order_id, "order"))
