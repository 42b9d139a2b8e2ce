"""Accepting an order: stored before anybody is told, once per key, and never lost for want of a queue."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.accept import order_id_for
from chalicelib.orders.model import Order, Status

from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.orders import FakeOrders, FakeStore

KEYED: dict[str, Any] = {"idempotency_key": "key-1", "fingerprint": b"body-1"}


def test_an_accepted_order_is_what_was_asked_for(services: Services) -> None:
    asked = command()

    placed = services.orders.accept(asked)

    same = ("owner", "customer_id", "customer_email", "lines", "currency", "total_amount", "payment_method")
    same += ("phone_number", "shipping_address", "workflow", "fulfilment", "correlation_id", "fingerprint")
    assert {name: getattr(placed, name) for name in same} == {name: getattr(asked, name) for name in same}


def test_the_first_with_a_key_made_the_order_and_the_next_did_not(services: Services, adapters: FakeAdapters) -> None:
    made, is_new = services.orders.accept.first(command(**KEYED))
    adapters.clock.advance(1)

    assert is_new
    assert services.orders.accept.first(command(**KEYED)) == (made, False)
    assert services.orders.accept.first(command())[1]


def test_no_two_pairs_of_caller_and_key_lead_to_one_id() -> None:
    pairs = [("p-a", "b"), ("p-ab", ""), ("p-a", "b\nc"), ("p-", "ab"), ("p-a", "B")]

    ids = {order_id_for(owner, key) for owner, key in pairs}

    assert len(ids) == len(pairs)
    assert all(uuid.UUID(order_id).version == 5 for order_id in ids)


class LosesReplies(FakeOrders):
    """Every put is done, its answer is lost, and the SDK repeats it."""

    def add(self, order: Order) -> Order | None:
        super().add(order)
        return super().add(order)


@pytest.mark.parametrize("keyed", [{}, KEYED])
def test_ones_own_write_whose_reply_was_lost_is_recognised_and_handed_over(keyed: dict[str, Any]) -> None:
    store = FakeStore()
    adapters = FakeAdapters(store=store, orders=LosesReplies(store))

    placed = Services(SETTINGS, adapters).orders.accept(command(**keyed))

    assert placed.status is Status.PENDING
    assert adapters.queue.messages == [placed.order_id]


def test_an_order_whose_hand_over_fails_is_accepted_all_the_same(adapters: FakeAdapters) -> None:
    def down(order: Order) -> None:
        raise TemporarilyUnavailable("the queue is down")

    adapters.queue.hand_over = down
    services = Services(SETTINGS, adapters)

    placed = services.orders.accept(command())

    assert adapters.orders.get(placed.order_id) == placed


def test_the_housekeeper_hands_over_what_could_not_be(adapters: FakeAdapters) -> None:
    queue, adapters.hand_over = adapters.queue, Unreachable()
    placed = Services(SETTINGS, adapters).orders.accept(command())
    adapters.clock.advance(61)

    Services(SETTINGS, replace(adapters, hand_over=queue)).workflow.housekeeper()

    assert queue.messages == [placed.order_id]


class Unreachable:
    def hand_over(self, order: Order) -> None:
        raise TemporarilyUnavailable("the queue is down")


def test_an_order_that_can_not_be_stored_is_not_handed_over(adapters: FakeAdapters) -> None:
    class Down(FakeOrders):
        def add(self, order: Order) -> Order | None:
            raise TemporarilyUnavailable("the table is down")

    adapters.orders = Down(adapters.store)

    with pytest.raises(TemporarilyUnavailable):
        Services(SETTINGS, adapters).orders.accept(command())

    assert adapters.queue.messages == []
