"""Receipts and the archive: for successful orders, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import NotFound
from chalicelib.kit.jsonio import loads
from chalicelib.orders.model import Order, Status

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters


def completed(services: Services, **changes: object) -> Order:
    return services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)


def test_a_completed_order_gets_a_receipt_and_an_archive_entry(services: Services, adapters: FakeAdapters) -> None:
    order = completed(services)

    assert services.workflow.receipts.issue(order)

    assert set(adapters.documents.files) == {
        f"receipts/{order.order_id}.pdf",
        f"orders/2026/11/21/{order.order_id}.json",
    }


def test_a_confirmed_order_gets_its_receipt_too(services: Services) -> None:
    assert services.workflow.receipts.issue(completed(services, fulfilment="manual"))


def test_the_receipt_is_dated_by_the_orders_success_whenever_it_is_made(
    services: Services, adapters: FakeAdapters
) -> None:
    order = completed(services)
    adapters.clock.advance(3600)

    services.workflow.receipts.issue(order)

    assert order.reached(Status.COMPLETED) in adapters.documents.files[f"receipts/{order.order_id}.pdf"].decode()


@pytest.mark.parametrize(("fulfilment", "success"), [("auto", Status.COMPLETED), ("manual", Status.CONFIRMED)])
def test_an_order_that_waited_has_a_receipt_of_the_day_it_succeeded_and_is_archived_by_the_day_it_was_placed(
    services: Services, adapters: FakeAdapters, fulfilment: str, success: Status
) -> None:
    placed = services.orders.accept(command(fulfilment=fulfilment))
    adapters.clock.advance(24 * 3600)
    order = services.workflow.steps.run_all(placed.order_id)
    adapters.clock.advance(24 * 3600)

    services.workflow.receipts.issue(order)

    dated = order.reached(success)
    assert dated is not None
    assert dated.startswith("2026-11-22")
    assert dated in adapters.documents.files[f"receipts/{order.order_id}.pdf"].decode()
    assert f"orders/2026/11/21/{order.order_id}.json" in adapters.documents.files


def test_a_receipt_that_is_late_is_dated_by_the_confirmation_and_not_by_what_came_after(
    services: Services, adapters: FakeAdapters
) -> None:
    order = completed(services, fulfilment="manual")
    later = order.moved(Status.FULFILLMENT, "2026-11-25T09:00:00.000Z")

    services.workflow.receipts.issue(later)

    receipt = adapters.documents.files[f"receipts/{order.order_id}.pdf"].decode()
    assert order.updated_at in receipt
    assert later.updated_at not in receipt


def test_the_archive_holds_the_order_as_the_api_shows_it(services: Services, adapters: FakeAdapters) -> None:
    order = completed(services)

    services.workflow.receipts.issue(order)

    archived = loads(adapters.documents.files[f"orders/2026/11/21/{order.order_id}.json"])
    assert archived["orderId"] == order.order_id
    assert archived["status"] == "COMPLETED"
    assert str(archived["totalAmount"]) == "1299.99"


def test_issuing_again_changes_nothing(services: Services, adapters: FakeAdapters) -> None:
    order = completed(services)
    services.workflow.receipts.issue(order)
    before = dict(adapters.documents.files)

    services.workflow.receipts.issue(order)

    assert adapters.documents.files == before


def test_an_order_that_was_not_successful_gets_none(services: Services, adapters: FakeAdapters) -> None:
    pending = services.orders.accept(command())
    failed = completed(services, payment_method="pm_card_chargeDeclined")
    cancelled = services.workflow.cancel(completed(services))

    assert [services.workflow.receipts.issue(order) for order in (pending, failed, cancelled)] == [False] * 3

    assert adapters.documents.files == {}


def test_there_is_no_link_until_there_is_a_receipt(services: Services) -> None:
    order = completed(services)
    with pytest.raises(NotFound):
        services.workflow.receipts.link(order)

    services.workflow.receipts.issue(order)

    url, lasts = services.workflow.receipts.link(order)
    assert f"receipts/{order.order_id}.pdf" in url
    assert lasts == timedelta(minutes=15)
