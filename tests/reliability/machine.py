"""Executions of the state machine, begun for orders of every kind."""

from __future__ import annotations

import pytest
from chalicelib.orders.views import staff_view

from tests.reliability.points import assert_at_rest
from tests.reliability.world import Story, World
from tests.support.state_machine import TASKS, Execution, Way

ENDS = {"auto": "COMPLETED", "manual": "CONFIRMED"}
COMPENSATIONS = ("ReleaseInventory", "RefundPayment", "FailOrder")
MARKING = ("NotTold", "CompensationFailed")
TELLING = ("SendNotification", "GenerateReceipt")
WORKING = [s for s in TASKS if s not in (*COMPENSATIONS, *MARKING, *TELLING)]

both = pytest.mark.parametrize("fulfilment", ["auto", "manual"])


def story(fulfilment: str, ends: str = "", error: str | None = None, method: str = "pm_card_visa") -> Story:
    order = {"workflow": "stepfunctions", "fulfilment": fulfilment, "payment_method": method}
    return Story(f"{fulfilment}, {method}", ends or ENDS[fulfilment], error, order)


def started(
    fulfilment: str, ways: dict[str, Way] | None = None, method: str = "pm_card_visa"
) -> tuple[World, Execution]:
    """A world with an order in it, and its execution, not begun yet."""
    world = World()
    world.ways = ways or {}
    world.accept(story(fulfilment, method=method).command())
    world.ways = {}
    (execution,) = world.executions.values()
    return world, execution


def status(world: World) -> str:
    return world.order.status.value


def marked(world: World) -> bool:
    return bool(staff_view(world.order)["needsAttention"])


def assert_comes_right(world: World, execution: Execution) -> None:
    """With nothing going wrong any more, the promises hold in the end."""
    world.come_to_rest()
    assert_at_rest(world, " → ".join(execution.states))
