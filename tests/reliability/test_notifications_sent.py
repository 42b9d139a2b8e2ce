"""No message to a customer is lost from sight: cut off at any call, it is sent, or staff see that it may not have been.
When they ask, it is sent once for each time of asking."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Conflict
from chalicelib.orders.discrepancies import Kind as Wrong

from tests.reliability.faults import Call, Fault, Kind, as_asked
from tests.reliability.points import every_point, notified
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import NOTIFIED, PAYS, every_kind, every_story
from tests.support.builders.examples import SETTINGS
from tests.support.combinations import each_pair

CLAIMED = ("sms-created", "sms-completed", "mail-confirmation")


def office(sim: Simulation) -> Services:
    """Staff, and the reconciler."""
    sim.fakes.dead_letter_queues = sim.dead_letters
    return Services(SETTINGS, sim.fakes)


def inspect(sim: Simulation) -> None:
    """When the orders are old enough to be looked at; and what that brings."""
    sim.clock.advance(3 * 3600)
    office(sim).operations.reconciliation()
    sim.tell()


def in_doubt(sim: Simulation) -> set[str]:
    """What staff see."""
    found = [finding for finding in sim.fakes.findings.all() if finding.kind is Wrong.MESSAGE_NOT_SENT]
    return {message for finding in found for message in finding.details} - {"status"}


def ask(sim: Simulation) -> None:
    try:
        office(sim).operations.resend_messages("anna", sim.order)
    except Conflict:
        return


def how_often(sim: Simulation) -> Counter[str]:
    return Counter(occasion for _, occasion in sim.facts().notified)


@each_pair
@every_kind
@every_story
@pytest.mark.parametrize("role", ["notify", "mail"])
def test_what_is_cut_off_anywhere_is_sent_or_in_doubt_and_sent_when_staff_ask(
    story: Story, role: str, kind: Kind
) -> None:
    for sim in every_point(story, role, kind):
        inspect(sim)
        doubtful = in_doubt(sim)
        assert notified(sim) | doubtful == NOTIFIED[story.ends]
        assert set(how_often(sim).values()) == {1}

        ask(sim)
        sim.tell()

        assert notified(sim) == NOTIFIED[story.ends]
        assert {message for message, times in how_often(sim).items() if times > 1} <= doubtful
        inspect(sim)
        assert in_doubt(sim) == set()


def test_a_mail_that_ses_refused_for_longer_than_lambda_tries_is_sent_when_it_takes_mails_again() -> None:
    def refusing(call: Call) -> object:
        return Fault(1, Kind.REFUSED)(call) if call.port == "mailer" else call.do()

    sim = Simulation({"mail": refusing})
    sim.accept(PAYS.command())
    sim.come_to_rest()
    assert "mail-confirmation" not in notified(sim)

    inspect(sim)

    assert notified(sim) == NOTIFIED["COMPLETED"]


@every_kind
def test_one_request_of_staff_sends_each_message_once_wherever_it_is_cut_off(kind: Kind) -> None:
    for number in itertools.count(1):
        sim = Simulation()
        sim.accept(PAYS.command())
        sim.work_orders()
        order = sim.order
        for message in CLAIMED:
            sim.fakes.claims.claim(f"{order.order_id}#{message}")  # and then the process died
        sim.come_to_rest()
        sim.clock.advance(300)
        assert notified(sim) == set()
        fault = Fault(number, kind)

        sim.plans["notify"] = fault
        ask(sim)
        sim.tell()
        sim.plans["notify"] = as_asked
        assert set(how_often(sim).values()) <= {1}
        if not fault.hit:
            assert notified(sim) == set(CLAIMED)
            return

        sim.clock.advance(300)
        ask(sim)
        sim.tell()
        assert notified(sim) == set(CLAIMED), str(fault)
        assert max(how_often(sim).values()) <= 2
