"""What staff change by hand: on record before it is done, with the values of before and after, and only if the order is
as they saw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalice.app import Request, Response

from ...bootstrap import services
from ...orders.model import Order
from ...orders.versions import refuse_if_changed, version_of
from ...orders.views import staff_view
from . import http
from .callers import staff


def change_order(
    request: Request, action: str, order: Order, act: Callable[[str | None], Order], **details: Any
) -> Response:
    """Do it, `act` being given the version that the caller saw; the answer is the order as staff see it. Nothing is
    done if the record can't be written. Raises what `act` raises, and Conflict where another version was seen."""
    seen = seen_by(request)
    refuse_if_changed(seen, order)
    recorded = {"orderId": order.order_id, **details, "before": _values(order)}
    with services().operations.audit.of(staff(request), action, **recorded) as outcome:
        changed = act(seen)
        outcome["after"] = _values(changed)
    return shown(changed)


def shown(order: Order) -> Response:
    """The order as staff see it, with its version."""
    return http.json_response(staff_view(order), headers={"ETag": f'"{version_of(order)}"'})


def seen_by(request: Request) -> str | None:
    """The version in If-Match (RFC 9110, section 13.1.1), which proxies may have weakened; None for any."""
    sent = str(request.headers.get("if-match", "")).strip()
    return None if sent in ("", "*") else sent.removeprefix("W/").strip('"')


def _values(order: Order) -> dict[str, Any]:
    """What such a change may move of an order."""
    view = staff_view(order)
    names = ("status", "reservation", "needsAttention", "open", "payment", "shipments", "tags")
    return {**{name: view[name] for name in names}, "handovers": order.handovers}
