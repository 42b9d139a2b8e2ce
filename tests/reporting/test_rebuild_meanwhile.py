"""Rebuilding while counting goes on: nothing is lost, nothing is counted twice, and what is not final is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import Status
from chalicelib.reporting.ports import CounterKey, CounterPage

from tests.reporting.rebuilding import differences, rebuilt
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.counters import FakeCounterPages
from tests.support.stream import changes_in, counted, full_with, lived, record, sold, wanted


def test_a_page_that_gets_full_meanwhile_is_looked_at_anew(later: FakeAdapters) -> None:
    known, coming = sold(), [sold() for _ in range(8)]
    lived(later, known, counting=False)

    def count() -> None:
        for states in coming:
            lived(later, states)

    later.counter_pages = Counting(count)

    with full_with(4):
        rebuilt(later)
        assert differences(later) == []

    assert counted(later.counter_pages) == wanted(states[-1] for states in [known, *coming])


def test_a_record_that_comes_after_the_rebuilding_is_not_counted_again(later: FakeAdapters) -> None:
    states = sold()
    lived(later, states, counting=False)
    rebuilt(later)

    Services(SETTINGS, later).reporting.count_orders([record(change) for change in changes_in(states)])

    assert counted(later.counter_pages) == wanted([states[-1]])


def test_what_is_not_final_is_not_looked_at(adapters: FakeAdapters) -> None:
    lived(adapters, sold("2026-11-20T12:20:00.000Z"), counting=False)
    lived(adapters, sold("2026-11-20T13:20:00.000Z"), counting=False)

    [report, today] = rebuilt(adapters, "2026-11-20", "2026-11-21")  # it is 14:30 on the 21st

    assert (report.hours, today.hours) == (13, 0)
    assert list(counted(adapters.counter_pages)) == ["2026-11-20T12"]


class Counting(FakeCounterPages):
    """Somebody counts this change just before our first write, as long as there are changes."""

    def __init__(self, count: Callable[[], Any]) -> None:
        super().__init__()
        self.count: Callable[[], Any] | None = count

    def put(self, place: CounterKey, counter_page: CounterPage, version: int) -> bool:
        count, self.count = self.count, None
        if count:
            count()
        return super().put(place, counter_page, version)


def test_counting_goes_on_meanwhile_and_nothing_is_lost_or_doubled(later: FakeAdapters) -> None:
    known, coming = sold(), sold()
    cancelled = coming[-1].moved(Status.CANCELLED, "2026-11-21T12:50:00.000Z")
    lived(later, known, counting=False)

    def count() -> None:
        lived(later, [*coming, cancelled])

    later.counter_pages = Counting(count)

    rebuilt(later)

    assert counted(later.counter_pages) == wanted([known[-1], cancelled])
    assert differences(later) == []


def test_counters_that_change_all_the_time_are_given_up_on(later: FakeAdapters) -> None:
    lived(later, sold(), counting=False)
    later.counter_pages.put = lambda *arguments: False

    with pytest.raises(TemporarilyUnavailable, match="2026-11-21"):
        rebuilt(later)
