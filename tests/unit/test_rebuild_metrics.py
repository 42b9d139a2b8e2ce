"""Counters made again from the archive equal what was counted, and put right what was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.domain.errors import Damaged, TemporarilyUnavailable
from chalicelib.domain.order import Feedback, Order, Status
from chalicelib.services.counter_ports import Change, Place, Tally
from chalicelib.services.rebuild_metrics import DayReport
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counted import changes_in, counted, full_with, lived, record, sold, wanted
from tests.examples import SETTINGS
from tests.fakes import FakeAdapters
from tests.fakes_counters import FakeTallies
from tests.generated_histories import histories

FIRST, LAST = "2026-11-21", "2027-01-15"
FEW = settings(max_examples=50)
YEARS_LATER = 200 * 24 * 3600


def rebuilt(adapters: FakeAdapters, first: str = FIRST, last: str = LAST) -> list[DayReport]:
    return list(Services(SETTINGS, adapters).rebuild_metrics.rebuild(first, last))


def differences(adapters: FakeAdapters) -> list[str]:
    reports = Services(SETTINGS, adapters).rebuild_metrics.check(FIRST, LAST)
    return [f"{d.hour} {d.name}: {d.counted} {d.summed} {d.archived}" for r in reports for d in r.differences]


@pytest.fixture
def later(adapters: FakeAdapters) -> FakeAdapters:
    """Long after whatever happened."""
    adapters.clock.advance(YEARS_LATER)
    return adapters


@FEW
@given(st.lists(histories(), min_size=1, max_size=4, unique_by=lambda states: states[0].order_id))
def test_from_the_archive_alone_come_the_counters_that_were_counted(lives: list[list[Order]]) -> None:
    adapters = FakeAdapters()
    for states in lives:
        lived(adapters, states)
    adapters.clock.advance(YEARS_LATER)
    before = adapters.tallies.tallies
    assert before  # something was counted

    adapters.tallies = FakeTallies()
    list(Services(SETTINGS, adapters).rebuild_metrics.rebuild(FIRST, LAST))

    within = {place: tally for place, tally in before.items() if place.hour < "2027-01-16"}
    assert {place: (t.counts, t.seen) for place, t in adapters.tallies.tallies.items()} == {
        place: (t.counts, t.seen) for place, t in within.items()
    }
    assert {hour: sums.counts for hour, sums in adapters.tallies.stored_sums.items()} == {
        hour: total for hour, total in wanted(states[-1] for states in lives).items() if hour < "2027-01-16"
    }


@FEW
@given(st.lists(histories(), min_size=1, max_size=3, unique_by=lambda states: states[0].order_id))
def test_counters_that_are_right_stay_as_they_are(lives: list[list[Order]]) -> None:
    adapters = FakeAdapters()
    for states in lives:
        lived(adapters, states)
    adapters.clock.advance(YEARS_LATER)
    rebuilt(adapters)  # adds up the hours
    before = dict(adapters.tallies.tallies), dict(adapters.tallies.stored_sums)

    assert differences(adapters) == []
    rebuilt(adapters)

    assert (adapters.tallies.tallies, adapters.tallies.stored_sums) == before


@FEW
@given(st.lists(histories(), min_size=2, max_size=4, unique_by=lambda states: states[0].order_id), st.data())
def test_pages_stay_and_what_is_missing_goes_where_counting_would_add_it(
    lives: list[list[Order]], data: st.DataObject
) -> None:
    """Whatever was lost, and from whichever page; records that come later are known."""
    adapters = FakeAdapters()
    with full_with(2):
        for states in lives:
            lived(adapters, states, counting=data.draw(st.booleans()))
        for place, tally in list(adapters.tallies.tallies.items()):
            if data.draw(st.booleans()):
                adapters.tallies.tallies[place] = replace(tally, seen=frozenset(), counts={"placed": 7})
        adapters.clock.advance(YEARS_LATER)

        rebuilt(adapters, FIRST, "2027-06-30")
        assert differences(adapters) == []
        before = dict(adapters.tallies.tallies)
        rebuilt(adapters, FIRST, "2027-06-30")
        assert adapters.tallies.tallies == before
        Services(SETTINGS, adapters).count_orders([record(one) for states in lives for one in changes_in(states)])

    assert counted(adapters.tallies) == wanted(states[-1] for states in lives)


def test_a_page_that_gets_full_meanwhile_is_looked_at_anew(later: FakeAdapters) -> None:
    known, coming = sold(), [sold() for _ in range(8)]
    lived(later, known, counting=False)

    def count() -> None:
        for states in coming:
            lived(later, states)

    later.tallies = Counting(count)

    with full_with(4):
        rebuilt(later)
        assert differences(later) == []

    assert counted(later.tallies) == wanted(states[-1] for states in [known, *coming])


def test_what_the_stream_gave_up_on_is_counted_from_the_archive(later: FakeAdapters) -> None:
    lived(later, sold())
    lived(later, sold(), counting=False)
    [mended] = rebuilt(later, FIRST, FIRST)

    assert {d.name: (d.counted, d.archived) for d in mended.differences}["completed"] == (1, 2)
    assert counted(later.tallies)["2026-11-21T12"]["completed"] == 2
    assert later.tallies.sums("2026-11-21T12").counts["completed"] == 2
    assert differences(later) == []


def test_what_was_counted_too_much_is_taken_away(later: FakeAdapters) -> None:
    lived(later, sold())
    place = Place("2026-11-21T12", 3, 0)
    later.tallies.put(place, Tally({"placed": 5}, frozenset({b"x" * 8}), 1), 0)
    later.tallies.put_sums("2026-11-21T12", [{"placed": 6}, {}, {}, {}], 9)

    assert "2026-11-21T12 placed: 6 6 1" in differences(later)
    rebuilt(later)

    assert counted(later.tallies)["2026-11-21T12"]["placed"] == 1
    assert later.tallies.sums("2026-11-21T12").counts["placed"] == 1


def test_sums_alone_that_are_wrong_are_put_right(later: FakeAdapters) -> None:
    lived(later, sold())
    later.tallies.put_sums("2026-11-21T12", [{"placed": 6}, {}, {}, {}], 900)

    rebuilt(later)

    assert later.tallies.sums("2026-11-21T12").counts["placed"] == 1
    assert differences(later) == []


def test_sums_that_nothing_is_known_about_any_more_stay(later: FakeAdapters) -> None:
    """Of hours before the archive began, say: what was seen once is not thrown away for want of proof."""
    later.tallies.put_sums("2026-11-21T03", [{"placed": 6}, {}, {}, {}], 4)

    rebuilt(later)

    assert later.tallies.sums("2026-11-21T03").counts == {"placed": 6}


def test_a_record_that_comes_after_the_rebuilding_is_not_counted_again(later: FakeAdapters) -> None:
    states = sold()
    lived(later, states, counting=False)
    rebuilt(later)

    Services(SETTINGS, later).count_orders([record(change) for change in changes_in(states)])

    assert counted(later.tallies) == wanted([states[-1]])


def test_a_sale_days_after_it_was_placed_needs_no_receipt_to_stay_counted(adapters: FakeAdapters) -> None:
    """It was stuck until now, and its receipt is written a moment later: that it was placed is settled long since."""
    stuck, done = sold("2026-11-19T12:20:00.000Z")[0], sold("2026-11-21T14:29:00.000Z")[-1]
    done = replace(done, order_id=stuck.order_id, created_at=stuck.created_at)
    for change in changes_in([stuck, done]):
        adapters.store.orders[change.after.order_id] = change.after
        Services(SETTINGS, adapters).count_orders([record(change)])

    [report] = rebuilt(adapters, "2026-11-19", "2026-11-19")

    assert [d.name for d in report.differences if d.counted != d.archived] == []
    assert counted(adapters.tallies)["2026-11-19T12"]["placed"] == 1


def test_what_is_not_settled_is_not_looked_at(adapters: FakeAdapters) -> None:
    lived(adapters, sold("2026-11-20T12:20:00.000Z"), counting=False)
    lived(adapters, sold("2026-11-20T13:20:00.000Z"), counting=False)

    [report, today] = rebuilt(adapters, "2026-11-20", "2026-11-21")  # it is 14:30 on the 21st

    assert (report.hours, today.hours) == (13, 0)
    assert list(counted(adapters.tallies)) == ["2026-11-20T12"]


def test_checking_writes_nothing(later: FakeAdapters) -> None:
    lived(later, sold(), counting=False)

    assert "2026-11-21T12 completed: 0 0 1" in differences(later)
    assert later.tallies.tallies == {}


class Counting(FakeTallies):
    """Somebody counts this change just before our first write, as long as there are changes."""

    def __init__(self, count: Callable[[], Any]) -> None:
        super().__init__()
        self.count: Callable[[], Any] | None = count

    def put(self, place: Place, tally: Tally, version: int) -> bool:
        count, self.count = self.count, None
        if count:
            count()
        return super().put(place, tally, version)


def test_counting_goes_on_meanwhile_and_nothing_is_lost_or_doubled(later: FakeAdapters) -> None:
    known, coming = sold(), sold()
    cancelled = coming[-1].moved(Status.CANCELLED, "2026-11-21T12:50:00.000Z")
    lived(later, known, counting=False)

    def count() -> None:
        lived(later, [*coming, cancelled])

    later.tallies = Counting(count)

    rebuilt(later)

    assert counted(later.tallies) == wanted([known[-1], cancelled])
    assert differences(later) == []


def test_counters_that_change_all_the_time_are_given_up_on(later: FakeAdapters) -> None:
    lived(later, sold(), counting=False)
    later.tallies.put = lambda *arguments: False

    with pytest.raises(TemporarilyUnavailable, match="2026-11-21"):
        rebuilt(later)


def test_an_entry_that_cannot_be_read_is_named(later: FakeAdapters) -> None:
    later.documents.put("ended/2026/11/21/x.2.json", b'{"orderId": "x"}', "application/json")

    with pytest.raises(Damaged, match=r"ended/2026/11/21/x\.2\.json"):
        rebuilt(later)


def test_an_old_record_that_comes_again_hides_nothing_newer(later: FakeAdapters) -> None:
    states = sold()
    shipped = replace(states[-1], feedback=Feedback(5, "", "2026-11-21T12:40:00.000Z"))
    cancelled = shipped.moved(Status.CANCELLED, "2026-11-21T12:50:00.000Z")
    lived(later, [*states, shipped, cancelled])

    Services(SETTINGS, later).count_orders([record(Change(states[-1], shipped))])
    later.tallies = FakeTallies()
    rebuilt(later)

    assert counted(later.tallies) == wanted([cancelled])
