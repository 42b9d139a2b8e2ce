"""Hours and days as people's clocks show them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from chalicelib.reporting.hours import edges, hour_of, months_between, same_hour_before, start_of, whole_hours
from hypothesis import given
from hypothesis import strategies as st

ZONES = [
    "UTC",
    "Europe/Amsterdam",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
    "Asia/Beirut",
]
MOMENTS = st.integers(0, 23 * 365 * 24 * 60).map(lambda n: datetime(2012, 1, 3, tzinfo=UTC) + timedelta(minutes=n))
"""Until 2011 clocks in St. John's changed a minute after midnight; no counter is that old."""


@given(MOMENTS, st.integers(1, 40 * 24), st.sampled_from(ZONES), st.sampled_from(["hour", "day"]))
def test_buckets_leave_no_gap_and_begin_where_clocks_say(start: datetime, hours: int, zone: str, by: str) -> None:
    end = start + timedelta(hours=hours)

    found = edges(start, end, ZoneInfo(zone), by)

    assert found[0] <= start < end <= found[-1]
    assert found == sorted(set(found))
    longest = timedelta(hours=25) if by == "day" else timedelta(hours=1)
    for one, following in pairwise(found):
        assert timedelta() < following - one <= longest
        assert all(edge.minute % 15 == 0 and edge.second == 0 for edge in (one, following))
        local, last = one.astimezone(ZoneInfo(zone)), (following - timedelta(minutes=15)).astimezone(ZoneInfo(zone))
        assert local.date() == last.date()
        if by == "day":
            before = (one - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
            assert before.date() < local.date() or before.utcoffset() != local.utcoffset()


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24), ("2026-11-21", 24)]
)
def test_a_day_in_amsterdam_is_as_long_as_it_is_there(day: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=zone)

    start, end = edges(noon, noon + timedelta(minutes=1), zone, "day")

    assert end - start == timedelta(hours=hours)
    assert start.astimezone(zone).isoformat()[:16] == f"{day}T00:00"


def test_only_zones_that_are_not_whole_hours_off_need_quarters() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)

    assert whole_hours(edges(start, end, ZoneInfo("Europe/Amsterdam"), "hour"))
    assert not whole_hours(edges(start, end, ZoneInfo("Asia/Kolkata"), "day"))
    assert not whole_hours(edges(start, end, ZoneInfo("Australia/Lord_Howe"), "day")), "half of the year"


@given(MOMENTS)
def test_an_hour_and_its_begin_are_each_others_inverse(moment: datetime) -> None:
    assert start_of(hour_of(moment)) == moment.replace(minute=0, second=0, microsecond=0)


def test_months_go_on_over_new_year() -> None:
    assert list(months_between("2025-11-30T23", "2026-02-01T00")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months_between("2026-02-01T00", "2026-01-31T23")) == []


def test_the_same_hour_a_week_ago_is_the_one_that_clocks_showed() -> None:
    zone = ZoneInfo("Europe/Amsterdam")

    assert same_hour_before("2026-10-28T07", 1, zone) == "2026-10-21T06", "clocks were set back in between"
    assert same_hour_before("2026-10-28T07", 1, UTC) == "2026-10-21T07"
