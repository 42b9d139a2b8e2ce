"""Staff's list: everybody's orders, newest first, over the days."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from chalicelib.bootstrap import Services
from chalicelib.domain.order import HistoryRow, Order, Status

from tests import examples
from tests.fakes import FakeAdapters


def placed(adapters: FakeAdapters, at: str, status: Status = Status.PENDING) -> str:
    order = examples.order(created_at=at, history=(HistoryRow(status, at),))
    adapters.orders.add(order)
    return order.order_id


def pages(services: Services, limit: int, status: Status | None = None) -> list[list[Order]]:
    found: list[list[Order]] = []
    after: Mapping[str, str] | None = None
    while len(found) < 600:
        page = services.order_list(limit, after, status)
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


def test_a_page_may_end_at_midnight(services: Services, adapters: FakeAdapters) -> None:
    older, newer = placed(adapters, "2026-11-20T23:59:59.999Z"), placed(adapters, "2026-11-21T00:00:00.000Z")

    assert [[o.order_id for o in page] for page in pages(services, 1)[:2]] == [[newer], [older]]


def test_a_shop_without_orders_is_looked_through_in_bounded_steps_and_to_an_end(
    services: Services, adapters: FakeAdapters
) -> None:
    asked: list[str] = []
    read = adapters.orders.by_day

    def by_day(day: str, limit: int, after: Mapping[str, str] | None) -> object:
        asked.append(day)
        return read(day, limit, after)

    adapters.orders.by_day = by_day
    first = services.order_list(20)

    assert first.items == []
    assert first.next is not None
    assert len(asked) == 31

    asked.clear()
    assert ids(pages(services, 20)) == []
    assert len(asked) == len(set(asked)) == 401
    assert (asked[0], asked[-1]) == ("2026-11-21", "2025-10-17")


def test_a_young_shops_orders_are_shown_without_looking_through_a_month(
    services: Services, adapters: FakeAdapters
) -> None:
    made = [placed(adapters, f"2026-11-{day}T10:00:00.000Z") for day in (17, 20)]
    asked: list[str] = []
    read = adapters.orders.by_day

    def by_day(day: str, limit: int, after: Mapping[str, str] | None) -> object:
        asked.append(day)
        return read(day, limit, after)

    adapters.orders.by_day = by_day

    page = services.order_list(20)

    assert ids([page.items]) == made[::-1]
    assert (asked[0], asked[-1]) == ("2026-11-21", "2026-11-11")  # a week on
    assert ids([page.items, *pages(services, 20)[1:]]) == made[::-1]


def test_a_status_that_is_rare_is_looked_for_in_bounded_steps(services: Services, adapters: FakeAdapters) -> None:
    rare = placed(adapters, "2026-11-21T00:00:00.000Z", Status.FAILED)
    for n in range(60):
        placed(adapters, f"2026-11-21T10:00:{n:02d}.000Z")
    reads: list[int] = []
    read = adapters.orders.by_day

    def by_day(day: str, limit: int, after: Mapping[str, str] | None) -> object:
        reads.append(limit)
        return read(day, limit, after)

    adapters.orders.by_day = by_day

    assert services.order_list(10, None, Status.FAILED).items == []
    assert reads == [10] * 5
    assert ids(pages(services, 10, Status.FAILED)) == [rare]


def test_an_order_placed_while_somebody_pages_shifts_nothing(services: Services, adapters: FakeAdapters) -> None:
    made = [placed(adapters, f"2026-11-21T10:00:0{n}.000Z") for n in range(4)]
    first = services.order_list(2)

    placed(adapters, "2026-11-21T10:00:09.000Z")

    second = services.order_list(2, first.next)
    assert ids([first.items, second.items]) == made[::-1]


def test_a_list_that_began_yesterday_goes_on_today(services: Services, adapters: FakeAdapters) -> None:
    made = [placed(adapters, f"2026-11-{day}T10:00:00.000Z") for day in (19, 20, 21)]
    first = services.order_list(1)
    adapters.clock.advance(24 * 3600)

    assert ids([first.items, services.order_list(5, first.next).items]) == made[::-1]
