"""The `queue` workflow over fakes: what an order ends as, and what it leaves behind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Product, Stock
from chalicelib.kit.errors import GatewayTimeout, UnknownOrder
from chalicelib.orders.model import Line, Status
from chalicelib.payments.model import Operation

from tests.support.builders.examples import LAPTOP, command
from tests.support.fakes.adapters import FakeAdapters


def test_an_order_passes_all_six_statuses(services: Services) -> None:
    placed = services.orders.accept(command())

    order = services.workflow.steps.run_all(placed.order_id)

    assert [row.status.value for row in order.history] == [
        "PENDING",
        "VALIDATING",
        "INVENTORY_CHECK",
        "PAYMENT_PROCESSING",
        "FULFILLMENT",
        "COMPLETED",
    ]


def test_a_completed_order_has_paid_and_its_stock_has_left(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command())

    order = services.workflow.steps.run_all(placed.order_id)

    assert order.payment is not None
    assert order.payment.amount == Decimal("1299.99")
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 4, 0)
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted"]
    assert not order.open


def test_a_declined_card_releases_the_stock(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command(payment_method="pm_card_chargeDeclined"))

    order = services.workflow.steps.run_all(placed.order_id)

    assert order.status is Status.FAILED
    assert order.failure is not None
    assert order.failure.code == "CARD_DECLINED"
    assert order.payment is None
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "OrderFailed"]


@pytest.mark.parametrize(
    "seen", [{}, {"LAPTOP001": replace(LAPTOP, price=Decimal("1.00"))}], ids=["missing", "old price"]
)
def test_a_product_put_a_moment_ago_fails_no_order_that_reads_an_old_copy(
    services: Services, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch, seen: dict[str, Product]
) -> None:
    monkeypatch.setattr(adapters.catalogue, "readable", lambda _ids, **_: seen)
    placed = services.orders.accept(command())

    order = services.workflow.steps.run_all(placed.order_id)

    assert order.status is Status.COMPLETED
    assert order.lines[0].name == LAPTOP.name


def test_a_gateway_that_never_answers_fails_the_order_on_the_last_try(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = services.orders.accept(command(payment_method="pm_sim_unavailable"))
    for _ in range(2):
        with pytest.raises(GatewayTimeout):
            services.workflow.steps.run_all(placed.order_id)

    order = services.workflow.steps.run_all(placed.order_id, last_try=True)

    assert order.failure is not None
    assert order.failure.code == "PAYMENT_UNAVAILABLE"
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)


def test_money_that_arrives_after_giving_up_is_given_back(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command(payment_method="pm_sim_unavailable"))
    order = services.workflow.steps.run_all(placed.order_id, last_try=True)
    assert order.open  # the provider may still have taken the money

    adapters.gateway.capture(f"{order.order_id}:capture", order.total_amount, "EUR", "pm_card_visa")
    adapters.clock.advance(61)
    services.workflow.housekeeper()

    finalized = adapters.orders.get(order.order_id)
    assert finalized is not None
    assert finalized.payment is not None
    assert finalized.payment.refunded == Decimal("1299.99")
    assert not finalized.open


def test_running_a_finished_order_again_changes_nothing(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command())
    first = services.workflow.steps.run_all(placed.order_id)

    surplus = services.workflow.steps.run_all(placed.order_id)

    assert surplus == first
    assert len(adapters.events.published) == 4


def test_a_message_that_comes_again_publishes_again_in_case_its_process_died_before(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = services.orders.accept(command())
    services.workflow.steps.run_all(placed.order_id)

    again = services.workflow.steps.run_all(placed.order_id, again=True)

    assert not again.open
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 4, 0)
    assert adapters.ledger.entries.keys() == {(placed.order_id, Operation.CAPTURE)}
    ids = [event.detail["eventId"] for event in adapters.events.published]
    assert ids[:4] == ids[4:]  # whoever listens can tell the repetition


def test_an_order_nobody_stored_is_an_error(services: Services) -> None:
    with pytest.raises(UnknownOrder):
        services.workflow.steps.run_all("no-such-order")


def test_an_order_that_was_handed_over_again_stands_for_its_events_itself(
    services: Services, adapters: FakeAdapters
) -> None:
    """It has several messages, and the later ones come when all was published."""
    placed = services.orders.accept(command())
    adapters.orders.save(replace(placed, handovers=1), placed.status)

    done = services.workflow.steps.run_all(placed.order_id)
    surplus = services.workflow.steps.run_all(placed.order_id, again=True)

    assert not done.open
    assert surplus == done
    assert adapters.events.types == ["OrderPlaced", "InventoryReserved", "PaymentCaptured", "OrderCompleted"]


def test_of_an_order_that_is_done_nothing_is_released(services: Services, adapters: FakeAdapters) -> None:
    done = services.workflow.steps.run_all(services.orders.accept(command()).order_id)

    services.workflow.single_steps.release(done.order_id, {"error": {"Error": "GatewayTimeout", "Cause": ""}})

    assert adapters.store.orders[done.order_id] == done


def test_an_order_cancelled_before_anything_was_held_is_failed_with_the_cause_that_it_has(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = services.orders.accept(command(lines=(Line("NOTHING", "", 1, Decimal("1299.99")),)))
    error = {"error": {"Error": "GatewayTimeout", "Cause": ""}}
    services.workflow.single_steps.release(placed.order_id, error)

    failed = services.workflow.steps.run_all(placed.order_id)

    assert failed.failure is not None
    assert (failed.status, failed.failure.code) == (Status.FAILED, "PAYMENT_UNAVAILABLE")
