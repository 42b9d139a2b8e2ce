"""Orders by the day they were created on: merged over the shards into one row, on every engine the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from chalicelib.adapters.items import OPEN_SHARDS, shard_of
from chalicelib.domain.order import Feedback, HistoryRow, Order, Status

from tests.contract.worlds import Storage, order

_days = (f"19{n // 12 // 28 + 10:02d}-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d}" for n in itertools.count())


@pytest.fixture
def day() -> str:
    """One that no other test uses."""
    return next(_days)


def placed(storage: Storage, at: str) -> Order:
    # Closed: other tests of the same tables count the open ones of long ago.
    new = order(created_at=at, history=(HistoryRow(Status.PENDING, at), HistoryRow(Status.CANCELLED, at)))
    storage.orders.add(new)
    return new


def pages(storage: Storage, day: str, limit: int) -> Iterator[list[str]]:
    after = None
    for _ in range(100):
        page = storage.orders.by_day(day, limit, after)
        yield [one.order_id for one in page.items]
        after = page.next
        if after is None:
            return
    raise AssertionError("the pages do not end")


def in_row(orders: list[Order]) -> list[str]:
    return [o.order_id for o in sorted(orders, key=lambda o: (o.created_at, o.order_id))]


@pytest.mark.parametrize("limit", [1, 3, 7, 23, 24, 100])
def test_pages_of_a_day_lead_from_its_newest_to_its_oldest_over_all_shards(
    storage: Storage, day: str, limit: int
) -> None:
    made = [placed(storage, f"{day}T{n:02d}:00:00.000Z") for n in range(24)]
    assert len({shard_of(one.order_id) for one in made}) > OPEN_SHARDS / 2

    found = list(pages(storage, day, limit))

    assert [order_id for page in found for order_id in page] == in_row(made)[::-1]
    assert all(len(page) <= limit for page in found)


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_orders_of_one_millisecond_are_listed_once_in_the_order_of_their_ids(
    storage: Storage, day: str, limit: int
) -> None:
    made = [placed(storage, f"{day}T10:00:00.000Z") for _ in range(30)]

    assert [order_id for page in pages(storage, day, limit) for order_id in page] == in_row(made)[::-1]


def test_the_first_and_the_last_millisecond_belong_to_the_day(storage: Storage, day: str) -> None:
    made = [placed(storage, f"{day}T{time}Z") for time in ("00:00:00.000", "23:59:59.999")]

    assert list(pages(storage, day, 10)) == [in_row(made)[::-1]]


def test_a_day_without_orders_has_one_empty_page(storage: Storage, day: str) -> None:
    assert list(pages(storage, day, 10)) == [[]]


def test_whole_orders_are_listed(storage: Storage, day: str) -> None:
    new = placed(storage, f"{day}T10:00:00.000Z")

    assert storage.orders.by_day(day, 1, None).items == [new]
    assert list(storage.orders.created_between(new.created_at, f"{day}T11:00:00.000Z")) == [new]


def test_an_order_stays_where_it_was_created_whatever_becomes_of_it(storage: Storage, day: str) -> None:
    new = placed(storage, f"{day}T10:00:00.000Z")
    changed = storage.orders.save(replace(new, feedback=Feedback(5, "", new.created_at)), Status.CANCELLED)

    assert storage.orders.by_day(day, 10, None).items == [changed]


def test_between_two_times_come_those_from_the_first_to_before_the_second_oldest_first(
    storage: Storage, day: str
) -> None:
    made = [placed(storage, f"{day}T10:00:{n:02d}.000Z") for n in range(12)]

    found = storage.orders.created_between(made[2].created_at, made[9].created_at)

    assert [one.order_id for one in found] == in_row(made[2:9])


def test_between_goes_over_midnight_and_over_days_without_orders(storage: Storage) -> None:
    times = ("2001-02-27T23:59:59.999Z", "2001-02-28T00:00:00.000Z", "2001-03-03T12:00:00.000Z")
    made = [placed(storage, at) for at in times]

    found = storage.orders.created_between("2001-02-27T00:00:00.000Z", "2001-03-04T00:00:00.000Z")

    assert [one.order_id for one in found] == [one.order_id for one in made]


def test_between_two_equal_times_is_nothing(storage: Storage, day: str) -> None:
    at = placed(storage, f"{day}T10:00:00.000Z").created_at

    assert list(storage.orders.created_between(at, at)) == []


def test_more_orders_than_one_batch_of_reads_come_in_order_and_once(storage: Storage, day: str) -> None:
    made = [placed(storage, f"{day}T10:{n // 60:02d}:{n % 60:02d}.000Z") for n in range(130)]

    found = storage.orders.created_between(f"{day}T00:00:00.000Z", f"{day}T23:00:00.000Z")

    assert [one.order_id for one in found] == in_row(made)
