"""Counters that remember what they counted, and what hours add up to."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order
from chalicelib.reporting.count_orders import FULL, by_key, counted, digest
from chalicelib.reporting.dynamodb import DynamoCounters
from chalicelib.reporting.facts import Fact, facts_of
from chalicelib.reporting.ports import KEPT_DAYS, CounterKey, CounterPage, CounterPages, Sums

from tests.contract.adapters import Storage
from tests.contract.threads import concurrently
from tests.support.builders.examples import SETTINGS
from tests.support.dynamodb_size import item_size
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import changes_in, record, sold, wanted

_hours = itertools.count()
COUNTS = {"placed": 3, "value/EUR": Decimal("20.00"), "time/pending/12": 3, "failed/ÜBER 東": 1}
SEEN = frozenset({bytes(range(8)), b"\x00" * 8, b"\xff" * 8})


@pytest.fixture
def hour() -> str:
    """One that no other test counts in."""
    n = next(_hours)
    return f"20{30 + n // 672 % 60}-02-{1 + n // 24 % 28:02}T{n % 24:02}"


@pytest.fixture
def place(hour: str) -> CounterKey:
    return CounterKey(hour, 2, 1)


@pytest.fixture
def counter_pages(storage: Storage) -> CounterPages:
    return storage.counter_pages


def test_where_nothing_was_counted_there_is_an_empty_tally(counter_pages: CounterPages, place: CounterKey) -> None:
    assert counter_pages.get(place) == CounterPage({}, frozenset(), 0)
    assert counter_pages.of_hour(place.hour) == {}


def test_a_tally_comes_back_as_it_was_put(counter_pages: CounterPages, place: CounterKey) -> None:
    counter_page = CounterPage(COUNTS, SEEN, 1)

    assert counter_pages.put(place, counter_page, 0)

    assert counter_pages.get(place) == counter_page
    assert str(counter_pages.get(place).counts["value/EUR"]) == "20.00"


def test_a_full_tally_stays_full_and_the_next_page_is_another(counter_pages: CounterPages, place: CounterKey) -> None:
    full, following = CounterPage(COUNTS, SEEN, 1, full=True), CounterPage({"placed": 1}, frozenset({b"12345678"}), 1)

    counter_pages.put(place, full, 0)
    counter_pages.put(place.next_page(), following, 0)

    assert counter_pages.get(place) == full
    assert counter_pages.of_hour(place.hour) == {place: full, place.next_page(): following}


def test_a_full_tally_fits_with_the_batch_that_filled_it(counter_pages: CounterPages, place: CounterKey) -> None:
    most = frozenset(n.to_bytes(8, "big") for n in range(FULL + 9_000))  # 1,000 records of up to nine facts each

    assert counter_pages.put(place, CounterPage(COUNTS, most, 1, full=True), 0)

    assert len(counter_pages.get(place).seen) == FULL + 9_000


def test_a_tally_may_be_emptied(counter_pages: CounterPages, place: CounterKey) -> None:
    counter_pages.put(place, CounterPage(COUNTS, SEEN, 1), 0)

    assert counter_pages.put(place, CounterPage({}, frozenset(), 2), 1)

    assert counter_pages.get(place) == CounterPage({}, frozenset(), 2)


@pytest.mark.parametrize("version", [0, 2, 4, 7])
def test_who_read_another_version_does_not_write(counter_pages: CounterPages, place: CounterKey, version: int) -> None:
    first = CounterPage({"placed": 1}, SEEN, 3)
    counter_pages.put(place, first, 0)

    assert not counter_pages.put(place, CounterPage({"placed": 9}, SEEN, version + 1), version)

    assert counter_pages.get(place) == first


def test_nobody_replaces_what_is_not_there(counter_pages: CounterPages, place: CounterKey) -> None:
    assert not counter_pages.put(place, CounterPage({"placed": 9}, SEEN, 2), 1)
    assert counter_pages.get(place).version == 0


def test_the_same_write_once_more_is_no_write(counter_pages: CounterPages, place: CounterKey) -> None:
    """As the SDK does when the reply was lost."""
    counter_page = CounterPage({"placed": 1}, SEEN, 1)

    assert [counter_pages.put(place, counter_page, 0) for _ in range(2)] == [True, False]
    assert counter_pages.get(place) == counter_page


def test_an_hour_has_its_places_and_no_others(counter_pages: CounterPages, hour: str) -> None:
    mine = {
        CounterKey(hour, quarter, shard): CounterPage({"placed": 1 + quarter}, SEEN, 1)
        for quarter in range(4)
        for shard in (0, 1)
    }
    for place, counter_page in mine.items():
        counter_pages.put(place, counter_page, 0)
    counter_pages.put(CounterKey("2099-02-01T00", 0, 0), CounterPage({"placed": 1}, SEEN, 1), 0)

    assert counter_pages.of_hour(hour) == mine


def test_an_hour_of_more_than_one_page_is_read_whole(counter_pages: CounterPages, hour: str) -> None:
    many = frozenset(n.to_bytes(8, "big") for n in range(37_500))  # 300 KB; a page holds 1 MB
    mine = {CounterKey(hour, quarter, 0): CounterPage({"placed": quarter}, many, 1) for quarter in range(4)}
    for place, counter_page in mine.items():
        counter_pages.put(place, counter_page, 0)

    assert counter_pages.of_hour(hour) == mine


def test_sums_of_an_hour_that_nobody_added_up_are_none(counter_pages: CounterPages, hour: str) -> None:
    assert counter_pages.sums(hour) is None


def test_sums_are_stored_whole_and_by_quarters(counter_pages: CounterPages, hour: str) -> None:
    quarters = [COUNTS, {}, {"placed": 1}, {}]

    counter_pages.put_sums(hour, quarters, 5)

    assert counter_pages.sums(hour) == Sums({**COUNTS, "placed": 4}, tuple(quarters), 5)


@pytest.mark.parametrize("version", [4, 5])
def test_sums_of_counters_that_are_no_newer_change_nothing(
    counter_pages: CounterPages, hour: str, version: int
) -> None:
    counter_pages.put_sums(hour, [{"placed": 5}, {}, {}, {}], 5)

    counter_pages.put_sums(hour, [{"placed": 4}, {}, {}, {}], version)

    found = counter_pages.sums(hour)
    assert found is not None
    assert (found.counts, found.version) == ({"placed": 5}, 5)


def test_sums_of_newer_counters_replace_the_others(counter_pages: CounterPages, hour: str) -> None:
    counter_pages.put_sums(hour, [{"placed": 5}, {}, {}, {}], 5)

    counter_pages.put_sums(hour, [{"placed": 4}, {"failed": 1}, {}, {}], 6)

    assert counter_pages.sums(hour) == Sums({"failed": 1, "placed": 4}, ({"placed": 4}, {"failed": 1}, {}, {}), 6)


def test_of_many_that_write_at_once_one_does(counter_pages: CounterPages, place: CounterKey) -> None:
    done = concurrently(20, lambda n: counter_pages.put(place, CounterPage({"placed": n + 1}, SEEN, 1), 0))

    assert done.count(True) == 1
    assert counter_pages.get(place).counts == {"placed": done.index(True) + 1}


def test_invocations_that_count_at_once_count_each_order_once(storage: Storage, hour: str) -> None:
    """Ten of them, each with every order or with some, as when a batch comes twice at the same time."""
    lives = [moved(states, hour) for states in (sold() for _ in range(20))]
    records = [record(change) for states in lives for change in changes_in(states)]

    def count(n: int) -> None:
        adapters = FakeAdapters(counter_pages=storage.counter_pages)
        Services(SETTINGS, adapters).reporting.count_orders(records[n * 8 : n * 8 + 8] if n < 8 else records)

    concurrently(10, count)

    counter_pages = storage.counter_pages.of_hour(hour)
    expected = by_key(f for states in lives for f in facts(states[-1]))
    assert {p: (t.counts, t.seen) for p, t in counter_pages.items()} == {
        p: (t.counts, t.seen) for p, t in ((p, counted(found)) for p, found in expected.items())
    }
    assert wanted(states[-1] for states in lives)[hour]["completed"] == 20


def moved(states: list[Order], hour: str) -> list[Order]:
    """The same in another hour."""
    at = f"{hour}:20:00.000Z"
    return [replace(one, created_at=at, history=tuple(replace(row, at=at) for row in one.history)) for one in states]


def facts(one: Order) -> list[Fact]:
    return list(facts_of(one).values())


def test_counters_are_small_and_go_after_their_time(dynamodb: Storage, hour: str) -> None:
    """174 orders in an item are a million a month (reporting/count_orders.py); a write costs by the kilobyte."""
    assert isinstance(dynamodb.counter_pages, DynamoCounters)
    place = CounterKey(hour, 1, 0)
    found = [fact for states in (moved(sold(), hour) for _ in range(174)) for fact in facts(states[-1])]
    dynamodb.counter_pages.put(place, replace(counted(found), version=1), 0)

    key = {"bucket": {"S": hour}, "part": {"S": "count#1#0"}}
    item = dynamodb.counter_pages.client.get_item(TableName=dynamodb.counter_pages.table, Key=key)["Item"]

    assert len(found) == 3 * 174 == len({digest(fact) for fact in found})
    assert item_size(item) < 5_000
    since = datetime.fromisoformat(f"{hour}:00:00+00:00").timestamp()
    assert int(item["expiresAt"]["N"]) == since + KEPT_DAYS * 24 * 3600
