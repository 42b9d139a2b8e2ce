"""Payments that never answer hold no more of the stock than a few orders of one customer."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import GatewayTimeout, Rejected
from chalicelib.orders.commands import GUEST
from chalicelib.orders.model import Order, Status
from chalicelib.payments.model import EntryStatus, Operation
from chalicelib.workflow.unpaid_orders import waits_in_vain

from tests.support.builders.examples import LAPTOP, command
from tests.support.fakes.adapters import FakeAdapters

NEVER = "pm_sim_unavailable"
MOST_UNPAID = 3


@pytest.fixture(autouse=True)
def _stocked(adapters: FakeAdapters) -> None:
    adapters.catalogue.put(LAPTOP, 500)


def placed(services: Services, adapters: FakeAdapters, owner: str = "c-anne", method: str = NEVER) -> Order:
    adapters.clock.advance(1)
    return services.orders.accept(command(owner=owner, customer_id=owner, payment_method=method))


def tried(services: Services, order: Order) -> Order:
    """Once, by the queue."""
    try:
        return services.workflow.steps.run_all(order.order_id)
    except GatewayTimeout:
        return services.workflow.steps.load(order.order_id)


def test_the_oldest_wait_and_the_others_fail_with_their_stock_back(services: Services, adapters: FakeAdapters) -> None:
    ended = [tried(services, placed(services, adapters)) for _ in range(10)]

    assert [order.status for order in ended[:MOST_UNPAID]] == [Status.PAYMENT_PROCESSING] * MOST_UNPAID
    assert {order.failure and order.failure.code for order in ended[MOST_UNPAID:]} == {"PAYMENT_UNAVAILABLE"}
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 500 - MOST_UNPAID, MOST_UNPAID)


def test_of_many_that_are_charged_at_once_the_oldest_wait(services: Services, adapters: FakeAdapters) -> None:
    orders = [placed(services, adapters) for _ in range(10)]
    for order in orders:  # all of them hold their stock before the first payment is found not to answer
        services.workflow.steps.take_stock(order, again=False)

    for order in reversed(orders):
        tried(services, order)

    held = [o.order_id for o in adapters.store.orders.values() if o.status is Status.PAYMENT_PROCESSING]
    assert held == [order.order_id for order in orders[:MOST_UNPAID]]


def test_money_that_may_have_been_taken_is_given_back(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(MOST_UNPAID):
        tried(services, placed(services, adapters))
    capture = services.workflow.steps.payments.gateway.capture

    order = placed(services, adapters, method="pm_card_visa")
    adapters.gateway.capture = lambda *call: (capture(*call), _no_answer())
    failed = tried(services, order)

    assert (failed.status, failed.failure and failed.failure.code) == (Status.FAILED, "PAYMENT_UNAVAILABLE")
    refund = adapters.ledger.entries[order.order_id, Operation.REFUND]
    assert (refund.status, refund.amount) == (EntryStatus.SUCCEEDED, order.total_amount)


def test_the_state_machine_goes_by_the_same_rule(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(MOST_UNPAID):
        tried(services, placed(services, adapters))
    order = placed(services, adapters)
    services.workflow.steps.take_stock(order, again=False)

    with pytest.raises(Rejected, match="PAYMENT_UNAVAILABLE"):
        services.workflow.single_steps.charge(order.order_id)


def test_within_the_bound_the_state_machine_tries_again(services: Services, adapters: FakeAdapters) -> None:
    order = placed(services, adapters)
    services.workflow.steps.take_stock(order, again=False)

    with pytest.raises(GatewayTimeout):
        services.workflow.single_steps.charge(order.order_id)


def test_other_customers_and_partners_wait_as_before(services: Services, adapters: FakeAdapters) -> None:
    for owner in ("c-anne", "c-ben", "p-one"):
        for _ in range(MOST_UNPAID):
            tried(services, placed(services, adapters, owner))
    for _ in range(5):
        assert tried(services, placed(services, adapters, "p-one")).status is Status.PAYMENT_PROCESSING

    assert tried(services, placed(services, adapters, "c-carl")).status is Status.PAYMENT_PROCESSING


def test_a_guests_orders_count_by_the_address(services: Services, adapters: FakeAdapters) -> None:
    def guest(address: str) -> Order:
        adapters.clock.advance(1)
        of_guest = command(owner=GUEST, customer_id=address, customer_email=address, payment_method=NEVER)
        return tried(services, services.orders.accept(of_guest))

    noors = [guest("noor@example.com") for _ in range(MOST_UNPAID + 1)]

    assert [order.status for order in noors] == [Status.PAYMENT_PROCESSING] * MOST_UNPAID + [Status.FAILED]
    assert guest("ben@example.com").status is Status.PAYMENT_PROCESSING


def test_orders_that_are_paid_or_ended_do_not_count(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(5):
        assert tried(services, placed(services, adapters, method="pm_card_visa")).status is Status.COMPLETED
        assert tried(services, placed(services, adapters, method="pm_card_chargeDeclined")).status is Status.FAILED

    assert tried(services, placed(services, adapters)).status is Status.PAYMENT_PROCESSING


def test_many_orders_between_do_not_hide_those_that_wait(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(MOST_UNPAID):
        tried(services, placed(services, adapters))
    for _ in range(70):
        tried(services, placed(services, adapters, method="pm_card_chargeDeclined"))

    assert tried(services, placed(services, adapters)).status is Status.FAILED


def test_a_long_history_of_orders_counts_for_nothing(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(300):
        placed(services, adapters)
        adapters.clock.advance(24 * 3600)

    assert not waits_in_vain(adapters.orders, placed(services, adapters))


def test_hundreds_of_orders_in_a_day_are_too_many(services: Services, adapters: FakeAdapters) -> None:
    for _ in range(250):
        placed(services, adapters)

    assert waits_in_vain(adapters.orders, placed(services, adapters))


@pytest.mark.parametrize(("between", "in_vain"), [(200, False), (201, True)])
def test_two_hundred_orders_are_looked_through(
    services: Services, adapters: FakeAdapters, between: int, in_vain: bool
) -> None:
    for _ in range(between):
        placed(services, adapters)

    assert waits_in_vain(adapters.orders, placed(services, adapters)) is in_vain


@pytest.mark.parametrize(("hours", "in_vain"), [(23, True), (25, False)])
def test_orders_of_the_last_day_are_looked_through(
    services: Services, adapters: FakeAdapters, hours: int, in_vain: bool
) -> None:
    for _ in range(MOST_UNPAID):
        tried(services, placed(services, adapters))
    for _ in range(60):
        placed(services, adapters)
    adapters.clock.advance(hours * 3600)

    assert waits_in_vain(adapters.orders, placed(services, adapters)) is in_vain


def test_what_is_paid_at_once_costs_no_look(services: Services, adapters: FakeAdapters) -> None:
    adapters.orders.by_owner = None

    assert tried(services, placed(services, adapters, method="pm_card_visa")).status is Status.COMPLETED


def _no_answer() -> None:
    raise GatewayTimeout
