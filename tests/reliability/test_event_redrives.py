"""The same for the queues of the workflow `events`: what is sent back to them moves no money, goods or mail twice."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.reliability.bus import order_created
from tests.reliability.faults import Fault, Kind
from tests.reliability.points import assert_at_rest, assert_ends_as
from tests.reliability.queues import MAX_RECEIVES
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import PAYS, every_kind
from tests.reliability.test_event_steps import FLAT, FULL, GETS_TO_THE_GATEWAY, STEPS, STORIES, UNFIT, by_events
from tests.reliability.test_redrives import moved, redrive
from tests.support.combinations import each_pair


def die_again(sim: Simulation, *announced: Any) -> int:
    """Everything that was ever on the bus is among the dead letters, twice. How many that are."""
    for _ in range(2):
        sim.bus.come_late()
        for detail in announced:
            sim.bus.put(order_created(detail))
    for queue in sim.bus.queues.values():
        queue.bury_all()
    return sum(len(queue.dead) for queue in sim.bus.queues.values())


def redrive_all(sim: Simulation) -> int:
    return sum(redrive(sim, step).redriven for step in STEPS)


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_what_was_done_and_is_sent_back_moves_nothing(story: Story) -> None:
    sim = Simulation()
    sim.accept(story.command())
    sim.come_to_rest()
    before = moved(sim)

    for _ in range(2):
        dead = die_again(sim)
        assert redrive_all(sim) == dead
        sim.come_to_rest()

    assert moved(sim) == before
    assert_at_rest(sim, "after the redrive")


@pytest.mark.parametrize("detail", [FULL, FLAT, UNFIT], ids=["full", "flat", "unfit"])
def test_an_announcement_that_was_followed_and_is_sent_back_is_no_second_order(detail: dict[str, Any]) -> None:
    sim = Simulation()
    sim.bus.put(order_created(detail))
    sim.come_to_rest()
    before = moved(sim)

    dead = die_again(sim, detail)
    assert redrive_all(sim) == dead
    sim.come_to_rest()

    assert moved(sim) == before


def cut_off(story: Story, role: str, kind: Kind) -> Iterator[Simulation]:
    """The simulations in which a step was cut off each time at its first call, at its second, …"""
    for number in itertools.count(1):
        fault = Fault(number, kind, times=MAX_RECEIVES)
        sim = Simulation({role: fault})
        sim.accept(story.command())
        sim.work_steps()
        for queue in sim.bus.queues.values():
            queue.bury()
        if not fault.hit:
            return
        yield sim


@each_pair
@every_kind
@pytest.mark.parametrize("role", STEPS)
@pytest.mark.parametrize("story", GETS_TO_THE_GATEWAY, ids=str)
def test_what_was_half_done_and_is_sent_back_is_done_once(story: Story, role: str, kind: Kind) -> None:
    for sim in cut_off(story, role, kind):
        copies = [message.body for message in sim.bus.queues[role].dead]
        dead = sum(len(queue.dead) for queue in sim.bus.queues.values())
        assert redrive_all(sim) == dead
        for body in copies:
            sim.bus.queues[role].send(body)  # the sender died before deleting it
        sim.come_to_rest()

        assert_ends_as(story, sim.order, late=True)
        assert_at_rest(sim, f"{story}: {role} {kind}, redriven")


@pytest.mark.parametrize("role", STEPS)
def test_the_walk_finds_dead_letters_of_each_step(role: str) -> None:
    """Else an empty walk would prove the promises."""
    assert sum(len(w.bus.queues[role].dead) for w in cut_off(by_events(PAYS), role, Kind.REFUSED)) >= 1
