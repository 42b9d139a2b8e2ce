"""Events of an order as they are delivered, and what its customer got."""

from __future__ import annotations

from chalicelib.bootstrap import Services
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.orders.events import events_of
from chalicelib.orders.model import Order

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters

PHONE, EMAIL = "+31612345678", "customer@example.com"


def ended(services: Services, **changes: object) -> Order:
    return services.workflow.steps.run_all(services.orders.accept(command(**changes)).order_id)


def tell(services: Services, order: Order) -> None:
    """Deliver all the order's events."""
    for event in events_of(order):
        services.customers.notifications.on_event(event.detail)


def arrive(services: Services, order: Order) -> bool:
    """The receipt arrived in the bucket."""
    return services.customers.notifications.on_receipt(f"receipts/{order.order_id}.pdf")


def texts(adapters: FakeAdapters) -> list[tuple[str, str]]:
    return adapters.texter.sent


def mails(adapters: FakeAdapters) -> list[tuple[str, str]]:
    return [(recipient, message.decode().split()[0]) for recipient, message in adapters.mailer.sent]


def refuse(*_: object) -> None:
    raise TemporarilyUnavailable("refused")
