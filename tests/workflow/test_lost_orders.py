"""Lost orders are told from waiting ones by what is in the queues, not by how long they have waited."""

from __future__ import annotations

from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.model import Order, Status
from chalicelib.workflow.ports import Depth

from tests.support.builders.examples import SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

MINUTE = 60
DEEP = 50


def place(services: Services, adapters: FakeAdapters, number: int = 1, workflow: str = "queue") -> list[Order]:
    placed = [services.orders.accept(command(workflow=workflow)) for _ in range(number)]
    adapters.queue.messages.clear()
    return placed


def run(services: Services, adapters: FakeAdapters, minutes: int = 1) -> None:
    for _ in range(minutes):
        adapters.clock.advance(MINUTE + 0.1)
        services.workflow.housekeeper()


def handed_over(adapters: FakeAdapters) -> list[str]:
    found, adapters.queue.messages = list(adapters.queue.messages), []
    return found


def test_nothing_is_added_to_a_deep_queue_however_long_orders_wait(services: Services, adapters: FakeAdapters) -> None:
    place(services, adapters, 3)
    adapters.backlog.depths["queue"] = Depth(DEEP + 1, 0, 0)

    run(services, adapters, minutes=120)

    assert handed_over(adapters) == []
    assert {order.status for order in adapters.store.orders.values()} == {Status.PENDING}


@pytest.mark.parametrize(("waiting", "lost"), [(DEEP, 2), (DEEP + 1, 0)])
def test_a_queue_is_deep_with_more_than_fifty_messages(
    services: Services, adapters: FakeAdapters, waiting: int, lost: int
) -> None:
    place(services, adapters, DEEP + 2)
    adapters.backlog.depths["queue"] = Depth(waiting, 0, 0)

    run(services, adapters)

    assert len(handed_over(adapters)) == lost


@pytest.mark.parametrize("depth", [Depth(5, 0, 0), Depth(0, 5, 0), Depth(0, 0, 5), Depth(1, 1, 1)], ids=str)
def test_with_more_messages_than_orders_none_is_lost(services: Services, adapters: FakeAdapters, depth: Depth) -> None:
    place(services, adapters, 2)
    adapters.backlog.depths["queue"] = depth

    run(services, adapters)

    assert handed_over(adapters) == []


@pytest.mark.parametrize(("waiting", "status"), [(DEEP, Status.FAILED), (DEEP + 1, Status.VALIDATING)])
def test_orders_in_a_deep_queue_do_not_expire(
    services: Services, adapters: FakeAdapters, waiting: int, status: Status
) -> None:
    (order,) = place(services, adapters)
    adapters.orders.save(order.moved(Status.VALIDATING, adapters.clock.now()), Status.PENDING)
    adapters.backlog.depths["queue"] = Depth(waiting, 0, 0)
    adapters.clock.advance(61 * MINUTE)

    services.workflow.housekeeper()

    assert adapters.store.orders[order.order_id].status is status


def test_a_run_looks_at_each_queue_once(services: Services, adapters: FakeAdapters) -> None:
    place(services, adapters, 20)
    place(services, adapters, 20, workflow="events")
    adapters.clock.advance(2 * 3600)

    services.workflow.housekeeper()

    assert sorted(adapters.backlog.looks) == ["inventory", "queue"]


def test_when_the_queue_is_short_again_what_waited_is_not_expired_but_handed_over(
    services: Services, adapters: FakeAdapters
) -> None:
    (waiting,) = place(services, adapters)
    adapters.backlog.depths["queue"] = Depth(DEEP + 1, 0, 0)
    run(services, adapters, minutes=61)

    adapters.backlog.depths.clear()
    run(services, adapters)

    assert handed_over(adapters) == [waiting.order_id]
    assert adapters.store.orders[waiting.order_id].status is Status.PENDING


@pytest.mark.parametrize("where", [Depth(2, 0, 0), Depth(0, 2, 0), Depth(0, 0, 2), Depth(1, 1, 0)], ids=str)
def test_as_many_messages_as_orders_explain_them(services: Services, adapters: FakeAdapters, where: Depth) -> None:
    place(services, adapters, 2)
    adapters.backlog.depths["queue"] = where

    run(services, adapters)

    assert handed_over(adapters) == []


def test_of_more_orders_than_messages_the_oldest_count_as_lost(services: Services, adapters: FakeAdapters) -> None:
    (first,) = place(services, adapters)
    adapters.clock.advance(1)
    place(services, adapters, 2)
    adapters.backlog.depths["queue"] = Depth(2, 0, 0)

    run(services, adapters)

    assert handed_over(adapters) == [first.order_id]


def test_an_order_overtaken_by_a_younger_one_is_lost_however_busy_the_queue(
    services: Services, adapters: FakeAdapters
) -> None:
    (lost,) = place(services, adapters)
    adapters.backlog.depths["queue"] = Depth(10, 10, 0)
    adapters.clock.advance(2 * MINUTE)
    (younger,) = place(services, adapters)
    services.workflow.steps.run_all(younger.order_id)

    services.workflow.housekeeper()

    assert handed_over(adapters) == [lost.order_id]


@pytest.mark.parametrize(("younger", "is_seen"), [(99, True), (100, False)])
def test_the_one_that_overtook_it_is_looked_for_among_the_hundred_youngest(
    services: Services, adapters: FakeAdapters, younger: int, is_seen: bool
) -> None:
    (lost,) = place(services, adapters)
    adapters.backlog.depths["queue"] = Depth(10, 10, 0)
    adapters.clock.advance(2 * MINUTE)
    (ended,) = place(services, adapters)
    services.workflow.steps.run_all(ended.order_id)
    adapters.clock.advance(1)
    place(services, adapters, younger)

    services.workflow.housekeeper()

    assert handed_over(adapters) == ([lost.order_id] if is_seen else [])


@pytest.mark.parametrize("how", ["cancelled", "by another workflow", "a little younger"])
def test_not_every_younger_order_that_ended_has_overtaken_it(
    services: Services, adapters: FakeAdapters, how: str
) -> None:
    place(services, adapters)
    adapters.backlog.depths["queue"] = Depth(10, 10, 0)
    adapters.clock.advance(30 if how == "a little younger" else 2 * MINUTE)
    (younger,) = place(services, adapters, workflow="events" if how == "by another workflow" else "queue")
    if how == "cancelled":
        services.workflow.cancel(younger)
    else:
        services.workflow.steps.run_all(younger.order_id)
    adapters.clock.advance(2 * MINUTE)

    services.workflow.housekeeper()

    assert handed_over(adapters) == []


def test_a_younger_order_that_was_begun_and_did_not_end_has_overtaken_nothing(
    services: Services, adapters: FakeAdapters
) -> None:
    """Its own message may have been lost as well."""
    place(services, adapters)
    adapters.backlog.depths["queue"] = Depth(10, 10, 0)
    adapters.clock.advance(2 * MINUTE)
    (younger,) = place(services, adapters)
    adapters.orders.save(younger.moved(Status.VALIDATING, adapters.clock.now()), Status.PENDING)

    services.workflow.housekeeper()

    assert handed_over(adapters) == []


def test_no_execution_is_looked_for_of_an_order_that_a_queue_brings(services: Services, adapters: FakeAdapters) -> None:
    (order,) = place(services, adapters)
    adapters.backlog.running.add(order.order_id)
    adapters.clock.advance(2 * MINUTE)

    services.workflow.housekeeper()

    assert handed_over(adapters) == [order.order_id]


def test_an_order_whose_execution_is_running_is_not_given_another(services: Services, adapters: FakeAdapters) -> None:
    (order,) = place(services, adapters, workflow="stepfunctions")
    adapters.backlog.running.add(order.order_id)

    run(services, adapters, minutes=30)
    assert handed_over(adapters) == []

    adapters.backlog.running.clear()
    run(services, adapters, minutes=4)
    assert set(handed_over(adapters)) == {order.order_id}


def test_orders_of_events_wait_in_the_queue_of_their_next_step(services: Services, adapters: FakeAdapters) -> None:
    (order,) = place(services, adapters, workflow="events")
    charging = order
    for status in (Status.VALIDATING, Status.INVENTORY_CHECK, Status.PAYMENT_PROCESSING):
        charging = charging.moved(status, adapters.clock.now())
    adapters.orders.save(charging, Status.PENDING)
    adapters.backlog.depths["payment"] = Depth(DEEP + 1, 0, 0)

    run(services, adapters, minutes=90)

    assert handed_over(adapters) == []
    assert adapters.store.orders[order.order_id].status is Status.PAYMENT_PROCESSING


def test_a_queue_that_does_not_say_what_is_in_it_keeps_no_other_order_waiting(
    services: Services, adapters: FakeAdapters
) -> None:
    place(services, adapters)
    (unsuccessful,) = place(services, adapters)
    adapters.orders.save(
        replace(unsuccessful.moved(Status.CANCELLED, adapters.clock.now()), unpublished=("OrderCancelled",)),
        Status.PENDING,
    )

    def depth(queue: str) -> Depth:
        raise TemporarilyUnavailable("SQS does not answer")

    adapters.backlog.depth = depth
    adapters.clock.advance(MINUTE + 1)

    with pytest.raises(ExceptionGroup):
        services.workflow.housekeeper()

    assert handed_over(adapters) == []
    assert not adapters.store.orders[unsuccessful.order_id].open


def test_hand_over_after_is_the_slack_of_a_queues_turns(adapters: FakeAdapters) -> None:
    services = Services(replace(SETTINGS, handover_after=5, give_up_after=3600), adapters)
    (lost,) = place(services, adapters)
    adapters.backlog.depths["queue"] = Depth(10, 10, 0)
    adapters.clock.advance(6)
    (younger,) = place(services, adapters)
    services.workflow.steps.run_all(younger.order_id)

    services.workflow.housekeeper()

    assert handed_over(adapters) == [lost.order_id]


def test_messages_hidden_after_an_outage_are_not_multiplied(services: Services, adapters: FakeAdapters) -> None:
    """All wait for their next try, and a younger order, whose first try came after the outage, overtakes them."""
    place(services, adapters, 100)
    adapters.backlog.depths["queue"] = Depth(0, 100, 0)
    adapters.clock.advance(5 * MINUTE)
    (younger,) = place(services, adapters)
    services.workflow.steps.run_all(younger.order_id)

    services.workflow.housekeeper()

    assert len(handed_over(adapters)) == 5


def test_an_order_is_not_expired_while_its_execution_is_running(services: Services, adapters: FakeAdapters) -> None:
    (order,) = place(services, adapters, workflow="stepfunctions")
    services.workflow.single_steps.save(order.order_id)
    adapters.backlog.running.add(order.order_id)
    adapters.clock.advance(3700)
    services.workflow.housekeeper()
    assert adapters.store.orders[order.order_id].status is Status.INVENTORY_CHECK

    adapters.backlog.running.clear()
    run(services, adapters, minutes=5)

    assert adapters.store.orders[order.order_id].status is Status.FAILED


def test_after_one_silent_queue_no_other_is_asked(services: Services, adapters: FakeAdapters) -> None:
    place(services, adapters, workflow="queue")
    place(services, adapters, workflow="events")
    asked: list[str] = []

    def depth(queue: str) -> Depth:
        asked.append(queue)
        raise TemporarilyUnavailable("SQS does not answer")

    adapters.backlog.depth = depth
    adapters.clock.advance(MINUTE + 1)

    with pytest.raises(ExceptionGroup):
        services.workflow.housekeeper()

    assert len(asked) == 1
