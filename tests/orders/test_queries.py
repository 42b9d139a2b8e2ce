"""Reading orders, as far as the caller may see them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.page import Page
from chalicelib.orders import paginate as filling
from chalicelib.orders.model import HistoryRow, Order, Status
from chalicelib.orders.paginate import UNDER_WAY

from tests.support.builders.examples import order
from tests.support.combinations import each_value
from tests.support.fakes.adapters import FakeAdapters


def place(adapters: FakeAdapters, n: int, status: Status = Status.PENDING, **changes: object) -> Order:
    at = f"2026-11-21T14:{n // 60:02d}:{n % 60:02d}.000Z"
    new = order(created_at=at, history=(HistoryRow(status, at),), **changes)
    adapters.orders.add(new)
    return new


def test_one_answer_reads_a_bounded_number_of_pages_and_the_next_goes_on(
    services: Services, adapters: FakeAdapters
) -> None:
    wanted = place(adapters, 0, Status.FAILED)
    for n in range(1, 2101):
        place(adapters, n, Status.COMPLETED)

    first = services.orders.queries.page("p-one", 5, status=Status.FAILED)
    second = services.orders.queries.page("p-one", 5, first.next, status=Status.FAILED)

    assert (first.items, second.items, second.next) == ([], [wanted], None)


def test_where_few_are_wanted_many_are_read_at_once(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(150):
        place(adapters, n, Status.COMPLETED)
    by_owner, limits = adapters.orders.by_owner, []

    def noted(owner: str, customer_id: str | None, limit: int, after: Mapping[str, str] | None) -> Page[Order]:
        limits.append(limit)
        page: Page[Order] = by_owner(owner, customer_id, limit, after)
        return page

    monkeypatch.setattr(adapters.orders, "by_owner", noted)

    services.orders.queries.page("p-one", 1, status=Status.FAILED)

    assert limits == [filling.READ_LIMIT] * 2


@pytest.mark.parametrize("limit", [1, 3, 20])
@pytest.mark.parametrize("customer_id", [None, "ann"])
@pytest.mark.parametrize("status", [Status.FAILED, Status.PENDING])
def test_every_page_of_a_status_is_full_but_the_last_which_is_not_empty(
    services: Services, adapters: FakeAdapters, limit: int, customer_id: str | None, status: Status
) -> None:
    owners = [{"customer_id": "ann"}, {"customer_id": "ann", "owner": "p-two"}, {"customer_id": "bob"}]
    made = [place(adapters, n, status if n % 10 < 3 else Status.COMPLETED, **owners[n % 10 % 3]) for n in range(300)]
    wanted = [
        o.order_id for o in made if o.status is status and o.owner == "p-one" and customer_id in (None, o.customer_id)
    ]

    pages, after = [], None
    while not pages or after:
        page = services.orders.queries.page("p-one", limit, after, customer_id, status)
        pages.append([o.order_id for o in page.items])
        after = page.next

    assert [order_id for some in pages for order_id in some] == wanted[::-1]
    assert all(len(some) == limit for some in pages[:-1])
    assert pages[-1]


@each_value
@pytest.mark.parametrize("others", [99, 2100])
@pytest.mark.parametrize("status", sorted(UNDER_WAY))
def test_an_order_under_way_is_found_behind_those_of_others(
    services: Services, adapters: FakeAdapters, status: Status, others: int
) -> None:
    wanted = place(adapters, 0, status)
    for n in range(1, others + 1):
        place(adapters, n, status, owner="p-two")

    page = services.orders.queries.page("p-one", 5, status=status)

    assert (page.items, page.next) == ([wanted], None)


def test_one_under_way_is_found_behind_thousands_of_its_owner(services: Services, adapters: FakeAdapters) -> None:
    wanted = place(adapters, 0, Status.PENDING)
    for n in range(1, 2101):
        place(adapters, n, Status.COMPLETED)

    assert services.orders.queries.page("p-one", 5, status=Status.PENDING).items == [wanted]


@pytest.mark.parametrize("others", [3, 150])
@pytest.mark.parametrize("status", [None, *Status])
@pytest.mark.parametrize("customer_id", [None, "ann"])
def test_a_page_ends_at_an_order_of_its_owner(
    services: Services,
    adapters: FakeAdapters,
    monkeypatch: pytest.MonkeyPatch,
    others: int,
    status: Status | None,
    customer_id: str | None,
) -> None:
    monkeypatch.setattr(filling, "_READS", 1)
    for n in range(30):
        place(adapters, 5 * n, Status.COMPLETED if n % 3 else status or Status.FAILED, customer_id="ann")
    for n in range(others):
        place(adapters, 150 + n, status or Status.PENDING, owner="p-two", customer_id="ann")

    after = services.orders.queries.page("p-one", 4, None, customer_id, status).next
    ends = []
    while after:
        ends.append(after["orderId"])
        after = services.orders.queries.page("p-one", 4, after, customer_id, status).next

    assert ends
    assert {adapters.store.orders[order_id].owner for order_id in ends} == {"p-one"}


def test_what_one_answer_reads_does_not_grow_with_the_orders_of_others(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    place(adapters, 0, Status.PENDING)
    for n in range(1, 500):
        place(adapters, n, Status.PENDING, owner="p-two")
    read = []
    page = adapters.store.page
    monkeypatch.setattr(adapters.store, "page", lambda orders, then: read.extend(orders) or page(orders, then))

    services.orders.queries.page("p-one", 5, status=Status.PENDING)

    assert len(read) <= 101


@pytest.mark.parametrize("damaged", [0, 1, 2, 3])
def test_an_order_that_can_not_be_read_makes_no_page_short(
    services: Services, adapters: FakeAdapters, damaged: int
) -> None:
    ids = [place(adapters, n).order_id for n in range(4)]
    adapters.store.damage("order", ids.pop(damaged))

    first = services.orders.queries.page("p-one", 2)
    second = services.orders.queries.page("p-one", 2, first.next) if first.next else None

    assert [o.order_id for o in first.items] == ids[::-1][:2]
    assert [o.order_id for o in second.items if second] == ids[::-1][2:]
