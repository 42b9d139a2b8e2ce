"""A write costs by the kilobyte: an order of one line stays within one from its first write to its last."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from chalicelib.bootstrap import Services
from chalicelib.kit.request_rules import fingerprint
from chalicelib.orders.items import order_to_item
from chalicelib.orders.model import Order, Status

from tests.support.builders.examples import LAPTOP, SETTINGS, body, command
from tests.support.dynamodb_size import item_size, write_units
from tests.support.fakes.adapters import FakeAdapters
from tests.support.fakes.orders import FakeOrders, FakeStore


class Writes(FakeOrders):
    """Keeps every version that was written."""

    def __init__(self, store: FakeStore) -> None:
        super().__init__(store)
        self.versions: list[Order] = []

    def add(self, order: Order) -> Order | None:
        self.versions.append(order)
        return super().add(order)

    def _stored(self, order: Order, expected: Status) -> Order:
        stored = super()._stored(order, expected)
        self.versions.append(stored)
        return stored


def written(**changes: Any) -> list[Order]:
    """Every version of the contract's example order, as placed by a partner with an Idempotency-Key."""
    adapters = FakeAdapters()
    adapters.orders = Writes(adapters.store)
    adapters.catalogue.put(LAPTOP, 5)
    services = Services(SETTINGS, adapters)
    placed = services.orders.accept(
        command(
            owner="p-k2v9d0x1qz",  # API Gateway's ids of keys have ten characters
            idempotency_key=str(uuid.uuid4()),
            fingerprint=fingerprint(body()),
            correlation_id=str(uuid.uuid4()),
            **changes,
        )
    )
    adapters.clock.advance(61)
    services.workflow.housekeeper()  # the hand-over was lost, once
    adapters.clock.advance(0.456)
    services.workflow.steps.run_all(placed.order_id, last_try=True)
    return adapters.orders.versions


def test_the_contracts_example_order_stays_within_one_write_unit() -> None:
    versions = written()

    sizes = {order.status.value: item_size(order_to_item(order)) for order in versions}
    assert list(sizes) == ["PENDING", "PAYMENT_PROCESSING", "COMPLETED"]
    assert max(sizes.values()) <= 1024, sizes


@pytest.mark.parametrize(
    "method",
    ["pm_card_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds", "pm_sim_timeoutOnce", "pm_sim_unavailable"],
)
def test_however_it_ends_it_stays_within_one_write_unit(method: str) -> None:
    versions = written(payment_method=method)

    assert [write_units(order_to_item(order)) for order in versions] == [1] * len(versions)


def test_a_customer_with_a_long_name_and_address_still_fits() -> None:
    versions = written(customer_id="c" * 64, customer_email="a.rather.long.name@department.example.com")

    assert max(item_size(order_to_item(order)) for order in versions) <= 1024


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ({"S": ""}, 0),
        ({"S": "é€"}, 5),
        ({"N": "0"}, 1),
        ({"N": "1300"}, 2),
        ({"N": "1299.99"}, 4),
        ({"N": "-27"}, 3),
        ({"N": "1795357825123"}, 8),
        ({"B": b"\x00" * 16}, 16),
        ({"BOOL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + 3 + 3),
        ({"M": {"ab": {"S": "c"}}}, 3 + 1 + 3),
    ],
)
def test_sizes_follow_the_published_rules(typed: dict[str, Any], size: int) -> None:
    assert item_size({"name": typed}) == 4 + size


def test_a_price_takes_no_more_room_for_its_zeros() -> None:
    short, long = ({"N": str(Decimal(text))} for text in ("20", "20.00"))

    assert item_size({"p": short}) == item_size({"p": long})
