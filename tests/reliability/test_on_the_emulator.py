"""The crash points once more, between the SDK and a real engine: here a call of a port may be several, and the SDK
repeats what got no answer before we hear of it. Which kinds meet which stories and roles by day, a selection says: in
memory all do (test_crash_points, test_event_steps)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from chalicelib.orders.model import Line, Order

from tests.reliability.cloud import Cloud, CloudSimulation
from tests.reliability.faults import Kind
from tests.reliability.simulation import Story
from tests.reliability.stories import DECLINED, PAYS, TIMES_OUT, every_kind
from tests.reliability.test_event_steps import by_events
from tests.reliability.wire import WireFault
from tests.support.combinations import each_value

DEADLY = [Kind.DIES_BEFORE, Kind.DIES_AFTER]
MANY = 100
"""One product more than a transaction takes."""
LARGE = Story(
    "an order of a hundred products",
    order={
        "lines": tuple(Line(f"LAPTOP{n:03d}", "", 1, Decimal("1299.99")) for n in range(MANY)),
        "total_amount": MANY * Decimal("1299.99"),
    },
)


def every_point(
    cloud: Cloud,
    story: Story,
    role: str,
    kind: Kind,
    play: Callable[[CloudSimulation], None] = CloudSimulation.come_to_rest,
) -> Iterator[CloudSimulation]:
    for number in itertools.count(1):
        fault = WireFault(number, kind)
        sim = CloudSimulation(cloud, story, role, fault)
        play(sim)
        if not fault.hit:
            assert number > 1, f"{role} made no call at all"
            return
        assert (str(fault), sim.broken_promises()) == (str(fault), [])
        yield sim


@every_kind
def test_a_paid_order_cut_off_anywhere_completes(cloud: Cloud, kind: Kind) -> None:
    for sim in every_point(cloud, PAYS, "orders", kind):
        assert sim.order().status == "COMPLETED"


@each_value
@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPEATED])
@pytest.mark.parametrize("story", [DECLINED, TIMES_OUT], ids=str)
def test_an_order_that_is_not_simply_paid_cut_off_anywhere_ends_as_it_should(
    cloud: Cloud, story: Story, kind: Kind
) -> None:
    for sim in every_point(cloud, story, "orders", kind):
        assert sim.order().status == story.ends


@pytest.mark.parametrize("kind", DEADLY)
def test_an_order_larger_than_a_transaction_cut_off_anywhere_completes(cloud: Cloud, kind: Kind) -> None:
    for sim in every_point(cloud, LARGE, "orders", kind):
        assert sim.order().status == "COMPLETED"


@each_value
@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST, Kind.REFUSED])
@pytest.mark.parametrize("role", ["inventory", "payment", "shipping"])
def test_a_step_of_the_workflow_events_cut_off_anywhere_is_taken_up_again(cloud: Cloud, role: str, kind: Kind) -> None:
    for sim in every_point(cloud, by_events(PAYS), role, kind):
        assert sim.order().status == "COMPLETED"


@each_value
@pytest.mark.parametrize("kind", DEADLY)
@pytest.mark.parametrize("role", ["inventory", "payment", "shipping"])
def test_a_step_of_an_order_larger_than_a_transaction_is_taken_up_again(cloud: Cloud, role: str, kind: Kind) -> None:
    for sim in every_point(cloud, by_events(LARGE), role, kind):
        assert sim.order().status == "COMPLETED"


@each_value
@pytest.mark.parametrize("kind", [Kind.DIES_AFTER, Kind.REPLY_LOST, Kind.REFUSED])
@pytest.mark.parametrize("role", ["notify", "mail"])
def test_telling_the_customer_cut_off_anywhere_tells_nobody_twice(cloud: Cloud, role: str, kind: Kind) -> None:
    for sim in every_point(cloud, PAYS, role, kind):
        assert sim.order().status == "COMPLETED"


@pytest.mark.parametrize(
    ("story", "kind"), [*((PAYS, kind) for kind in Kind), (LARGE, Kind.DIES_BEFORE), (LARGE, Kind.DIES_AFTER)], ids=str
)
def test_a_cancellation_cut_off_anywhere_gives_back_goods_and_money_or_neither(
    cloud: Cloud, story: Story, kind: Kind
) -> None:
    answers: list[Order | None] = []

    def cancel(sim: CloudSimulation) -> None:
        sim.come_to_rest()
        answers.append(sim.cancel())
        sim.come_to_rest()

    for sim in every_point(cloud, story, "cancel", kind, cancel):
        assert sim.order().status == "CANCELLED" or answers[-1] is None
