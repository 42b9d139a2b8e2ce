"""Days and times in queries."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?")
MOMENT = f"^({_DAY.pattern}|{_TIME.pattern})$"
_YEARS = range(2000, 2100)
MOMENT_WORDS = (
    "must be a day or time of the years 2000 to 2099, like 2026-11-21 or 2026-11-21T14:30:00Z (in a URL, + is %2B)"
)


def moment_of(text: str, zone: tzinfo, *, whole_day: bool) -> datetime:
    """A day (with `whole_day` its end) or a time; without an offset in the zone. Raises ValueError."""
    is_day = bool(_DAY.fullmatch(text))
    if not (is_day or _TIME.fullmatch(text)):
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if moment.year not in _YEARS:
        raise ValueError(text)
    if is_day:
        moment += timedelta(days=whole_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
