"""Two at once on one order of the workflow `events`: a consumer, and another delivery, a cancellation or the
housekeeper. Whoever stops after whichever call for the other to go on, or dies there, the promises (§6) hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.orders.model import Order

from tests.reliability.bus import Consumer
from tests.reliability.hands import Hand, Work
from tests.reliability.queues import order_message
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import DECLINED, OUT_OF_STOCK, PAYS, TIMES_OUT, UNAVAILABLE
from tests.reliability.test_event_steps import STEPS, by_events
from tests.reliability.test_races import (
    FIRST_TRY,
    LAST_TRY,
    Begin,
    Meeting,
    a_cancellation,
    every_meeting,
    spoken,
    the_housekeeper_giving_up,
    the_housekeeper_handing_over,
    whatever_then,
)
from tests.support.combinations import each_pair

pytestmark = pytest.mark.slow

NOT_ANSWERED = [TIMES_OUT, UNAVAILABLE]
CHARGED_BY_EVENTS = [PAYS, DECLINED, *NOT_ANSWERED]


def the_consumer(role: str) -> Begin:
    """With all the messages that its queue holds."""

    def the_step(sim: Simulation, order: Order) -> Work:
        consumer = _consumer(sim, role)
        sim.bus.route()
        records = consumer.queue.receive()
        return lambda hand: _work_off(sim, consumer, records, hand)

    return the_step


def a_second_delivery_to(role: str) -> Begin:
    def a_second_delivery(sim: Simulation, order: Order) -> Work:
        _consumer(sim, role).queue.send(order_message(order.order_id))
        return the_consumer(role)(sim, order)

    return a_second_delivery


def _work_off(sim: Simulation, consumer: Consumer, records: Any, hand: Hand) -> None:
    if records:
        sim.work_consumer(consumer, records, sim.process_with(hand))


def _consumer(sim: Simulation, role: str) -> Consumer:
    return next(consumer for consumer in sim.bus.consumers if consumer.role == role)


def sim_before(role: str, story: Story, receives: int) -> Callable[[], Simulation]:
    """Whose order the steps before this one have worked on."""

    def new_sim() -> Simulation:
        sim = Simulation()
        sim.accept(story.command())
        for _ in range(STEPS.index(role)):
            sim.work_each_step()
        sim.bus.route()
        for message in _consumer(sim, role).queue.messages:
            message.receives = receives
        return sim

    return new_sim


@each_pair
@whatever_then
@pytest.mark.parametrize(
    "rival",
    [a_cancellation, None, the_housekeeper_handing_over, the_housekeeper_giving_up],
    ids=lambda rival: spoken(rival) if rival else "a second delivery",
)
@pytest.mark.parametrize(
    ("role", "story", "receives"),
    [
        *[pytest.param("inventory", story, FIRST_TRY, id=f"inventory, {story}") for story in (PAYS, OUT_OF_STOCK)],
        *[pytest.param("payment", story, FIRST_TRY, id=f"payment, {story}") for story in CHARGED_BY_EVENTS],
        *[pytest.param("payment", story, LAST_TRY, id=f"payment, {story}, last try") for story in NOT_ANSWERED],
        pytest.param("shipping", PAYS, FIRST_TRY, id=f"shipping, {PAYS}"),
    ],
)
def test_a_step_and_another_on_one_order(
    role: str, story: Story, receives: int, rival: Begin | None, then: Callable[[Meeting], None]
) -> None:
    new_sim = sim_before(role, by_events(story), receives)

    for meeting in every_meeting(new_sim, the_consumer(role), rival or a_second_delivery_to(role)):
        then(meeting)
        meeting.end()
