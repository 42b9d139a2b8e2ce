"""Reports say of each hour or day what was counted in it, whatever the zone, and from wherever it is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from chalicelib.reporting.hours import QUARTER, hour_of, later, start_of
from chalicelib.reporting.ports import Gauges, Progress
from chalicelib.reporting.report import PAGE, MetricsReport
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fakes.clock import FakeClock
from tests.support.fakes.metrics import FakeCounters

NOW = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
"""A week after Europe set its clocks back, a day after America did."""
ZONES = ["UTC", "Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"]
QUARTERS_AGO = st.integers(0, 40 * 24 * 4)


def counted(quarters: list[int]) -> tuple[FakeCounters, list[datetime]]:
    """One order in each of these quarters, so many before now; summed up as a minute ago, but for the last hours."""
    counters = FakeCounters()
    moments = [NOW - n * QUARTER for n in quarters]
    sums: dict[str, list[dict[str, int]]] = {}
    for moment in moments:
        counters.count(hour_of(moment), {"placed": 1}, moment.minute // 15)
        quarter = sums.setdefault(hour_of(moment), [{}, {}, {}, {}])[moment.minute // 15]
        quarter["placed"] = quarter.get("placed", 0) + 1
    for hour, some in sums.items():
        if hour < hour_of(NOW):
            counters.put_sums(hour, some, 1)
    for key in [key for key in counters.parts if key[0] < later(hour_of(NOW), -26)]:
        del counters.parts[key]
    counters.reached = Progress("run", hour_of(NOW), {})
    return counters, moments


def report_of(counters: FakeCounters) -> MetricsReport:
    return MetricsReport(counters, FakeClock("2026-11-02T14:30:00.000Z"))


@given(
    st.lists(QUARTERS_AGO, max_size=30),
    QUARTERS_AGO,
    st.integers(1, 45 * 24 * 4),
    st.sampled_from(ZONES),
    st.sampled_from(["hour", "day"]),
)
def test_each_order_is_in_its_bucket_and_in_no_other(
    quarters: list[int], back: int, length: int, zone: str, by: str
) -> None:
    counters, moments = counted(quarters)
    start = NOW - back * QUARTER
    end = start + length * QUARTER

    report = report_of(counters)(start, end, ZoneInfo(zone), by)
    pages = [report]
    while following := pages[-1].following:
        pages.append(report_of(counters)(report.start, report.end, ZoneInfo(zone), by, following))

    buckets = [bucket for page in pages for bucket in page.buckets]
    ends = [bucket.start for bucket in buckets[1:]] + [report.end]
    for bucket, until in zip(buckets, ends, strict=True):
        within = sum(bucket.start <= moment < until for moment in moments)
        assert bucket.counts.get("placed", 0) == within
    assert report.total
    assert report.total.counts.get("placed", 0) == sum(bucket.counts.get("placed", 0) for bucket in buckets)


def test_what_is_summed_up_already_is_not_counted_twice() -> None:
    counters = FakeCounters()
    for hours in range(30):
        hour = later(hour_of(NOW), -hours)
        counters.count(hour, {"placed": 1})
        counters.put_sums(hour, [{"placed": 1}, {}, {}, {}], 1)
    counters.reached = Progress("run", hour_of(NOW), {})

    report = report_of(counters)(NOW - timedelta(hours=29), NOW, UTC, "hour")

    assert [bucket.counts for bucket in report.buckets] == [{"placed": 1}] * 30


@pytest.mark.parametrize(("behind", "live"), [(0, 2), (1, 3), (5, 7), (40, 42), (300, 169)])
def test_hours_since_the_last_run_are_read_as_they_are(behind: int, live: int) -> None:
    counters = FakeCounters()
    for hours in range(400):
        counters.count(later(hour_of(NOW), -hours), {"placed": 1})  # nothing is summed up yet
    counters.reached = Progress("run", later(hour_of(NOW), -behind), {})

    report = report_of(counters)(NOW - timedelta(hours=350), NOW, UTC, "hour")

    assert report.total
    assert report.total.counts == {"placed": live}, "of the hour before the last run something may have come since"
    assert sum(name.startswith("2026-") for name in counters.reads) == live


def test_before_the_first_run_ever_the_last_day_is_read_as_it_is() -> None:
    counters = FakeCounters()
    counters.count(later(hour_of(NOW), -20), {"placed": 1})

    report = report_of(counters)(NOW - timedelta(hours=23), NOW, UTC, "hour")

    assert report.total
    assert report.total.counts == {"placed": 1}


def test_nothing_of_the_future_is_read() -> None:
    counters = FakeCounters()

    report = report_of(counters)(NOW, NOW + timedelta(days=5), UTC, "day")

    assert len(report.buckets) == 6
    assert [name for name in counters.reads if name > f"{hour_of(NOW)}z" and name[0] == "2"] == []


def test_a_page_is_a_month_of_hours_and_begins_where_the_one_before_ended() -> None:
    counters = FakeCounters()
    start = start_of("2026-01-01T00")

    first = report_of(counters)(start, start + timedelta(days=40), UTC, "hour")
    second = report_of(counters)(start, start + timedelta(days=40), UTC, "hour", first.following)

    assert (len(first.buckets), len(second.buckets)) == (PAGE, 40 * 24 - PAGE)
    assert first.following == second.buckets[0].start
    assert (second.total, second.following) == (None, None)


def test_a_later_page_reads_its_own_months_only() -> None:
    counters = FakeCounters()
    start = start_of("2026-01-01T00")
    page = start + timedelta(days=31)

    report_of(counters)(start, start + timedelta(days=90), UTC, "hour", page)

    assert set(counters.reads) == {"hours#2026-02", "hours#2026-03", "gauges#2026-02", "gauges#2026-03"}


def test_gauges_belong_to_the_bucket_in_which_their_hour_begins() -> None:
    counters = FakeCounters()
    counters.stood = {"2026-11-01T18": Gauges(4, 1), "2026-11-01T19": Gauges(2, 5)}  # 23:30 and 0:30 in Kolkata

    report = report_of(counters)(start_of("2026-11-01T10"), start_of("2026-11-02T10"), ZoneInfo("Asia/Kolkata"), "day")

    assert [(bucket.low_stock, bucket.carts_abandoned) for bucket in report.buckets] == [(4, 1), (2, 5)]
    assert report.total
    assert (report.total.low_stock, report.total.carts_abandoned) == (2, 6)
