"""Lists end, leave nothing out, show nothing twice, and show nobody another's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.orders.model import HistoryRow, Order, Status

from tests.contract.adapters import Storage, order, unique
from tests.support.builders.examples import MOUSE


def placed(storage: Storage, owner: str, customer_id: str = "customer", at: str = "2026-11-21T14:30:25.123Z") -> Order:
    new = order(owner=owner, customer_id=customer_id, created_at=at, history=(HistoryRow(Status.PENDING, at),))
    storage.orders.add(new)
    return new


def all_pages(storage: Storage, owner: str, customer_id: str | None, limit: int) -> list[list[str]]:
    """The ids of each page, to the end."""
    pages: list[list[str]] = []
    after = None
    while len(pages) < 50:
        page = storage.orders.by_owner(owner, customer_id, limit, after)
        pages.append([one.order_id for one in page.items])
        after = page.next
        if after is None:
            return pages
    raise AssertionError("the pages do not end")


def flat(pages: list[list[str]]) -> list[str]:
    return [order_id for page in pages for order_id in page]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
def test_pages_lead_from_the_newest_to_the_oldest_with_no_gap_and_no_repetition(storage: Storage, limit: int) -> None:
    owner = unique("owner")
    ids = [placed(storage, owner, at=f"2026-11-21T14:30:0{n}.000Z").order_id for n in range(7)]

    pages = all_pages(storage, owner, None, limit)

    assert flat(pages) == ids[::-1]
    assert all(len(page) <= limit for page in pages)


def test_orders_of_one_millisecond_are_all_listed_once(storage: Storage) -> None:
    owner = unique("owner")
    ids = [placed(storage, owner).order_id for _ in range(23)]

    found = flat(all_pages(storage, owner, None, 4))

    assert sorted(found) == ids


def test_an_order_placed_while_somebody_pages_shifts_nothing(storage: Storage) -> None:
    owner = unique("owner")
    ids = [placed(storage, owner, at=f"2026-11-21T14:30:0{n}.000Z").order_id for n in range(6)]
    first = storage.orders.by_owner(owner, None, 3, None)

    placed(storage, owner, at="2026-11-21T14:30:09.000Z")

    second = storage.orders.by_owner(owner, None, 3, first.next)
    assert [one.order_id for one in [*first.items, *second.items]] == ids[::-1]


def test_a_customers_list_can_begin_behind_any_order(storage: Storage) -> None:
    owner = unique("owner")
    orders = [placed(storage, owner, at=f"2026-11-21T14:30:0{n}.000Z") for n in range(6)]
    behind = {"createdAt": orders[4].created_at, "orderId": orders[4].order_id}

    older = storage.orders.by_owner(owner, orders[4].customer_id, 10, behind)

    assert [one.order_id for one in older.items] == [one.order_id for one in orders[3::-1]]


def test_an_owner_without_orders_has_one_empty_page(storage: Storage) -> None:
    assert all_pages(storage, unique("owner"), None, 10) == [[]]


def test_whole_orders_are_listed_not_only_their_keys(storage: Storage) -> None:
    owner = unique("owner")
    new = placed(storage, owner)

    assert storage.orders.by_owner(owner, None, 10, None).items == [new]
    assert storage.orders.by_owner(owner, new.customer_id, 10, None).items == [new]


def test_one_owners_list_holds_no_order_of_another(storage: Storage) -> None:
    mine, other = unique("owner"), unique("owner")
    ids = [placed(storage, mine).order_id for _ in range(3)]
    placed(storage, other)

    assert sorted(flat(all_pages(storage, mine, None, 2))) == ids
    assert sorted(flat(all_pages(storage, mine, "customer", 2))) == ids


def test_the_same_customer_id_at_two_owners_is_two_customers(storage: Storage) -> None:
    mine, other = unique("owner"), unique("owner")
    placed(storage, other, "customer123")
    new = placed(storage, mine, "customer123")

    assert all_pages(storage, mine, "customer123", 10) == [[new.order_id]]


@pytest.mark.parametrize("customer_id", ["a|b", "|", "||a", "a|", "Ζωή|東京", "a b"])
def test_a_customer_id_with_bars_leads_to_its_own_orders_only(storage: Storage, customer_id: str) -> None:
    owner = unique("owner")
    new = placed(storage, owner, customer_id)
    for other in ("a", "b", "|a", "a|b|", "a||b", f"{owner}|a"):
        placed(storage, owner, other)

    assert all_pages(storage, owner, customer_id, 10) == [[new.order_id]]


def test_more_orders_than_one_batch_of_reads_come_in_one_page(storage: Storage) -> None:
    owner = unique("owner")
    ids = [placed(storage, owner, at=f"2026-11-21T14:{n // 60:02d}:{n % 60:02d}.000Z").order_id for n in range(120)]

    page = storage.orders.by_owner(owner, None, 120, None)

    assert [one.order_id for one in page.items] == ids[::-1]


def test_the_ids_of_all_orders_come_newest_first(storage: Storage) -> None:
    owner = unique("owner")
    ids = [placed(storage, owner, str(n % 2), at=f"2026-11-21T14:30:0{n}.000Z").order_id for n in range(6)]

    assert storage.orders.newest_ids(owner, None) == (ids[::-1], True)
    assert storage.orders.newest_ids(owner, "1") == (ids[5::-2], True)
    assert storage.orders.newest_ids(unique("owner"), None) == ([], True)


def test_a_full_last_page_is_the_last(storage: Storage) -> None:
    owner = unique("owner")
    ids = [placed(storage, owner, at=f"2026-11-21T14:30:0{n}.000Z").order_id for n in range(4)]

    assert all_pages(storage, owner, None, 2) == [ids[:1:-1], ids[1::-1]]


@pytest.mark.parametrize("limit", [7, 100])
def test_products_page_to_the_end_with_no_gap_and_no_repetition(storage: Storage, limit: int) -> None:
    prefix = unique("paged")
    mine = {f"{prefix}-{n}" for n in range(9)}
    for product_id in mine:
        storage.catalogue.put(replace(MOUSE, product_id=product_id), None)

    seen: list[str] = []
    page = storage.catalogue.page(limit, None)
    seen += [p.product_id for p in page.items]
    while page.next is not None:
        page = storage.catalogue.page(limit, page.next)
        assert len(page.items) <= limit
        seen += [p.product_id for p in page.items]

    assert len(seen) == len(set(seen))
    assert {p for p in seen if p.startswith(prefix)} == mine
