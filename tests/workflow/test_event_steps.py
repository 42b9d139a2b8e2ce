"""The three consumers of the workflow `events`: what they store, what they publish, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import GatewayTimeout, MalformedMessage, TemporarilyUnavailable, UnknownOrder
from chalicelib.orders.model import Duty, Failure, Status
from chalicelib.workflow.events import HandOverByEvents

from tests.support.builders.examples import LAPTOP, NOW, command
from tests.support.fakes.adapters import FakeAdapters, FakeEvents, stored
from tests.workflow.announced import DAY, announce, code, message, told


def test_each_step_publishes_what_the_next_one_waits_for(services: Services, adapters: FakeAdapters) -> None:
    reserved = announce(services)
    assert (reserved.status, reserved.open, told(adapters)) == (
        Status.PAYMENT_PROCESSING,
        True,
        ["OrderPlaced", "InventoryReserved"],
    )

    paid = services.workflow.event_steps.take_payment(message("12345"))
    assert (paid.status, paid.open, told(adapters)) == (Status.FULFILLMENT, True, ["PaymentCaptured"])
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 4, 0)

    ready = services.workflow.event_steps.make_ready(message("12345"))
    assert (ready.status, ready.open, told(adapters)) == (Status.COMPLETED, False, ["OrderCompleted"])
    assert ready.history[-1].detail == "Ready for shipping"


@pytest.mark.parametrize("step", ["take_stock", "take_payment", "make_ready"])
def test_an_order_of_another_workflow_is_refused(services: Services, adapters: FakeAdapters, step: str) -> None:
    placed = services.orders.accept(command())

    with pytest.raises(MalformedMessage, match="processed by queue"):
        getattr(services.workflow.event_steps, step)(message(placed.order_id))

    assert adapters.orders.get(placed.order_id) == placed


@pytest.mark.parametrize("step", ["take_stock", "take_payment", "make_ready"])
@pytest.mark.parametrize("body", [{}, {"orderId": None}, {"orderId": 7}, {"orderId": ""}], ids=str)
def test_a_message_that_names_no_order_is_refused(services: Services, step: str, body: Any) -> None:
    with pytest.raises(MalformedMessage):
        getattr(services.workflow.event_steps, step)(body)


@pytest.mark.parametrize("step", ["take_stock", "take_payment", "make_ready"])
def test_an_order_that_was_never_stored_is_an_error(services: Services, step: str) -> None:
    with pytest.raises(UnknownOrder):
        getattr(services.workflow.event_steps, step)(message("nobody"))


def test_a_step_that_comes_again_publishes_again_until_the_order_went_on(
    services: Services, adapters: FakeAdapters
) -> None:
    for _ in range(2):
        announce(services)
        assert told(adapters) == ["OrderPlaced", "InventoryReserved"]
    for _ in range(2):
        services.workflow.event_steps.take_payment(message("12345"))
        assert told(adapters) == ["PaymentCaptured"]
    for again in (False, True):
        services.workflow.event_steps.make_ready(message("12345"), again=again)
        assert told(adapters) == ["OrderCompleted"]

    services.workflow.event_steps.take_payment(message("12345"), again=True)
    services.workflow.event_steps.make_ready(message("12345"))

    assert told(adapters) == []
    assert len(adapters.gateway.done) == 1


def test_a_step_before_its_time_does_nothing(services: Services, adapters: FakeAdapters) -> None:
    announce(services)
    told(adapters)

    early = services.workflow.event_steps.make_ready(message("12345"))

    assert early.status is Status.PAYMENT_PROCESSING
    assert told(adapters) == []


def test_a_declined_card_gives_back_the_stock_and_brings_nothing_further(
    services: Services, adapters: FakeAdapters
) -> None:
    announce(services, PaymentMethod="pm_card_chargeDeclined")
    told(adapters)

    for again in (False, True):
        declined = services.workflow.event_steps.take_payment(message("12345"), again=again)

        assert (declined.status, code(declined), declined.open) == (Status.FAILED, "CARD_DECLINED", False)
        assert told(adapters) == ["OrderFailed"]
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)


def test_a_message_that_comes_again_leaves_the_refund_of_a_cancelled_order_to_the_housekeeper(
    services: Services, adapters: FakeAdapters
) -> None:
    """It ensures publishing, and may be on its last try."""
    announce(services)
    services.workflow.event_steps.take_payment(message("12345"))
    ready = services.workflow.event_steps.make_ready(message("12345"))
    refund, adapters.gateway.refund = adapters.gateway.refund, _silent
    cancelled = services.workflow.cancel(ready)
    adapters.gateway.refund = refund
    told(adapters)

    again = services.workflow.event_steps.make_ready(message("12345"), again=True)

    assert (cancelled.duties, again.duties) == ({Duty.REFUND}, {Duty.REFUND})
    assert told(adapters) == ["OrderCompleted"]


def test_so_does_the_one_that_announced_an_order_which_expired(services: Services, adapters: FakeAdapters) -> None:
    order = services.orders.accept(command(workflow="events"))
    services.workflow.steps.fail(order, Failure("EXPIRED", "The order could not be processed in time."))

    again = services.workflow.event_steps.take_stock(message(order.order_id), again=True)

    assert again.duties == {Duty.REFUND}
    assert told(adapters) == ["OrderPlaced", "OrderFailed"]


@pytest.mark.parametrize(("seconds", "published"), [(0, ["OrderCompleted"]), (1, [])])
def test_a_message_that_comes_again_publishes_for_29_days(
    services: Services, adapters: FakeAdapters, seconds: int, published: list[str]
) -> None:
    """Consumers tell repetitions for about as long."""
    announce(services)
    services.workflow.event_steps.take_payment(message("12345"))
    services.workflow.event_steps.make_ready(message("12345"))
    told(adapters)
    adapters.clock.advance(29 * DAY + seconds)

    services.workflow.event_steps.make_ready(message("12345"), again=True)

    assert told(adapters) == published


class Died(BaseException):
    """Of the process, so that nothing catches it."""


def _die(_: object) -> None:
    raise Died


STEPS = ("take_stock", "take_payment", "make_ready")


@pytest.mark.parametrize("handovers", [0, 1])
@pytest.mark.parametrize("step", STEPS)
def test_an_order_that_was_handed_over_again_keeps_its_events_when_its_process_dies(
    services: Services, adapters: FakeAdapters, step: str, handovers: int
) -> None:
    """No message may be left that would bring it back; else its own one does."""
    method = "pm_card_chargeDeclined" if step == "take_payment" else "pm_card_visa"
    order = services.orders.accept(command(workflow="events", payment_method=method))
    if step == "take_stock":
        adapters.catalogue.put(LAPTOP, 0)
    for earlier in STEPS[: STEPS.index(step)]:
        getattr(services.workflow.event_steps, earlier)(message(order.order_id))
    waiting = stored(adapters, order)
    adapters.orders.save(replace(waiting, handovers=handovers), waiting.status)
    adapters.events.publish = _die

    with pytest.raises(Died):
        getattr(services.workflow.event_steps, step)(message(order.order_id))

    assert stored(adapters, order).processing_done
    assert stored(adapters, order).open is (handovers > 0)


def test_a_gateway_that_does_not_answer_fails_the_order_at_the_last_try(
    services: Services, adapters: FakeAdapters
) -> None:
    announce(services, PaymentMethod="pm_sim_unavailable")
    told(adapters)
    with pytest.raises(GatewayTimeout):
        services.workflow.event_steps.take_payment(message("12345"))

    failed = services.workflow.event_steps.take_payment(message("12345"), last_try=True)

    assert (code(failed), failed.open) == ("PAYMENT_UNAVAILABLE", True)  # the money may have been taken
    assert told(adapters) == ["OrderFailed"]  # and not InventoryReserved, which brought it here


def test_the_end_of_an_order_that_can_not_be_published_is_left_to_the_housekeeper(
    services: Services, adapters: FakeAdapters
) -> None:
    publish, adapters.events.publish = adapters.events.publish, _down
    with pytest.raises(TemporarilyUnavailable):
        announce(services, Price="x")
    adapters.events.publish = publish
    adapters.clock.advance(61)

    services.workflow.housekeeper()

    assert told(adapters) == ["OrderPlaced", "OrderFailed"]
    stored = adapters.orders.get("12345")
    assert stored is not None
    assert not stored.open


def test_staff_ship_an_order_that_is_theirs_to_ship(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command(workflow="events", fulfilment="manual"))
    services.workflow.event_steps.take_stock(message(placed.order_id))
    told(adapters)

    confirmed = services.workflow.event_steps.take_payment(message(placed.order_id))
    assert (confirmed.status, confirmed.open, told(adapters)) == (Status.CONFIRMED, False, ["PaymentCaptured"])

    assert services.workflow.event_steps.make_ready(message(placed.order_id)) == confirmed
    assert told(adapters) == []


def test_without_an_address_nobody_is_mailed(services: Services, adapters: FakeAdapters) -> None:
    announce(services)
    services.workflow.event_steps.take_payment(message("12345"))
    ready = services.workflow.event_steps.make_ready(message("12345"))

    services.customers.notifications.on_event({"orderId": "12345", "eventType": "OrderCompleted"})
    assert services.customers.notifications.on_receipt("receipts/12345.pdf")
    services.workflow.cancel(ready)
    services.customers.notifications.on_event({"orderId": "12345", "eventType": "OrderCancelled"})

    assert "receipts/12345.pdf" in adapters.documents.files
    assert (adapters.mailer.sent, adapters.texter.sent) == ([], [])


@pytest.mark.parametrize(
    ("reached", "handed_over", "published"),
    [
        (["PENDING"], ["order-1"], []),
        (["PENDING", "VALIDATING"], ["order-1"], []),
        (["PENDING", "VALIDATING", "INVENTORY_CHECK"], ["order-1"], []),
        (
            ["PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING"],
            [],
            ["OrderPlaced", "InventoryReserved"],
        ),
        (
            ["PENDING", "VALIDATING", "INVENTORY_CHECK", "PAYMENT_PROCESSING", "FULFILLMENT"],
            [],
            ["PaymentCaptured"],
        ),
    ],
    ids=lambda statuses: statuses[-1] if statuses else "none",
)
def test_an_order_is_handed_over_to_the_step_it_waits_for(
    services: Services, reached: list[str], handed_over: list[str], published: list[str]
) -> None:
    found: list[str] = []
    events = FakeEvents()
    waiting = services.orders.accept(command(workflow="events"))
    if "PAYMENT_PROCESSING" in reached:
        waiting = services.workflow.event_steps.take_stock(message(waiting.order_id))
    if "FULFILLMENT" in reached:
        waiting = services.workflow.event_steps.take_payment(message(waiting.order_id))
    for status in reached[len(waiting.history) :]:
        waiting = waiting.moved(Status(status), NOW)

    HandOverByEvents(lambda order: found.append(order.order_id), events)(waiting)

    assert (found, events.types) == ([waiting.order_id] if handed_over else [], published)


def _silent(*_: object) -> None:
    raise GatewayTimeout("no answer")


def _down(_: object) -> None:
    raise TemporarilyUnavailable("the bus is down")
