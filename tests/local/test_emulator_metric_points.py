"""The local cloud may run for days: what is old takes less room, and says the same."""

from __future__ import annotations

from typing import Any

from local.emulator.metric_points import AGED, LATE, OLDEST, compacted

NOW = 1_800_000_000.0


def points(age: float, *values: float) -> list[dict[str, Any]]:
    return [{"Timestamp": NOW - age, "Value": value, "Unit": "Count", "Dimensions": {}} for value in values]


def total(found: list[dict[str, Any]]) -> float:
    return sum(p["_stat"]["Sum"] if "_stat" in p else p["Value"] * p.get("Count", 1) for p in found)


def test_what_is_young_stays_as_it_is() -> None:
    young = points(AGED - 1, 1, 1, 2)

    assert list(compacted(young, NOW)) == young


def test_equal_numbers_of_a_minute_become_one() -> None:
    aged = list(compacted(points(AGED + 60, 0, 0, 1, 0), NOW))

    assert [(point["Value"], point["Count"]) for point in aged] == [(0, 3.0), (1, 1.0)]


def test_numbers_of_two_minutes_stay_apart() -> None:
    aged = list(compacted(points(AGED + 60, 1) + points(AGED + 120, 1), NOW))

    assert len(aged) == 2


def test_many_late_numbers_become_one_set_with_the_same_statistics() -> None:
    (late,) = compacted(points(LATE + 300, *range(100)), NOW)

    assert late["_stat"] == {"SampleCount": 100.0, "Sum": 4950.0, "Minimum": 0.0, "Maximum": 99.0}


def test_what_was_merged_may_be_merged_again() -> None:
    late = list(compacted(points(LATE + 300, *range(50)), NOW))

    again = list(compacted(late + points(LATE + 300, 100), NOW))

    assert len(again) == 1
    assert total(again) == sum(range(50)) + 100


def test_what_is_older_than_two_weeks_is_gone() -> None:
    assert list(compacted(points(OLDEST + 1, 1), NOW)) == []


def test_a_week_of_a_queues_depth_is_a_few_thousand_points() -> None:
    kept: list[dict[str, Any]] = []
    for day in range(7, 0, -1):
        for minute in range(1440):
            kept += points(day * 86400 - minute * 60, minute % 3)

    found = list(compacted(kept, NOW))

    assert len(found) < 3 * 2100
    assert total(found) == total(kept)
