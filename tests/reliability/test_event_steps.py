"""The workflow `events` with everything that can go wrong at every call of its three consumers: the order ends as if it
had not, the promises of the contract (§6) hold, and nothing goes round in circles."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.reliability.bus import order_created
from tests.reliability.faults import Fault, Kind
from tests.reliability.points import assert_at_rest, assert_ends_as, every_point, notified
from tests.reliability.queues import MAX_RECEIVES
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import ALL, CHARGED, NOTIFIED, OUT_OF_STOCK, PAYS, TIMES_OUT, UNAVAILABLE, every_kind
from tests.support.builders.examples import SETTINGS, body
from tests.support.combinations import each_pair, each_value

STEPS = ("inventory", "payment", "shipping")
MOST_EVENTS = 40
"""Of one order, with one fault, all delivered twice and once more late: far below what a circle would make. A step that
fails at each of its receives may publish each time."""


def by_events(story: Story) -> Story:
    return replace(story, order={**story.order, "workflow": "events"})


STORIES = [by_events(story) for story in ALL]
GETS_TO_THE_GATEWAY = [by_events(story) for story in CHARGED]

every_story = pytest.mark.parametrize("story", STORIES, ids=str)
every_charge = pytest.mark.parametrize("story", GETS_TO_THE_GATEWAY, ids=str)
every_step = pytest.mark.parametrize("role", STEPS)


def assert_no_circle(sim: Simulation, most: int = MOST_EVENTS) -> None:
    times = Counter(event_type for _, event_type in sim.facts().events)
    assert sum(times.values()) <= most, times


@each_pair
@every_kind
@every_step
@every_story
def test_a_step_that_is_cut_off_ends_as_if_it_had_not_been(story: Story, role: str, kind: Kind) -> None:
    for sim in every_point(story, role, kind):
        assert_ends_as(story, sim.order)
        assert notified(sim) == NOTIFIED[story.ends]
        assert_no_circle(sim)


@pytest.mark.slow
@each_value
@every_kind
@every_step
@every_story
def test_what_fails_each_time_at_the_same_call_is_seen_by_staff_and_ends_after_a_redrive(
    story: Story, role: str, kind: Kind
) -> None:
    def until_redriven(story: Story, sim: Simulation) -> None:
        sim.accept(story.command())
        sim.work_steps()
        assert not sim.lost_from_sight()
        sim.redrive()

    for sim in every_point(story, role, kind, until_redriven, times=MAX_RECEIVES):
        assert_ends_as(story, sim.order, late=True)
        assert_no_circle(sim, 2 * MOST_EVENTS)


@pytest.mark.slow
@each_value
@every_kind
@every_charge
def test_the_housekeeper_brings_on_what_any_step_left(story: Story, kind: Kind) -> None:
    """The worker on the order died at any of its calls, and the message was lost with it."""
    for left_at in itertools.count(1):
        death = Fault(left_at, Kind.DIES_AFTER)

        def left(story: Story, sim: Simulation, left_at: int = left_at, death: Fault = death) -> None:
            death.number, death.made, death.hit = left_at, 0, []
            sim.plans |= dict.fromkeys(STEPS, death)
            sim.accept(story.command())
            while not death.hit and sim.work_each_step():
                pass
            sim.bus.lose_all()
            sim.come_to_rest()

        for sim in every_point(story, "housekeeper", kind, left):
            assert_ends_as(story, sim.order)
            assert_no_circle(sim)
        if not death.hit:
            return


@each_pair
@every_kind
@every_step
@pytest.mark.parametrize("story", [by_events(s) for s in (PAYS, TIMES_OUT, UNAVAILABLE, OUT_OF_STOCK)], ids=str)
@pytest.mark.parametrize("after", range(4))
def test_an_order_cancelled_between_two_steps_stays_cancelled(story: Story, role: str, kind: Kind, after: int) -> None:
    def cancelled_on_the_way(story: Story, sim: Simulation) -> None:
        order = sim.placed(story.command())
        for _ in range(after):
            sim.work_each_step()
        sim.cancel(order.order_id)
        sim.come_to_rest()

    for sim in every_point(story, role, kind, cancelled_on_the_way):
        assert sim.order.status in {"CANCELLED", "FAILED"}
        assert_no_circle(sim)


# Orders that are announced on the bus, and not accepted before.

FULL: dict[str, Any] = {"orderId": "shop-4711", **body()}
FLAT = {"OrderId": "12345", "Product": "Gaming Laptop", "Quantity": 2, "Price": Decimal("1299.99")}
UNFIT = {**FLAT, "Price": "1299.99"}


def announced(detail: dict[str, Any], *times_later: float) -> Any:
    def play(story: Story, sim: Simulation) -> None:
        for later in (0, *times_later):
            sim.clock.advance(later)
            sim.bus.put(order_created(detail))
            sim.come_to_rest()

    return play


@each_pair
@every_kind
@every_step
@pytest.mark.parametrize("detail", [FULL, FLAT, UNFIT], ids=["full", "flat", "unfit"])
@pytest.mark.parametrize("again", [(), (0,), (86_400,), (40 * 86_400,)], ids=["once", "at once", "a day", "40 days"])
def test_an_announced_order_is_one_order_however_often_and_late_it_is_announced(
    detail: dict[str, Any], again: tuple[float, ...], role: str, kind: Kind
) -> None:
    for sim in every_point(PAYS, role, kind, announced(detail, *again)):
        order = sim.order
        assert order.owner == SETTINGS.outside_owner
        assert order.status == ("FAILED" if detail is UNFIT else "COMPLETED")
        assert (order.failure and order.failure.code) == ("INVALID_ORDER" if detail is UNFIT else None)
        assert len(sim.facts().gateway) == (0 if detail is UNFIT else 1)
        assert_no_circle(sim)


@pytest.mark.parametrize("disorder", [False, True], ids=["in order", "in disorder"])
def test_ten_announcements_at_once_are_one_order(disorder: bool) -> None:
    sim = Simulation(disorder=disorder)

    for _ in range(10):
        sim.bus.put(order_created(FULL))
    sim.come_to_rest()

    assert sim.order
    assert_at_rest(sim, "ten announcements")
    assert len(sim.facts().gateway) == 1


def test_the_walk_visits_every_call_of_a_paid_order() -> None:
    """Else an empty walk would prove the promises."""
    points = {role: sum(1 for _ in every_point(by_events(PAYS), role, Kind.DIES_BEFORE)) for role in STEPS}

    assert points.keys() == set(STEPS)
    assert all(found >= 3 for found in points.values())
