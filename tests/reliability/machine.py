"""Executions of the state machine, begun for orders of every kind."""

from __future__ import annotations

import pytest
from chalicelib.orders.views import staff_view

from tests.reliability.points import assert_at_rest
from tests.reliability.simulation import Simulation, Story
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
) -> tuple[Simulation, Execution]:
    """A simulation with an order in it, and its execution, not begun yet."""
    sim = Simulation()
    sim.ways = ways or {}
    sim.accept(story(fulfilment, method=method).command())
    sim.ways = {}
    (execution,) = sim.executions.values()
    return sim, execution


def status(sim: Simulation) -> str:
    return sim.order.status.value


def marked(sim: Simulation) -> bool:
    return bool(staff_view(sim.order)["needsAttention"])


def assert_comes_right(sim: Simulation, execution: Execution) -> None:
    """With nothing going wrong any more, the promises hold in the end."""
    sim.come_to_rest()
    assert_at_rest(sim, " → ".join(execution.states))
