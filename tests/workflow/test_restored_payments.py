"""Orders whose id was paid before: a restore took the order away, and the ledger kept its payment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.errors import Rejected
from chalicelib.orders.commands import PlaceOrder
from chalicelib.orders.model import Line, Order, PaymentStatus, Status
from chalicelib.payments.model import EntryStatus, Operation

from tests.support.builders.examples import command
from tests.support.fakes.adapters import FakeAdapters

PAID = Decimal("1299.99")


def keyed(units: int, body: bytes) -> PlaceOrder:
    lines = (Line("LAPTOP001", "Gaming Laptop", units, PAID),)
    return command(lines=lines, total_amount=PAID * units, idempotency_key="key-1", fingerprint=body)


@pytest.fixture
def gone(services: Services, adapters: FakeAdapters) -> Order:
    """It was paid, and is not among the orders any more."""
    paid = services.workflow.steps.run_all(services.orders.accept(keyed(1, b"one")).order_id)
    assert paid.payment
    del adapters.store.orders[paid.order_id]
    return paid


def moved(adapters: FakeAdapters, order: Order) -> list[tuple[str, Decimal]]:
    entries = (adapters.ledger.get(order.order_id, operation) for operation in Operation)
    return [(one.operation.value, one.amount) for one in entries if one and one.status is EntryStatus.SUCCEEDED]


def test_the_same_order_again_is_not_charged_twice(services: Services, adapters: FakeAdapters, gone: Order) -> None:
    again = services.workflow.steps.run_all(services.orders.accept(keyed(1, b"one")).order_id)

    assert (again.order_id, again.status) == (gone.order_id, Status.COMPLETED)
    assert moved(adapters, again) == [("capture", PAID)]


def test_another_order_under_its_key_does_not_count_as_paid(
    services: Services, adapters: FakeAdapters, gone: Order
) -> None:
    """As a cart is, which was set back and changed to something else under the same version."""
    larger = services.workflow.steps.run_all(services.orders.accept(keyed(3, b"three")).order_id)

    assert (larger.order_id, larger.status) == (gone.order_id, Status.FAILED)
    assert larger.failure
    assert larger.failure.code == "PRICE_MISMATCH"
    assert adapters.store.stock["LAPTOP001"].reserved == 0

    closed = services.workflow.steps.run_all(larger.order_id)

    assert closed.payment
    assert (closed.payment.status, closed.payment.refunded) == (PaymentStatus.REFUNDED, PAID)
    assert moved(adapters, closed) == [("capture", PAID), ("refund", PAID)]


def test_the_state_machine_is_told_likewise(services: Services, gone: Order) -> None:
    larger = services.orders.accept(keyed(3, b"three"))
    steps = services.workflow.single_steps
    steps.validate(larger.order_id)
    steps.save(larger.order_id)
    steps.reserve(larger.order_id)

    with pytest.raises(Rejected, match="PRICE_MISMATCH"):
        steps.charge(larger.order_id)
