"""The state machine, with every state failing in every way: what the order ends as, what it leaves behind, and whether
staff see what could not be put right. The promises of the contract (§6) hold each time."""

from __future__ import annotations

import pytest
from chalicelib.inventory.model import Stock
from chalicelib.orders.model import Duty
from chalicelib.payments.model import GatewayAnswer

from tests.reliability.faults import Kind
from tests.reliability.machine import (
    COMPENSATIONS,
    ENDS,
    TELLING,
    WORKING,
    assert_comes_right,
    both,
    marked,
    started,
    status,
    story,
)
from tests.reliability.points import assert_ends_as, every_point
from tests.reliability.simulation import IN_STOCK, Simulation, Story
from tests.reliability.stories import every_kind
from tests.support.combinations import each_pair, each_value
from tests.support.state_machine import Way

ONLY_FOR = {"ConfirmOrder": "manual", "FulfilOrder": "auto", "CompleteOrder": "auto"}
LASTS = [way for way in Way if not way.passes]
PASSES = [way for way in Way if way.passes]

every_way = pytest.mark.parametrize("way", Way)
every_lasting_way = pytest.mark.parametrize("way", LASTS)


def on_the_way(*states: str) -> pytest.MarkDecorator:
    """The states, with each kind of order that comes to them."""
    met = [(s, f) for s in states for f in ENDS if ONLY_FOR.get(s, f) == f]
    return pytest.mark.parametrize(("state", "fulfilment"), met)


@every_way
@on_the_way(*WORKING)
def test_a_step_that_fails_is_tried_again_or_compensated(state: str, way: Way, fulfilment: str) -> None:
    sim, execution = started(fulfilment, {state: way})

    execution.run()

    assert execution.status == "SUCCEEDED"
    assert not marked(sim)
    if way.passes or (way.acts and state in ("ConfirmOrder", "CompleteOrder")):
        # What had already succeeded is not undone because its answer was lost.
        assert status(sim) == ENDS[fulfilment]
        assert sim.order.open is False
    else:
        assert status(sim) == "FAILED"
        assert sim.fakes.store.stock["LAPTOP001"] == Stock("LAPTOP001", IN_STOCK, 0)
    ended = status(sim)
    assert_comes_right(sim, execution)
    assert status(sim) == ended


@pytest.mark.parametrize("way", PASSES)
@on_the_way(*WORKING, *TELLING)
def test_what_passes_is_tried_once_more_and_the_customer_sees_nothing_of_it(
    state: str, way: Way, fulfilment: str
) -> None:
    _, execution = started(fulfilment, {state: way})

    execution.run()

    assert execution.attempts[state] == 2
    assert execution.states[-2:] == ["GenerateReceipt", "OrderSucceeded"]


@both
@every_lasting_way
@pytest.mark.parametrize("state", TELLING)
def test_a_paid_order_does_not_fail_because_telling_did(state: str, way: Way, fulfilment: str) -> None:
    sim, execution = started(fulfilment, {state: way})

    execution.run()

    assert execution.states[-2:] == ["NotTold", "OrderSucceeded"]
    assert status(sim) == ENDS[fulfilment]
    assert marked(sim) or not sim.order.open  # nothing is left that staff would have to look at
    assert_comes_right(sim, execution)
    assert not marked(sim)  # the housekeeper's second execution got through
    assert status(sim) == ENDS[fulfilment]


@both
@every_lasting_way
@pytest.mark.parametrize("state", COMPENSATIONS)
def test_a_compensation_that_fails_is_seen_by_staff(state: str, way: Way, fulfilment: str) -> None:
    """What was not undone at all goes on instead, when the housekeeper's execution finds nothing wrong any more."""
    sim, execution = started(fulfilment, {"UpdateInventory": Way.ERROR_AFTER, state: way})

    execution.run()

    assert (execution.status, execution.error) == ("FAILED", "NeedsAttention")  # this rings the alarm
    assert marked(sim) or not sim.order.open  # nothing is left that staff would have to look at
    assert_comes_right(sim, execution)
    untouched = state == "ReleaseInventory" and not way.acts
    assert status(sim) == (ENDS[fulfilment] if untouched else "FAILED")


@both
@pytest.mark.parametrize("way", PASSES)
@pytest.mark.parametrize("state", COMPENSATIONS)
def test_a_compensation_is_tried_again(state: str, way: Way, fulfilment: str) -> None:
    sim, execution = started(fulfilment, {"UpdateInventory": Way.ERROR_AFTER, state: way})

    execution.run()

    assert execution.status == "SUCCEEDED"
    assert status(sim) == "FAILED"
    assert not marked(sim)
    assert_comes_right(sim, execution)


@both
@every_way
def test_an_order_that_could_not_even_be_marked_rings_and_ends(way: Way, fulfilment: str) -> None:
    ways = {"ProcessPayment": Way.ERROR_AFTER, "RefundPayment": Way.ERROR_BEFORE, "CompensationFailed": way}
    sim, execution = started(fulfilment, ways)

    execution.run()

    assert execution.status == "FAILED"
    assert execution.states[-1] == ("NeedsAttention" if way.passes else "AttentionNotMarked")
    assert_comes_right(sim, execution)
    assert status(sim) == "FAILED"


@both
@every_lasting_way
def test_a_paid_order_that_could_not_be_marked_is_still_paid(way: Way, fulfilment: str) -> None:
    sim, execution = started(fulfilment, {"GenerateReceipt": Way.ERROR_BEFORE, "NotTold": way})

    execution.run()

    assert execution.status == "FAILED"
    assert_comes_right(sim, execution)
    assert status(sim) == ENDS[fulfilment]


@on_the_way(*WORKING, *TELLING)
def test_an_error_that_never_goes_away_ends_the_order_all_the_same(state: str, fulfilment: str) -> None:
    sim = Simulation()
    sim.ways = {state: Way.LATE, "ReleaseInventory": Way.ERROR_BEFORE}
    sim.accept(story(fulfilment).command())

    sim.come_to_rest()

    left = sim.order
    assert not left.open or (left.duties == {Duty.RECEIPT} and marked(sim))  # staff see that it has no receipt
    assert status(sim) in ("FAILED", ENDS[fulfilment])
    assert sim.broken == []


def test_a_refund_that_the_gateway_refuses_is_seen_by_staff() -> None:
    sim, execution = started("auto", {"UpdateInventory": Way.ERROR_AFTER})
    key = f"{sim.order.order_id}:refund"
    sim.fakes.gateway.done[key] = GatewayAnswer(False, "re_1", sim.order.total_amount, "REFUSED", "no")

    execution.run()

    assert execution.states[-1] == "NeedsAttention"
    assert marked(sim)
    sim.clock.advance(4000)
    sim.housekeeper()
    assert status(sim) == "FAILED"
    assert sim.order.open  # until somebody has seen to it


@each_pair
@both
@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("pm_card_chargeDeclined", "CARD_DECLINED"),
        ("pm_card_chargeDeclinedInsufficientFunds", "INSUFFICIENT_FUNDS"),
        ("pm_sim_unavailable", "PAYMENT_UNAVAILABLE"),
    ],
)
@every_lasting_way
@pytest.mark.parametrize("state", COMPENSATIONS)
def test_a_declined_payment_leaves_nothing_whatever_fails_then(
    state: str, way: Way, method: str, code: str, fulfilment: str
) -> None:
    sim, execution = started(fulfilment, {state: way}, method)

    execution.run()

    assert execution.status == "FAILED"
    assert_comes_right(sim, execution)
    assert_ends_as(story(fulfilment, "FAILED", code, method), sim.order)


STORIES = [
    story("auto"),
    story("manual"),
    story("auto", "FAILED", "CARD_DECLINED", "pm_card_chargeDeclined"),
    story("manual", "COMPLETED", None, "pm_sim_timeoutOnce"),
    story("auto", "FAILED", "PAYMENT_UNAVAILABLE", "pm_sim_unavailable"),
]


@each_value
@every_kind
@pytest.mark.parametrize("placed", STORIES, ids=str)
def test_a_step_cut_off_at_any_of_its_calls_breaks_no_promise(placed: Story, kind: Kind) -> None:
    for sim in every_point(placed, "machine", kind):
        assert status(sim) in ("FAILED", "COMPLETED", "CONFIRMED")


@pytest.mark.slow
@pytest.mark.parametrize("placed", STORIES, ids=str)
@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST])
def test_a_step_that_dies_for_ever_at_the_same_call_breaks_no_promise(placed: Story, kind: Kind) -> None:
    for sim in every_point(placed, "machine", kind, times=1000):
        assert not sim.order.open


@both
@pytest.mark.parametrize("boundary", range(18))
def test_an_order_that_is_damaged_on_the_way_ends_its_execution_visibly_and_goes_on_once_repaired(
    boundary: int, fulfilment: str
) -> None:
    sim, execution = started(fulfilment)
    order_id = sim.order.order_id
    walk = execution.walk()
    at = ""
    for _ in range(boundary):
        at = next(walk, "after GenerateReceipt")
    sim.fakes.store.damage("order", order_id)
    for _ in walk:
        pass

    ended = "OrderSucceeded" if at == "after GenerateReceipt" else "AttentionNotMarked"
    assert execution.states[-1] == ended
    assert execution.status == ("SUCCEEDED" if ended == "OrderSucceeded" else "FAILED")

    sim.fakes.store.damaged.clear()
    assert_comes_right(sim, execution)
    assert status(sim) == ENDS[fulfilment]
