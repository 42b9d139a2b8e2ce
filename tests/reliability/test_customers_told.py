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
from tests.reliability.points import every_point, told
from tests.reliability.stories import PAYS, TOLD, every_kind, every_story
from tests.reliability.world import Story, World
from tests.support.builders.examples import SETTINGS
from tests.support.combinations import each_pair

CLAIMED = ("sms-created", "sms-completed", "mail-confirmation")


def office(world: World) -> Services:
    """Staff, and the reconciler."""
    world.fakes.dead_letter_queues = world.dead_letters
    return Services(SETTINGS, world.fakes)


def inspect(world: World) -> None:
    """When the orders are old enough to be looked at; and what that brings."""
    world.clock.advance(3 * 3600)
    office(world).operations.reconciliation()
    world.tell()


def in_doubt(world: World) -> set[str]:
    """What staff see."""
    found = [finding for finding in world.fakes.findings.all() if finding.kind is Wrong.MESSAGE_NOT_SENT]
    return {message for finding in found for message in finding.details} - {"status"}


def ask(world: World) -> None:
    try:
        office(world).operations.resend_messages("anna", world.order)
    except Conflict:
        return


def how_often(world: World) -> Counter[str]:
    return Counter(occasion for _, occasion in world.facts().told)


@each_pair
@every_kind
@every_story
@pytest.mark.parametrize("role", ["notify", "mail"])
def test_what_is_cut_off_anywhere_is_sent_or_in_doubt_and_sent_when_staff_ask(
    story: Story, role: str, kind: Kind
) -> None:
    for world in every_point(story, role, kind):
        inspect(world)
        doubtful = in_doubt(world)
        assert told(world) | doubtful == TOLD[story.ends]
        assert set(how_often(world).values()) == {1}

        ask(world)
        world.tell()

        assert told(world) == TOLD[story.ends]
        assert {message for message, times in how_often(world).items() if times > 1} <= doubtful
        inspect(world)
        assert in_doubt(world) == set()


def test_a_mail_that_ses_refused_for_longer_than_lambda_tries_is_sent_when_it_takes_mails_again() -> None:
    def refusing(call: Call) -> object:
        return Fault(1, Kind.REFUSED)(call) if call.port == "mailer" else call.do()

    world = World({"mail": refusing})
    world.accept(PAYS.command())
    world.come_to_rest()
    assert "mail-confirmation" not in told(world)

    inspect(world)

    assert told(world) == TOLD["COMPLETED"]


@every_kind
def test_one_request_of_staff_sends_each_message_once_wherever_it_is_cut_off(kind: Kind) -> None:
    for number in itertools.count(1):
        world = World()
        world.accept(PAYS.command())
        world.work_orders()
        order = world.order
        for message in CLAIMED:
            world.fakes.claims.claim(f"{order.order_id}#{message}")  # and then the process died
        world.come_to_rest()
        world.clock.advance(300)
        assert told(world) == set()
        fault = Fault(number, kind)

        world.plans["notify"] = fault
        ask(world)
        world.tell()
        world.plans["notify"] = as_asked
        assert set(how_often(world).values()) <= {1}
        if not fault.hit:
            assert told(world) == set(CLAIMED)
            return

        world.clock.advance(300)
        ask(world)
        world.tell()
        assert told(world) == set(CLAIMED), str(fault)
        assert max(how_often(world).values()) <= 2
