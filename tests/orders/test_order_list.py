"""Staff's list: everybody's orders, newest first, over the days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import HistoryRow, Order, Status
from chalicelib.orders.paginate import UNDER_WAY, position_with_day

from tests.support.builders import examples
from tests.support.fakes.adapters import FakeAdapters


def placed(adapters: FakeAdapters, at: str, status: Status = Status.PENDING) -> str:
    order = examples.order(created_at=at, history=(HistoryRow(status, at),))
    adapters.orders.add(order)
    return order.order_id


def pages(services: Services, limit: int, status: Status | None = None) -> list[list[Order]]:
    found: list[list[Order]] = []
    after: Mapping[str, str] | None = None
    while len(found) < 600:
        page = services.orders.listing(limit, after, status)
        found.append(page.items)
        after = page.next
        if after is None:
            return found
    raise AssertionError("the pages do not end")


def ids(found: list[list[Order]]) -> list[str]:
    return [order.order_id for page in found for order in page]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_orders_of_many_days_come_newest_first_without_gap_or_repetition(
    services: Services, adapters: FakeAdapters, limit: int
) -> None:
    days = ("2025-11-01", "2026-10-02", "2026-10-03", "2026-11-20", "2026-11-21")
    hours = ("00:00:00.000", "12:00:00.000", "12:00:00.000", "23:59:59.999")
    made = [placed(adapters, f"{day}T{hour}Z") for day in days for hour in hours]

    found = pages(services, limit)

    assert ids(found) == made[::-1]
    assert all(len(page) <= limit for page in found)


def test_the_list_goes_on_after_any_of_its_entries(services: Services, adapters: FakeAdapters) -> None:
    """An answer that would be too large ends before its page does."""
    days, hours = ("2026-11-19", "2026-11-20", "2026-11-21"), ("08", "12")
    made = [placed(adapters, f"{day}T{hour}:00:00.000Z") for day in days for hour in hours][::-1]

    places = services.orders.listing(10).places

    for number, place in enumerate(places, 1):
        assert ids([services.orders.listing(10, position_with_day(place)).items]) == made[number:]
    assert len(places) == len(made)


def count_reads(adapters: FakeAdapters) -> list[str]:
    """Which days are read from now on, and `all` for a look at all keys."""
    asked: list[str] = []
    by_day, between = adapters.orders.by_day, adapters.orders.positions_between

    def of_day(day: str, limit: int, after: Mapping[str, str] | None) -> object:
        asked.append(day)
        return by_day(day, limit, after)

    def of_all(start: str, end: str) -> object:
        asked.append("all")
        return between(start, end)

    adapters.orders.by_day, adapters.orders.positions_between = of_day, of_all
    return asked


@pytest.mark.parametrize("status", [None, *Status])
def test_a_shop_without_orders_has_one_empty_page(
    services: Services, adapters: FakeAdapters, status: Status | None
) -> None:
    asked = count_reads(adapters)

    assert pages(services, 20, status) == [[]]
    assert len(asked) <= 3


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_every_page_of_a_quiet_shop_is_full_but_the_last(
    services: Services, adapters: FakeAdapters, limit: int
) -> None:
    at = ("2025-10-18", "2026-01-01", "2026-01-02", "2026-09-30", "2026-11-08", "2026-11-18", "2026-11-20")
    made = [
        placed(adapters, f"{day}T10:00:00.000Z", status) for day in at for status in (Status.FAILED, Status.COMPLETED)
    ]

    for status, wanted in ((None, made), (Status.FAILED, made[::2]), (Status.COMPLETED, made[1::2])):
        found = pages(services, limit, status)
        assert ids(found) == wanted[::-1]
        assert all(len(page) == limit for page in found[:-1])
        assert found[-1]


def test_a_young_shops_orders_are_shown_with_few_reads(services: Services, adapters: FakeAdapters) -> None:
    made = [placed(adapters, f"2026-11-{day}T10:00:00.000Z") for day in (17, 20)]
    asked = count_reads(adapters)

    assert [ids([page]) for page in pages(services, 20)] == [made[::-1]]
    assert len(asked) <= 6


@pytest.mark.parametrize(
    ("days_ago", "days_read"),
    [(range(30), 14), ((), 2), ((0,), 3), ((1,), 4), ((0, 2, 4, 6), 9)],
    ids=["one each day", "none", "one today", "one yesterday", "one every other day"],
)
def test_a_shop_may_have_few_orders_after_two_empty_days_or_fourteen_without_a_full_page(
    services: Services, adapters: FakeAdapters, days_ago: Sequence[int], days_read: int
) -> None:
    for days in days_ago:
        placed(adapters, f"{date(2026, 11, 21) - timedelta(days=days)}T10:00:00.000Z")
    asked = count_reads(adapters)

    assert len(services.orders.listing(100).items) == len(days_ago)

    assert asked.index("all") == days_read


def test_a_shop_of_many_orders_is_looked_through_in_bounded_steps_and_to_an_end(
    services: Services, adapters: FakeAdapters
) -> None:
    adapters.orders.most_keys = 0
    made = [placed(adapters, f"2026-{day}T10:00:00.000Z") for day in ("01-05", "11-20")]
    asked = count_reads(adapters)

    first = services.orders.listing(20)

    assert ids([first.items]) == [made[1]]
    assert first.next is not None
    assert [day for day in asked if day != "all"] == [
        *dict.fromkeys(asked[: asked.index("all")]),
        *asked[asked.index("all") + 1 :],
    ]
    assert (len(asked), asked.count("all")) == (32, 1)

    asked.clear()
    assert ids(pages(services, 20)) == made[::-1]
    days = [day for day in asked if day != "all"]
    assert len(days) == len(set(days)) == 401
    assert (days[0], days[-1]) == ("2026-11-21", "2025-10-17")


@pytest.mark.parametrize("limit", [1, 10, 100])
def test_a_status_fills_its_pages_from_orders_of_others(services: Services, adapters: FakeAdapters, limit: int) -> None:
    made = [placed(adapters, f"2026-11-21T{n // 60:02d}:{n % 60:02d}:00.000Z", _third(n)) for n in range(360)]

    found = pages(services, limit, Status.FAILED)

    assert ids(found) == made[::3][::-1]
    assert all(len(page) == limit for page in found[:-1])
    assert found[-1]


def _third(n: int) -> Status:
    return Status.COMPLETED if n % 3 else Status.FAILED


def test_a_status_that_is_rare_is_looked_for_in_bounded_steps(services: Services, adapters: FakeAdapters) -> None:
    rare = placed(adapters, "2026-11-20T00:00:00.000Z", Status.FAILED)
    for n in range(2100):
        placed(adapters, f"2026-11-21T10:{n // 60:02d}:{n % 60:02d}.000Z", Status.COMPLETED)
    asked = count_reads(adapters)

    first = services.orders.listing(10, None, Status.FAILED)

    assert (first.items, len(asked)) == ([], 20)
    assert [ids([page]) for page in pages(services, 10, Status.FAILED)] == [[], [rare]]


@pytest.mark.parametrize("status", sorted(UNDER_WAY))
@pytest.mark.parametrize("limit", [2, 100])
def test_what_is_under_way_is_found_at_once_among_many_others(
    services: Services, adapters: FakeAdapters, status: Status, limit: int
) -> None:
    made = [placed(adapters, f"2026-{month:02d}-01T10:00:00.000Z", status) for month in range(1, 6)]
    placed(adapters, "2026-11-21T09:00:00.000Z", next(iter(UNDER_WAY - {status})))
    for n in range(50):
        placed(adapters, f"2026-11-21T10:00:{n:02d}.000Z", Status.COMPLETED)
    adapters.orders.most_keys = 0
    asked = count_reads(adapters)

    found = pages(services, limit, status)

    assert ids(found) == made[::-1]
    assert all(len(page) == limit for page in found[:-1])
    assert (found[-1] != [], asked) == (True, [])


@pytest.mark.parametrize("most_keys", [0, 10_000])
@pytest.mark.parametrize("status", [None, Status.FAILED, Status.PENDING])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_damaged_order_takes_its_place_in_the_list_once(
    services: Services, adapters: FakeAdapters, limit: int, status: Status | None, most_keys: int
) -> None:
    adapters.orders.most_keys = most_keys
    days = ("11-21", "11-21", "11-20", "11-16", "11-16")
    made = [placed(adapters, f"2026-{d}T0{9 - n}:00:00.000Z", status or Status.PENDING) for n, d in enumerate(days)]
    for bad in made[1::2]:
        adapters.store.damage("order", bad)

    seen: list[list[str]] = []
    after: Mapping[str, str] | None = None
    while not seen or after:
        page = services.orders.listing(limit, after, status)
        assert [order_id for _, order_id in page.places] == sorted(
            [*(o.order_id for o in page.items), *(error.key for error in page.damaged)], key=made.index
        )
        seen.append([order_id for _, order_id in page.places])
        after = page.next

    assert [order_id for some in seen for order_id in some] == made
    assert most_keys == 0 or all(len(some) == limit for some in seen[:-1])


def test_an_order_placed_while_somebody_pages_shifts_nothing(services: Services, adapters: FakeAdapters) -> None:
    made = [placed(adapters, f"2026-11-21T10:00:0{n}.000Z") for n in range(4)]
    first = services.orders.listing(2)

    placed(adapters, "2026-11-21T10:00:09.000Z")

    second = services.orders.listing(2, first.next)
    assert ids([first.items, second.items]) == made[::-1]


def test_a_list_that_began_yesterday_goes_on_today(services: Services, adapters: FakeAdapters) -> None:
    made = [placed(adapters, f"2026-11-{day}T10:00:00.000Z") for day in (19, 20, 21)]
    first = services.orders.listing(1)
    adapters.clock.advance(24 * 3600)

    assert ids([first.items, services.orders.listing(5, first.next).items]) == made[::-1]
