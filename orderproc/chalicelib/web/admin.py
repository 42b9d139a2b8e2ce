"""For staff: see any order with what customers do not see of it, cancel, ship, deliver."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ..bootstrap import services
from ..domain.order import Order
from ..services.views import staff_view
from . import http, requests
from .callers import USER_POOL, staff
from .changes import change_order

bp = Blueprint(__name__)


@bp.route(
    "/admin/orders/{order_id}", methods=["GET"], authorizer=USER_POOL, cors=http.CORS, content_types=http.ANY_BODY
)
@http.endpoint(bp)
def any_order(order_id: str) -> Response:
    return http.json_response(staff_view(_order(order_id)))


@bp.route(
    "/admin/orders/{order_id}/cancel",
    methods=["POST"],
    authorizer=USER_POOL,
    cors=http.CORS,
    content_types=http.ANY_BODY,
)
@http.endpoint(bp)
def cancel_any_order(order_id: str) -> Response:
    order = _order(order_id)

    def cancel() -> Order:
        return services().cancel_order(order, "CANCELLED_BY_STAFF", "Cancelled by the shop.")

    return change_order(bp.current_request, "cancel", order, cancel)


@bp.route("/admin/orders/{order_id}/ship", methods=["POST"], authorizer=USER_POOL, cors=http.CORS)
@http.endpoint(bp)
def ship_order(order_id: str) -> Response:
    """Put all that is left, or the named pieces, into a parcel."""
    order = _order(order_id)
    carrier, tracking_number, items = requests.ship(http.body_of(bp.current_request))

    def ship() -> Order:
        return services().ship_order.ship(order, carrier, tracking_number, items)

    named = {"carrier": carrier, "trackingNumber": tracking_number, "items": items}
    return change_order(bp.current_request, "ship", order, ship, **named)


@bp.route("/admin/orders/{order_id}/deliver", methods=["POST"], authorizer=USER_POOL, cors=http.CORS)
@http.endpoint(bp)
def deliver_order(order_id: str) -> Response:
    """One parcel, or all of them, arrived."""
    order = _order(order_id)
    tracking_number = requests.deliver(http.optional_body_of(bp.current_request))

    def deliver() -> Order:
        return services().ship_order.deliver(order, tracking_number)

    return change_order(bp.current_request, "deliver", order, deliver, trackingNumber=tracking_number)


def _order(order_id: str) -> Order:
    """Any order, for staff. Raises Forbidden, NotFound."""
    staff(bp.current_request)
    return services().queries.any(http.path_key(order_id, "order"))
