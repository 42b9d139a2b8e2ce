"""From a carrier's body to its report. Fields that we do not know are the carrier's own business."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from ..kit.clock import to_iso
from ..kit.errors import FieldError, InvalidRequest
from ..kit.validation import read
from ..kit.wiring import dataclass
from ..orders.model import ShipmentStatus
from .schema import CARRIER_REPORT

_ISO_8601 = re.compile(
    r"2[0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|z|[+-][0-9]{2}(:?[0-9]{2})?)",
    re.ASCII,
)


@dataclass(frozen=True)
class Report:
    """What a carrier says of a shipment. `at` is when it happened; `order_id` is empty where the carrier names none."""

    carrier: str
    tracking_number: str
    status: ShipmentStatus
    at: str
    order_id: str = ""


def carrier_report(body: dict[str, Any]) -> Report:
    """Raises InvalidRequest with every wrong field."""
    body, errors = read(body, CARRIER_REPORT)
    at = _moment(body.get("occurredAt"))
    if at is None and not any(error.field == "occurredAt" for error in errors):
        errors.append(FieldError("occurredAt", "must be a time with its zone, like 2026-11-21T14:30:25Z"))
    if errors or at is None:
        raise InvalidRequest(errors)
    return Report(body["carrier"], body["trackingNumber"], ShipmentStatus(body["status"]), at, body.get("orderId", ""))


def _moment(text: Any) -> str | None:
    """In our own form; None for what names no time of this millennium."""
    if not isinstance(text, str) or not _ISO_8601.fullmatch(text):
        return None
    try:
        return to_iso(datetime.fromisoformat(text.upper()).astimezone(UTC))
    except (ValueError, OverflowError):
        return None
