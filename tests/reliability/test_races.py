"""Two at once on one order: whoever of them stops after whichever of its calls for the other to go on, and whether or
not one of them dies there, the promises of the contract (§6) hold, and what a customer was answered is true."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from tests.reliability.faults import Fault, Kind
from tests.reliability.meetings import (
    Begin,
    Meeting,
    a_cancellation,
    a_second_delivery,
    both_go_on,
    every_meeting,
    spoken,
    the_first_dies,
    the_housekeeper_giving_up,
    the_housekeeper_handing_over,
    the_second_dies,
    the_telling,
    the_workflow,
)
from tests.reliability.points import assert_at_rest, notified
from tests.reliability.queues import MAX_RECEIVES
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import CHARGED, OUT_OF_STOCK, PAYS, TIMES_OUT, UNAVAILABLE, every_charge
from tests.support.combinations import each_pair, each_value

pytestmark = pytest.mark.slow

whatever_then = pytest.mark.parametrize("then", [both_go_on, the_first_dies, the_second_dies], ids=spoken)
FIRST_TRY, LAST_TRY = 0, MAX_RECEIVES - 1


@each_pair
@whatever_then
@pytest.mark.parametrize(
    "rival", [a_cancellation, a_second_delivery, the_housekeeper_handing_over, the_housekeeper_giving_up], ids=spoken
)
@pytest.mark.parametrize(
    ("story", "receives"),
    [
        *[pytest.param(story, FIRST_TRY, id=f"{story}, first try") for story in [*CHARGED, OUT_OF_STOCK]],
        *[pytest.param(story, LAST_TRY, id=f"{story}, last try") for story in [TIMES_OUT, UNAVAILABLE]],
    ],
)
def test_the_workflow_and_another_on_one_order(
    story: Story, receives: int, rival: Begin, then: Callable[[Meeting], None]
) -> None:
    def new_sim() -> Simulation:
        sim = Simulation()
        sim.accept(story.command())
        sim.order_queue.messages[0].receives = receives
        sim.fakes.tries.counted["orders", "m-1"] = receives
        return sim

    for meeting in every_meeting(new_sim, the_workflow, rival):
        then(meeting)
        meeting.end()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_cancellation, a_cancellation),
        (a_cancellation, the_housekeeper_giving_up),
        (the_housekeeper_giving_up, the_housekeeper_giving_up),
    ],
    ids=spoken,
)
def test_two_who_call_off_an_order_that_was_left_anywhere(one: Begin, other: Begin) -> None:
    for left_at in itertools.count(1):
        death = Fault(left_at, Kind.DIES_AFTER)

        def new_sim(left_at: int = left_at, death: Fault = death) -> Simulation:
            death.number, death.made = left_at, 0
            sim = Simulation()
            sim.accept(PAYS.command())
            sim.work_batch(sim.process_with(death), sim.order_queue.receive())
            return sim

        for meeting in every_meeting(new_sim, one, other):
            both_go_on(meeting)
            meeting.end()
        if not death.hit:
            return


@each_value
@whatever_then
@every_charge
def test_the_customer_is_told_while_the_order_is_cancelled(story: Story, then: Callable[[Meeting], None]) -> None:
    def new_sim() -> Simulation:
        sim = Simulation()
        sim.accept(story.command())
        sim.work_orders()
        return sim

    for meeting in every_meeting(new_sim, the_telling, a_cancellation):
        then(meeting)
        meeting.end()


def test_an_order_cancelled_before_its_receipt_is_mailed_brings_no_news_of_success() -> None:
    sim = Simulation()
    order = sim.placed(PAYS.command())
    sim.work_orders()
    sim.tell()

    sim.cancel(order.order_id)
    sim.come_to_rest()

    assert "mail-confirmation" not in notified(sim)
    assert "mail-notice" in notified(sim)
    assert_at_rest(sim, "after the cancellation")
