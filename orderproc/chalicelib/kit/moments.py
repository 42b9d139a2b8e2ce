"""Days and times as callers write them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?")
MOMENT = f"^({_DAY.pattern}|{_TIME.pattern})$"
_YEARS = range(2000, 2100)
FORM = "must be a day or time of the years 2000 to 2099, like 2026-11-21 or 2026-11-21T14:30:00Z"
FORM_IN_URL = f"{FORM} (in a URL, + is %2B)"


def moment_of(text: str, zone: tzinfo, *, whole_day: bool) -> datetime:
    """An aware time; one without an offset is in `zone`. A day begins at midnight, and with `whole_day` it ends at the
    next one. Raises ValueError."""
    is_day = bool(_DAY.fullmatch(text))
    if not (is_day or _TIME.fullmatch(text)):
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    if moment.year not in _YEARS:
        raise ValueError(text)
    if is_day:
        moment += timedelta(days=whole_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
