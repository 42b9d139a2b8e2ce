"""Orders that contradict themselves, for tests of the reconciler: made as they would come to be, then broken."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.bootstrap import Services
from chalicelib.documents.receipts import archive_key, receipt_key
from chalicelib.orders.discrepancies import Finding, Kind
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order, Reservation, Status
from chalicelib.payments.model import Operation

from tests.support.builders.examples import LAPTOP, command
from tests.support.fakes.adapters import FakeAdapters

HOUR = 3600
NONE = dict.fromkeys(Kind, 0)
"""What a run counts that finds nothing."""


def later(adapters: FakeAdapters, hours: float = 2.1) -> None:
    adapters.clock.advance(hours * HOUR)


def stock_up(adapters: FakeAdapters, units: int) -> None:
    adapters.catalogue.put(LAPTOP, units)


def finished(services: Services, **changes: object) -> Order:
    """Completed, with receipt and archive entry, and its customer was told of it."""
    order = services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)
    tell(services, order)
    return order


def failed(services: Services) -> Order:
    order = services.workflow.steps.run_all(
        services.orders.accept(command(payment_method="pm_card_chargeDeclined")).order_id
    )
    tell(services, order)
    return order


def tell(services: Services, order: Order) -> None:
    """Deliver all that happened to the order, and its receipt's arrival."""
    for event in events_of(order):
        services.customers.notifications.on_event(event.detail)
    if services.workflow.receipts.issue(order):
        services.customers.notifications.on_receipt(receipt_key(order.order_id))


def unpaid(services: Services, adapters: FakeAdapters) -> Order:
    """Completed, and the ledger knows of no capture."""
    order = finished(services)
    del adapters.ledger.entries[order.order_id, Operation.CAPTURE]
    return order


def worthless(services: Services, adapters: FakeAdapters) -> Order:
    """Cancelled and closed, and its money was not given back."""
    order = finished(services)
    off = replace(order.moved(Status.CANCELLED, adapters.clock.now()), reservation=Reservation.RESTOCKED)
    off = adapters.orders.restock(off, order.status)
    tell(services, off)
    return off


def without_receipt(services: Services, adapters: FakeAdapters) -> Order:
    """Completed, and the event that brings the receipt was lost."""
    order = finished(services)
    for key in (archive_key(order), receipt_key(order.order_id)):
        adapters.documents.files.pop(key, None)
    return order


def marked(services: Services, adapters: FakeAdapters) -> Order:
    """Completed, closed, and marked for staff."""
    order = finished(services)
    return adapters.orders.save(replace(order, attention="RefundRefused"), order.status)


def never_ended(services: Services, adapters: FakeAdapters) -> Order:
    """Accepted, and nobody took it on."""
    order = services.orders.accept(command())
    adapters.queue.messages.clear()
    return order


def forgotten(services: Services, adapters: FakeAdapters) -> Order:
    """Accepted, and then neither in a queue nor among the open orders, where the housekeeper would find it."""
    order = never_ended(services, adapters)
    return adapters.orders.save(order, order.status)


def unmailed(services: Services, adapters: FakeAdapters) -> Order:
    """Completed, with its receipt, and every call of the function that mails it was lost."""
    order = services.workflow.steps.run_all(services.orders.accept(command()).order_id)
    for event in events_of(order):
        services.customers.notifications.on_event(event.detail)
    return order


def in_doubt(services: Services, adapters: FakeAdapters) -> Order:
    """Completed, and the process died when it had claimed the mail."""
    order = unmailed(services, adapters)
    adapters.claims.claim(f"{order.order_id}#mail-confirmation")
    return order


def miscounted(adapters: FakeAdapters, product_id: str = "LAPTOP001", by: int = 1) -> None:
    stock = adapters.store.stock[product_id]
    adapters.store.stock[product_id] = replace(stock, reserved=stock.reserved + by)


def listed(adapters: FakeAdapters) -> dict[tuple[Kind, str], Finding]:
    return {finding.key: finding for finding in adapters.findings.all()}
