"""Ten messages in one batch, of which one is poison, or kills its process, or all of which meet a dependency that does
not answer: the neighbours are processed once, the poison ends in the dead-letter queue after its tries, and a redrive
after the repair completes it (contract §6, 5)."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from chalicelib.kit.errors import GatewayTimeout
from chalicelib.orders.model import Order

from tests.reliability.faults import Call, Died, Fault, Kind, as_asked
from tests.reliability.points import assert_at_rest
from tests.reliability.queues import FUNCTION_SECONDS, MAX_RECEIVES, order_message
from tests.reliability.simulation import Simulation
from tests.support.builders.examples import command

NEIGHBOURS = 9
POISON_METHOD = "pm_poison"


class Bug(Exception):
    """What a step of one particular order raises until it is repaired."""


class Shop:
    """A simulation whose next batch holds nine good orders, and a poison at `place`."""

    def __init__(
        self, poison: Callable[[Simulation], str], place: int, plan: Callable[[Call], Any] | None = None
    ) -> None:
        self.repaired = False
        self.sim = Simulation({"orders": plan or self._until_repaired}, in_stock=2 * NEIGHBOURS)
        self.neighbours = [self._accepted() for _ in range(NEIGHBOURS)]
        self.sim.order_queue.messages.clear()
        messages = [order_message(order.order_id) for order in self.neighbours]
        for body in [*messages[:place], poison(self.sim), *messages[place:]]:
            self.sim.order_queue.send(body)

    def times_completed(self) -> list[int]:
        """How often each neighbour was processed: each time its end is published."""
        ends = Counter(order_id for order_id, event in self.sim.facts().events if event == "OrderCompleted")
        return [ends[order.order_id] for order in self.neighbours]

    def _accepted(self) -> Order:
        return self.sim.placed(command())

    def _until_repaired(self, call: Call) -> Any:
        if is_poisonous(call) and not self.repaired:
            raise Bug("always")
        return call.do()


def is_poisonous(call: Call) -> bool:
    """The gateway is asked for the money of the poisonous order."""
    return call.method == "capture" and POISON_METHOD in call.arguments


def no_json(sim: Simulation) -> str:
    return '{"orderId": '


def no_object(sim: Simulation) -> str:
    return "[1, 2]"


def no_order_id(sim: Simulation) -> str:
    return '{"correlationId": "corr-1"}'


def an_order_id_that_is_no_text(sim: Simulation) -> str:
    return '{"orderId": {"S": "1"}}'


def an_unknown_order(sim: Simulation) -> str:
    return order_message("never-stored")


def an_order_whose_step_always_raises(sim: Simulation) -> str:
    order = sim.placed(command(payment_method=POISON_METHOD))
    sim.order_queue.messages.clear()
    return order_message(order.order_id)


def an_order_long_finished(sim: Simulation) -> str:
    order = sim.placed(command())
    sim.order_queue.messages.clear()
    sim.process_with(as_asked).workflow.steps.run_all(order.order_id)
    sim.clock.advance(90 * 24 * 3600)
    return order_message(order.order_id)


def spoken(function: Callable[..., object]) -> str:
    return function.__name__.replace("_", " ")


anywhere = pytest.mark.parametrize("place", [0, 4, 9])


@anywhere
@pytest.mark.parametrize(
    "poison",
    [
        no_json,
        no_object,
        no_order_id,
        an_order_id_that_is_no_text,
        an_unknown_order,
        an_order_whose_step_always_raises,
    ],
    ids=spoken,
)
def test_a_poison_message_dies_after_its_tries_and_alone(poison: Callable[[Simulation], str], place: int) -> None:
    shop = Shop(poison, place)

    shop.sim.work_orders()

    assert shop.times_completed() == [1] * NEIGHBOURS
    assert [message.receives for message in shop.sim.order_queue.dead] == [MAX_RECEIVES]
    assert not shop.sim.lost_from_sight()


@anywhere
def test_a_redrive_completes_the_poisonous_order_once_it_is_repaired(place: int) -> None:
    shop = Shop(an_order_whose_step_always_raises, place)
    shop.sim.work_orders()

    shop.repaired = True
    shop.sim.redrive()

    assert not shop.sim.order_queue.dead
    assert {order.status.value for order in shop.sim.orders} == {"COMPLETED"}
    assert_at_rest(shop.sim, "after the redrive")


@anywhere
def test_a_redrive_of_what_can_not_be_repaired_leaves_it_in_the_dead_letter_queue(place: int) -> None:
    shop = Shop(no_json, place)
    shop.sim.work_orders()

    shop.sim.redrive()

    assert len(shop.sim.order_queue.dead) == 1
    assert shop.times_completed() == [1] * NEIGHBOURS


@anywhere
def test_an_order_long_finished_is_no_poison(place: int) -> None:
    shop = Shop(an_order_long_finished, place)

    shop.sim.come_to_rest()

    assert not shop.sim.order_queue.dead
    assert shop.times_completed() == [1] * NEIGHBOURS
    assert_at_rest(shop.sim, "after the batch")


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST])
def test_a_batch_cut_off_at_any_call_completes_all_its_orders(kind: Kind) -> None:
    for number in itertools.count(1):
        fault = Fault(number, kind)
        shop = Shop(no_json, 4, fault)

        shop.sim.come_to_rest()

        if number > 1 and not fault.hit:
            return
        assert_at_rest(shop.sim, str(fault))
        assert {order.status.value for order in shop.sim.orders} == {"COMPLETED"}


def killing(call: Call) -> Any:
    if is_poisonous(call):
        raise Died("out of memory")
    return call.do()


@anywhere
def test_what_kills_its_process_dies_alone_and_its_neighbours_are_done_with_the_third_batch(place: int) -> None:
    shop = Shop(an_order_whose_step_always_raises, place, killing)
    queue = shop.sim.order_queue

    for _ in range(3):  # the first and the second end where the killer stands
        shop.sim.work_batch(shop.sim.process("orders"), queue.receive())

    assert len(queue.messages) == 1
    # Those before the killer in the first batch were done and not deleted yet.
    assert shop.times_completed() == [2] * place + [1] * (NEIGHBOURS - place)

    shop.sim.work_orders()

    assert [message.receives for message in queue.dead] == [MAX_RECEIVES]
    assert sum(shop.times_completed()) == NEIGHBOURS + place


@anywhere
def test_new_messages_beside_one_that_kills_are_done_first(place: int) -> None:
    shop = Shop(an_order_whose_step_always_raises, place, killing)
    queue = shop.sim.order_queue
    for message in queue.messages:
        message.receives = 1 if POISON_METHOD in str(shop.sim.fakes.store.orders[_order_of(message.body)]) else 0
    shop.sim.fakes.tries.counted["orders", f"m-{queue.messages[place].number}"] = 1

    shop.sim.work_batch(shop.sim.process("orders"), queue.receive())

    assert shop.times_completed() == [1] * NEIGHBOURS
    assert len(queue.messages) == 1


def _order_of(body: str) -> str:
    return str(json.loads(body)["orderId"])


def test_batches_against_a_gateway_that_does_not_answer_never_outlast_their_function() -> None:
    """For a quarter of an hour; afterwards all are done and none failed. One that wasted a receive may be given up, and
    comes back by itself."""
    shop = Shop(an_order_whose_step_always_raises, 0, as_asked)
    sim, queue = shop.sim, shop.sim.order_queue
    outage_ends = sim.clock.moment + timedelta(minutes=15)

    def silent(call: Call) -> Any:
        if call.port == "gateway" and sim.clock.moment < outage_ends:
            sim.clock.advance(10.4)
            raise GatewayTimeout("no answer")
        return call.do()

    sim.plans["orders"] = silent
    durations = list(_worked_off(sim))
    while queue.dead:
        sim.clock.advance(61)
        sim.process("redrive").operations.redrive_what_passed()
        durations += _worked_off(sim)

    longest = max(durations)
    assert FUNCTION_SECONDS / 2 < longest < FUNCTION_SECONDS
    assert not queue.dead
    assert {order.status.value for order in sim.orders} == {"COMPLETED"}
    assert shop.times_completed() == [1] * NEIGHBOURS


def _worked_off(sim: Simulation) -> Iterator[float]:
    """How long each batch took, in seconds."""
    while records := sim.order_queue.receive():
        began = sim.clock.moment
        sim.work_batch(sim.process("orders"), records)
        yield (sim.clock.moment - began).total_seconds()
