"""What providers tell us, each with a signature of its own instead of an API key or a token."""

from __future__ import annotations

from chalice.app import Blueprint, Request, Response

from ..bootstrap import services
from ..fulfilment.carrier_report import carrier_report
from ..kit.validation import parse_object
from .shared import http
from .shared.operations import Caller, serves

bp = Blueprint(__name__)


@serves(
    bp,
    "POST /webhooks/carrier",
    Caller.CARRIER,
    "Webhooks",
    "Report a shipment's status",
    "For carriers. Repetitions and late reports change nothing.",
    {200: ("Stored, or known already: the shipment as it is now", "CarrierReportTaken")},
    body="CarrierReport",
    errors=("SHIPMENT_NOT_FOUND", "ORDER_DAMAGED", "CONFLICT"),
    id="reportParcel",
)
def carrier_webhook() -> Response:
    """Where a shipment is. Answered alike when it is sent again, or too late to change anything."""
    body = _signed_body(bp.current_request)
    order, shipment = services().workflow.ship.report(carrier_report(parse_object(body)))
    return http.json_response(
        {"orderId": order.order_id, "trackingNumber": shipment.tracking_number, "status": shipment.status.value}
    )


def _signed_body(request: Request) -> bytes:
    """The very bytes that were signed. Raises Unauthorized, TemporarilyUnavailable."""
    header = request.headers.get("x-carrier-signature", "")
    try:
        raw = request.raw_body
        body = raw.encode() if isinstance(raw, str) else raw
    except ValueError:  # not UTF-8, or not base64, so not signed by a carrier
        body = None
    if body is None or not services().workflow.carrier_signatures.are_good(header, body):
        words = "X-Carrier-Signature is missing, wrong, or older than five minutes."
        raise http.Unauthorized(words, "INVALID_SIGNATURE")
    return body
