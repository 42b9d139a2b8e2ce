"""For staff: how the shop did."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...kit.clock import from_iso
from ...kit.errors import InvalidRequest
from ...reporting import query as metrics_query
from ..shared import http
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)


@serves(
    bp,
    "GET /admin/metrics",
    Caller.STAFF,
    "Metrics",
    "Get the shop's metrics",
    "By the hour or day, in UTC or in the shop's time zone.",
    {200: ("Without gaps, oldest first", "Metrics")},
    query=("from", "to", "by", "timeZone", "cursor"),
    may=Permission.READ,
)
def metrics() -> Response:
    """By the hour or day, in UTC or by the shop's clocks."""
    from ...reporting.view import report_view

    query = http.query_of(bp.current_request)
    scope = "\n".join(["metrics", *(query.get(name, "") for name in ("from", "to", "by", "timeZone"))])
    _, by, zone_name, (start, end), position = http.together(
        lambda: http.only(query, "from", "to", "by", "timeZone", "cursor"),
        lambda: metrics_query.by_of(query),
        lambda: metrics_query.zone_name_of(query, services().settings.shop_time_zone),
        lambda: _range(query),
        lambda: http.position_of(query, scope, {"from", "to", "page"}),
    )
    zone, page = _zone(zone_name), None
    if position:  # without `to` the range ends now, and must not move from page to page
        start, end, page = (datetime.fromisoformat(position[name]) for name in ("from", "to", "page"))
    report = services().reporting.report(start, end, zone, by, page)
    cursor = None
    if report.following:
        moments = {"from": report.start, "to": report.end, "page": report.following}
        cursor = http.cursor_for({name: moment.isoformat() for name, moment in moments.items()}, scope)
    return http.json_response({**report_view(report, zone, by, zone_name), "nextCursor": cursor})


def _range(query: dict[str, str]) -> tuple[datetime, datetime]:
    """As asked for; in a zone that there is not, as in UTC: what else is wrong is to be named all the same."""
    try:
        zone = _zone(metrics_query.zone_name_of(query, services().settings.shop_time_zone))
    except InvalidRequest:
        zone = UTC
    return metrics_query.range_of(query, zone, from_iso(services().clock.now()))


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else services().reporting.shop_zone
