"""Rebuilding looks at where a count lies, not only at the hour's total, and puts right the sums of hours."""

from __future__ import annotations

from dataclasses import replace
from zlib import crc32

import pytest
from chalicelib.bootstrap import Services
from chalicelib.reporting import count_orders
from chalicelib.reporting.ports import CounterKey, CounterPage

from tests.reporting.rebuilding import FIRST, differences, rebuilt
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import changes_in, counted, lived, record, sold, wanted


def test_a_fact_counted_in_two_shards_is_counted_once(later: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> None:
    """METRIC_SHARDS was changed while its batch came again, and its order's shard with it."""
    states = next(states for states in iter(sold, None) if crc32(states[0].order_id.encode()) % 16 >= 2)
    lived(later, states)
    monkeypatch.setattr(count_orders, "METRIC_SHARDS", 16)
    Services(SETTINGS, later).reporting.count_orders([record(change) for change in changes_in(states)])
    assert counted(later.counter_pages)["2026-11-21T12"]["placed"] == 2

    rebuilt(later)

    assert counted(later.counter_pages) == wanted([states[-1]])
    assert differences(later) == []


def test_what_was_counted_with_other_shards_stays_there(later: FakeAdapters, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(later, sold())
    rebuilt(later)
    before = dict(later.counter_pages.pages)
    monkeypatch.setattr(count_orders, "METRIC_SHARDS", 16)

    assert differences(later) == []
    rebuilt(later)

    assert later.counter_pages.pages == before


@pytest.mark.parametrize("place", [CounterKey("2026-11-21T12", 3, 0), CounterKey("2026-11-21T12", 1, 9)])
def test_a_count_in_the_wrong_place_is_a_difference_though_the_hour_is_right(
    later: FakeAdapters, place: CounterKey
) -> None:
    """Else `check` would call right what `rebuild` changes."""
    lived(later, sold())
    [(right, counter_page)] = later.counter_pages.pages.items()
    rebuilt(later)
    later.counter_pages.pages = {
        right: replace(counter_page, counts={}, version=50),
        place: CounterPage(counter_page.counts, frozenset(), 50),
    }

    assert len(differences(later)) == 1
    rebuilt(later)

    assert later.counter_pages.get(right).counts == counter_page.counts
    assert differences(later) == []


def test_hours_whose_counters_may_have_expired_are_not_looked_at(adapters: FakeAdapters) -> None:
    adapters.clock.advance(399 * 24 * 3600)

    reports = Services(SETTINGS, adapters).reporting.rebuild.check("2026-11-20", "2026-11-22")

    assert [report.hours for report in reports] == [0, 9, 24]


def test_sums_alone_that_are_wrong_are_put_right(later: FakeAdapters) -> None:
    lived(later, sold())
    later.counter_pages.put_sums("2026-11-21T12", [{"placed": 6}, {}, {}, {}], 900)

    rebuilt(later)

    assert later.counter_pages.sums("2026-11-21T12").counts["placed"] == 1
    assert differences(later) == []


def test_sums_that_nothing_is_known_about_any_more_stay(later: FakeAdapters) -> None:
    """Of hours before the archive began, say."""
    later.counter_pages.put_sums("2026-11-21T03", [{"placed": 6}, {}, {}, {}], 4)

    assert differences(later) == []
    [report] = rebuilt(later, FIRST, FIRST)

    assert report.unproven == ("2026-11-21T03",)
    assert later.counter_pages.sums("2026-11-21T03").counts == {"placed": 6}


def test_sums_of_counters_that_are_gone_are_not_replaced_by_less(later: FakeAdapters) -> None:
    lived(later, sold(), counting=False)
    later.counter_pages.put_sums("2026-11-21T12", [{"placed": 6}, {}, {}, {}], 4)

    assert differences(later) == []
    rebuilt(later)

    assert later.counter_pages.sums("2026-11-21T12").counts == {"placed": 6}


def test_sums_of_counters_that_are_gone_are_replaced_by_no_less(later: FakeAdapters) -> None:
    lived(later, states := sold(), counting=False)
    later.counter_pages.put_sums("2026-11-21T12", [{}, {"placed": 1}, {}, {}], 4)

    rebuilt(later)

    assert later.counter_pages.sums("2026-11-21T12").counts == wanted([states[-1]])["2026-11-21T12"]
