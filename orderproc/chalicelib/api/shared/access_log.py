"""One line for a request that was refused or slow, and for one in a hundred of the others. A line for each would cost
more than the rest of an order's log; API Gateway's own access log costs the same and knows no correlation id.

A request that failed (5xx) has its line already, with the traceback."""

from __future__ import annotations

import random
import re
from typing import Any

from chalice.app import Request, Response

from ...kit.observability import log, telemetry

SLOW_MS = 1000
ONE_IN = 100
"""Of the requests that went well. Multiply their number by it to count them."""
_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{1,64}")


def note(request: Request, response: Response) -> None:
    """Write the line, if there is to be one. Never the path, the query, a header or a body: only the route."""
    status, ms = response.status_code, telemetry.work_ms()
    if status >= 500:
        return
    if status >= 400 or ms >= SLOW_MS:
        log.info("request", **facts(request), status=status, durationMs=ms)
    elif random.random() * ONE_IN < 1:
        log.info("request", **facts(request), status=status, durationMs=ms, oneIn=ONE_IN)


def facts(request: Request) -> dict[str, Any]:
    """Which request it was: `requestId` is the one in the client's answer."""
    order_id = (request.uri_params or {}).get("order_id", "")
    return {
        "requestId": str(request.context.get("requestId", "local")),
        "method": request.method,
        "route": request.context.get("resourcePath"),
        "orderId": order_id if _WELL_FORMED.fullmatch(order_id) else None,
    }
