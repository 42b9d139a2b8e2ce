"""One way to change an order that others change at the same time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.kit.errors import Conflict, StaleOrder, TemporarilyUnavailable
from chalicelib.orders.latest import on_latest
from chalicelib.orders.model import Order

from tests.support.builders import examples
from tests.support.fakes.adapters import FakeAdapters


def placed(adapters: FakeAdapters) -> Order:
    order = examples.order()
    adapters.orders.add(order)
    return order


def test_what_another_changed_meanwhile_is_seen_by_the_next_turn(adapters: FakeAdapters) -> None:
    order = placed(adapters)
    adapters.orders.save(replace(order, attention="by another"), order.status)

    saved = on_latest(adapters.orders, order, lambda now: adapters.orders.save(replace(now, handovers=1), now.status))

    assert (saved.attention, saved.handovers) == ("by another", 1)


def test_an_order_that_changes_all_the_time_is_left_for_later(adapters: FakeAdapters) -> None:
    turns = []

    def lose(order: Order) -> None:
        turns.append(order)
        raise StaleOrder

    with pytest.raises(TemporarilyUnavailable):
        on_latest(adapters.orders, placed(adapters), lose)
    assert len(turns) == 10


def test_other_errors_end_it_at_once(adapters: FakeAdapters) -> None:
    turns = []

    def refuse(order: Order) -> None:
        turns.append(order)
        raise Conflict("No.", "NO")

    with pytest.raises(Conflict):
        on_latest(adapters.orders, placed(adapters), refuse)
    assert len(turns) == 1
