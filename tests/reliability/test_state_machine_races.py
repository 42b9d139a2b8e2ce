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
from tests.reliability.simulation import IN_STOCK, Simulation
from tests.support.combinations import each_pair
from tests.support.state_machine import Execution, Way


def every_boundary(fulfilment: str) -> Iterator[tuple[int, Simulation, Execution, str]]:
    """A new simulation for each boundary, with its execution stopped there, and the boundary's name."""
    for n in itertools.count(1):
        sim, execution = started(fulfilment)
        walk = execution.walk()
        passed = list(itertools.islice(walk, n))
        if len(passed) < n:
            return
        yield n, sim, execution, passed[-1]


@both
def test_the_housekeeper_starts_a_second_execution_where_the_first_died(fulfilment: str) -> None:
    for _, sim, execution, boundary in every_boundary(fulfilment):
        sim.come_to_rest()

        assert (boundary, status(sim)) == (boundary, ENDS[fulfilment])
        assert len(sim.executions) <= 2
        assert_at_rest(sim, f"died {boundary}: {execution.states}")


@both
@pytest.mark.parametrize("method", ["pm_card_visa", "pm_card_chargeDeclined", "pm_sim_timeoutOnce"])
def test_two_executions_of_one_order_at_once_end_as_one(method: str, fulfilment: str) -> None:
    for ahead in range(30):
        sim, first = started(fulfilment, method=method)
        second = sim.execution(sim.order.order_id)
        walks = [first.walk(), second.walk()]
        list(itertools.islice(walks[0], ahead))
        for _ in itertools.zip_longest(*walks):  # from here on in turns
            pass

        assert {first.status, second.status} == {"SUCCEEDED"}, ahead
        assert status(sim) == ("FAILED" if "Declined" in method else ENDS[fulfilment])
        sim.come_to_rest()
        assert_at_rest(sim, f"{ahead} boundaries ahead")


@each_pair
@both
@pytest.mark.parametrize("way", [Way.ERROR_BEFORE, Way.ERROR_AFTER])
@pytest.mark.parametrize("state", WORKING)
def test_one_execution_compensates_while_another_goes_on(state: str, way: Way, fulfilment: str) -> None:
    for ahead in range(0, 24, 2):
        sim, first = started(fulfilment, {state: way})
        second = sim.execution(sim.order.order_id)
        walks = [first.walk(), second.walk()]
        list(itertools.islice(walks[0], ahead))
        for _ in itertools.zip_longest(*walks):
            pass

        sim.come_to_rest()
        assert_at_rest(sim, f"{state}: {way}, {ahead} boundaries ahead of {second.states}")


@both
def test_an_order_cancelled_at_any_boundary_owes_nobody_anything(fulfilment: str) -> None:
    for n in itertools.count(1):
        sim, execution = started(fulfilment)
        walk = execution.walk()
        if len(list(itertools.islice(walk, n))) < n:
            return
        answer = sim.cancel(sim.order.order_id)
        for _ in walk:
            pass

        assert isinstance(answer, Order)
        assert answer.status is Status.CANCELLED
        assert execution.status == "SUCCEEDED"
        assert not marked(sim)
        sim.come_to_rest()
        assert status(sim) == "CANCELLED"
        assert sim.fakes.store.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK, 0)
        assert_at_rest(sim, f"cancelled at boundary {n}: {execution.states}")


def test_what_was_shipped_is_neither_driven_on_nor_taken_back() -> None:
    """The confirmation's answer was lost, staff were quick to ship a part of it, and an hour goes by."""
    sim, execution = started("manual", {"ConfirmOrder": Way.ERROR_AFTER})
    walk = execution.walk()
    while next(walk) != "after ConfirmOrder":
        pass
    services = sim.process("staff")
    services.workflow.ship.ship(sim.order, "PostNL", "3S1", {"LAPTOP001": 1})

    for _ in walk:
        pass
    sim.clock.advance(4000)
    sim.housekeeper()

    assert execution.status == "SUCCEEDED"
    assert status(sim) == "COMPLETED"
    assert not sim.order.open
    assert sim.fakes.store.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK - 1, 0)


@pytest.mark.parametrize("workflow", ["queue", "stepfunctions"])
@pytest.mark.parametrize("seconds", [61, 600, 4000])
def test_an_order_shipped_in_part_waits_for_the_rest(workflow: str, seconds: float) -> None:
    sim = Simulation()
    placed = story("manual").command()
    lines = tuple(replace(line, quantity=2) for line in placed.lines)
    sim.accept(replace(placed, lines=lines, workflow=workflow, total_amount=placed.total_amount * 2))
    sim.come_to_rest()
    staff = sim.process("staff")
    staff.workflow.ship.ship(sim.order, "PostNL", "3S1", {"LAPTOP001": 1})

    sim.clock.advance(seconds)
    for _ in range(3):
        sim.housekeeper()
        sim.work_orders()
        sim.work_executions()

    assert status(sim) == "FULFILLMENT"
    staff.workflow.ship.ship(sim.order, "PostNL", "3S2", None)
    assert status(sim) == "COMPLETED"
    assert not sim.order.open
