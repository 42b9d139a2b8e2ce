"""A guest's order is cut off, sent again and claimed while others work on it: there is one, and it is theirs."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from dataclasses import replace

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import NotFound
from chalicelib.orders.commands import GUEST, Customer, PlaceOrder
from chalicelib.orders.model import Order

from tests.contract.threads import concurrently
from tests.reliability.faults import Died, Fault, Kind, Tapped
from tests.reliability.hands import Hand, Work
from tests.reliability.meetings import (
    Begin,
    Meeting,
    a_cancellation,
    both_go_on,
    every_meeting,
    spoken,
    the_first_dies,
    the_housekeeper_giving_up,
    the_second_dies,
    the_workflow,
)
from tests.reliability.simulation import Simulation, Story
from tests.reliability.stories import DECLINED, MANUAL, PAYS, every_kind
from tests.support.builders.examples import LAPTOP, SETTINGS, command
from tests.support.fakes.adapters import FakeAdapters

NOOR = Customer("noor", "customer@example.com", None)
ANY = (Exception, Died)


def fakes() -> FakeAdapters:
    adapters = FakeAdapters()
    adapters.catalogue.put(LAPTOP, 5)
    return adapters


@every_kind
def test_a_guest_who_sends_the_order_again_after_any_mishap_has_one_and_its_token(kind: Kind) -> None:
    for number in itertools.count(1):
        fault, adapters = Fault(number, kind), fakes()
        store = adapters.store
        for port in ("orders", "catalogue", "hand_over", "link_secrets"):
            setattr(adapters, port, Tapped(port, getattr(adapters, port), fault))
        sent = command(owner=GUEST, lines=(), idempotency_key=str(uuid.uuid4()), fingerprint=b"1")

        def once(adapters: FakeAdapters = adapters, sent: PlaceOrder = sent) -> str:
            services = Services(SETTINGS, adapters)
            token_of = services.orders.tokens.signer()
            return token_of(services.carts.guest_checkout(sent, {"LAPTOP001": 1}, None, None))

        try:
            token = once()
        except ANY:
            token = once()

        (order_id,) = store.orders
        assert Services(SETTINGS, fakes()).orders.tokens.order_of(token) == order_id, str(fault)
        if not fault.hit:
            assert number > 3
            return


@every_kind
def test_a_claim_that_was_cut_off_is_done_by_the_next(kind: Kind) -> None:
    for number in itertools.count(1):
        fault, adapters = Fault(number, kind), fakes()
        order = Services(SETTINGS, adapters).orders.accept(_guests(command()))
        token = Services(SETTINGS, adapters).orders.tokens.signer()(order)
        adapters.orders = Tapped("orders", adapters.orders, fault)  # type: ignore[assignment]
        services = Services(SETTINGS, adapters)
        try:
            services.orders.claim(NOOR, token)
        except NotFound as error:
            raise AssertionError(str(fault)) from error
        except ANY:
            services.orders.claim(NOOR, token)

        stored = adapters.store.orders[order.order_id]
        assert (stored.owner, stored.customer_id, stored.revision) == ("c-noor", "noor", 1), str(fault)
        if not fault.hit:
            return


def test_of_two_accounts_that_claim_at_once_one_has_the_order() -> None:
    for _ in range(20):
        services = Services(SETTINGS, fakes())
        order = services.orders.accept(_guests(command()))
        token = services.orders.tokens.signer()(order)

        def claim(n: int, services: Services = services, token: str = token) -> str:
            try:
                return services.orders.claim(replace(NOOR, id=f"account-{n % 2}"), token).owner
            except NotFound:
                return ""

        owners = concurrently(8, claim)

        stored = services.orders.queries.any(order.order_id)
        assert set(owners) == {stored.owner, ""}
        assert owners.count(stored.owner) == 4


def a_claim(simulation: Simulation, order: Order) -> Work:
    def claim(hand: Hand) -> Order:
        services = simulation.process_with(hand)
        return services.orders.claim(NOOR, services.orders.tokens.signer()(order))

    return claim


@pytest.mark.slow
@pytest.mark.parametrize("then", [both_go_on, the_first_dies, the_second_dies], ids=spoken)
@pytest.mark.parametrize("story", [PAYS, MANUAL, DECLINED], ids=str)
@pytest.mark.parametrize("rival", [the_workflow, a_cancellation, the_housekeeper_giving_up], ids=spoken)
def test_a_claim_meets_whoever_works_on_the_order(story: Story, rival: Begin, then: Callable[[Meeting], None]) -> None:
    def new_simulation() -> Simulation:
        simulation = Simulation()
        simulation.accept(_guests(story.command()))
        return simulation

    for meeting in every_meeting(new_simulation, rival, a_claim):
        then(meeting)
        claimed = isinstance(meeting.other.answer, Order)
        meeting.end()
        (order,) = meeting.sim.orders
        assert (order.owner == "c-noor") or not claimed, meeting.at


def _guests(sent: PlaceOrder) -> PlaceOrder:
    return replace(sent, owner=GUEST)
