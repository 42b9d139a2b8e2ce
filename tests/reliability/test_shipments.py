"""Whoever ships, reports or tells of a shipment may die at any call, or not hear the answer: done once more, the
shipment is there once, where it was last seen, its event is published, and the customer got one mail for each occasion.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from chalicelib.bootstrap import Services
from chalicelib.fulfilment.carrier_report import Report
from chalicelib.kit.errors import NotFound
from chalicelib.orders.model import Order, ShipmentStatus

from tests.reliability.faults import Died, Fault, Kind, as_asked
from tests.reliability.points import assert_at_rest, notified
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import MANUAL, SEVERAL

AT = "2026-11-21T10:00:00.000Z"
STORIES = pytest.mark.parametrize("story", [SEVERAL, MANUAL], ids=str)
HOWEVER = pytest.mark.parametrize("kind", Kind)
Act = Callable[[Services, Order], object]


def ship(services: Services, order: Order) -> object:
    return services.workflow.ship.ship(order, "DHL", "JD1", None)


def report(services: Services, _order: Order) -> object:
    return services.workflow.ship.report(Report("DHL", "JD1", ShipmentStatus.LOST, AT))


def paid(story: Story) -> Simulation:
    sim = Simulation()
    sim.accept(story.command())
    sim.come_to_rest()
    return sim


def attempt(sim: Simulation, act: Act, plan: Callable[..., object]) -> bool:
    """False if the caller got an error, or no answer."""
    try:
        act(sim.process_with(plan), sim.order)
    except (Exception, Died):  # noqa: BLE001 - staff and carriers come again
        return False
    return True


def faults(kind: Kind) -> Iterator[Fault]:
    return (Fault(number, kind) for number in itertools.count(1))


@HOWEVER
@STORIES
def test_a_shipment_is_shipped_once_whatever_goes_wrong(story: Story, kind: Kind) -> None:
    for fault in faults(kind):
        sim = paid(story)

        attempt(sim, ship, fault)
        sim.come_to_rest()
        assert attempt(sim, ship, as_asked), f"again after {fault}"
        sim.come_to_rest()

        order = sim.order
        assert [s.name for s in order.shipments] == [("DHL", "JD1")], fault
        assert (order.status.value, order.open) == ("COMPLETED", False), fault
        assert "mail-shipped-DHL-JD1" in notified(sim), fault
        assert sim.fakes.shipments.order_of("DHL", "JD1") == order.order_id, fault
        assert_at_rest(sim, f"{story}; shipping {fault}")
        if not fault.hit:
            return


@HOWEVER
@STORIES
def test_a_report_is_taken_whatever_goes_wrong(story: Story, kind: Kind) -> None:
    for fault in faults(kind):
        sim = paid(story)
        attempt(sim, ship, as_asked)

        attempt(sim, report, fault)
        sim.come_to_rest()
        assert attempt(sim, report, as_asked), f"again after {fault}"
        sim.come_to_rest()

        order = sim.order
        assert [(s.status, s.at) for s in order.shipments] == [(ShipmentStatus.LOST, AT)], fault
        assert not order.open, fault
        assert "mail-lost-DHL-JD1" in notified(sim), fault
        assert_at_rest(sim, f"{story}; reporting {fault}")
        if not fault.hit:
            return


@HOWEVER
def test_a_report_that_comes_while_staff_die_is_never_lost(kind: Kind) -> None:
    """The carrier hears 404 until the shipment is stored, and 200 only when the report is."""
    for fault in faults(kind):
        sim = paid(SEVERAL)
        attempt(sim, ship, fault)

        try:
            report(sim.process_with(as_asked), sim.order)
            stored = True
        except NotFound:
            stored = False

        shipments = sim.order.shipments
        assert [s.status for s in shipments] == ([ShipmentStatus.LOST] if stored else []), fault
        if not fault.hit:
            return


@HOWEVER
def test_the_customer_is_mailed_once_for_each_occasion(kind: Kind) -> None:
    for fault in faults(kind):
        sim = paid(SEVERAL)
        attempt(sim, ship, as_asked)
        attempt(sim, report, as_asked)

        sim.plans["notify"] = fault
        sim.tell()
        sim.clock.advance(1000)
        sim.notifications.redrive()
        sim.tell()

        mails = [occasion for _, occasion in sim.facts().notified if occasion.startswith("mail-") and "JD1" in occasion]
        assert len(set(mails)) == len(mails), fault
        assert_at_rest(sim, f"telling {fault}")
        if not fault.hit:
            assert sorted(mails) == ["mail-lost-DHL-JD1", "mail-shipped-DHL-JD1"]
            return
