"""Time as text and as milliseconds: nothing lost, and sorted alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from chalicelib.kit.clock import from_iso, from_millis, to_iso, to_millis
from hypothesis import given
from hypothesis import strategies as st

MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))]),
)
MILLIS = st.integers(min_value=0, max_value=253_402_300_799_999)


@given(MOMENTS)
def test_a_time_comes_back_to_the_millisecond(moment: datetime) -> None:
    back = from_iso(to_iso(moment))

    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@given(MOMENTS, MOMENTS)
def test_texts_sort_like_the_times_they_name(one: datetime, other: datetime) -> None:
    first, second = sorted([one, other])

    assert to_iso(first) <= to_iso(second)


@given(MILLIS)
def test_milliseconds_come_back_as_they_were(millis: int) -> None:
    assert to_millis(from_millis(millis)) == millis


@given(MOMENTS)
def test_text_and_milliseconds_name_the_same_time(moment: datetime) -> None:
    text = to_iso(moment)

    assert from_millis(to_millis(text)) == text


def test_the_form_is_the_contracts() -> None:
    moment = datetime(2026, 11, 21, 15, 30, 25, 123_999, timezone(timedelta(hours=1)))

    assert to_iso(moment) == "2026-11-21T14:30:25.123Z"


@pytest.mark.parametrize("text", ["", "2026-11-21", "2026-11-21T14:30:25Z", "2026-11-21T14:30:25.123+00:00", "now"])
def test_what_is_no_such_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="does not match"):
        from_iso(text)


@given(st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\.[0-9]{1,7}Z?", fullmatch=True))
def test_a_text_is_read_or_refused_as_strptime_does(text: str) -> None:
    def read(reader: Callable[[str], datetime]) -> datetime | None:
        try:
            return reader(text)
        except ValueError:
            return None

    assert read(from_iso) == read(lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC))
