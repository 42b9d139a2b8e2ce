"""What `GET /admin/metrics` is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from ..kit.errors import FieldError, InvalidRequest
from ..kit.moments import FORM_IN_URL, moment_of

MOST_DAYS = 400


def by_of(query: Mapping[str, str]) -> str:
    """`hour` or `day`. Raises InvalidRequest, as do all of these."""
    by = query.get("by", "hour")
    if by not in ("hour", "day"):
        raise InvalidRequest([FieldError("by", "must be hour or day")])
    return by


def zone_name_of(query: Mapping[str, str], shop: str) -> str:
    """The zone's own name. `shop` is that of the shop's."""
    name = query.get("timeZone", "UTC")
    if name not in ("UTC", "shop", shop):
        raise InvalidRequest([FieldError("timeZone", f"must be UTC, shop or {shop}")])
    return shop if name == "shop" else name


def range_of(query: Mapping[str, str], zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """From when to when; a day at the end is meant with all of its hours. By default the last 24 hours."""
    errors: list[FieldError] = []
    end = _moment(query, "to", zone, errors) or now
    start = _moment(query, "from", zone, errors) or end - _LAST_DAY
    if errors:
        raise InvalidRequest(errors)
    blamed = "to" if "to" in query else "from"
    if end <= start:
        message = "must be later than from" if blamed == "to" else "must be earlier than now"
        raise InvalidRequest([FieldError(blamed, message)])
    # By clocks, which people count days with: a year with its changes of clocks is 365 days.
    if end.astimezone(zone).replace(tzinfo=None) - start.astimezone(zone).replace(tzinfo=None) > _LONGEST:
        raise InvalidRequest([FieldError(blamed, f"must be at most {MOST_DAYS} days later than from")])
    return start, end


_LAST_DAY = timedelta(hours=23, microseconds=1)  # the running hour and the 23 before it, not 24
_LONGEST = timedelta(days=MOST_DAYS)


def _moment(query: Mapping[str, str], name: str, zone: tzinfo, errors: list[FieldError]) -> datetime | None:
    if name not in query:
        return None
    try:
        return moment_of(query[name], zone, whole_day=name == "to")
    except ValueError:
        errors.append(FieldError(name, FORM_IN_URL))
        return None
