"""What is left to do for an order that ended: each duty is done by itself."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import AlreadyRefunded, TemporarilyUnavailable
from chalicelib.orders.events import unpublished
from chalicelib.orders.model import Duty, Line, Status
from chalicelib.payments.model import EntryStatus, LedgerEntry, Operation

from tests.support.builders.examples import LAPTOP, command
from tests.support.fakes.adapters import FakeAdapters, stored


def _down(_: object) -> None:
    raise TemporarilyUnavailable("the bus is down")


def test_shipping_leaves_the_receipt_to_be_written(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command(workflow="stepfunctions", fulfilment="manual"))
    confirmed = services.workflow.steps.run_all(placed.order_id)

    shipped = services.workflow.ship.ship(confirmed, "DHL", "JD1", None)

    assert shipped.status is Status.COMPLETED
    assert (shipped.duties, shipped.unpublished) == ({Duty.RECEIPT}, ())
    services.workflow.single_steps.issue_receipt(placed.order_id)
    assert not stored(adapters, placed).open


def test_writing_the_receipt_leaves_what_is_not_published(services: Services, adapters: FakeAdapters) -> None:
    """Staff shipped it, and their process died before it published."""
    placed = services.orders.accept(command(workflow="stepfunctions", fulfilment="manual"))
    confirmed = services.workflow.steps.run_all(placed.order_id)
    adapters.events.publish, publish = _down, adapters.events.publish
    services.workflow.ship.ship(confirmed, "DHL", "JD1", None)
    adapters.events.publish = publish
    adapters.events.published.clear()

    services.workflow.single_steps.issue_receipt(placed.order_id)

    left = stored(adapters, placed)
    assert left.duties == frozenset()
    assert [event.type for event in unpublished(left)] == ["OrderShipped", "OrderCompleted"]
    adapters.clock.advance(61)
    services.workflow.housekeeper()
    assert adapters.events.types == ["OrderShipped", "OrderCompleted"]


def test_fifty_shipments_with_fifty_deliveries_are_a_hundred_events_and_an_end(
    services: Services, adapters: FakeAdapters
) -> None:
    placed = services.orders.accept(
        command(
            fulfilment="manual",
            lines=(Line("LAPTOP001", "", 50, Decimal("1299.99")),),
            total_amount=Decimal("64999.50"),
        )
    )
    adapters.catalogue.change_stock("LAPTOP001", 50)
    order = services.workflow.steps.run_all(placed.order_id)
    adapters.events.published.clear()

    for n in range(50):
        order = services.workflow.ship.ship(order, "DHL", f"JD{n}", {"LAPTOP001": 1})
    for n in range(50):
        order = services.workflow.ship.deliver(order, f"JD{n}")

    ids = [event.detail["eventId"] for event in adapters.events.published]
    assert (len(ids), len(set(ids))) == (101, 101)


@pytest.mark.parametrize("step", ["commit", "confirm", "complete"])
def test_no_step_goes_on_with_money_that_went_back(services: Services, adapters: FakeAdapters, step: str) -> None:
    manual = step == "confirm"
    placed = services.orders.accept(command(workflow="stepfunctions", fulfilment="manual" if manual else "auto"))
    done = {"commit": [], "confirm": ["commit"], "complete": ["commit", "fulfil"]}[step]
    for earlier in ["save", "reserve", "charge", *done]:
        getattr(services.workflow.single_steps, earlier)(placed.order_id)
    refund = LedgerEntry(
        placed.order_id, Operation.REFUND, EntryStatus.INTENT, placed.total_amount, "EUR", adapters.clock.now()
    )
    adapters.ledger.intend(refund)

    with pytest.raises(AlreadyRefunded):
        getattr(services.workflow.single_steps, step)(placed.order_id)
    with pytest.raises(AlreadyRefunded):
        services.workflow.steps.run_all(placed.order_id)


def test_a_total_of_nothing_is_neither_charged_nor_refunded(services: Services, adapters: FakeAdapters) -> None:
    adapters.catalogue.put(replace(LAPTOP, price=Decimal("0.00")), 5)
    free = command(lines=(Line("LAPTOP001", "", 1, Decimal("0.00")),), total_amount=Decimal("0.00"))

    for workflow in ("queue", "stepfunctions"):
        placed = services.orders.accept(replace(free, workflow=workflow))
        if workflow == "queue":
            order = services.workflow.steps.run_all(placed.order_id)
        else:
            for step in ("validate", "save", "reserve", "charge", "commit", "fulfil", "complete", "notify"):
                getattr(services.workflow.single_steps, step)(placed.order_id)
            order = stored(adapters, placed)
        assert (order.status, order.payment) == (Status.COMPLETED, None)
        cancelled = services.workflow.cancel(order)
        assert (cancelled.status, cancelled.payment) == (Status.CANCELLED, None)

    assert adapters.gateway.done == {}


def test_the_end_of_a_step_keeps_what_another_noted_as_unpublished(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command(workflow="events"))
    done = services.workflow.steps.run_all(placed.order_id)
    adapters.events.published.clear()
    noted = replace(done, unpublished=("OrderPlaced",), attention="EventsNotPublished")
    adapters.orders.save(noted, done.status)

    services.workflow.event_steps.make_ready({"orderId": placed.order_id}, again=True)

    assert sorted(adapters.events.types) == ["OrderCompleted", "OrderPlaced"]
    assert (stored(adapters, placed).open, stored(adapters, placed).attention) == (False, "")


@pytest.mark.parametrize("then", ["cancelled", "shipped"])
def test_what_a_dead_process_did_not_publish_is_published_whatever_became_of_the_order_since(
    services: Services, adapters: FakeAdapters, then: str
) -> None:
    placed = services.orders.accept(command(workflow="events", fulfilment="manual"))
    body = {"orderId": placed.order_id}
    services.workflow.event_steps.take_stock(body)
    adapters.events.publish, publish = die, adapters.events.publish
    with pytest.raises(KeyboardInterrupt):
        services.workflow.event_steps.take_payment(body)
    adapters.events.publish = publish
    confirmed = stored(adapters, placed)
    if then == "cancelled":
        services.workflow.cancel(confirmed)
    else:
        services.workflow.ship.ship(confirmed, "DHL", "JD1", None)

    services.workflow.event_steps.take_payment(body, again=True)

    assert "PaymentCaptured" in adapters.events.types


def die(_: object) -> None:
    raise KeyboardInterrupt


def test_a_compensation_leaves_what_is_left_of_a_confirmed_order_to_its_driver(
    services: Services, adapters: FakeAdapters
) -> None:
    """FailOrder has no right to carts."""
    placed = services.orders.accept(command(workflow="stepfunctions", fulfilment="manual", from_cart=True))
    for step in ("save", "reserve", "charge", "commit", "confirm"):
        getattr(services.workflow.single_steps, step)(placed.order_id)
    confirmed = stored(adapters, placed)

    result = services.workflow.single_steps.fail(placed.order_id, {})

    assert result["status"] == "CONFIRMED"
    assert stored(adapters, placed).duties == confirmed.duties == {Duty.CART, Duty.RECEIPT}
