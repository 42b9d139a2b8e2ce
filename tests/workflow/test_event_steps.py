"""The three consumers of the workflow `events`: what they store, what they publish, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import GatewayTimeout, MalformedMessage, TemporarilyUnavailable, UnknownOrder
from chalicelib.orders.model import Order, Status
from chalicelib.workflow.events import HandOverByEvents

from tests.reliability.bus import order_created
from tests.support.builders.examples import LAPTOP, NOW, SETTINGS, body, command, order
from tests.support.fakes.adapters import FakeAdapters, FakeEvents

FLAT = {"OrderId": "12345", "Product": "Gaming Laptop", "Quantity": 1, "Price": Decimal("1299.99")}
DAY = 86_400


def announce(services: Services, **changes: Any) -> Order:
    return services.workflow.event_steps.take_stock(order_created({**FLAT, **changes}))


def message(order_id: str) -> dict[str, str]:
    """As the housekeeper hands it over."""
    return {"orderId": order_id, "correlationId": "corr-1"}


def told(adapters: FakeAdapters) -> list[str]:
    """The events published since the last look."""
    types = adapters.events.types
    adapters.events.published.clear()
    return types


def code(order: Order) -> str | None:
    return order.failure and order.failure.code


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


def test_an_announced_order_belongs_to_the_owner_of_what_comes_from_outside(services: Services) -> None:
    announced = announce(services)

    assert (announced.order_id, announced.owner) == ("12345", SETTINGS.outside_owner)
    assert (announced.workflow, announced.fulfilment) == ("events", "auto")
    assert announced.lines[0].product_id == "LAPTOP001"


def test_its_events_carry_the_announcements_id_as_correlation_id(services: Services, adapters: FakeAdapters) -> None:
    event = order_created(FLAT)

    services.workflow.event_steps.take_stock(event)

    assert {e.detail["correlationId"] for e in adapters.events.published} == {event["id"]}


def test_a_product_is_meant_by_its_id_before_any_by_its_name(services: Services, adapters: FakeAdapters) -> None:
    adapters.catalogue.put(replace(LAPTOP, product_id="OTHER001", name="LAPTOP001", price=Decimal("1.00")), 5)

    announced = announce(services, Product="LAPTOP001")

    assert announced.lines[0].product_id == "LAPTOP001"


def test_a_name_that_two_products_have_is_no_order(services: Services, adapters: FakeAdapters) -> None:
    adapters.catalogue.put(replace(LAPTOP, product_id="LAPTOP009"), 5)

    announced = announce(services)

    assert code(announced) == "INVALID_ORDER"
    assert announced.failure is not None
    assert "LAPTOP001, LAPTOP009" in announced.failure.message


@pytest.mark.parametrize("product", ["Nothing we have", "gaming laptop", "NOTHING001"])
def test_an_unknown_product_fails_the_order(services: Services, adapters: FakeAdapters, product: str) -> None:
    announced = announce(services, Product=product)

    assert (announced.status, code(announced), announced.open) == (Status.FAILED, "PRODUCT_NOT_FOUND", False)
    assert told(adapters) == ["OrderPlaced", "OrderFailed"]


def test_what_is_no_order_fails_in_one_write_and_says_why(services: Services, adapters: FakeAdapters) -> None:
    announced = announce(services, Price="1299.99", Quantity=None)

    assert [row.status for row in announced.history] == [Status.PENDING, Status.FAILED]
    assert (code(announced), announced.open) == ("INVALID_ORDER", False)
    assert announced.failure is not None
    assert announced.failure.message == ("This is no order: Quantity must be a whole number; Price must be a number.")
    assert told(adapters) == ["OrderPlaced", "OrderFailed"]
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 5, 0)


def test_the_same_announcement_a_day_later_is_the_same_order(services: Services, adapters: FakeAdapters) -> None:
    announce(services)
    services.workflow.event_steps.take_payment(message("12345"))
    ready = services.workflow.event_steps.make_ready(message("12345"))
    told(adapters)
    adapters.clock.advance(DAY)

    again = announce(services, Price=Decimal("1299.990"), SentAgainAt="later")

    assert again == ready
    assert told(adapters) == []


@pytest.mark.parametrize("unfit", [{}, {"Price": "x"}])
def test_after_claims_expired_nobody_is_told_again(services: Services, adapters: FakeAdapters, unfit: Any) -> None:
    announce(services, **unfit)
    services.workflow.event_steps.take_payment(message("12345"))
    services.workflow.event_steps.make_ready(message("12345"))
    told(adapters)
    adapters.clock.advance(31 * DAY)

    announce(services, **unfit)
    services.workflow.event_steps.make_ready(message("12345"))

    assert told(adapters) == []


@pytest.mark.parametrize("changes", [{"Quantity": 2}, {"CustomerId": "other"}, {"Price": "x"}])
def test_the_same_id_with_another_content_changes_nothing_and_is_refused(
    services: Services, adapters: FakeAdapters, changes: Any
) -> None:
    first = announce(services)
    told(adapters)

    with pytest.raises(MalformedMessage, match="order 12345 already, and it is another one"):
        announce(services, **changes)

    assert adapters.orders.get("12345") == first
    assert told(adapters) == []


@pytest.mark.parametrize(
    "theirs", [{"owner": "p-two"}, {"workflow": "queue", "owner": SETTINGS.outside_owner}], ids=str
)
def test_an_order_of_somebody_else_is_not_touched(services: Services, adapters: FakeAdapters, theirs: Any) -> None:
    there = order(order_id="12345", **theirs)
    adapters.orders.add(there)

    with pytest.raises(MalformedMessage, match="another one"):
        announce(services)

    assert adapters.orders.get("12345") == there
    assert told(adapters) == []


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


def test_another_event_is_no_announcement(services: Services) -> None:
    with pytest.raises(MalformedMessage, match="OrderCreated"):
        services.workflow.event_steps.take_stock({**order_created(FLAT), "detail-type": "OrderDeleted"})


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


def test_the_full_form_runs_like_the_flat_one(services: Services) -> None:
    services.workflow.event_steps.take_stock(order_created({"orderId": "shop-1", **body()}))
    services.workflow.event_steps.take_payment(message("shop-1"))

    ready = services.workflow.event_steps.make_ready(message("shop-1"))

    assert (ready.status, ready.customer_email) == (Status.COMPLETED, "customer@example.com")


def _down(_: object) -> None:
    raise TemporarilyUnavailable("the bus is down")


def test_a_name_of_thousands_of_products_is_a_short_error(services: Services, adapters: FakeAdapters) -> None:
    for n in range(3000):
        adapters.catalogue.put(replace(LAPTOP, product_id=f"{n:04d}-{'x' * 59}", name="Laptop"), 1)

    failed = announce(services, Product="Laptop")

    assert code(failed) == "INVALID_ORDER"
    assert failed.failure is not None
    assert "is the name of 10 or more products" in failed.failure.message
    assert len(failed.failure.message) < 1000


def test_of_an_order_with_hundreds_of_errors_the_first_are_named_and_the_others_counted(services: Services) -> None:
    wrong = body(orderId="12345", items=[{"productId": "", "quantity": 0, "price": -1}] * 100)

    failed = services.workflow.event_steps.take_stock(order_created(wrong))

    assert failed.failure is not None
    assert failed.failure.message.startswith("This is no order: items[0].")
    assert failed.failure.message.endswith(" more errors.")
    assert len(failed.failure.message) < 2000
