"""Orders by the day they were created on: merged over the shards into one row, on every engine the same."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from chalicelib.orders.items import OPEN_SHARDS, shard_of
from chalicelib.orders.model import Feedback, HistoryRow, Order, Status

from tests.contract.adapters import Storage, order

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


@pytest.mark.parametrize("read", [0, 1, 2, 29, 30, 129, 130])
def test_reading_goes_on_behind_any_place(storage: Storage, day: str, read: int) -> None:
    """Also between orders of one millisecond."""
    made = [placed(storage, f"{day}T10:00:{n // 30:02d}.000Z") for n in range(130)]
    span = f"{day}T00:00:00.000Z", f"{day}T23:00:00.000Z"
    places = [place for page in storage.orders.pages_between(*span) for place in page.places]
    assert [order_id for _, order_id in places] == in_row(made)

    rest = list(storage.orders.pages_between(*span, places[read - 1] if read else None))

    assert [place for page in rest for place in page.places] == places[read:]
    assert [one.order_id for page in rest for one in page.items] == in_row(made)[read:]


def test_pages_of_several_days_go_on_on_the_day_of_the_place(storage: Storage) -> None:
    times = [f"1999-03-0{day}T{hour}:00:00.000Z" for day in (1, 2, 4) for hour in ("00", "12", "23")]
    made = [placed(storage, at) for at in times]

    rest = storage.orders.pages_between("1999-03-01T00:00:00.000Z", "1999-03-05T00:00:00.000Z", (times[4], "zzz"))

    assert [one.order_id for page in rest for one in page.items] == [one.order_id for one in made[5:]]


def test_the_places_of_all_orders_between_two_times_come_newest_first(storage: Storage, day: str) -> None:
    made = [placed(storage, f"{day}T10:00:{n:02d}.000Z") for n in range(12)]

    found = storage.orders.positions_between(made[2].created_at, made[10].created_at)

    assert found == [(one.created_at, one.order_id) for one in made[2:10]][::-1]
    assert found is not None
    page = storage.orders.at(found)
    assert (in_row(page.items), page.places) == (in_row(made[2:10]), tuple(found))


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_open_orders_are_listed_newest_first_over_all_days_and_closed_ones_are_not(
    storage: Storage, day: str, limit: int
) -> None:
    at = [f"{day}T{n // 3:02d}:00:00.000Z" for n in range(24)]
    made = [order(created_at=moment, history=(HistoryRow(Status.PENDING, moment),)) for moment in at]
    for one in (*made, placed(storage, at[0])):
        storage.orders.add(one)

    found: list[str] = []
    after: Mapping[str, str] | None = {"createdAt": f"{day}T23:00:00.000Z", "orderId": ""}
    while after and after["createdAt"] >= at[0]:
        page = storage.orders.newest_open(limit, after)
        assert [o.order_id for o in page.items] == [order_id for _, order_id in page.places]
        found += [one.order_id for one in page.items if one.created_at >= at[0]]
        after = page.next
    for one in made:  # other tests of the same tables count the open ones of long ago
        storage.orders.save(one.moved(Status.CANCELLED, at[0]), Status.PENDING)

    assert found == in_row(made)[::-1]
