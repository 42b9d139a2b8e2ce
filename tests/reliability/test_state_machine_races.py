"""An execution of the state machine and somebody else on one order, each stopped after each of its calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from chalicelib.domain.order import Order

from tests.reliability.hands import Work
from tests.reliability.test_races import (
    Begin,
    Meeting,
    a_cancellation,
    both_go_on,
    every_meeting,
    the_housekeeper_giving_up,
)
from tests.reliability.world import Story, World

METHODS = ["pm_card_visa", "pm_sim_timeoutOnce", "pm_card_chargeDeclined"]


def an_execution(world: World, order: Order) -> Work:
    """Of the functions' calls, the hand's limit counts all of them, whichever function makes them."""
    for started in world.executions.values():
        started.states = started.states or ["taken"]  # nobody else shall run it
    return lambda hand: world.execution(order.order_id, hand).run()


def the_execution_dies(meeting: Meeting) -> None:
    dies, stays = (meeting.one, meeting.other)
    dies.die()
    stays.run()


def new_world(method: str, fulfilment: str) -> Callable[[], World]:
    placed = Story("", order={"workflow": "stepfunctions", "fulfilment": fulfilment, "payment_method": method})

    def make() -> World:
        world = World()
        world.accept(placed.command())
        return world

    return make


@pytest.mark.parametrize("act", [both_go_on, the_execution_dies])
@pytest.mark.parametrize("other", [a_cancellation, the_housekeeper_giving_up])
@pytest.mark.parametrize("fulfilment", ["auto", "manual"])
@pytest.mark.parametrize("method", METHODS)
def test_whoever_goes_on_no_promise_is_broken(
    method: str, fulfilment: str, other: Begin, act: Callable[[Meeting], None]
) -> None:
    for meeting in every_meeting(new_world(method, fulfilment), an_execution, other):
        act(meeting)
        meeting.end()
