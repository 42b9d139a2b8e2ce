"""What may be shipped when, in how many shipments, and what that makes of the order; and what customers say of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.inventory.model import Stock
from chalicelib.kit.errors import Conflict, InvalidRequest, StaleOrder
from chalicelib.orders.model import Line, Order, Shipment, ShipmentStatus, Status

from tests.support.builders.examples import NOW, command
from tests.support.fakes.adapters import FakeAdapters

LINES = (Line("LAPTOP001", "", 2, Decimal("1299.99")), Line("MOUSE001", "", 1, Decimal("20.00")))
TOTAL = Decimal("2619.98")


def paid(services: Services, **changes: Any) -> Order:
    """An order that staff will ship, of two laptops and a mouse."""
    asked = {"lines": LINES, "total_amount": TOTAL, "fulfilment": "manual", **changes}
    placed = services.orders.accept(command(**asked))
    return services.workflow.steps.run_all(placed.order_id)


def shipments(order: Order) -> list[dict[str, int]]:
    return [dict(shipment.items) for shipment in order.shipments]


def test_one_shipment_with_everything_completes_the_order(services: Services, adapters: FakeAdapters) -> None:
    order = services.workflow.ship.ship(paid(services), "PostNL", "3S1", None)

    assert [row.status.value for row in order.history[-3:]] == ["CONFIRMED", "FULFILLMENT", "COMPLETED"]
    assert shipments(order) == [{"LAPTOP001": 2, "MOUSE001": 1}]
    assert not order.open
    assert adapters.events.types[-2:] == ["OrderShipped", "OrderCompleted"]
    assert adapters.store.stock["LAPTOP001"] == Stock("LAPTOP001", 3, 0)  # it left when it was paid


def test_several_shipments_take_it_there_step_by_step(services: Services, adapters: FakeAdapters) -> None:
    order = services.workflow.ship.ship(paid(services), "PostNL", "3S1", {"LAPTOP001": 1})
    assert order.status == "FULFILLMENT"
    assert "OrderShipped" in adapters.events.types

    order = services.workflow.ship.ship(order, "DHL", "JD2", {"MOUSE001": 1})
    assert order.status == "FULFILLMENT"
    order = services.workflow.ship.ship(order, "DHL", "JD3", None)

    assert order.status == "COMPLETED"
    assert shipments(order) == [{"LAPTOP001": 1}, {"MOUSE001": 1}, {"LAPTOP001": 1}]
    assert len([row for row in order.history if row.status == "FULFILLMENT"]) == 1


@pytest.mark.parametrize("items", [{"LAPTOP001": 3}, {"NOTHING": 1}, {"MOUSE001": 1, "LAPTOP001": 9}])
def test_more_than_is_left_is_refused(services: Services, items: dict[str, int]) -> None:
    order = paid(services)

    with pytest.raises(InvalidRequest):
        services.workflow.ship.ship(order, "PostNL", "3S1", items)

    assert services.orders.queries.any(order.order_id) == order


def test_the_same_tracking_number_again_changes_nothing(services: Services) -> None:
    order = paid(services)
    first = services.workflow.ship.ship(order, "PostNL", "3S1", {"LAPTOP001": 1})

    again = services.workflow.ship.ship(order, "PostNL", "3S1", {"LAPTOP001": 1})  # as staff saw it before

    assert again.shipments == first.shipments
    assert again.status == "FULFILLMENT"


def test_after_the_last_shipment_there_is_nothing_to_ship(services: Services) -> None:
    order = services.workflow.ship.ship(paid(services), "PostNL", "3S1", None)

    with pytest.raises(Conflict):
        services.workflow.ship.ship(order, "PostNL", "3S2", None)


@pytest.mark.parametrize("method", ["pm_card_chargeDeclined"])
def test_an_order_that_failed_can_not_be_shipped(services: Services, method: str) -> None:
    with pytest.raises(Conflict):
        services.workflow.ship.ship(paid(services, payment_method=method), "PostNL", "3S1", None)


def test_what_completed_by_itself_is_shipped_without_a_change_of_status(services: Services) -> None:
    order = services.workflow.ship.ship(paid(services, fulfilment="auto"), "PostNL", "3S1", {"LAPTOP001": 1})

    assert order.status == "COMPLETED"
    assert shipments(order) == [{"LAPTOP001": 1}]
    assert not order.open


def test_two_who_ship_the_same_units_ship_them_once(services: Services) -> None:
    order = paid(services)
    services.workflow.ship.ship(order, "PostNL", "3S1", {"LAPTOP001": 2})

    with pytest.raises(InvalidRequest):
        services.workflow.ship.ship(order, "PostNL", "3S2", {"LAPTOP001": 2})  # from the same old page


@pytest.mark.parametrize("items", [None, {"MOUSE001": 1}])
def test_what_was_shipped_can_not_be_cancelled(services: Services, items: dict[str, int] | None) -> None:
    order = services.workflow.ship.ship(paid(services), "PostNL", "3S1", items)

    with pytest.raises(Conflict):
        services.workflow.cancel(order)


def test_what_was_cancelled_can_not_be_shipped(services: Services) -> None:
    order = paid(services)
    services.workflow.cancel(order)

    with pytest.raises(Conflict):
        services.workflow.ship.ship(order, "PostNL", "3S1", None)  # staff's page is old


def statuses(order: Order) -> list[str]:
    return [shipment.status.value for shipment in order.shipments]


def test_each_shipment_arrives_for_itself(services: Services) -> None:
    order = services.workflow.ship.ship(paid(services), "PostNL", "3S1", {"LAPTOP001": 2})
    order = services.workflow.ship.ship(order, "PostNL", "3S2", None)

    order = services.workflow.ship.deliver(order, "3S2")
    assert statuses(order) == ["SHIPPED", "DELIVERED"]
    order = services.workflow.ship.deliver(order, None)
    assert statuses(order) == ["DELIVERED", "DELIVERED"]
    assert services.workflow.ship.deliver(order, "3S1") == order
    assert order.status == "COMPLETED"


def test_a_shipment_that_was_never_sent_can_not_arrive(services: Services) -> None:
    order = paid(services)
    with pytest.raises(Conflict):
        services.workflow.ship.deliver(order, None)

    order = services.workflow.ship.ship(order, "PostNL", "3S1", None)
    with pytest.raises(Conflict):
        services.workflow.ship.deliver(order, "3S9")


def test_of_two_writes_that_leave_the_status_one_is_stale(services: Services, adapters: FakeAdapters) -> None:
    order = paid(services)
    one = Shipment("PostNL", "3S1", (("MOUSE001", 1),), ShipmentStatus.SHIPPED, order.updated_at)
    services.customers.give_feedback(order, 4, "")

    with pytest.raises(StaleOrder):
        adapters.orders.save(replace(order, shipments=(one,)), order.status)


def test_an_order_has_no_more_shipments_than_fit_into_its_item(services: Services, adapters: FakeAdapters) -> None:
    placed = services.orders.accept(command(fulfilment="manual"))
    order = services.workflow.steps.run_all(placed.order_id)
    one = Shipment("DHL", "JD", (("OTHER", 1),) * 10, ShipmentStatus.SHIPPED, NOW)
    many = tuple(replace(one, tracking_number=f"JD{n}") for n in range(200))
    full = adapters.orders.save(replace(order, shipments=many[:199]), order.status)

    with pytest.raises(Conflict, match="at most 200 shipments"):
        services.workflow.ship.ship(replace(full, shipments=many), "DHL", "LAST", None)
    wide = replace(one, items=(("OTHER", 1),) * 2000)
    with pytest.raises(Conflict, match="2000 lines"):
        services.workflow.ship.ship(replace(full, shipments=(wide,)), "DHL", "LAST", None)

    assert services.workflow.ship.ship(full, "DHL", "LAST", None).status is Status.COMPLETED


@pytest.mark.parametrize(
    ("carrier", "link"),
    [
        ("PostNL", "https://jouw.postnl.nl/track-and-trace/3SABCD0001"),
        ("UPS Standard", "https://www.ups.com/track?tracknum=3SABCD0001"),
        ("A Man With A Van", None),
    ],
)
def test_its_events_link_the_carriers_page_and_no_address(
    services: Services, adapters: FakeAdapters, carrier: str, link: str | None
) -> None:
    order = paid(services)
    shipped = services.workflow.ship.ship(order, carrier, "3SABCD0001", None)
    services.workflow.ship.deliver(shipped, None)

    links = {e.type: e.detail["shipment"]["trackingUrl"] for e in adapters.events.published if "shipment" in e.detail}

    assert links == {"OrderShipped": link, "ShipmentDelivered": link}
