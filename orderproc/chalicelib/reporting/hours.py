"""Hours, as the counters know them (`2026-11-21T14`, UTC), and the hours and days that people's clocks show.

Counters are kept by quarters of an hour, since some zones are 30 or 45 minutes off. `zone` is any tzinfo; the names of
zones are looked up where one is chosen, for reading them is slow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def hour_of(moment: datetime) -> str:
    """The UTC hour that holds the moment."""
    return moment.astimezone(UTC).isoformat()[:13]


def start_of(hour: str) -> datetime:
    """The inverse: when the hour begins. Raises ValueError for what is no hour."""
    return datetime.fromisoformat(hour).replace(tzinfo=UTC)  # six times as fast as strptime


def later(hour: str, hours: int) -> str:
    """The hour so many hours later, or earlier if negative."""
    return hour_of(start_of(hour) + hours * HOUR)


def hours_between(first: str, last: str) -> Iterator[str]:
    """All from one to the other, both included."""
    moment, end = start_of(first), start_of(last)
    while moment <= end:
        yield hour_of(moment)
        moment += HOUR


def months_between(first: str, last: str) -> Iterator[str]:
    """The months (`2026-11`) of the hours from one to the other, both included."""
    begin, end = (12 * int(hour[:4]) + int(hour[5:7]) - 1 for hour in (first, last))
    return (f"{month // 12:04}-{month % 12 + 1:02}" for month in range(begin, end + 1))


def edges(start: datetime, end: datetime, zone: tzinfo, by: str) -> list[datetime]:
    """Where the local hours, or days, begin that reach from `start` to `end`, in UTC; the last is where they end.

    A day is as long as it is where people live: 23 and 25 hours where clocks change."""
    step = _next_day if by == "day" else _next_hour
    found = [_midnight(start.astimezone(zone), zone) if by == "day" else _hour(start, zone)]
    while found[-1] < end:
        found.append(step(found[-1], zone))
    return found


def whole_hours(found: list[datetime]) -> bool:
    """Whether all edges are edges of UTC hours too, so that quarters need not be read."""
    return all(edge.minute == 0 for edge in found)


@lru_cache(maxsize=1024)  # each hour asks for those of the last one again, and one more of each week
def same_hour_before(hour: str, weeks: int, zone: tzinfo) -> str:
    """The hour that showed the same time on people's clocks so many weeks ago: they keep to those, not to UTC."""
    local = start_of(hour).astimezone(zone).replace(tzinfo=None) - timedelta(weeks=weeks)
    return hour_of(local.replace(tzinfo=zone))


def _hour(moment: datetime, zone: tzinfo) -> datetime:
    local = moment.astimezone(zone)
    return moment.astimezone(UTC) - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )


def _next_hour(edge: datetime, zone: tzinfo) -> datetime:
    return edge + timedelta(minutes=60 - edge.astimezone(zone).minute)


def _next_day(edge: datetime, zone: tzinfo) -> datetime:
    return _midnight(edge.astimezone(zone) + timedelta(days=1), zone)


def _midnight(local: datetime, zone: tzinfo) -> datetime:
    """Where clocks jump over midnight this is the moment they jump: Python takes the offset from before."""
    return datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC)
