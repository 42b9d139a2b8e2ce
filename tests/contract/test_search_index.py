"""The search's index: kept whole, and found by what begins."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pytest
from chalicelib.kit.page import ListPosition
from chalicelib.orders.dynamodb_search import DynamoOrderIndex
from chalicelib.orders.search_index import MOST_CHANGES, Indexed, OrderIndex, place_of
from chalicelib.orders.search_tokens import normalised, tokens_of

from tests.contract.adapters import Storage, order
from tests.contract.threads import concurrently
from tests.support.dynamodb_size import item_size

_numbers = itertools.count()


@pytest.fixture
def index(storage: Storage) -> OrderIndex:
    return storage.order_index


@pytest.fixture
def word() -> str:
    """A token that no other test has, with a beginning of its own."""
    n = next(_numbers)
    return f"{chr(0x3400 + n % 5000)}{chr(0x3400 + n // 5000)}x-word"


def place(n: int = 0) -> ListPosition:
    return f"2026-11-{10 + n % 20:02}T12:00:00.{n // 20 % 1000:03}Z", f"search-{next(_numbers):06}"


def stored(index: OrderIndex, *tokens: str, at: ListPosition | None = None) -> ListPosition:
    """An order that the index knows by these, and by its id."""
    where = at or place()
    assert index.add([Indexed(where, frozenset({*tokens, normalised(where[1])}))]) == []
    return where


def newest_first(places: Iterable[ListPosition]) -> list[ListPosition]:
    return sorted(places, reverse=True)


def test_an_order_is_known_by_all_its_tokens(index: OrderIndex) -> None:
    one = order(order_id=place()[1])

    assert index.add([Indexed(place_of(one), tokens_of(one))]) == []

    assert index.known([place_of(one), place()]) == {place_of(one): tokens_of(one)}
    for token in tokens_of(one):
        assert place_of(one) in set(index.newest(token))


def test_many_are_stored_in_one_call_with_more_tokens_than_a_batch_takes(index: OrderIndex, word: str) -> None:
    new = [
        Indexed(at, frozenset({word, normalised(at[1]), *(f"{word}{n}" for n in range(9))}))
        for at in map(place, range(30))
    ]

    assert index.add(new) == []

    assert list(index.newest(word)) == newest_first(one.place for one in new)
    assert list(index.newest(f"{word}8")) == newest_first(one.place for one in new)


def test_an_order_that_is_known_is_not_stored_again_and_the_others_are(index: OrderIndex, word: str) -> None:
    known, new = stored(index, word), place()
    both = [Indexed(at, frozenset({word, normalised(at[1])})) for at in (known, new)]

    assert index.add(both) == [both[0]]

    assert list(index.newest(word)) == newest_first([known, new])


def test_of_twenty_who_store_an_order_at_once_one_is_first(index: OrderIndex, word: str) -> None:
    new = Indexed(place(), frozenset({word}))

    answers = concurrently(20, lambda _: index.add([new]))

    assert sorted(map(len, answers)) == [0] + [1] * 19


def test_a_change_replaces_tokens_and_removes_stale_ones(index: OrderIndex, word: str) -> None:
    old, new, stale = (f"{word}-{name}" for name in ("old", "new", "stale"))
    at = stored(index, word, old)
    own = normalised(at[1])
    other = stored(index, stale)

    assert index.change(at, frozenset({word, old, own}), frozenset({word, new, own}), frozenset({stale}))

    assert index.known([at]) == {at: frozenset({word, new, own})}
    assert [list(index.newest(token)) for token in (word, old, new, stale)] == [[at], [], [at], [other]]


@pytest.mark.parametrize("before", [None, frozenset({"other"}), frozenset()])
def test_a_change_of_what_is_not_so_changes_nothing(
    index: OrderIndex, word: str, before: frozenset[str] | None
) -> None:
    at = stored(index, word)

    assert not index.change(at, before, frozenset({f"{word}-new"}))

    assert list(index.newest(f"{word}-new")) == []
    assert list(index.newest(word)) == [at]


def test_a_change_may_be_the_first(index: OrderIndex, word: str) -> None:
    at = place()

    assert index.change(at, None, frozenset({word}))
    assert not index.change(at, None, frozenset({word}))

    assert index.known([at]) == {at: frozenset({word})}


def test_a_forgotten_order_is_known_as_such(index: OrderIndex, word: str) -> None:
    at = stored(index, word)

    assert index.change(at, frozenset({word, normalised(at[1])}), frozenset())

    assert index.known([at]) == {at: frozenset()}
    assert list(index.newest(word)) == []
    assert index.add([Indexed(at, frozenset({word}))]) != []


def test_as_many_tokens_change_at_once_as_is_promised(index: OrderIndex, word: str) -> None:
    at = place()
    tokens = frozenset(f"{word}{n}" for n in range(MOST_CHANGES))

    assert index.change(at, None, tokens)
    assert index.change(at, tokens, frozenset())

    assert index.few(word, MOST_CHANGES) == []


def test_of_twenty_changes_at_once_one_is_made(index: OrderIndex, word: str) -> None:
    at = stored(index, word)
    before = frozenset({word, normalised(at[1])})

    answers = concurrently(20, lambda n: index.change(at, before, frozenset({f"{word}{n}"})))

    assert sum(answers) == 1
    assert len(index.few(word, 100) or []) == 1


def test_what_begins_with_a_text_is_found_up_to_a_number(index: OrderIndex, word: str) -> None:
    places = [stored(index, f"{word}{n}", at=place(n)) for n in range(5)]
    stored(index, word[:-1])

    assert sorted(index.few(word, 5) or []) == sorted(places)
    assert index.few(word, 4) is None
    assert index.few(f"{word}4", 1) == [places[4]]
    assert index.few(f"{word}-none", 1) == []


def test_tokens_that_begin_with_a_text_are_named_once_each(index: OrderIndex, word: str) -> None:
    for n in range(9):
        stored(index, f"{word}{n % 3}", at=place(n))

    assert index.tokens(word, 3) == [f"{word}{n}" for n in range(3)]
    assert index.tokens(word, 2) is None
    assert index.tokens(f"{word}1", 3) == [f"{word}1"]


@pytest.mark.parametrize("token", ["1004821", "10", "a1", "7", "zoë", "1004ab", "0" * 100, "💡💡💡💡"])
def test_tokens_of_every_form_are_found(index: OrderIndex, token: str) -> None:
    at = stored(index, token)

    assert at in (index.few(token, 100) or [])
    assert at in list(index.newest(token))
    assert token in (index.tokens(token, 100) or [])


def test_the_orders_of_a_token_are_read_newest_first_from_any_place(index: OrderIndex, word: str) -> None:
    places = newest_first(stored(index, word, at=place(n)) for n in range(230))
    stored(index, f"{word}-other")

    assert list(index.newest(word)) == places
    assert list(index.newest(word, places[99])) == places[100:]
    assert list(index.newest(word, (f"{places[50][0][:10]}T~", ""))) == [
        at for at in places if at[0][:10] <= places[50][0][:10]
    ]
    since = places[120][0]
    assert list(index.newest(word, places[10], since)) == [at for at in places[11:] if at[0] >= since]


def test_orders_of_one_moment_are_in_the_order_of_their_ids(index: OrderIndex, word: str) -> None:
    at = place()[0]
    places = [stored(index, word, at=(at, f"same-{next(_numbers):05}")) for _ in range(3)]

    assert list(index.newest(word)) == newest_first(places)
    assert list(index.newest(word, places[1])) == places[:1]


def test_progress_is_noted_until_it_is_replaced(index: OrderIndex) -> None:
    index.note_progress({"first": "2026-11-01", "next": "2026-11-05"})
    assert index.progress() == {"first": "2026-11-01", "next": "2026-11-05"}

    index.note_progress({})
    assert index.progress() == {}


def test_a_token_is_one_write_unit_and_the_list_too(dynamodb: Storage) -> None:
    index = dynamodb.order_index
    assert isinstance(index, DynamoOrderIndex)
    one = order(reference="PO-1", order_number="1004820", order_id=place()[1])
    index.add([Indexed(place_of(one), tokens_of(one))])

    stored = index.client.scan(TableName=index.table)["Items"]
    mine = [item for item in stored if item["entry"]["S"].endswith(one.order_id)]
    assert len(mine) == len(tokens_of(one))
    assert max(map(item_size, mine)) < 1024
    assert all(set(item) <= {"part", "entry", "tokens"} for item in mine)


def test_what_was_forgotten_expires(dynamodb: Storage, word: str) -> None:
    index = dynamodb.order_index
    assert isinstance(index, DynamoOrderIndex)
    at = stored(index, word)
    index.change(at, frozenset({word, normalised(at[1])}), frozenset())

    items = index.client.scan(TableName=index.table)["Items"]
    [left] = [item for item in items if item["entry"]["S"].endswith(at[1])]
    assert int(left["expiresAt"]["N"]) > index.seconds() + 2 * 24 * 3600
