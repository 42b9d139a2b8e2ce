"""Orders from the event bus: whose they are, what is no order, and what the same announcement does again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import MalformedMessage
from chalicelib.orders.model import Status

from tests.reliability.bus import order_created
from tests.support.builders.examples import LAPTOP, SETTINGS, body, order
from tests.support.fakes.adapters import FakeAdapters
from tests.workflow.announced import DAY, FLAT, announce, code, message, told


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


def test_another_event_is_no_announcement(services: Services) -> None:
    with pytest.raises(MalformedMessage, match="OrderCreated"):
        services.workflow.event_steps.take_stock({**order_created(FLAT), "detail-type": "OrderDeleted"})


def test_the_full_form_runs_like_the_flat_one(services: Services) -> None:
    services.workflow.event_steps.take_stock(order_created({"orderId": "shop-1", **body()}))
    services.workflow.event_steps.take_payment(message("shop-1"))

    ready = services.workflow.event_steps.make_ready(message("shop-1"))

    assert (ready.status, ready.customer_email) == (Status.COMPLETED, "customer@example.com")


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
    assert failed.failure.message.endswith("; and 280 more errors.")
    assert failed.failure.message.count("; ") == 20
    assert len(failed.failure.message) < 2000
