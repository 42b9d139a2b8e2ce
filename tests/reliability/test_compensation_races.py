"""A compensation under way while another driver works on the same order: whichever of their calls meet, no money goes
back for an order that succeeds, and none is kept for one that does not."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from chalicelib.orders.model import Order
from chalicelib.workflow.steps import OrderSteps

from tests.reliability.hands import Hand, Work
from tests.reliability.machine import WORKING, both, story
from tests.reliability.meetings import (
    Begin,
    Meeting,
    a_cancellation,
    both_go_on,
    every_meeting,
    spoken,
    the_first_dies,
    the_housekeeper_handing_over,
    the_second_dies,
)
from tests.reliability.simulation import Simulation
from tests.support.combinations import each_pair, each_value
from tests.support.state_machine import Way

pytestmark = pytest.mark.slow

NOTHING_HELD = ("ValidateOrder", "SaveOrder", "ReserveInventory")
MOST_CALLS = 80


def an_execution_that_fails(state: str, way: Way = Way.ERROR_BEFORE) -> Begin:
    def begin(sim: Simulation, order: Order) -> Work:
        sim.ways = {state: way}
        return lambda hand: sim.execution(order.order_id, hand).run()

    begin.__name__ = f"an execution failing in {state}"
    return begin


def another_execution(sim: Simulation, order: Order) -> Work:
    sim.ways = {}
    return lambda hand: sim.execution(order.order_id, hand).run()


def the_queue(sim: Simulation, order: Order) -> Work:
    """Staff who have it worked on by the other driver."""
    return lambda hand: steps(sim, hand).run_all(order.order_id)


def a_retry_by_staff(sim: Simulation, order: Order) -> Work:
    def retry(hand: Hand) -> Order:
        services = sim.process_with(hand)
        return services.workflow.retry(services.orders.queries.any(order.order_id))

    return retry


def steps(sim: Simulation, hand: Hand) -> OrderSteps:
    return sim.process_with(hand).workflow.steps


def placed(fulfilment: str, method: str = "pm_card_visa") -> Simulation:
    """Accepted, and its own execution was lost."""
    sim = Simulation()
    sim.accept(story(fulfilment, method=method).command())
    sim.executions.clear()
    return sim


@each_value
@pytest.mark.parametrize("then", [both_go_on, the_first_dies, the_second_dies], ids=spoken)
@pytest.mark.parametrize("state", NOTHING_HELD)
def test_compensating_what_holds_nothing_meets_another_driver_at_every_call(
    state: str, then: Callable[[Meeting], None]
) -> None:
    for meeting in every_meeting(lambda: placed("auto"), an_execution_that_fails(state), the_queue):
        then(meeting)
        meeting.end()


@each_pair
@both
@pytest.mark.parametrize(
    "rival", [the_queue, another_execution, the_housekeeper_handing_over, a_retry_by_staff, a_cancellation], ids=spoken
)
@pytest.mark.parametrize("way", [Way.ERROR_BEFORE, Way.ERROR_AFTER])
@pytest.mark.parametrize("state", WORKING)
def test_wherever_an_execution_fails_another_may_do_everything_at_any_of_its_calls(
    state: str, way: Way, rival: Begin, fulfilment: str
) -> None:
    for calls in itertools.count():
        meeting = Meeting(placed(fulfilment), an_execution_that_fails(state, way), rival, other_first=False)
        meeting.stop_after(calls, MOST_CALLS)
        both_go_on(meeting)
        meeting.end()
        if meeting.was_last[0]:
            return


@pytest.mark.parametrize("method", ["pm_card_chargeDeclined", "pm_sim_timeoutOnce", "pm_sim_unavailable"])
def test_a_payment_that_fails_meets_another_driver_at_every_call(method: str) -> None:
    for meeting in every_meeting(lambda: placed("auto", method), another_execution, the_queue):
        both_go_on(meeting)
        meeting.end()
