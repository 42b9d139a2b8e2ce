"""The state machine while something does not answer: it waits as the other drivers do, and fails no order for an outage
of minutes. What an operator must repair is waited for as long as an execution may take."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from chalicelib.inventory.model import Stock
from chalicelib.kit.clock import from_iso
from chalicelib.payments.model import GatewayAnswer

from tests.reliability.machine import (
    COMPENSATIONS,
    ENDS,
    MARKING,
    TELLING,
    WORKING,
    assert_comes_right,
    marked,
    started,
    status,
)
from tests.reliability.simulation import IN_STOCK, Simulation
from tests.support.combinations import each_pair
from tests.support.state_machine import DEFINITION, Execution, TaskFailed, Way

PASSES = ["TemporarilyUnavailable", "Lambda.TooManyRequestsException", "Runtime.ExitError", "Sandbox.Timedout"]
NEEDS_AN_OPERATOR = ["ConfigurationError", "Lambda.ResourceNotFoundException", "Lambda.AWSLambdaException"]
MINUTES = 60.0
FULFILMENT = {"ConfirmOrder": "manual"}

every_step = pytest.mark.parametrize("state", [*WORKING, *TELLING])
every_seed = pytest.mark.parametrize("seed", range(5))
passes = pytest.mark.parametrize("error", PASSES)
needs_an_operator = pytest.mark.parametrize("error", NEEDS_AN_OPERATOR)


def begun(state: str, ways: dict[str, Way] | None = None, seed: int = 0, method: str = "pm_card_visa") -> Any:
    """A simulation and its execution, whose waits take the simulation's time."""
    sim, execution = started(FULFILMENT.get(state, "auto"), ways, method)
    execution.sleep, execution.jitter = sim.clock.advance, random.Random(seed).random
    return sim, execution


def down(sim: Simulation, execution: Execution, state: str, error: str, seconds: float) -> None:
    """Every call of the state's function ends in `error`, until so long after its first."""
    invoke, since = execution.invoke, list[Any]()

    def invoke_or_fail(called: str, function: str, payload: Any) -> Any:
        if called == state:
            now = from_iso(sim.clock.now())
            since.append(now)
            if now - since[0] < timedelta(seconds=seconds):
                raise TaskFailed(error)
        return invoke(called, function, payload)

    execution.invoke = invoke_or_fail


@each_pair
@every_seed
@pytest.mark.parametrize("seconds", [20, 5 * MINUTES])
@passes
@every_step
def test_a_step_that_does_not_answer_for_minutes_fails_no_order(
    state: str, error: str, seconds: float, seed: int
) -> None:
    sim, execution = begun(state, seed=seed)
    down(sim, execution, state, error, seconds)

    execution.run()

    assert execution.states[-2:] == ["GenerateReceipt", "OrderSucceeded"]
    assert status(sim) == ENDS[FULFILMENT.get(state, "auto")]
    assert not marked(sim)
    assert execution.waited < seconds + 2 * MINUTES  # it is noticed soon that the outage is over
    assert_comes_right(sim, execution)


@each_pair
@every_seed
@pytest.mark.parametrize("error", [*PASSES, "GatewayTimeout"])
@pytest.mark.parametrize("state", COMPENSATIONS)
def test_a_compensation_waits_out_an_outage_too(state: str, error: str, seed: int) -> None:
    sim, execution = begun(state, {"UpdateInventory": Way.ERROR_AFTER}, seed)
    down(sim, execution, state, error, 5 * MINUTES)

    execution.run()

    assert (execution.status, status(sim), marked(sim)) == ("SUCCEEDED", "FAILED", False)
    assert sim.fakes.store.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK, 0)
    assert_comes_right(sim, execution)


@pytest.mark.parametrize("state", MARKING)
def test_marking_an_order_waits_out_an_outage_too(state: str) -> None:
    ways = {"GenerateReceipt": Way.ERROR_BEFORE, "ReleaseInventory": Way.ERROR_BEFORE}
    fails = {"ProcessPayment": Way.ERROR_BEFORE} if state == "CompensationFailed" else {}
    sim, execution = begun(state, {**ways, **fails})
    down(sim, execution, state, "TemporarilyUnavailable", 5 * MINUTES)

    execution.run()

    assert marked(sim)
    assert "AttentionNotMarked" not in execution.states


@passes
def test_an_outage_is_waited_for_a_quarter_of_an_hour_before_stock_and_money_are_given_back(error: str) -> None:
    waited = []
    for seed in range(30):
        sim, execution = begun("ReserveInventory", seed=seed)
        down(sim, execution, "ReserveInventory", error, 3600)
        execution.run()
        waited.append(execution.waited)
        assert (execution.status, status(sim)) == ("SUCCEEDED", "FAILED")

    assert sum(waited) / len(waited) > 14 * MINUTES
    assert 8 * MINUTES < min(waited) <= max(waited) < 30 * MINUTES


@each_pair
@every_seed
@needs_an_operator
@every_step
def test_what_an_operator_must_repair_is_waited_for_and_fails_no_order(state: str, error: str, seed: int) -> None:
    sim, execution = begun(state, seed=seed)
    down(sim, execution, state, error, 50 * MINUTES)

    execution.run()

    assert execution.states[-2:] == ["GenerateReceipt", "OrderSucceeded"]
    assert status(sim) == ENDS[FULFILMENT.get(state, "auto")]
    assert not marked(sim)
    assert_comes_right(sim, execution)


@needs_an_operator
@pytest.mark.parametrize("state", [*WORKING, *TELLING, *COMPENSATIONS])
def test_an_execution_that_is_out_of_time_leaves_the_order_to_the_housekeeper(state: str, error: str) -> None:
    ways = {"UpdateInventory": Way.ERROR_AFTER} if state in COMPENSATIONS else {}
    sim, execution = begun(state, ways)
    down(sim, execution, state, error, 2 * DEFINITION["TimeoutSeconds"])

    execution.run()

    assert (execution.status, execution.states[-1]) == ("TIMED_OUT", state)  # this rings
    assert status(sim) != "FAILED"
    assert sim.order.open
    assert_comes_right(sim, execution)


@pytest.mark.parametrize(
    ("prepare", "method"),
    [
        (lambda sim: None, "pm_card_chargeDeclined"),
        (lambda sim: sim.fakes.store.stock.update(LAPTOP001=Stock("LAPTOP001", 0, 0)), "pm_card_visa"),
    ],
    ids=["declined", "out of stock"],
)
def test_what_no_repetition_changes_ends_at_once(prepare: Callable[[Simulation], None], method: str) -> None:
    sim, execution = begun("", method=method)
    prepare(sim)

    execution.run()

    assert (execution.status, execution.waited, set(execution.attempts.values())) == ("SUCCEEDED", 0, {1})
    assert status(sim) == "FAILED"


@every_seed
def test_a_payment_provider_that_is_silent_for_some_seconds_declines_nothing(seed: int) -> None:
    sim, execution = begun("ProcessPayment", seed=seed)
    down(sim, execution, "ProcessPayment", "GatewayTimeout", 3)

    execution.run()

    assert status(sim) == "COMPLETED"


def test_a_payment_provider_that_stays_silent_is_asked_for_half_a_minute_at_most() -> None:
    waited = []
    for seed in range(30):
        sim, execution = begun("ProcessPayment", seed=seed, method="pm_sim_unavailable")
        execution.run()
        failure = sim.order.failure
        assert failure
        assert (status(sim), failure.code) == ("FAILED", "PAYMENT_UNAVAILABLE")
        assert execution.attempts["ProcessPayment"] == 6
        waited.append(execution.waited)

    assert max(waited) <= 31
    assert sum(waited) / len(waited) > 12


def test_a_refund_is_asked_for_until_the_provider_answers() -> None:
    sim, execution = begun("RefundPayment", {"UpdateInventory": Way.ERROR_AFTER})
    down(sim, execution, "RefundPayment", "GatewayTimeout", 10 * MINUTES)

    execution.run()

    answer: GatewayAnswer = sim.fakes.gateway.done[f"{sim.order.order_id}:refund"]
    assert (answer.approved, status(sim), marked(sim)) == (True, "FAILED", False)
