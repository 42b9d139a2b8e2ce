"""Meetings of two processes on one order: whichever of them stops after whichever of its calls for the other to go
on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from chalicelib.kit.errors import Conflict
from chalicelib.orders.model import Order

from tests.reliability.faults import Died
from tests.reliability.hands import Hand, Work
from tests.reliability.points import assert_at_rest
from tests.reliability.queues import order_message
from tests.reliability.simulation import Simulation

AN_HOUR_AND_A_BIT = 3700
Begin = Callable[[Simulation, Order], Work]


def the_workflow(sim: Simulation, order: Order) -> Work:
    records = sim.order_queue.receive()
    return lambda hand: sim.work_batch(sim.process_with(hand), records)


def a_second_delivery(sim: Simulation, order: Order) -> Work:
    sim.order_queue.send(order_message(order.order_id))
    return the_workflow(sim, order)


def a_cancellation(sim: Simulation, order: Order) -> Work:
    def cancel(hand: Hand) -> Order:
        services = sim.process_with(hand)
        return services.workflow.cancel(services.orders.queries.get(order.owner, order.order_id))

    return cancel


def the_housekeeper_handing_over(sim: Simulation, order: Order) -> Work:
    sim.clock.advance(61)
    return lambda hand: sim.process_with(hand).workflow.housekeeper()


def the_housekeeper_giving_up(sim: Simulation, order: Order) -> Work:
    sim.clock.advance(AN_HOUR_AND_A_BIT)
    return lambda hand: sim.process_with(hand).workflow.housekeeper()


def the_telling(sim: Simulation, order: Order) -> Work:
    sim.forward_events()
    records = sim.notifications.receive()
    return lambda hand: sim.tell_batch(sim.process_with(hand), records)


class Meeting:
    """Two hands on one order. `first` is the one that started; the calls they made are counted as they met."""

    def __init__(self, sim: Simulation, one: Begin, other: Begin, *, other_first: bool) -> None:
        (order,) = sim.orders
        self.sim = sim
        self.one, self.other = Hand(one(sim, order)), Hand(other(sim, order))
        self.first, self.second = (self.other, self.one) if other_first else (self.one, self.other)
        self._names = (other, one) if other_first else (one, other)

    def stop_after(self, first_calls: int, second_calls: int) -> None:
        self.first.run(first_calls)
        self.second.run(second_calls)
        first, second = map(spoken, self._names)
        self.at = f"{first} after {self.first.made} calls, {second} after {self.second.made}"
        self.was_last = self.first.finished, self.second.finished

    def end(self) -> None:
        """Nobody comes any more, and staff have replayed what was given up."""
        self.sim.come_to_rest()
        assert (self.at, self.sim.lost_from_sight()) == (self.at, [])
        self.sim.redrive()
        assert_at_rest(self.sim, self.at)
        for hand, name in zip((self.first, self.second), self._names, strict=True):
            if name is a_cancellation:
                self._assert_answer_is_true(hand)

    def _assert_answer_is_true(self, hand: Hand) -> None:
        (order,) = self.sim.orders
        if isinstance(hand.answer, Order):
            assert (hand.answer.status, order.status) == ("CANCELLED", "CANCELLED"), self.at
        elif not isinstance(hand.answer, Died):
            assert isinstance(hand.answer, Conflict), self.at
            assert order.status == "FAILED", self.at


def every_meeting(new_sim: Callable[[], Simulation], one: Begin, other: Begin) -> Iterator[Meeting]:
    """Both hands stopped after every pair of numbers of calls, each of them having been first."""
    for other_first in (False, True):
        for first_calls in itertools.count():
            for second_calls in itertools.count(1):
                meeting = Meeting(new_sim(), one, other, other_first=other_first)
                meeting.stop_after(first_calls, second_calls)
                yield meeting
                if meeting.was_last[1]:
                    break
            if meeting.was_last[0]:
                break


def both_go_on(meeting: Meeting) -> None:
    meeting.first.run()
    meeting.second.run()


def the_first_dies(meeting: Meeting) -> None:
    meeting.first.die()
    meeting.second.run()


def the_second_dies(meeting: Meeting) -> None:
    meeting.second.die()
    meeting.first.run()


def spoken(function: Callable[..., object]) -> str:
    return function.__name__.replace("_", " ")
