"""The search's index says of each order what the order says, whatever comes twice, late or in disorder."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import Line, Order, Shipment, ShipmentStatus
from chalicelib.orders.search_index import MOST_CHANGES, Indexed, place_of
from chalicelib.orders.search_tokens import tokens_of
from chalicelib.reporting.ports import Change
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import examples
from tests.support.builders.examples import SETTINGS
from tests.support.fakes.adapters import FakeAdapters
from tests.support.stream import indexed, record, removal

ERASED = "erased@invalid.example"


def index(adapters: FakeAdapters, *records: dict[str, Any]) -> None:
    Services(SETTINGS, adapters).search.index_records(records)


def assert_right(adapters: FakeAdapters, *gone: Order) -> None:
    """Each order has its tokens and no others; those that are gone have none."""
    orders = adapters.store.orders.values()
    wanted = {(token, place_of(one)) for one in orders for token in tokens_of(one)}
    assert adapters.order_index.entries == wanted
    assert {place: tokens for place, tokens in adapters.order_index.lists.items() if tokens} == {
        place_of(one): tokens_of(one) for one in orders
    }
    assert all(adapters.order_index.lists.get(place_of(one), frozenset()) == frozenset() for one in gone)


def shipped(one: Order, number: str) -> Order:
    parcel = Shipment("DHL", number, (("LAPTOP001", 1),), ShipmentStatus.SHIPPED, examples.NOW)
    return replace(one, shipments=(*one.shipments, parcel), revision=one.revision + 1)


def erased(one: Order) -> Order:
    """As the runbook does it, by hand: no revision counts it."""
    return replace(one, customer_email=ERASED, customer_id="erased", shipping_address=None)


def test_a_new_order_is_found(adapters: FakeAdapters) -> None:
    one = examples.order()

    indexed(adapters, one)

    assert_right(adapters)
    assert adapters.order_index.few("customer@exam", 10) == [place_of(one)]


def test_a_change_that_names_nothing_new_costs_no_call(adapters: FakeAdapters) -> None:
    one = examples.order()
    indexed(adapters, one)
    before = adapters.order_index.writes

    index(adapters, record(Change(one, replace(one, attention="look", revision=1))))

    assert adapters.order_index.writes == before


def test_a_tracking_number_comes_and_what_was_corrected_goes(adapters: FakeAdapters) -> None:
    one = examples.order(reference="OLD-1")
    indexed(adapters, one)
    other = shipped(replace(one, reference="NEW-1"), "T-1")
    adapters.store.orders[one.order_id] = other

    index(adapters, record(Change(one, other)))

    assert_right(adapters)
    assert adapters.order_index.few("old-1", 10) == []


def test_nothing_personal_is_left_of_an_erased_order(adapters: FakeAdapters) -> None:
    one = examples.order(customer_email="anna@example.com")
    indexed(adapters, one)
    adapters.store.orders[one.order_id] = erased(one)

    index(adapters, record(Change(one, erased(one))))

    assert_right(adapters)
    assert not any("anna" in token for token, _ in adapters.order_index.entries)


def test_an_older_image_never_replaces_a_newer_one(adapters: FakeAdapters) -> None:
    one = examples.order()
    later = shipped(erased(one), "T-1")
    adapters.store.orders[one.order_id] = later
    index(adapters, record(Change(one, later)))

    index(adapters, record(Change(None, one)))

    assert_right(adapters)


def test_a_deleted_order_is_forgotten_and_its_old_records_do_not_bring_it_back(adapters: FakeAdapters) -> None:
    one = examples.order()
    indexed(adapters, one)
    del adapters.store.orders[one.order_id]

    index(adapters, removal(one))
    index(adapters, record(Change(None, one)))

    assert_right(adapters, one)


def test_an_order_that_can_not_be_read_stays_as_it_was_until_it_is_repaired(adapters: FakeAdapters) -> None:
    one = examples.order()
    indexed(adapters, one)
    damaged = record(Change(one, one))
    del damaged["dynamodb"]["NewImage"]["history"]
    repaired = shipped(one, "T-1")

    index(adapters, damaged)
    assert_right(adapters)

    adapters.store.orders[one.order_id] = repaired
    mended = record(Change(one, repaired))
    del mended["dynamodb"]["OldImage"]["history"]
    index(adapters, mended)
    assert_right(adapters)


def test_a_damaged_order_does_not_hold_up_its_batch(adapters: FakeAdapters) -> None:
    one, other = examples.order(), examples.order()
    indexed(adapters, one, other)
    changed = shipped(other, "T-1")
    adapters.store.orders[other.order_id] = changed
    adapters.store.damage("order", one.order_id)

    index(adapters, record(Change(one, shipped(one, "T-2"))), record(Change(other, changed)))

    del adapters.store.damaged["order", one.order_id]
    assert_right(adapters)


def test_more_tokens_change_than_one_transaction_takes(adapters: FakeAdapters) -> None:
    lines = tuple(Line(f"P-{n:03}", "x", 1, examples.LAPTOP.price) for n in range(100))
    one = examples.order(lines=lines)
    indexed(adapters, one)
    assert len(tokens_of(one)) > MOST_CHANGES
    del adapters.store.orders[one.order_id]

    index(adapters, removal(one))

    assert_right(adapters, one)


def test_of_two_that_change_an_order_at_once_the_later_reads_it_again(adapters: FakeAdapters) -> None:
    one = examples.order()
    indexed(adapters, one)
    middle, last = shipped(one, "T-1"), shipped(shipped(one, "T-1"), "T-2")
    adapters.store.orders[one.order_id] = middle
    known = adapters.order_index.known

    def known_and_then_changed(places: Any) -> Any:
        found = known(places)
        adapters.order_index.known = known
        adapters.store.orders[one.order_id] = last
        index(adapters, record(Change(middle, last)))
        return found

    adapters.order_index.known = known_and_then_changed  # type: ignore[method-assign]
    index(adapters, record(Change(one, middle)))

    assert_right(adapters)


def test_who_never_gets_a_turn_says_so(adapters: FakeAdapters) -> None:
    one = examples.order()
    indexed(adapters, one)
    adapters.store.orders[one.order_id] = changed = shipped(one, "T-1")
    adapters.order_index.change = lambda *_: False  # type: ignore[method-assign]

    with pytest.raises(TemporarilyUnavailable):
        index(adapters, record(Change(one, changed)))


def test_switched_off_nothing_is_written(adapters: FakeAdapters) -> None:
    off = Services(replace(SETTINGS, order_search="off"), adapters)

    off.search.index_records([record(Change(None, examples.order()))])

    assert adapters.order_index.entries == set()


@given(st.data())
def test_any_records_in_any_disorder_and_number_end_with_what_the_order_says(data: st.DataObject) -> None:
    """The last state is stored by then, as it is when the stream tells of it; a rebuild may come in between."""
    adapters = FakeAdapters()
    states = [examples.order(reference="A")]
    for n in range(data.draw(st.integers(0, 4))):
        act = data.draw(
            st.sampled_from([lambda o, n=n: shipped(o, f"T-{n}"), erased, lambda o: replace(o, reference="B")])
        )
        states.append(act(states[-1]))
    changes = [record(Change(before, after)) for before, after in zip([None, *states], states, strict=False)]
    delivered = data.draw(st.lists(st.sampled_from(changes), max_size=8))
    adapters.store.orders[states[-1].order_id] = states[-1]

    for one in delivered:
        index(adapters, one)
        if data.draw(st.booleans()):
            Services(SETTINGS, adapters).search.rebuild.index_orders.compare([states[-1]])
    index(adapters, *changes)

    assert_right(adapters)


def test_what_a_writer_stored_before_it_found_a_list_is_removed_with_the_rest(adapters: FakeAdapters) -> None:
    """A new order's tokens are stored, its list is not; meanwhile it is erased and indexed by a rebuild."""
    one = examples.order()
    adapters.store.orders[one.order_id] = erased(one)
    Services(SETTINGS, adapters).search.rebuild.index_orders.compare([erased(one)])

    index(adapters, record(Change(None, one)))

    assert_right(adapters)


def test_an_order_without_a_list_is_compared_and_indexed(adapters: FakeAdapters) -> None:
    one = examples.order()
    adapters.store.orders[one.order_id] = one
    work = Services(SETTINGS, adapters).search.rebuild.index_orders

    assert work.compare([one]) == 1
    assert work.compare([one]) == 0
    assert adapters.order_index.add([Indexed(place_of(one), tokens_of(one))]) != []
    assert_right(adapters)
