"""Counters made again from orders and archive equal what was counted, and put right what was not. Nothing that was
counted is lost for want of proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Damaged
from chalicelib.orders.model import Failure, Feedback, Order, Status
from chalicelib.reporting.ports import Change, CounterKey, CounterPage
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.rebuilding import FEW, FIRST, LAST, YEARS_LATER, differences, rebuilt
from tests.support.builders.examples import SETTINGS
from tests.support.builders.generated_histories import histories
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.counters import FakeCounterPages
from tests.support.stream import changes_in, counted, full_with, lived, receipt, record, sold, wanted


@FEW
@given(st.lists(histories(), min_size=1, max_size=4, unique_by=lambda states: states[0].order_id))
def test_from_the_archive_alone_come_the_counters_that_were_counted(lives: list[list[Order]]) -> None:
    adapters = FakeAdapters()
    for states in lives:
        lived(adapters, states)
    adapters.clock.advance(YEARS_LATER)
    before = adapters.counter_pages.pages
    assert before  # something was counted

    adapters.counter_pages = FakeCounterPages()
    list(Services(SETTINGS, adapters).reporting.rebuild.rebuild(FIRST, LAST))

    within = {place: counter_page for place, counter_page in before.items() if place.hour < "2027-01-16"}
    assert {place: (t.counts, t.seen) for place, t in adapters.counter_pages.pages.items()} == {
        place: (t.counts, t.seen) for place, t in within.items()
    }
    assert {hour: sums.counts for hour, sums in adapters.counter_pages.stored_sums.items()} == {
        hour: total for hour, total in wanted(states[-1] for states in lives).items() if hour < "2027-01-16"
    }


@pytest.mark.slow
@FEW
@given(st.lists(histories(), min_size=1, max_size=3, unique_by=lambda states: states[0].order_id))
def test_counters_that_are_right_stay_as_they_are(lives: list[list[Order]]) -> None:
    adapters = FakeAdapters()
    for states in lives:
        lived(adapters, states)
    adapters.clock.advance(YEARS_LATER)
    rebuilt(adapters)  # adds up the hours
    before = dict(adapters.counter_pages.pages), dict(adapters.counter_pages.stored_sums)

    assert differences(adapters) == []
    rebuilt(adapters)

    assert (adapters.counter_pages.pages, adapters.counter_pages.stored_sums) == before


@pytest.mark.slow
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
        for place, counter_page in list(adapters.counter_pages.pages.items()):
            if data.draw(st.booleans()):
                adapters.counter_pages.pages[place] = replace(counter_page, seen=frozenset(), counts={"placed": 7})
        adapters.clock.advance(YEARS_LATER)

        rebuilt(adapters, FIRST, "2027-01-31")
        assert differences(adapters) == []
        before = dict(adapters.counter_pages.pages)
        rebuilt(adapters, FIRST, "2027-01-31")
        assert adapters.counter_pages.pages == before
        Services(SETTINGS, adapters).reporting.count_orders(
            [record(one) for states in lives for one in changes_in(states)]
        )

    assert counted(adapters.counter_pages) == wanted(states[-1] for states in lives)


def test_what_was_counted_without_a_fact_is_taken_away(later: FakeAdapters) -> None:
    lived(later, sold())
    place = CounterKey("2026-11-21T12", 3, 0)
    later.counter_pages.put(place, CounterPage({"placed": 5}, frozenset(), 1), 0)
    later.counter_pages.put_sums("2026-11-21T12", [{"placed": 6}, {}, {}, {}], 9)

    assert "2026-11-21T12 placed: 6 6 1" in differences(later)
    rebuilt(later)

    assert counted(later.counter_pages)["2026-11-21T12"]["placed"] == 1
    assert later.counter_pages.sums("2026-11-21T12").counts["placed"] == 1


def test_a_fact_that_nothing_else_knows_of_any_more_stays(later: FakeAdapters) -> None:
    """Its order was deleted, and the archive tidied up."""
    lived(later, sold())
    lived(later, gone := sold())
    before = dict(counted(later.counter_pages))
    rebuilt(later)
    del later.store.orders[gone[0].order_id]
    later.documents.files.clear()

    assert differences(later) == []
    [report] = rebuilt(later, FIRST, FIRST)

    assert report.unproven == ("2026-11-21T12",)
    assert counted(later.counter_pages) == before
    assert later.counter_pages.sums("2026-11-21T12").counts == before["2026-11-21T12"]


def test_what_is_missing_is_added_beside_a_fact_that_nothing_else_knows_of(later: FakeAdapters) -> None:
    lived(later, gone := sold())
    lived(later, missed := sold(), counting=False)
    del later.store.orders[gone[0].order_id]
    later.documents.files.clear()

    rebuilt(later)

    assert counted(later.counter_pages) == wanted([gone[-1], missed[-1]])
    assert differences(later) == []


def closed_unsold(ended_at: str) -> list[Order]:
    begun_at = "2026-11-21T12:20:00.000Z"
    begun = sold(begun_at)[0]
    failed = begun.moved(Status.FAILED, ended_at or begun_at)
    return [begun, replace(failed, failure=Failure("CARD_DECLINED", ""))]


@pytest.mark.parametrize("ended_at", ["", "2026-11-22T00:10:00.000Z", "2026-12-20T08:00:00.000Z"])
def test_a_closed_unsold_order_whose_last_record_was_given_up_on_is_read_from_the_table(
    later: FakeAdapters, ended_at: str
) -> None:
    """No archive has it: that it was placed stays counted, and how it ended is counted."""
    states = closed_unsold(ended_at=ended_at)
    begun, failed = changes_in(states)
    later.store.orders[failed.after.order_id] = failed.after
    Services(SETTINGS, later).reporting.count_orders([record(begun)])

    rebuilt(later)

    assert counted(later.counter_pages) == wanted([failed.after])
    assert later.documents.files == {}


def test_a_day_alone_has_what_happened_on_it_to_orders_of_the_days_before(later: FakeAdapters) -> None:
    states = closed_unsold(ended_at="2026-12-20T08:00:00.000Z")
    later.store.orders[states[-1].order_id] = states[-1]

    rebuilt(later, "2026-12-20", "2026-12-20")

    assert counted(later.counter_pages)["2026-12-20T08"]["failed/CARD_DECLINED"] == 1


def test_what_may_not_be_read_is_no_reason_to_change_anything(later: FakeAdapters) -> None:
    """An operator who may list the bucket and not read it."""
    lived(later, sold())
    later.store.orders.clear()
    before = dict(later.counter_pages.pages)

    def refuse(key: str) -> bytes | None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")

    later.documents.get = refuse  # type: ignore[method-assign]

    with pytest.raises(ClientError):
        rebuilt(later)
    assert later.counter_pages.pages == before


def lived_with_losses(adapters: FakeAdapters, lives: list[list[Order]], draw: Callable[[Any], bool]) -> set[str]:
    """Returns the ids of the orders that were deleted."""
    lost = st.booleans()
    for change in [change for states in lives for change in changes_in(states)]:
        adapters.store.orders[change.after.order_id] = change.after
        if not draw(lost):
            Services(SETTINGS, adapters).reporting.count_orders([record(change)])
        if not draw(lost):
            receipt(adapters, change.after)
    adapters.clock.advance(YEARS_LATER)
    for key in [key for key in adapters.documents.files if draw(lost)]:
        del adapters.documents.files[key]
    gone = {states[-1].order_id for states in lives if draw(lost)}
    for order_id in gone:
        del adapters.store.orders[order_id]
    return gone


@pytest.mark.slow
@FEW
@given(st.lists(histories(), min_size=1, max_size=3, unique_by=lambda states: states[0].order_id), st.data())
def test_whatever_was_lost_the_counters_become_right_and_no_fact_goes(
    lives: list[list[Order]], data: st.DataObject
) -> None:
    """Records given up on, receipts not written, documents and orders deleted: what was counted stays, what the table
    has is counted, and a day that `check` calls right is left as it is."""
    adapters = FakeAdapters()
    gone = lived_with_losses(adapters, lives, data.draw)
    seen = {key for counter_page in adapters.counter_pages.pages.values() for key in counter_page.seen}
    before = counted(adapters.counter_pages)

    rebuilt(adapters, FIRST, "2027-01-31")

    assert seen <= {key for counter_page in adapters.counter_pages.pages.values() for key in counter_page.seen}
    after = counted(adapters.counter_pages)
    assert all(after[hour][name] >= number for hour, counts in before.items() for name, number in counts.items())
    if not gone:
        assert after == wanted(states[-1] for states in lives)
    assert differences(adapters) == []
    settled = dict(adapters.counter_pages.pages), dict(adapters.counter_pages.stored_sums)
    rebuilt(adapters, FIRST, "2027-01-31")
    assert (adapters.counter_pages.pages, adapters.counter_pages.stored_sums) == settled


def test_a_sale_days_after_it_was_placed_needs_no_receipt_to_stay_counted(adapters: FakeAdapters) -> None:
    """It was stuck until now, and its receipt is written a moment later: that it was placed is settled long since."""
    stuck, done = sold("2026-11-19T12:20:00.000Z")[0], sold("2026-11-21T14:29:00.000Z")[-1]
    done = replace(done, order_id=stuck.order_id, created_at=stuck.created_at)
    for change in changes_in([stuck, done]):
        adapters.store.orders[change.after.order_id] = change.after
        Services(SETTINGS, adapters).reporting.count_orders([record(change)])

    [report] = rebuilt(adapters, "2026-11-19", "2026-11-19")

    assert [d.name for d in report.differences if d.counted != d.expected] == []
    assert counted(adapters.counter_pages)["2026-11-19T12"]["placed"] == 1


def test_an_entry_that_cannot_be_read_is_named(later: FakeAdapters) -> None:
    later.documents.put("ended/2026/11/21/x.2.json", b'{"orderId": "x"}', "application/json")

    with pytest.raises(Damaged, match=r"ended/2026/11/21/x\.2\.json"):
        rebuilt(later)


def test_an_old_record_that_comes_again_hides_nothing_newer(later: FakeAdapters) -> None:
    states = sold()
    shipped = replace(states[-1], feedback=Feedback(5, "", "2026-11-21T12:40:00.000Z"))
    cancelled = shipped.moved(Status.CANCELLED, "2026-11-21T12:50:00.000Z")
    lived(later, [*states, shipped, cancelled])

    Services(SETTINGS, later).reporting.count_orders([record(Change(states[-1], shipped))])
    later.counter_pages = FakeCounterPages()
    rebuilt(later)

    assert counted(later.counter_pages) == wanted([cancelled])
