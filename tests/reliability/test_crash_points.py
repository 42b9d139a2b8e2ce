"""Kill the process, lose a reply or refuse a call, at every single call that any function makes: afterwards, when all
was delivered again and the housekeeper has been round, the promises of the contract (§6) hold."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from chalicelib.kit.errors import Conflict
from chalicelib.orders.model import Order

from tests.reliability.faults import Fault, Kind
from tests.reliability.points import assert_at_rest, assert_ends_as, every_point, notified
from tests.reliability.queues import MAX_RECEIVES
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import (
    NOTIFIED,
    PAYS,
    TIMES_OUT,
    UNAVAILABLE,
    every_charge,
    every_kind,
    every_story,
)
from tests.support.combinations import each_pair, each_value, nightly

CERTAIN = (Kind.REPEATED, Kind.REFUSED)
"""After these it is known whether the call was done, so that what happens at most once happens exactly once."""


@every_kind
@every_story
def test_work_that_is_cut_off_ends_as_if_it_had_not_been(story: Story, kind: Kind) -> None:
    for sim in every_point(story, "orders", kind):
        assert_ends_as(story, sim.order)
        assert notified(sim) == NOTIFIED[story.ends]


@every_kind
@every_story
def test_an_order_whose_acceptance_is_cut_off_is_not_there_or_ends(story: Story, kind: Kind) -> None:
    for sim in every_point(story, "accept", kind):
        if sim.orders:
            assert_ends_as(story, sim.order)


@every_kind
@every_story
def test_a_client_that_asks_again_with_its_key_has_one_order(story: Story, kind: Kind) -> None:
    def ask_until_answered(story: Story, sim: Simulation) -> None:
        placed = replace(story.command(), idempotency_key="key-1")
        while sim.accept(placed) is None:
            sim.clock.advance(1)
        sim.come_to_rest()

    for sim in every_point(story, "accept", kind, ask_until_answered):
        assert_ends_as(story, sim.order)


@each_value
@every_kind
@every_story
def test_telling_the_customer_cut_off_anywhere_tells_nobody_twice(story: Story, kind: Kind) -> None:
    for role in ("notify", "mail") if story.ends == "COMPLETED" else ("notify",):
        for sim in every_point(story, role, kind):
            assert_ends_as(story, sim.order)
            assert notified(sim) <= NOTIFIED[story.ends]
            assert notified(sim) == NOTIFIED[story.ends] or kind not in CERTAIN


@each_pair
@every_kind
@every_charge
@pytest.mark.parametrize("when", ["before it is worked on", "after it ended"])
def test_a_cancellation_that_is_cut_off_happens_whole_or_not_at_all(story: Story, when: str, kind: Kind) -> None:
    answers: list[Order | Exception | None] = []

    def cancel(story: Story, sim: Simulation) -> None:
        placed = sim.placed(story.command())
        if when == "after it ended":
            sim.come_to_rest()
        answers.append(sim.cancel(placed.order_id))
        sim.come_to_rest()

    for sim in every_point(story, "cancel", kind, cancel):
        order, answer = sim.order, answers[-1]
        if order.status != "CANCELLED":
            assert_ends_as(story, order)
        if isinstance(answer, Order):
            assert (answer.status, order.status) == ("CANCELLED", "CANCELLED")
        if isinstance(answer, Conflict):
            assert story.ends == "FAILED"


@each_value
@every_kind
@every_charge
def test_the_housekeeper_cut_off_while_handing_over_again_hands_over_later(story: Story, kind: Kind) -> None:
    def hand_over_lost(story: Story, sim: Simulation) -> None:
        sim.accept(story.command())
        sim.order_queue.messages.clear()
        sim.come_to_rest()

    for sim in every_point(story, "housekeeper", kind, hand_over_lost):
        assert_ends_as(story, sim.order)


@pytest.mark.slow
@each_value
@pytest.mark.parametrize("kind", [Kind.DIES_BEFORE, Kind.DIES_AFTER, Kind.REPLY_LOST])
@every_charge
def test_the_housekeeper_cut_off_while_ending_what_others_left_ends_it(story: Story, kind: Kind) -> None:
    """Whoever worked on the order died at any of its calls, and nobody takes it up for an hour."""
    for left_at in itertools.count(1):
        death = Fault(left_at, Kind.DIES_AFTER)

        def nobody_works(story: Story, sim: Simulation, left_at: int = left_at, death: Fault = death) -> None:
            death.number, death.made = left_at, 0
            death.hit.clear()
            sim.accept(story.command())
            sim.work_batch(sim.process_with(death), sim.order_queue.receive())
            sim.order_queue.bury_all()
            sim.housekeeper()
            sim.order_queue.bury_all()
            sim.clock.advance(3600)
            while any(order.open for order in sim.orders):
                sim.housekeeper()
                sim.order_queue.bury_all()
            sim.redrive()

        for sim in every_point(story, "housekeeper", kind, nobody_works):
            assert sim.order.status in {story.ends, "FAILED"}
        if not death.hit:
            return


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST])
@pytest.mark.parametrize("story", [PAYS, TIMES_OUT, pytest.param(UNAVAILABLE, marks=nightly)], ids=str)
def test_two_cuts_in_a_row_are_no_worse_than_one(story: Story, kind: Kind) -> None:
    for first in itertools.count(1):
        reached = False
        for second in itertools.count(first + 1):
            faults = Fault(first, Kind.DIES_AFTER), Fault(second, kind)
            sim = Simulation({"orders": lambda call, f=faults: f[0](replace(call, do=lambda: f[1](call)))})
            sim.accept(story.command())
            sim.come_to_rest()
            reached = reached or bool(faults[0].hit)
            if not faults[1].hit:
                break
            assert_at_rest(sim, f"{story}; {faults[0]}; {faults[1]}")
            assert_ends_as(story, sim.order)
        if not reached:
            return


@pytest.mark.slow
@each_value
@every_kind
@every_story
def test_what_fails_each_time_at_the_same_call_is_seen_by_staff_and_ends_after_a_redrive(
    story: Story, kind: Kind
) -> None:
    def until_redriven(story: Story, sim: Simulation) -> None:
        sim.accept(story.command())
        sim.work_orders()
        assert not sim.lost_from_sight()
        sim.redrive()

    for role in ("orders", "notify"):
        for sim in every_point(story, role, kind, until_redriven, times=MAX_RECEIVES):
            assert_ends_as(story, sim.order, late=True)


def test_the_walk_visits_every_call_of_a_paid_order() -> None:
    """Else an empty walk would prove the promises."""
    points = {
        role: sum(1 for _ in every_point(PAYS, role, Kind.DIES_BEFORE)) for role in ("accept", "orders", "notify")
    }

    assert points["accept"] == 3  # a new process leases order numbers first
    assert points["orders"] >= 8
    assert points["notify"] >= 8
