"""The state machine, with others at the same order: a second execution, a customer who cancels, staff who ship."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from chalicelib.inventory.model import Stock
from chalicelib.orders.model import Order, Status

from tests.reliability.machine import (
    ENDS,
    WORKING,
    both,
    marked,
    started,
    status,
    story,
)
from tests.reliability.points import assert_at_rest
from tests.reliability.world import IN_STOCK, World
from tests.support.combinations import each_pair
from tests.support.state_machine import Execution, Way


def every_boundary(fulfilment: str) -> Iterator[tuple[int, World, Execution, str]]:
    """A new world for each boundary, with its execution stopped there, and the boundary's name."""
    for n in itertools.count(1):
        world, execution = started(fulfilment)
        walk = execution.walk()
        passed = list(itertools.islice(walk, n))
        if len(passed) < n:
            return
        yield n, world, execution, passed[-1]


@both
def test_the_housekeeper_starts_a_second_execution_where_the_first_died(fulfilment: str) -> None:
    for _, world, execution, boundary in every_boundary(fulfilment):
        world.come_to_rest()

        assert (boundary, status(world)) == (boundary, ENDS[fulfilment])
        assert len(world.executions) <= 2
        assert_at_rest(world, f"died {boundary}: {execution.states}")


@both
@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined", "pm_sim_timeoutOnce"])
def test_two_executions_of_one_order_at_once_end_as_one(method: str, fulfilment: str) -> None:
    for ahead in range(30):
        world, first = started(fulfilment, method=method)
        second = world.execution(world.order.order_id)
        walks = [first.walk(), second.walk()]
        list(itertools.islice(walks[0], ahead))
        for _ in itertools.zip_longest(*walks):  # from here on in turns
            pass

        assert {first.status, second.status} == {"SUCCEEDED"}, ahead
        assert status(world) == ("FAILED" if "Declined" in method else ENDS[fulfilment])
        world.come_to_rest()
        assert_at_rest(world, f"{ahead} boundaries ahead")


@each_pair
@both
@pytest.mark.parametrize("way", [Way.ERROR_BEFORE, Way.ERROR_AFTER])
@pytest.mark.parametrize("state", WORKING)
def test_one_execution_compensates_while_another_goes_on(state: str, way: Way, fulfilment: str) -> None:
    for ahead in range(0, 24, 2):
        world, first = started(fulfilment, {state: way})
        second = world.execution(world.order.order_id)
        walks = [first.walk(), second.walk()]
        list(itertools.islice(walks[0], ahead))
        for _ in itertools.zip_longest(*walks):
            pass

        world.come_to_rest()
        assert_at_rest(world, f"{state}: {way}, {ahead} boundaries ahead of {second.states}")


@both
def test_an_order_called_off_at_any_boundary_owes_nobody_anything(fulfilment: str) -> None:
    for n in itertools.count(1):
        world, execution = started(fulfilment)
        walk = execution.walk()
        if len(list(itertools.islice(walk, n))) < n:
            return
        answer = world.cancel(world.order.order_id)
        for _ in walk:
            pass

        assert isinstance(answer, Order)
        assert answer.status is Status.CANCELLED
        assert execution.status == "SUCCEEDED"
        assert not marked(world)
        world.come_to_rest()
        assert status(world) == "CANCELLED"
        assert world.fakes.store.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK, 0)
        assert_at_rest(world, f"called off at boundary {n}: {execution.states}")


def test_what_was_shipped_is_neither_driven_on_nor_taken_back() -> None:
    """The confirmation's answer was lost, staff were quick to ship a part of it, and an hour goes by."""
    world, execution = started("manual", {"ConfirmOrder": Way.ERROR_AFTER})
    walk = execution.walk()
    while next(walk) != "after ConfirmOrder":
        pass
    services = world.process("staff")
    services.workflow.ship.ship(world.order, "PostNL", "3S1", {"LAPTOP001": 1})

    for _ in walk:
        pass
    world.clock.advance(4000)
    world.housekeeper()

    assert execution.status == "SUCCEEDED"
    assert status(world) == "COMPLETED"
    assert not world.order.open
    assert world.fakes.store.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK - 1, 0)


@pytest.mark.parametrize("workflow", ["queue", "stepfunctions"])
@pytest.mark.parametrize("seconds", [61, 600, 4000])
def test_an_order_shipped_in_part_waits_for_the_rest(workflow: str, seconds: float) -> None:
    world = World()
    placed = story("manual").command()
    lines = tuple(replace(line, quantity=2) for line in placed.lines)
    world.accept(replace(placed, lines=lines, workflow=workflow, total_amount=placed.total_amount * 2))
    world.come_to_rest()
    staff = world.process("staff")
    staff.workflow.ship.ship(world.order, "PostNL", "3S1", {"LAPTOP001": 1})

    world.clock.advance(seconds)
    for _ in range(3):
        world.housekeeper()
        world.work_orders()
        world.work_executions()

    assert status(world) == "FULFILLMENT"
    staff.workflow.ship.ship(world.order, "PostNL", "3S2", None)
    assert status(world) == "COMPLETED"
    assert not world.order.open
